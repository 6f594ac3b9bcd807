//! A user name of an access entry that begins with a reserved prefix.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const RESERVED: &[&str] = &["system:", "eks:", "aws:", "amazon:", "iam:"];

pub fn check(workspace: &Workspace, report: &mut Report) {
    for entry in &workspace.facts.access_entries {
        for text in workspace.values(&entry.username) {
            let exact = RESERVED.iter().find(|it| text.starts_with(it) == Some(true));
            let folded = RESERVED.iter().find(|it| {
                text.bytes().get(..it.len()).is_some_and(|start| start.eq_ignore_ascii_case(it))
                    && text.starts_with(it) == Some(false)
            });
            let Some(prefix) = exact.or(folded) else { continue };
            let at = text.slice(0..prefix.len());
            let found = report.at(at, format!("user name `{}` begins with `{prefix}`", text.shown()));
            if exact.is_some() {
                found.label(at, "access entries cannot use this prefix");
            } else {
                found
                    .label(at, "reserved in lower case; in other letters it is at least misleading")
                    .level(Level::Warning);
            }
            found.help("leave the user name out, and EKS makes one up from the role and the session");
        }
    }
}
