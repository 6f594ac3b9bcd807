//! An IAM user in `aws-auth`.

use crate::iam::PrincipalArn;
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for mapping in workspace.aws_auth().mappings().filter(|it| it.section == SectionKind::Users) {
        let Some((text, PrincipalArn::User(arn))) = mapping.principal() else { continue };
        let name = arn.name().map_or_else(|| text.shown(), |it| it.shown());
        findings
            .at(text.span(), format!("`aws-auth` lets in the IAM user `{name}`"))
            .why("a user has keys that stay valid until somebody removes them")
            .help("let people and programs assume a role, and map the role");
    }
}
