//! A value copied from documentation that was never filled in.

use std::collections::BTreeMap;

use crate::collections::HashSet;
use crate::iam::Placeholder;
use crate::lookup::Filled;
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;
pub const CERTAINTY: Certainty = Certainty::Likely;

/// A token in more places than this is one finding: the repository is a template.
const MOST_PLACES: usize = 10;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let mut examples = HashSet::default();
    let mut tokens: BTreeMap<String, Vec<&Placeholder>> = BTreeMap::new();
    for value in workspace.placeholders().unfilled() {
        let (placeholders, accounts): (Vec<_>, Vec<_>) = value.placeholders.iter().partition(|it| it.is_unfilled);
        if placeholders.is_empty() {
            let account = accounts.into_iter().next();
            account.into_iter().filter(|it| examples.insert(it.span.file)).for_each(|it| example(it, findings));
        } else if let Some(left) =
            placeholders.into_iter().find(|it| workspace.placeholders().filled(it) != Filled::Yes)
        {
            tokens.entry(left.text.clone()).or_default().push(left);
        }
    }
    for (text, places) in tokens {
        if places.len() > MOST_PLACES {
            let first = places[0].span;
            findings
                .at(first, format!("`{text}` was never filled in, in {} places", places.len()))
                .why("the first of them")
                .help("if something fills it in, name it in `filled-placeholders` of ekslint.toml")
                .possible();
            continue;
        }
        for place in places {
            let found = findings.at(place.span, format!("`{text}` was never filled in"));
            found.why("this names nobody yet");
            if workspace.placeholders().filled(place) == Filled::Unknown {
                let why = if workspace.placeholders().was_searched() { "not all files were" } else { "no files were" };
                found.possible().help(format!("ignore this if a script fills it in: {why} searched for one"));
            }
        }
    }
}

fn example(account: &Placeholder, findings: &mut Findings) {
    let text = &account.text;
    let (what, why) = match text.len() {
        12 if text.bytes().all(|it| it == b'0') => {
            (format!("`{text}` is a made-up account"), "replace it unless something fills it in".to_owned())
        }
        12 => (
            format!("`{text}` is an account of the AWS documentation"),
            "replace it if it was copied from there".to_owned(),
        ),
        length => (format!("`{text}` is a made-up account"), format!("an account id has 12 digits, not {length}")),
    };
    findings.at(account.span, what).why(why).possible();
}
