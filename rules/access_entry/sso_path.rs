//! A role of IAM Identity Center without its path.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        for text in workspace.values_in(&entry.origin, &entry.principal) {
            let Some(arn) = Arn::of_role(text) else { continue };
            let Some(name) = arn.name().filter(|it| it.starts_with("AWSReservedSSO_") == Some(true)) else { continue };
            let has_path = match arn.path() {
                Some(path) => path.starts_with("aws-reserved/sso.amazonaws.com/"),
                None => Some(false),
            };
            if has_path != Some(false) {
                continue;
            }
            findings
                .at(arn.resource().span(), format!("role `{}` of IAM Identity Center without its path", name.shown()))
                .why("an access entry names the role by its whole ARN")
                .help(
                    "write `role/aws-reserved/sso.amazonaws.com/<region>/` before the name; without `<region>/` where Identity Center is in us-east-1",
                );
        }
    }
}
