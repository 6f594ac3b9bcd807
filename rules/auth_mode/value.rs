//! An authentication mode that EKS does not have.

use crate::names::{is_spelling, listed, nearest};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const MODES: [&str; 3] = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for cluster in &workspace.facts.clusters {
        for text in workspace.values_in(&cluster.origin, &cluster.authentication_mode) {
            let Some(mode) = text.as_str().filter(|it| !MODES.contains(it)) else { continue };
            if text.is_unfilled() {
                continue;
            }
            let found = findings.at(text.span(), format!("`{mode}` is not an authentication mode"));
            match nearest(mode, MODES) {
                Some(right) => {
                    let safety = Safety::activating_if(is_spelling(mode, right));
                    found.why(format!("EKS takes `{right}` (case-sensitive)")).fix_to(safety, text, right);
                }
                None => {
                    found.why("EKS knows three modes").help(format!("write one of {}", listed(MODES)));
                }
            }
        }
    }
}
