//! A `rolearn` or `userarn` that is no ARN of the right form.

use crate::iam::{PARTITIONS, PrincipalArn, partition};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for mapping in workspace.aws_auth().mappings() {
        let key = workspace.aws_auth().arn_key(mapping);
        match mapping.principal() {
            Some((text, PrincipalArn::Malformed(violation))) => {
                let found = findings.at(violation.span, format!("`{key}` {}", violation.what));
                found.why("nobody who signs in has this ARN: the entry lets no one in");
                let trimmed = text.trim();
                if trimmed.len() == text.len() {
                    let kind = if mapping.section == SectionKind::Roles { "role" } else { "user" };
                    found.help(format!(
                        "write `arn:aws:iam::`, the 12 digits of the account, and `:{kind}/` with its name"
                    ));
                } else {
                    found.fix(Safety::Activating, "remove the whitespace", Change::trim(text));
                }
            }
            Some((_, PrincipalArn::Role(arn) | PrincipalArn::User(arn))) => {
                let Some(id) = arn.partition_str().filter(|id| partition(id).is_none()) else { continue };
                let known = crate::names::listed(PARTITIONS.iter().take(3).map(|it| it.id));
                findings
                    .at(arn.partition().span(), format!("`{id}` is not a partition of AWS"))
                    .why("the list that ekslint has is of 2026-08-07")
                    .help(format!("the partition is one of {known}, …"))
                    .likely();
            }
            _ => {}
        }
    }
}
