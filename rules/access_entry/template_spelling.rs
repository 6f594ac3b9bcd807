//! A misspelt `{{SessionName}}` in the user name of an access entry, which is taken as it stands.

use crate::iam::{reserved_prefix, session_template};
use crate::prelude::*;
use crate::source::{HoleKind, Piece};

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        if entry.is_for_people() == Some(false) {
            continue;
        }
        for text in workspace.values_in(&entry.origin, &entry.username) {
            if reserved_prefix(text).is_some() {
                continue;
            }
            let Some(template) = session_template(text) else {
                variable_of_sub(text, findings);
                continue;
            };
            if template.is_right {
                continue;
            }
            let span = text.slice(template.range.clone());
            let written = &text.bytes()[template.range.clone()];
            let has_colon = text.bytes()[..template.range.start].contains(':');
            // Without a colon before it, the right spelling would be refused.
            let right = if has_colon { template.right.clone() } else { format!(":{}", template.right) };
            let safety = Safety::activating_if(has_colon);
            findings
                .at(span, format!("`{written}` in the user name of an access entry means itself"))
                .why(format!("only `{}` becomes the name of the session", template.right))
                .fix_to(safety, span, &right);
        }
    }
}

/// `${SessionName}` where `Fn::Sub` looks for a parameter or resource of that name, and the template has none.
fn variable_of_sub(text: &Text, findings: &mut Findings) {
    for (at, piece) in text.pieces_at() {
        let Piece::Hole(hole) = piece else { continue };
        let is_template = matches!(&*hole.written, "${SessionName}" | "${SessionNameRaw}");
        if is_template && hole.kind == HoleKind::Unknown {
            // More of these signs are a slip of the same kind: `$${SessionName}`.
            let start = text.bytes()[..at].trim_end_matches('$').len();
            let span = text.slice(start..at + 1);
            let right = hole.written.replace("${", "{{").replace('}', "}}");
            findings
                .at(span, format!("`{}` is nothing that the template declares", hole.written))
                .why("`Fn::Sub` looks for a parameter or a resource of this name")
                .fix_to(Safety::Suggestion, span, &right);
        }
    }
}
