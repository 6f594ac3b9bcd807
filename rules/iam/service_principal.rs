//! A trust policy that names a service of EKS in a way that IAM does not know.

use crate::iam::{
    CLUSTER_SERVICE, CONNECTOR_AGENT_SERVICE, EC2_PRINCIPALS, FARGATE_SERVICE, POD_IDENTITY_SERVICE, meant_service,
};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for (trust, is_about_eks) in workspace.trusts_without_use() {
        for principal in trust.statements.iter().flat_map(|it| it.principals.iter()) {
            let value = &principal.value;
            if principal.is_kind("AWS") && (is_service_of_eks(value) || is_about_eks && is_other_service(value)) {
                let kind = principal.kind.span();
                report
                    .at(kind, format!("`{}` is a service, not an account or a role", value.shown()))
                    .label(kind, "IAM takes services under `Service` only, and rejects the policy")
                    .fix(Safety::Activating, "write `Service`", Change::write(kind, "Service"));
                continue;
            }
            let Some(service) = value.as_str().filter(|_| principal.is_kind("Service")).and_then(meant_service) else {
                continue;
            };
            // Who else lets in machines is not our business.
            if !is_about_eks && !service.contains("eks") {
                continue;
            }
            report
                .at(value.span(), format!("there is no service `{}`", value.shown()))
                .label(value.span(), "IAM knows no such principal, and rejects the policy")
                .fix(Safety::Activating, format!("write `{service}`"), Change::write(value, service));
        }
    }
}

fn is_service_of_eks(value: &Text) -> bool {
    let services = [&CLUSTER_SERVICE, &FARGATE_SERVICE, &POD_IDENTITY_SERVICE];
    services.iter().any(|it| value.is(it.name) == Some(true))
}

/// The services that nodes and the connector's agent come as.
fn is_other_service(value: &Text) -> bool {
    value.is_one_of(&EC2_PRINCIPALS) == Some(true) || value.is(CONNECTOR_AGENT_SERVICE.name) == Some(true)
}
