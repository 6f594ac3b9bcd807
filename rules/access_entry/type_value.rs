//! A type of access entry that the API does not know.

use crate::iam::ACCESS_ENTRY_TYPES;
use crate::names::nearest;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for entry in &workspace.facts.access_entries {
        for text in workspace.values(&entry.kind) {
            let Some(kind) = text.as_str() else { continue };
            if ACCESS_ENTRY_TYPES.contains(&kind) {
                continue;
            }
            let found = report.at(text.span(), format!("`{kind}` is not a type of access entry"));
            if let Some(right) = nearest(kind, ACCESS_ENTRY_TYPES.iter().copied()) {
                found.label(text.span(), format!("the API takes `{right}`, in exactly these letters")).fix(
                    Safety::Safe,
                    format!("write `{right}`"),
                    [Edit::replace(text.span(), right)],
                );
                continue;
            }
            found.label(text.span(), "not known to this version of ekslint");
            found.help(format!("types known in August 2026: {}", ACCESS_ENTRY_TYPES.join(", ")));
            let may_be_new =
                kind.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
            if may_be_new && !kind.is_empty() {
                found.level(Level::Warning);
            }
        }
    }
}
