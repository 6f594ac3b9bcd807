//! A value copied from documentation that was never filled in.

use std::collections::HashSet;

use crate::iam::{is_variable, placeholder};
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
    // Where an ARN belongs, a word in capitals is a slot whatever it says: a name alone could not stand there.
    let mapped = workspace.mappings().flat_map(|it| it.arn.known());
    let entered = workspace.facts.access_entries.iter().flat_map(|it| it.principal.known());
    for text in mapped.chain(entered).filter(|it| is_variable(it) && !it.is_slot()) {
        report
            .at(text.span(), format!("`{}` was never filled in", text.shown()))
            .label(text.span(), "this names nobody yet");
    }
}
