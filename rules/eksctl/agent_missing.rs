//! Pod identity associations in a configuration without the agent that gives pods their credentials.

use crate::prelude::*;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for need in &workspace.facts.agent_needs {
        if need.is_declared == Some(false) && need.is_auto_mode == Some(false) {
            findings
                .at(need.associations, "pod identity associations without the add-on `eks-pod-identity-agent`")
                .why("eksctl creates no cluster from this file")
                .help("add `eks-pod-identity-agent` to `addons`, unless the cluster has it already");
        }
    }
}
