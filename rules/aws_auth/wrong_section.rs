//! A user in `mapRoles`, or a role in `mapUsers`.

use crate::iam::PrincipalArn;
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for mapping in workspace.aws_auth().mappings() {
        let (arn, what, wanted) = match (mapping.section, mapping.principal()) {
            (SectionKind::Roles, Some((_, PrincipalArn::User(arn)))) => (arn, "user", SectionKind::Users),
            (SectionKind::Users, Some((_, PrincipalArn::Role(arn)))) => (arn, "role", SectionKind::Roles),
            _ => continue,
        };
        let (at, key) = (arn.resource().span(), mapping.section.key());
        findings
            .at(at, format!("`{key}` maps a {what}"))
            .why("the authenticator may let it in, but `eksctl` and other tools do not see it here")
            .help(format!("move the entry to `{}`, with `{}`", wanted.key(), wanted.arn_key()));
    }
}
