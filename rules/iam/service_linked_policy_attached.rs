//! A policy that belongs to a service-linked role, attached to another role.

use crate::iam::managed_policy;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for role in &workspace.facts.roles {
        let policies = role.managed_policies.iter().chain(role.permissions_boundary.known());
        for text in policies.flat_map(|it| workspace.values_of(it)) {
            let Some(arn) = Arn::of_aws_policy(text) else { continue };
            let Some(name) = arn.name() else { continue };
            let path = arn.path().and_then(|it| Some(it.as_str()?.to_owned())).unwrap_or_default();
            let known = name.as_str().and_then(managed_policy);
            // By its name, too, where the path was left out: then the ARN is no one's.
            let by_name = path.is_empty() && known.is_some_and(|it| it.is_service_linked() && it.name.contains("EKS"));
            if !path.starts_with("aws-service-role/") && !by_name {
                continue;
            }
            findings
                .at(text.span(), format!("`{}` is the policy of a service-linked role", name.shown()))
                .why("IAM attaches it to that role and to no other")
                .help("remove it, or attach the policy that this role needs");
        }
    }
}
