//! A key of the `aws-auth` ConfigMap that EKS does not read, or that is there twice.

use crate::names::nearest;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for aws_auth in workspace.aws_auth().maps() {
        for (at, DataKey { key, under, has_text }) in aws_auth.keys.iter().enumerate() {
            let Some(name) = key.as_str() else { continue };
            let known = SectionKind::ALL.map(SectionKind::key);
            let in_data = *under == "data";
            if in_data && known.contains(&name) {
                let later =
                    aws_auth.keys[at + 1..].iter().rfind(|it| it.under == *under && it.key.as_str() == Some(name));
                if let Some(later) = later.filter(|_| *has_text) {
                    twice(name, key.span(), later.key.span(), findings);
                }
                continue;
            }
            let meant = known.into_iter().find(|it| *it == name).or_else(|| nearest(name, known));
            let found = findings.at(key.span(), format!("EKS does not read `{name}`"));
            match meant {
                Some(meant) if in_data => {
                    found.why(format!("keys are compared by letter: `{meant}` is read"));
                    found.fix_to(Safety::Activating, key, meant);
                }
                Some(meant) => {
                    let place = match *under {
                        "the top level" => "at the top level".to_owned(),
                        under => format!("under `{under}`"),
                    };
                    found
                        .why(format!("it stands {place}; EKS reads what is under `data`"))
                        .help(format!("move it under `data`, as `{meant}`"));
                }
                None => {
                    found.why("the keys that count are `mapRoles`, `mapUsers` and `mapAccounts`");
                    found.level(Level::Note);
                }
            }
            if !has_text {
                found.level(Level::Note);
            }
        }
    }
}

/// `kubectl` takes the last of two equal keys, and says nothing of the others.
fn twice(name: &str, first: Span, last: Span, findings: &mut Findings) {
    findings
        .at(first, format!("`{name}` is there twice"))
        .why("all that is mapped here has no effect")
        .label(last, "the last one counts")
        .help("move the entries of both under one key")
        .level(Level::Warning);
}
