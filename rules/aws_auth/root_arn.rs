//! The ARN of an account's root user in `aws-auth`.

use crate::iam::PrincipalArn;
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for mapping in workspace.aws_auth().mappings() {
        let Some((_, PrincipalArn::Root(arn))) = mapping.principal() else { continue };
        let at = arn.resource().span();
        findings
            .at(at, "`root` is one user, not the whole account")
            .why("this lets in the root user and nobody else of the account")
            .help("map the roles that need access, or put the account's number into `mapAccounts`");
    }
}
