//! The role of the EKS connector's agent has to trust `ssm.amazonaws.com`.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for role in &workspace.facts.roles {
        let Some(clue) = role.uses.iter().find(|it| it.purpose == Purpose::ConnectorAgent) else { continue };
        let Some(trust) = role.trust.only() else { continue };
        if trust.trusts_service(&["ssm.amazonaws.com"], "sts:AssumeRole") != Some(false) {
            continue;
        }
        let found = report.at(trust.blame(), "role of the connector agent does not trust `ssm.amazonaws.com`");
        found
            .label(trust.blame(), trust.says())
            .label(clue.span, format!("the agent's role, by {}", clue.by))
            .help("the agent registers with Systems Manager: let `ssm.amazonaws.com` do `sts:AssumeRole`");
        if clue.evidence == Evidence::Name {
            found.level(Level::Warning);
        }
    }
}
