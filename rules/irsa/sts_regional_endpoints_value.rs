//! The annotation about regional endpoints, with a value that is not read.

use crate::iam::{STS_REGIONAL_ENDPOINTS, meant_bool, parse_bool};
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for account in &workspace.facts.service_accounts {
        let Some(text) = account.meta.string_annotation(STS_REGIONAL_ENDPOINTS) else { continue };
        let Some(value) = text.as_str().filter(|it| parse_bool(it).is_none()) else { continue };
        let found = findings.at(text.span(), format!("`{value}` is neither `true` nor `false`"));
        found.why("the annotation is ignored, and the cluster's default holds");
        match meant_bool(value) {
            Some(meant) => {
                let quoted = format!("\"{meant}\"");
                // On EKS the default is the endpoint of the region: only `"true"` keeps what is so now.
                let safety = if meant { Safety::Safe } else { Safety::Suggestion };
                found.fix(safety, format!("write `{quoted}`"), Change::write_string(text, meant.to_string()))
            }
            None => found.help("write `\"true\"` or `\"false\"`, in quotes"),
        };
    }
}
