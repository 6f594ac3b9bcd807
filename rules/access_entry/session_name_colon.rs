//! A user name with `{{SessionName}}` and no colon before it.

use crate::iam::{reserved_prefix, session_template};
use crate::prelude::*;
use crate::source::{HoleKind, Piece};

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for entry in &workspace.facts.access_entries {
        if entry.is_node_type() {
            continue;
        }
        for text in workspace.values(&entry.username) {
            let Some(template) = session_template(text).filter(|it| it.is_right) else { continue };
            let before = text.part(0..template.range.start);
            if may_hold_a_colon(&before) || reserved_prefix(text).is_some() {
                continue;
            }
            let span = text.slice(template.range.clone());
            report
                .at(span, format!("no colon before `{}` in the user name", template.right))
                .label(span, "access entries ask for a colon somewhere before it")
                .fix(Safety::Suggestion, "put a colon before it", [Edit::insert(span.file, span.start, ":")]);
        }
    }
}

/// An account id, a region and a partition hold no colon; any other hole may.
fn may_hold_a_colon(text: &Text) -> bool {
    text.pieces().any(|piece| match piece {
        Piece::Known(known) => known.contains(':'),
        Piece::Hole(hole) => !matches!(hole.kind, HoleKind::AccountId | HoleKind::Region | HoleKind::Partition),
    })
}
