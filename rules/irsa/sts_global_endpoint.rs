//! Pods that are told to use the global endpoint of STS.

use crate::iam::{STS_REGIONAL_ENDPOINTS, parse_bool};
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for account in &workspace.facts.service_accounts {
        let annotation = account.meta.annotation(STS_REGIONAL_ENDPOINTS);
        let Some(Annotation { value: AnnotationValue::String(text), .. }) = annotation else { continue };
        if text.as_str().and_then(parse_bool) == Some(false) {
            global(text, "\"true\"", report);
        }
    }
    for container in workspace.facts.workloads.iter().flat_map(|it| it.containers.iter()) {
        let Some(variable) = container.variable("AWS_STS_REGIONAL_ENDPOINTS") else { continue };
        for text in variable.value.known().filter(|it| it.is("legacy") == Some(true)) {
            global(text, "regional", report);
        }
    }
}

fn global(text: &Text, instead: &str, report: &mut Report) {
    report
        .at(text.span(), "pods are told to use the global endpoint of STS")
        .label(text.span(), "it is far away from most regions, and one outage there stops all of them")
        .fix(Safety::Suggestion, "use the endpoint of the region", [Edit::replace(text.whole(), instead)]);
}
