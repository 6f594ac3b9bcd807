//! A trust policy that lets an OIDC provider do `sts:AssumeRole`, or what is no action, which no web identity does.

use crate::prelude::*;
use crate::workspace::is_slip_of_web_identity;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for identity in workspace.web_identities().all() {
        let Some(action) = identity.wrong_action() else { continue };
        let is_action = action.bytes().to_ascii_lowercase().starts_with("sts:assumerole")
            && !is_slip_of_web_identity(action.bytes());
        let what = if is_action { "does not take tokens of service accounts" } else { "is not an action of STS" };
        findings
            .at(action.span(), format!("`{}` {what}", action.shown()))
            .why("pods ask for `sts:AssumeRoleWithWebIdentity`, and are refused")
            .label(identity.place(), "this principal has nothing but tokens")
            .fix(
                Safety::Activating,
                "write `sts:AssumeRoleWithWebIdentity`",
                Change::write(action, "sts:AssumeRoleWithWebIdentity"),
            );
    }
}
