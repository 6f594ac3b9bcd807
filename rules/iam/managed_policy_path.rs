//! The ARN of an AWS managed policy without its path, or with another one.

use crate::iam::managed_policy;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for text in workspace.attached_policy_arns() {
        let Some(arn) = Arn::parse(text).filter(|it| it.is_iam("policy") && it.account.as_str() == Some("aws")) else {
            continue;
        };
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
            (None, right) => (arn.resource.span(), format!("it is under `{right}`")),
        };
        report.at(place, format!("`{}` has another path", policy.name)).label(place, why).fix(
            Safety::Safe,
            format!("write `{right}`"),
            [Edit::replace(arn.resource.span(), right)],
        );
    }
}
