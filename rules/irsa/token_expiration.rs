//! The time a token lives, written so that it does not count.

use crate::iam::{DEFAULT_SECONDS, LEAST_SECONDS, TOKEN_EXPIRATION, meant_seconds, parse_seconds};
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let accounts = workspace.facts.service_accounts.iter().map(|it| &*it.meta);
    let pods = workspace.facts.workloads.iter().map(Workload::pod_meta);
    for meta in accounts.chain(pods) {
        if let Some(text) = meta.string_annotation(TOKEN_EXPIRATION) {
            annotation(text, findings);
        }
    }
    for workload in &workspace.facts.workloads {
        for token in workload.volumes.iter().flat_map(|it| it.tokens.iter()) {
            for text in token.expiration.known() {
                let Some(seconds) = text.as_str().and_then(parse_seconds) else { continue };
                if seconds < LEAST_SECONDS {
                    findings
                        .at(text.span(), format!("a token that lives {seconds} seconds is refused"))
                        .why("the API server asks for 10 minutes at least")
                        .fix(Safety::Suggestion, "let it live 10 minutes", Change::write_bare(text, "600"))
                        .level(Level::Error);
                }
            }
        }
    }
}

fn annotation(text: &Text, findings: &mut Findings) {
    let Some(value) = text.as_str() else { return };
    match parse_seconds(value) {
        None => {
            let found = findings.at(text.span(), format!("`{value}` is not a number of seconds"));
            found.why(format!("it is ignored, and tokens live {DEFAULT_SECONDS} seconds"));
            match meant_seconds(value) {
                Some(meant) => {
                    let meant = meant.max(LEAST_SECONDS);
                    found.fix(
                        Safety::Suggestion,
                        format!("write `\"{meant}\"`"),
                        Change::write_string(text, meant.to_string()),
                    )
                }
                None => found.help("write whole seconds, in quotes: `\"3600\"`"),
            };
        }
        Some(seconds) if seconds < LEAST_SECONDS => {
            findings
                .at(text.span(), format!("tokens do not live {seconds} seconds"))
                .why("the webhook raises this to 600")
                .fix(Safety::Safe, "write `\"600\"`", Change::write_string(text, "600"));
        }
        Some(seconds) if seconds > DEFAULT_SECONDS => {
            findings
                .at(text.span(), format!("tokens do not live {seconds} seconds"))
                .why("the API server of EKS gives them a day at most")
                .level(Level::Note);
        }
        Some(_) => {}
    }
}
