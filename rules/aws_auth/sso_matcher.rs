//! An entry of `aws-auth` that means to match roles of IAM Identity Center by their permission set.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for mapping in workspace.aws_auth().mappings().filter(|it| it.section == SectionKind::Roles) {
        let Some(key) = mapping.keys.iter().find(|it| it.bytes().eq_ignore_ascii_case("sso")) else { continue };
        let found = findings.at(key.span(), "EKS does not match roles by `sso`");
        if mapping.arn.is_written() {
            found.why("with `rolearn` beside it EKS drops the entry").help("remove `sso`");
        } else {
            found
                .why("the matcher is switched off on EKS, and this entry lets no one in")
                .help("write `rolearn` with the role of the permission set, without its path");
        }
    }
}
