//! A directive that names a rule which does not exist.

use crate::prelude::*;
use crate::suppress::verdict::{Name, Verdicts};

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, verdicts: &Verdicts, findings: &mut Findings) {
    for (directive, verdict) in verdicts.judged(&workspace.facts).filter(|(it, _)| it.error.is_none()) {
        for (name, state) in directive.names.iter().zip(&verdict.names) {
            let (span, shown) = (name.span(), name.shown());
            match state {
                Name::Unknown { nearest: Some(meant) } => {
                    findings
                        .at(span, format!("`{shown}` is not a rule: did you mean `{meant}`?"))
                        .why("so this suppresses nothing")
                        .fix(Safety::Suggestion, format!("name `{meant}`"), Change::write(span, *meant));
                }
                Name::Unknown { nearest: None } => {
                    findings
                        .at(span, format!("`{shown}` is not a rule"))
                        .why("so this suppresses nothing")
                        .help("`ekslint rules` lists all rules; the part before the `/` stands for all of its area");
                }
                Name::Refused => {
                    findings
                        .at(span, format!("`{shown}` is about suppressions and cannot be suppressed by one"))
                        .why("so this suppresses nothing")
                        .help("mend the directive that it is about, or switch the rule off for the whole run");
                }
                Name::Suppresses(_) | Name::Nothing { .. } | Name::Unjudged => {}
            }
        }
    }
}
