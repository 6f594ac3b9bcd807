//! A trust policy that names a service of EKS in a way that IAM does not know.

use crate::iam::meant_service;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for (trust, is_about_eks) in workspace.documents().trusts_without_use() {
        for principal in trust.principals() {
            let value = &principal.value;
            // How a principal is written is the finding of `principal-form`.
            if principal.violation().is_some() {
                continue;
            }
            let Some(service) = value.as_str().filter(|_| principal.is_kind("Service")).and_then(meant_service) else {
                continue;
            };
            // Who else lets in machines is not our business.
            if !is_about_eks && !service.contains("eks") {
                continue;
            }
            findings
                .at(value.span(), format!("there is no service `{}`", value.shown()))
                .why("IAM knows no such principal, and rejects the policy")
                .fix_to(Safety::Activating, value, service);
        }
    }
}
