//! A directive that suppresses nothing.

use crate::names::listed;
use crate::prelude::*;
use crate::suppress::verdict::{Elsewhere, Name, Verdicts};

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, verdicts: &Verdicts, findings: &mut Findings) {
    for (directive, verdict) in
        verdicts.judged(&workspace.facts).filter(|(it, verdict)| it.error.is_none() && !verdict.is_expired)
    {
        let named = || directive.names.iter().zip(&verdict.names);
        let idle: Vec<_> = named().filter(|(_, it)| matches!(it, Name::Nothing { .. })).map(|(it, _)| it).collect();
        let Some(first) = idle.first() else { continue };
        let is_all = idle.len() == directive.names.len();
        let shown: Vec<_> = idle.iter().map(|it| it.shown()).collect();
        let verb = if shown.len() == 1 { "suppresses" } else { "suppress" };
        let title = format!("{} {verb} nothing here", listed(shown.iter().map(String::as_str)));
        let span = if is_all { directive.span } else { first.span() };
        let found = findings.at(span, title);
        match directive.scope {
            Scope::File => found.why("nothing of it is reported in this file"),
            Scope::Nothing { is_too_deep: true } => found.why("deeper than what follows it, and so for nothing"),
            Scope::Nothing { is_too_deep: false } => found.why("nothing stands below it"),
            Scope::Place { whole, .. } if directive.form == Form::Comment && whole.start > span.end => {
                found.why("nothing of it is reported in what it is for").label(whole, "this is what it is for")
            }
            Scope::Place { .. } => found.why("nothing of it is reported in what it is for"),
        };
        let elsewhere = verdict.names.iter().find_map(|it| match it {
            Name::Nothing { elsewhere } => *elsewhere,
            _ => None,
        });
        match elsewhere {
            Some(Elsewhere { place, is_about_it: true }) => {
                found.label(place, "the finding about it is reported here, and suppressed here");
            }
            Some(Elsewhere { place, is_about_it: false }) => {
                found.label(place, "it is reported here");
            }
            // What was not read may be the other half of what it is about.
            None if verdicts.is_partial => {
                found.possible();
            }
            None => {}
        }
        let kept: Vec<_> = named().filter(|(_, it)| !matches!(it, Name::Nothing { .. })).map(|(it, _)| it).collect();
        match (directive.form == Form::Comment, kept.is_empty()) {
            (true, true) => found.fix(Safety::Safe, "remove it", Change::remove_comment(directive.span)),
            (true, false) => {
                let all = first_to_last(&directive.names);
                let kept = kept.iter().map(|it| it.bytes()).collect::<Vec<_>>().join(", ");
                found.fix(Safety::Safe, "name only what is reported", Change::write(all, kept))
            }
            (false, _) => found,
        };
    }
}

/// From the first name to the last.
fn first_to_last(names: &[Text]) -> Span {
    let spans = names.iter().map(Text::span);
    spans.reduce(Span::to).expect("a directive without names has an error")
}
