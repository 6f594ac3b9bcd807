//! A directive whose last day is over.

use crate::prelude::*;
use crate::suppress::verdict::{Name, Verdicts};

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, verdicts: &Verdicts, findings: &mut Findings) {
    for (directive, verdict) in verdicts.judged(&workspace.facts).filter(|(it, _)| it.error.is_none()) {
        let Some(until) = directive.until.filter(|_| verdict.is_expired) else { continue };
        let again: usize =
            verdict.names.iter().map(|it| if let Name::Suppresses(count) = it { *count } else { 0 }).sum();
        let label = match again {
            0 => "it would suppress nothing".to_owned(),
            1 => "one finding is reported again".to_owned(),
            count => format!("{count} findings are reported again"),
        };
        let found = findings.at(until.span, format!("this suppression has expired: `{}` was its last day", until.date));
        found.why(label);
        if again > 0 {
            found.help("mend what it was for and remove it, or give it another day");
        } else if directive.form == Form::Comment {
            found.fix(Safety::Safe, "remove it", Change::remove_comment(directive.span));
        }
    }
}
