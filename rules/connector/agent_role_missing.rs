//! The connector's service-linked role without a role for its agent.

use crate::iam::CONNECTOR_AGENT_SERVICE;
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let service = CONNECTOR_AGENT_SERVICE.name;
    let for_an_agent = |role: &Role| {
        workspace.roles().links(role).is_used_as(Purpose::ConnectorAgent)
            || role.trust.known().any(|it| it.may_be_assumed_by(&[service]) != Some(false))
    };
    if workspace.facts.roles.iter().any(for_an_agent) {
        return;
    }
    for role in workspace.facts.service_linked_roles.iter().filter(|it| it.is_of_connector()) {
        findings
            .at(role.origin.name, "no role for the agent of the EKS connector in these files")
            .why("this role is for EKS itself; the agent in the cluster needs another")
            .help(format!("declare a role that trusts `{service}` and allows four actions of `ssmmessages`"));
    }
}
