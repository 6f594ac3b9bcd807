//! The ARN of a role's session where the role's is asked for.

use crate::iam::PrincipalArn;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for mapping in workspace.aws_auth().mappings() {
        let Some((text, PrincipalArn::Session(arn))) = mapping.principal() else { continue };
        let found = findings
            .at(text.span(), format!("`{}` names a session, not a role", workspace.aws_auth().arn_key(mapping)));
        found.why("EKS turns sessions into their role before it compares, and finds no mapping");
        let role = arn.resource().split('/').into_iter().nth(1).filter(|it| !it.is_empty() && !it.has_holes());
        let (Some(role), false) = (role, text.has_holes()) else {
            found.help("write the ARN of the role");
            continue;
        };
        let wanted = format!("arn:{}:iam::{}:role/{}", arn.partition().shown(), arn.account().shown(), role.shown());
        if mapping.section == SectionKind::Roles {
            let role = format!("role/{}", role.shown());
            let changes = vec![Change::write(&arn.service(), "iam"), Change::write(&arn.resource(), role)];
            found.fix(Safety::Activating, "write the ARN of the role", changes);
        } else {
            found.help(format!("write `{wanted}` in `mapRoles`"));
        }
    }
}
