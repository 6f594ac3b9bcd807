//! A trust policy that lets an OIDC provider do `sts:AssumeRole`, which no web identity does.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for identity in workspace.web_identities() {
        let statement = identity.statement;
        let is_provider = |it: &crate::iam::Principal| {
            it.is_kind("Federated") && it.value.contains(":oidc-provider/") == Some(true)
        };
        let only_providers = statement.principals.complete && statement.principals.iter().all(is_provider);
        if !only_providers && !identity.is_eks() || identity.is_web_identity() != Some(false) {
            continue;
        }
        let Some(action) = statement.actions.iter().find(|it| it.is("sts:AssumeRole") == Some(true)) else { continue };
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
