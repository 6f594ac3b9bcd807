//! An AWS managed policy that does not exist.

use crate::iam::{access_policy, managed_policy, nearest_managed_policy};
use crate::names::{folded, is_slip};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

/// Policies that guides tell people to create themselves, so that they are in an account of one's own.
const OWN: &[&str] = &[
    "AmazonEKSConnectorAgentPolicy",
    "AmazonEKS_CNI_IPv6_Policy",
    "AWSLoadBalancerControllerIAMPolicy",
    "AmazonEKSClusterAutoscalerPolicy",
];

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for text in workspace.policies().attached_arns() {
        let Some(arn) = Arn::of_aws_policy(text) else { continue };
        let Some(place) = arn.name() else { continue };
        let Some(name) = place.as_str().filter(|it| managed_policy(it).is_none()) else { continue };
        let title = format!("there is no AWS managed policy `{name}`");
        if let Some(policy) = nearest_managed_policy(name).filter(|it| !is_another_version(name, it.name)) {
            let found = findings.at(place.span(), title);
            found.why(format!("did you mean `{}`?", policy.name));
            let safety = Safety::activating_if(is_slip(name, policy.name));
            let resource = format!("policy/{}{}", policy.path, policy.name);
            found.fix_to(safety, &arn.resource(), &resource);
        } else if access_policy(name).is_some() {
            findings
                .at(place.span(), title)
                .why("an access policy of EKS has this name; IAM has none")
                .help("associate it with an access entry; a role of IAM takes policies of IAM");
        } else if OWN.contains(&name) {
            findings
                .at(place.span(), title)
                .why("guides have you create it yourself: it is in your account, not in `aws`")
                .help("declare the policy, and refer to it; or write your account id for `aws`");
        } else if name.contains("EKS") && matches!(arn.partition_str(), Some("aws") | None) {
            findings
                .at(place.span(), format!("`{name}` is no AWS managed policy that is known here"))
                .likely()
                .why(format!("the list of policies is of {}", crate::iam::MANAGED_POLICIES_DATE));
        }
    }
}

/// True if the names differ in their numbers: `…PolicyV2` and `…PolicyV3` are two policies, and AWS adds such.
fn is_another_version(a: &str, b: &str) -> bool {
    let (a, b) = (folded(a), folded(b));
    let stem = |it: &str| {
        let stem = it.trim_end_matches(|c: char| c.is_ascii_digit());
        if stem.len() < it.len() { stem.strip_suffix('v').unwrap_or(stem).to_owned() } else { it.to_owned() }
    };
    a != b && stem(&a) == stem(&b)
}
