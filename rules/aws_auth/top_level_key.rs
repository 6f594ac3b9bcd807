//! A key of the `aws-auth` ConfigMap that EKS does not read.

use crate::names::nearest;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for aws_auth in workspace.aws_auths() {
        for DataKey { key, under, has_text } in &aws_auth.keys {
            let Some(name) = key.as_str() else { continue };
            let known = SectionKind::ALL.map(SectionKind::key);
            let in_data = *under == "data";
            if in_data && known.contains(&name) {
                continue;
            }
            let meant = known.into_iter().find(|it| *it == name).or_else(|| nearest(name, known));
            let found = report.at(key.span(), format!("EKS does not read `{name}`"));
            match meant {
                Some(meant) if in_data => {
                    found.label(key.span(), format!("keys are compared by letter: `{meant}` is read"));
                    found.fix(Safety::Activating, format!("write `{meant}`"), [Edit::replace(key.span(), meant)]);
                }
                Some(meant) => {
                    let place = match *under {
                        "the top level" => "at the top level".to_owned(),
                        under => format!("under `{under}`"),
                    };
                    found
                        .label(key.span(), format!("it stands {place}; EKS reads what is under `data`"))
                        .help(format!("move it under `data`, as `{meant}`"));
                }
                None => {
                    found.label(key.span(), "the keys that count are `mapRoles`, `mapUsers` and `mapAccounts`");
                    found.level(Level::Note);
                }
            }
            if !has_text {
                found.level(Level::Note);
            }
        }
    }
}
