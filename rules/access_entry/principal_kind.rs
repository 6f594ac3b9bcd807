//! A principal of an access entry that is neither a role nor a user.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        for text in workspace.values_in(&entry.origin, &entry.principal) {
            if let Some(profile) = workspace.nodes().instance_profile(text) {
                let found = findings.at(text.span(), "principal is an instance profile, not a role or user");
                found.why("an access entry is for one IAM role or user");
                found
                    .label(profile.origin.name, "the instance profile")
                    .help("refer to the role that is in it, by its ARN");
                continue;
            }
            let RoleArn::No(violation) = RoleArn::check(text) else { continue };
            // Users and the root user are principals; that roles are better is another rule's matter.
            if matches!(violation.kind.as_deref(), Some("user" | "root")) {
                continue;
            }
            let what = match text.bytes().matches("arn:").count() {
                0 | 1 => violation.what.replace("not of a role", "not of a role or user"),
                _ => "holds more than one ARN".to_owned(),
            };
            let session = role_of_session(text);
            let at = if session.is_some() { text.span() } else { violation.span };
            let found = findings.at(at, format!("principal `{}` {what}", text.shown()));
            found.why("an access entry is for one IAM role or user");
            match session {
                Some(role) => found.fix(
                    Safety::Suggestion,
                    format!("name the role, if it has no path: `{role}`"),
                    Change::write(text, role),
                ),
                None => found.help("write `arn:aws:iam::<account id>:role/<path and name>`, or that of a user"),
            };
        }
    }
}

/// The role of a session's ARN. The session does not tell the role's path.
fn role_of_session(text: &Text) -> Option<String> {
    let arn =
        Arn::parse(text).filter(|it| it.service().is("sts") == Some(true) && it.kind() == Some("assumed-role"))?;
    let (partition, account) = (arn.partition_str()?, arn.account_str()?);
    let role = arn.resource_str()?.split('/').nth(1)?;
    Some(format!("arn:{partition}:iam::{account}:role/{role}"))
}
