//! The role of the EKS connector's agent has to trust `ssm.amazonaws.com`.

use crate::iam::{CONNECTOR_AGENT_SERVICE, CONNECTOR_SERVICE};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    let ssm = CONNECTOR_AGENT_SERVICE.name;
    for role in &workspace.facts.roles {
        let Some(clue) = workspace.links(role).use_as(|it| it == Purpose::ConnectorAgent) else { continue };
        for (trust, branch) in role.trust.known_under() {
            if trust.trusts_service(&[ssm], "sts:AssumeRole") != Some(false) {
                continue;
            }
            let message = format!("role of the connector agent does not trust `{ssm}`{}", branch.shown());
            let found = report.at(trust.blame_of(&[ssm]), message);
            found
                .label(trust.blame_of(&[ssm]), trust.says_of(&[ssm]))
                .label(clue.span, format!("the agent's role, by {}", clue.by))
                .otherwise(format!("the agent registers with Systems Manager: allow `{ssm}` to call `sts:AssumeRole`"));
            if clue.evidence == Evidence::Name {
                found.likely();
            }
            if let Some(service) = trust.only_service("sts:AssumeRole") {
                // Who wrote the service of the connector meant the agent; another service may be meant as it stands.
                let is_slip = CONNECTOR_AGENT_SERVICE.is_meant_by(service.bytes());
                let safety = if is_slip { Safety::Activating } else { Safety::Suggestion };
                found.fix(safety, "trust Systems Manager", Change::write(service, ssm));
            }
        }
    }
    let documents = workspace.facts.policy_documents.iter().filter(|it| it.kind == DocumentKind::Trust);
    for trust in documents.map(|it| &it.document) {
        let Some(service) = trust.only_service("sts:AssumeRole") else { continue };
        if service.is(&CONNECTOR_SERVICE) == Some(true) {
            report
                .at(service.span(), "trust policy for the connector agent names the wrong service")
                .label(service.span(), "this service assumes its service-linked role and no other")
                .otherwise(format!("the agent registers with Systems Manager: allow `{ssm}` to call `sts:AssumeRole`"))
                .fix(Safety::Activating, "trust Systems Manager", Change::write(service, ssm));
        }
    }
}
