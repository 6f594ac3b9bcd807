//! `AWS_STS_REGIONAL_ENDPOINTS` with a value that SDKs do not know.

use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for container in workspace.facts.workloads.iter().flat_map(|it| it.containers.iter()) {
        let Some(variable) = container.variable("AWS_STS_REGIONAL_ENDPOINTS") else { continue };
        for text in variable.value.known() {
            let Some(value) = text.as_str().filter(|it| !it.is_empty()) else { continue };
            // SDKs compare without case.
            if value.eq_ignore_ascii_case("regional") || value.eq_ignore_ascii_case("legacy") {
                continue;
            }
            findings
                .at(
                    text.span(),
                    format!("`AWS_STS_REGIONAL_ENDPOINTS` is neither `regional` nor `legacy` but `{value}`"),
                )
                .why("SDKs do not know this value, and some refuse to start")
                .label(variable.name.known().next().map_or(variable.span, Text::span), "the webhook leaves it as it is")
                .fix(Safety::Suggestion, "write `regional`", Change::write_string(text, "regional"));
        }
    }
}
