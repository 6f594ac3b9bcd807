//! A `*` or `?` in an ARN of `aws-auth`.

use crate::iam::PrincipalArn;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for mapping in workspace.aws_auth().mappings() {
        let Some((_, PrincipalArn::Wildcard(at))) = mapping.principal() else { continue };
        findings
            .at(at, format!("`{}` has a wildcard", workspace.aws_auth().arn_key(mapping)))
            .why("EKS knows no wildcards in ARNs: this entry lets no one in")
            .help("write an entry for each role");
    }
}
