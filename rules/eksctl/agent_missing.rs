//! Pod identity associations in a configuration without the agent that gives pods their credentials.

use crate::prelude::*;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for need in &workspace.facts.agent_needs {
        if need.is_declared == Some(false) && need.is_auto_mode == Some(false) {
            findings
                .at(need.associations, format!("pod identity associations without the add-on `{POD_IDENTITY_AGENT}`"))
                .why("`eksctl create cluster` rejects this file")
                .help(format!("add `{POD_IDENTITY_AGENT}` to `addons`, unless the cluster has it already"));
        }
    }
}
