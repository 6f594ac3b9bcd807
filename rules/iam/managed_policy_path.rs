//! The ARN of a managed policy that IAM does not read as one, or that has another path.

use crate::iam::{ArnViolation, access_policy, managed_policy};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for text in workspace.policies().attached_arns() {
        if let Some(violation) = Arn::head_violation(text, true) {
            not_an_arn(text, &violation, findings);
            continue;
        }
        not_a_policy(text, findings);
        let Some(arn) = Arn::of_aws_policy(text) else { continue };
        let Some(policy) = arn.name().and_then(|it| managed_policy(it.as_str()?)) else { continue };
        let path = arn.path();
        let Some(written) = path.as_ref().map_or(Some(""), |it| it.as_str()) else { continue };
        // Policies of service-linked roles cannot be attached at all, whatever their path.
        if written == policy.path || policy.is_service_linked() || written == "aws-service-role/" {
            continue;
        }
        let right = format!("policy/{}{}", policy.path, policy.name);
        let (place, why) = match (&path, policy.path) {
            (Some(path), "") => (path.span(), "this policy has no path".to_owned()),
            (Some(path), right) => (path.span(), format!("the path is `{right}`")),
            (None, right) => (arn.resource().span(), format!("it is under `{right}`")),
        };
        findings.at(place, format!("`{}` has another path", policy.name)).why(why).fix_to(
            Safety::Activating,
            &arn.resource(),
            &right,
        );
    }
}

/// What is no ARN of IAM, whatever follows.
fn not_an_arn(text: &Text, violation: &ArnViolation, findings: &mut Findings) {
    let known = text.bytes();
    let name = &known[known.rfind('/').map_or(0, |at| at + 1)..];
    let found = findings.at(violation.span, format!("`{}` {}", text.shown(), violation.what));
    found.why("IAM wants the ARN of a policy here");
    if let Some(policy) = managed_policy(name).filter(|_| !text.has_holes()) {
        let start = if known.starts_with("arn:aws-") { known.split(':').nth(1) } else { None };
        let right = format!("arn:{}:iam::aws:policy/{}{}", start.unwrap_or("aws"), policy.path, policy.name);
        found.fix_to(Safety::Suggestion, text, &right);
    } else if violation.kind.as_deref() == Some("cluster-access-policy") && access_policy(name).is_some() {
        found.help("associate it with an access entry; a role of IAM takes policies of IAM");
    } else {
        found.help("name a policy: `arn:<partition>:iam::<account>:policy/<name>`");
    }
}

/// An ARN of IAM that is certainly of something else than a policy.
fn not_a_policy(text: &Text, findings: &mut Findings) {
    let Some(arn) = Arn::parse(text) else { return };
    let Some(kind) = arn.kind().filter(|it| arn.service().is("iam") == Some(true) && *it != "policy") else { return };
    let place = arn.resource().part(0..kind.len()).span();
    let found = findings.at(place, format!("`{kind}` is not what ARNs of policies have here"));
    found.why("it has to be `policy`");
    if crate::names::nearest(kind, ["policy"]).is_some() || kind == "policies" {
        found.fix(Safety::Activating, "write `policy`", Change::write(place, "policy"));
    } else {
        found.help("name a policy: `arn:<partition>:iam::<account>:policy/<name>`");
    }
}
