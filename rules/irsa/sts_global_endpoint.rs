//! Pods that are told to use the global endpoint of STS.

use crate::iam::{STS_REGIONAL_ENDPOINTS, parse_bool};
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for account in &workspace.facts.service_accounts {
        let Some(text) = account.meta.string_annotation(STS_REGIONAL_ENDPOINTS) else { continue };
        if text.as_str().and_then(parse_bool) == Some(false) && !is_elsewhere(&account.meta) {
            global(text, "true", findings);
        }
    }
    for container in workspace.facts.workloads.iter().flat_map(|it| it.containers.iter()) {
        let Some(variable) = container.variable("AWS_STS_REGIONAL_ENDPOINTS") else { continue };
        if ["AWS_REGION", "AWS_DEFAULT_REGION"].iter().any(|name| has_no_global_endpoint(container, name)) {
            continue;
        }
        for text in variable.value.known().filter(|it| it.is("legacy") == Some(true)) {
            global(text, "regional", findings);
        }
    }
}

/// True if the role is of a partition that has no global endpoint: SDKs use that of the region, whatever is set.
fn is_elsewhere(meta: &ObjectMeta) -> bool {
    let arn = meta.role_arn().and_then(Arn::parse);
    arn.is_some_and(|arn| arn.partition().is("aws") == Some(false))
}

/// The same, for the region that a container is given.
fn has_no_global_endpoint(container: &Container, name: &str) -> bool {
    let regions = container.variable(name).into_iter().flat_map(|it| it.value.strings());
    regions.into_iter().any(|(region, _)| region.starts_with("cn-") || region.starts_with("us-gov-"))
}

fn global(text: &Text, instead: &str, findings: &mut Findings) {
    findings
        .at(text.span(), "pods are told to use the global endpoint of STS")
        .why("it is far away from most regions, and one outage there stops all of them")
        .fix(Safety::Suggestion, "use the endpoint of the region", Change::write_string(text, instead));
}
