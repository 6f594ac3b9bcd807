//! A trust policy that names a service which IAM does not know.

use crate::iam::meant_service;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for trust in workspace.trusts_without_use() {
        for principal in trust.statements.iter().flat_map(|it| it.principals.iter()) {
            let value = &principal.value;
            let Some(service) = value.as_str().filter(|_| principal.is_kind("Service")).and_then(meant_service) else {
                continue;
            };
            report
                .at(value.span(), format!("there is no service `{}`", value.shown()))
                .label(value.span(), "IAM knows no such principal, and rejects the policy")
                .fix(Safety::Activating, format!("write `{service}`"), [Edit::replace(value.span(), service)]);
        }
    }
}
