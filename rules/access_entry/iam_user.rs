//! An access entry for an IAM user.

use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        for text in workspace.values_in(&entry.origin, &entry.principal) {
            let Some(arn) = Arn::parse(text) else { continue };
            let is_root = arn.service().is("iam") == Some(true) && arn.resource().is("root") == Some(true);
            if is_root {
                findings
                    .at(arn.resource().span(), "access entry for the root user of an account")
                    .why("only the root user itself, not everybody in the account")
                    .help("make an entry for each role that needs the cluster");
            } else if arn.is_iam("user") {
                let name = arn.name().map_or_else(String::new, |it| format!(" `{}`", it.shown()));
                findings
                    .at(text.span(), format!("access entry for the IAM user{name}"))
                    .why("its keys do not expire")
                    .help("let people and programs assume a role, and make the entry for that");
            }
        }
    }
}
