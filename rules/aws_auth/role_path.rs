//! A role ARN in `aws-auth` that still has its path.

use crate::iam::PrincipalArn;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for mapping in workspace.aws_auth().mappings() {
        let Some((_, PrincipalArn::Role(arn))) = mapping.principal() else { continue };
        let Some(path) = arn.path() else { continue };
        findings
            .at(path.span(), "role ARN in `aws-auth` has a path")
            .why("EKS looks for this ARN without its path, and finds no mapping")
            .fix(Safety::Activating, "remove the path", Change::delete(&path));
    }
}
