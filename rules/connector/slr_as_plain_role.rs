//! A role made by hand that takes the place of a service-linked role.

use crate::iam::{is_service_linked_role, is_service_linked_service};
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for role in &workspace.facts.roles {
        let name = role.name.known().find(|it| it.as_str().is_some_and(is_service_linked_role));
        if let Some(name) = name {
            findings
                .at(name.span(), format!("`{}` is the name of a service-linked role", name.shown()))
                .why("a plain role of this name keeps AWS from creating the real one")
                .help("leave it to AWS, or declare an `AWS::IAM::ServiceLinkedRole`");
            continue;
        }
        let path = role.path.known().find(|it| it.starts_with("/aws-service-role/") == Some(true));
        if let Some(path) = path {
            findings
                .at(path.span(), "the path `/aws-service-role/` is reserved for service-linked roles")
                .why("IAM lets no one but a service create a role here")
                .help("declare an `AWS::IAM::ServiceLinkedRole`, which has no path of its own");
            continue;
        }
        // The agent of the connector has a rule of its own: it should trust another service. So have roles for nodes, for
        // clusters, for Fargate.
        if workspace.roles().links(role).is_used() {
            continue;
        }
        let Some(service) = role.only_service() else { continue };
        let Some(written) = service.as_str().filter(|it| is_service_linked_service(it)) else { continue };
        findings
            .at(service.span(), format!("`{written}` assumes only its service-linked role"))
            .why("no one will ever assume this role")
            .help("trust the service that is meant; the service-linked role is an `AWS::IAM::ServiceLinkedRole`");
    }
}
