//! A policy for the VPC CNI with IPv6 that lacks something, or is garbled as in copies of its page.

use crate::iam::{CNI_IPV6_ACTIONS, PolicyDocument, managed_policy};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for role in &workspace.facts.roles {
        for document in workspace.documents().of(role) {
            let Some(assigns) = of_the_cni(document) else { continue };
            let missing = workspace.policies().missing(role, CNI_IPV6_ACTIONS).unwrap_or_default();
            judge(document, assigns, &missing, Certainty::Certain, findings);
        }
    }
    for document in workspace.documents().of_nobody() {
        let Some(assigns) = of_the_cni(document) else { continue };
        let missing: Vec<_> =
            CNI_IPV6_ACTIONS.iter().copied().filter(|action| document.grants(action) == Some(false)).collect();
        // Another policy on the role may allow the rest.
        judge(document, assigns, &missing, Certainty::Likely, findings);
    }
}

fn judge(document: &PolicyDocument, assigns: &Text, missing: &[&str], certainty: Certainty, findings: &mut Findings) {
    for statement in document.allowing_statements() {
        for resource in statement.resources.iter() {
            let arn = Arn::parse(resource).filter(|arn| {
                arn.service_str() == Some("ec2")
                    && arn.region_str() == Some("")
                    && arn.resource().starts_with("network-interface/") == Some(true)
            });
            if resource.is_empty() && !resource.has_holes() {
                let place = resource.whole();
                findings
                    .at(place, "policy of the VPC CNI has an empty resource")
                    .why("the page of AWS has `*` here; copies of its text have lost it")
                    .fix(Safety::Activating, "write `*`", Change::write(resource, "*"));
            } else if let Some(arn) = arn {
                let around =
                    Span { start: arn.region().span().start - 1, end: arn.region().span().end + 1, ..resource.span() };
                findings
                    .at(resource.span(), "ARN of network interfaces has no region")
                    .why("it fits no network interface: copies of the page have lost the `*`")
                    .fix(Safety::Activating, "write `*` for the region", Change::write(around, ":*:"));
            }
        }
    }
    if !missing.is_empty() {
        findings
            .at(assigns.span(), "policy of the VPC CNI for IPv6 is not whole")
            .why(format!("besides this the CNI needs {}", crate::names::listed(missing.iter().copied())))
            .help("take the whole policy from the EKS user guide")
            .certainty(certainty);
    }
}

/// Where a document is the policy of the VPC CNI for IPv6: it assigns IPv6 addresses, and does nothing that the CNI does
/// not do.
fn of_the_cni(document: &PolicyDocument) -> Option<&Text> {
    let assigns = document.actions().find(|it| it.as_str() == Some("ec2:AssignIpv6Addresses"))?;
    let cni = managed_policy("AmazonEKS_CNI_Policy")?;
    let is_its_own = |it: &Text| it.as_str().is_some_and(|it| cni.grants(it) || CNI_IPV6_ACTIONS.contains(&it));
    (document.statements.complete && document.actions().all(is_its_own)).then_some(assigns)
}
