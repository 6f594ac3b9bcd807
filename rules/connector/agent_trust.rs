//! The role of the EKS connector's agent has to trust `ssm.amazonaws.com`.

use crate::iam::{CONNECTOR_AGENT_SERVICE, CONNECTOR_SERVICE};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let ssm = CONNECTOR_AGENT_SERVICE.name;
    for role in &workspace.facts.roles {
        let Some(clue) = workspace.roles().links(role).use_as(|it| it == Purpose::ConnectorAgent) else { continue };
        for refusal in role.refusals(&[ssm]) {
            let message = format!("role of the connector agent does not trust `{ssm}`{}", refusal.under);
            let found = findings.at(refusal.place, message);
            found
                .why(&refusal.says)
                .label(clue.span, format!("the agent's role, by {}", clue.by))
                .otherwise(format!("the agent registers with Systems Manager: allow `{ssm}` to call `sts:AssumeRole`"));
            if clue.evidence == Evidence::Name {
                found.likely();
            }
            if let Some(service) = refusal.instead() {
                // Who wrote the service of the connector meant the agent; another service may be meant as it stands.
                let safety = Safety::activating_if(CONNECTOR_AGENT_SERVICE.is_meant_by(service.bytes()));
                found.fix(safety, "trust Systems Manager", Change::write(service, ssm));
            }
        }
    }
    for trust in workspace.documents().standalone(DocumentKind::Trust) {
        let Some(service) = trust.only_service() else { continue };
        if service.is(&CONNECTOR_SERVICE) == Some(true) {
            findings
                .at(service.span(), "trust policy for the connector agent names the wrong service")
                .why("this service assumes its service-linked role and no other")
                .otherwise(format!("the agent registers with Systems Manager: allow `{ssm}` to call `sts:AssumeRole`"))
                .fix(Safety::Activating, "trust Systems Manager", Change::write(service, ssm));
        }
    }
}
