//! A value copied from documentation that was never filled in.

use std::collections::HashSet;

use crate::iam::placeholder;
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, report: &mut Report) {
    let mut examples = HashSet::new();
    for text in workspace.identities() {
        let Some(found) = placeholder(text) else { continue };
        if found.is_slot {
            report
                .at(found.span, format!("`{}` was never filled in", found.text))
                .label(found.span, "this names nobody yet");
        } else if examples.insert(found.span.file) {
            report
                .at(found.span, format!("`{}` is an account of the AWS documentation", found.text))
                .label(found.span, "replace it if it was copied from there")
                .level(Level::Note);
        }
    }
}
