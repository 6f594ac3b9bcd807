//! A part of a file that is beyond a limit of ekslint.

use crate::facts::Unread;
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for limit in &workspace.facts.limits {
        let found = report.at(limit.span, limit.message.clone());
        match limit.unread {
            Unread::Part => found.label(limit.span, "what is beyond this limit is not checked"),
            // As much is left to every value that only a deploy can know.
            Unread::Value => {
                found.level(Level::Note).label(limit.span, "taken for a value that only a deploy can know")
            }
        };
    }
    if let Some((place, reason)) = workspace.search_limit() {
        report.at(place, reason).label(place, "a file that was not searched may fill this in").level(Level::Note);
    }
}
