//! A policy that lets somebody make access entries and pass no role.

use crate::prelude::*;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for grant in workspace.policies().granting("eks:CreateAccessEntry") {
        if grant.also("iam:PassRole") != Some(false) {
            continue;
        }
        findings
            .at(grant.span, "may create access entries, and not pass a role")
            .why("entries of the types `EC2_LINUX` and `EC2_WINDOWS` need `iam:PassRole`")
            .help("allow `iam:PassRole` for the roles of your nodes, if entries for nodes are made with this");
    }
}
