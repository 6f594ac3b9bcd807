//! The role of the EKS connector's agent needs four actions of `ssmmessages`.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const ACTIONS: &[&str] = &[
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
];

pub fn check(workspace: &Workspace, report: &mut Report) {
    for role in &workspace.facts.roles {
        let Some(clue) = role.uses.iter().find(|it| it.purpose == Purpose::ConnectorAgent) else { continue };
        // Where one action cannot be known, a policy is out of sight: then nothing is known to be missing.
        let answers: Vec<_> = ACTIONS.iter().map(|action| workspace.grants(role, action)).collect();
        if answers.contains(&None) {
            continue;
        }
        let missing: Vec<_> = ACTIONS
            .iter()
            .zip(&answers)
            .filter(|(_, it)| **it == Some(false))
            .map(|(it, _)| format!("`{it}`"))
            .collect();
        if missing.is_empty() {
            continue;
        }
        let found = report.at(role.origin.name, "role of the connector agent cannot open its channels");
        found
            .label(role.origin.name, format!("its policies do not allow {}", missing.join(", ")))
            .help("allow `ssmmessages:CreateControlChannel` on the cluster, and the other three on `*`");
        if clue.span != role.origin.name {
            found.label(clue.span, format!("the agent's role, by {}", clue.by));
        }
        if clue.evidence == Evidence::Name {
            found.level(Level::Warning);
        }
    }
}
