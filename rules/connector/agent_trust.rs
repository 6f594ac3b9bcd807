//! The role of the EKS connector's agent has to trust `ssm.amazonaws.com`.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const SERVICE: &str = "ssm.amazonaws.com";

pub fn check(workspace: &Workspace, report: &mut Report) {
    for role in &workspace.facts.roles {
        let Some(clue) = role.use_as(|it| it == Purpose::ConnectorAgent) else { continue };
        for (trust, branch) in role.trust.known_under() {
            if trust.trusts_service(&[SERVICE], "sts:AssumeRole") != Some(false) {
                continue;
            }
            let message = format!("role of the connector agent does not trust `{SERVICE}`{}", branch.shown());
            let found = report.at(trust.blame_of(&[SERVICE]), message);
            found
                .label(trust.blame_of(&[SERVICE]), trust.says())
                .label(clue.span, format!("the agent's role, by {}", clue.by))
                .help("the agent registers with Systems Manager: let `ssm.amazonaws.com` do `sts:AssumeRole`");
            if clue.evidence == Evidence::Name {
                found.level(Level::Warning);
            }
            if let Some(service) = trust.only_service("sts:AssumeRole") {
                // Who wrote the service of the connector meant the agent; another service may be meant as it stands.
                let is_slip = service.bytes().starts_with("eks-connector") || service.bytes().starts_with("ssm");
                let safety = if is_slip { Safety::Activating } else { Safety::Suggestion };
                found.fix(safety, "trust Systems Manager", [Edit::replace(service.span(), SERVICE)]);
            }
        }
    }
    let documents = workspace.facts.policy_documents.iter().filter(|it| it.kind == DocumentKind::Trust);
    for trust in documents.map(|it| &it.document) {
        let Some(service) = trust.only_service("sts:AssumeRole") else { continue };
        if service.is("eks-connector.amazonaws.com") == Some(true) {
            report
                .at(service.span(), "trust policy for the connector agent names the wrong service")
                .label(service.span(), "this service assumes its service-linked role and no other")
                .help("the agent registers with Systems Manager: let `ssm.amazonaws.com` do `sts:AssumeRole`")
                .fix(Safety::Activating, "trust Systems Manager", [Edit::replace(service.span(), SERVICE)]);
        }
    }
}
