//! A trust policy that lets an OIDC provider do `sts:AssumeRole`, which no web identity does.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for identity in workspace.web_identities() {
        let Some(action) = identity.wrong_action() else { continue };
        report
            .at(action.span(), format!("`{}` does not take tokens of service accounts", action.shown()))
            .label(action.span(), "pods ask for `sts:AssumeRoleWithWebIdentity`, and are refused")
            .label(identity.place(), "this principal has nothing but tokens")
            .fix(
                Safety::Activating,
                "write `sts:AssumeRoleWithWebIdentity`",
                [Edit::replace(action.span(), "sts:AssumeRoleWithWebIdentity")],
            );
    }
}
