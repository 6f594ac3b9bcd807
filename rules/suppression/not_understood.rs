//! A directive to ekslint that ekslint does not understand.

use crate::names::listed;
use crate::prelude::*;
use crate::suppress::verdict::Verdicts;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, verdicts: &Verdicts, findings: &mut Findings) {
    for (directive, verdict) in verdicts.judged(&workspace.facts) {
        let Some(error) = &directive.error else { continue };
        let found = findings.at(error.span, error.message.clone());
        found.why("so it suppresses nothing").help(error.help.clone());
        if error.names_nothing && !verdict.reported.is_empty() {
            let rules = listed(verdict.reported.iter().copied());
            found.help(format!("{}; what is reported here is of {rules}", error.help));
        }
    }
}
