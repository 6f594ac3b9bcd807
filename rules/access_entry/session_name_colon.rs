//! A user name with `{{SessionName}}` and no colon before it.

use crate::iam::{lacks_colon, reserved_prefix, session_template};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        if entry.is_node_type() {
            continue;
        }
        for text in workspace.values_in(&entry.origin, &entry.username) {
            let Some(template) = session_template(text).filter(|it| it.is_right) else { continue };
            if !lacks_colon(text) || reserved_prefix(text).is_some() {
                continue;
            }
            let span = text.slice(template.range.clone());
            findings
                .at(span, format!("no colon before `{}` in the user name", template.right))
                .why("access entries ask for a colon somewhere before it")
                .fix(Safety::Suggestion, "put a colon before it", Change::write(Span { end: span.start, ..span }, ":"));
        }
    }
}
