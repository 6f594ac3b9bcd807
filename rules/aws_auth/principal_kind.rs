//! An ARN in `aws-auth` of something that is neither a role nor a user.

use crate::iam::PrincipalArn;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for mapping in workspace.aws_auth().mappings() {
        let Some((text, PrincipalArn::Other { span, what })) = mapping.principal() else { continue };
        let what = what.replace(", not of a role", "").replace(", not of IAM", "");
        let found = findings.at(span, format!("`{}` {what}", workspace.aws_auth().arn_key(mapping)));
        found.why("only roles and users of IAM sign in: this entry lets no one in");
        if Arn::parse(text).is_some_and(|it| it.is_iam("group")) {
            found.help("IAM groups cannot be mapped: map a role that the members of the group may assume");
        } else if Arn::parse(text).is_none() {
            found.help("to let in a whole account, put its number into `mapAccounts`");
        } else {
            found.help("write the ARN of a role");
        }
    }
}
