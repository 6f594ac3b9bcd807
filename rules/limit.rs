//! A part of a file that is beyond a limit of ekslint.

use crate::facts::Unread;
use crate::iam::LONGEST_VALUE;
use crate::prelude::*;
use crate::rule::{Cut, CutKind, MOST_FINDINGS, MOST_FINDINGS_OF_RUN};

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, cuts: &[Cut], findings: &mut Findings) {
    if let [cut @ Cut { kind: CutKind::FindingsOfRun, count, .. }] = cuts {
        let message = format!("more than {MOST_FINDINGS_OF_RUN} findings in all files: {} left out", others(*count));
        let found = findings.at(cut.span, message).label(cut.span, "the first of those that are not reported");
        found
            .help("lint fewer files at once, or turn off the rules with the most findings (--statistics)")
            .level(cut.level);
        return;
    }
    for cut in cuts {
        let (message, label) = match cut.kind {
            CutKind::Findings | CutKind::FindingsOfRun => {
                let message =
                    format!("more than {MOST_FINDINGS} findings in this file: {} left out", others(cut.count));
                (message, "the first of those that are not reported")
            }
            CutKind::Names => (
                "too many names are too much alike to compare each with all of them".to_owned(),
                "not known to be a misspelling of another name, and neither are those after it",
            ),
            CutKind::Namesakes => (
                "too many things have one name to compare each with all of them".to_owned(),
                "not compared with all of its name",
            ),
            CutKind::Overrides => (
                "the paths of overrides take too much work to compare with all files".to_owned(),
                "no override counts here or in later files",
            ),
        };
        findings.at(cut.span, message).why(label).level(cut.level);
    }
    for limit in workspace.limits().cloned().chain(workspace.clusters().limit()) {
        let found = findings.at(limit.span, limit.message);
        match limit.unread {
            Unread::Part => found.why("what is beyond this limit is not checked"),
            Unread::Directives => found.why("what is beyond this limit suppresses nothing"),
            Unread::Builds => found.why("names, namespaces and annotations of all objects are taken for changed"),
            Unread::Value => found.why("taken for a value that only a deploy can know"),
        };
    }
    for place in workspace.placeholders().overlong() {
        let message = format!("a value of more than {} KiB", LONGEST_VALUE >> 10);
        findings.at(place, message).why("placeholders beyond this limit are not reported");
    }
    if let Some((place, reason)) = workspace.placeholders().search_limit() {
        findings.at(place, reason).why("a file that was not searched may fill this in").level(Level::Note);
    }
}

fn others(count: usize) -> String {
    if count == 1 { "1 is".to_owned() } else { format!("{count} are") }
}
