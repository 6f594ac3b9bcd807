//! A type of access entry that the API does not know.

use crate::iam::{ACCESS_ENTRY_TYPES, access_entry_type};
use crate::names::{is_spelling, nearest};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        for text in workspace.values_in(&entry.origin, &entry.kind) {
            let Some(kind) = text.as_str() else { continue };
            if access_entry_type(kind).is_some() || text.is_unfilled() {
                continue;
            }
            let found = findings.at(text.span(), format!("`{kind}` is not a type of access entry"));
            let names = || ACCESS_ENTRY_TYPES.iter().map(|it| it.name);
            if let Some(right) = nearest(kind, names()) {
                let safety = Safety::activating_if(is_spelling(kind, right));
                found.why(format!("the API takes `{right}` (case-sensitive)")).fix_to(safety, text, right);
                continue;
            }
            found.help(format!("the types known in August 2026 are {}", names().collect::<Vec<_>>().join(", ")));
            let may_be_new =
                kind.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
            if may_be_new && !kind.is_empty() {
                found.why("not known to this version of ekslint").likely();
            } else {
                found.why("types are written in capital letters");
            }
        }
    }
}
