//! A role made by hand that takes the place of a service-linked role.

use crate::iam::{SERVICE_LINKED_ROLES, is_service_linked_service};
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for role in &workspace.facts.roles {
        let name = role.name.known().find(|it| it.as_str().is_some_and(|it| SERVICE_LINKED_ROLES.contains(&it)));
        if let Some(name) = name {
            report
                .at(name.span(), format!("`{}` is the name of a service-linked role", name.shown()))
                .label(name.span(), "a plain role of this name keeps AWS from creating the real one")
                .help("leave it to AWS, or declare an `AWS::IAM::ServiceLinkedRole`");
            continue;
        }
        let path = role.path.known().find(|it| it.starts_with("/aws-service-role/") == Some(true));
        if let Some(path) = path {
            report
                .at(path.span(), "the path `/aws-service-role/` is reserved for service-linked roles")
                .label(path.span(), "IAM does not let anyone but a service create a role here")
                .help("declare an `AWS::IAM::ServiceLinkedRole`, which has no path of its own");
            continue;
        }
        let Some(trust) = role.trust.only() else { continue };
        let statements: Vec<_> = trust.statements.iter().collect();
        let principals: Vec<_> = statements.iter().flat_map(|it| it.principals.iter()).collect();
        let [only] = principals.as_slice() else { continue };
        let Some(service) = only.value.as_str().filter(|it| only.is_kind("Service") && is_service_linked_service(it))
        else {
            continue;
        };
        // The agent of the connector has a rule of its own: it should trust another service.
        if role.uses.iter().any(|it| it.purpose == Purpose::ConnectorAgent) || !trust.statements.complete {
            continue;
        }
        report
            .at(only.value.span(), format!("`{service}` assumes only its service-linked role"))
            .label(only.value.span(), "no one will ever assume this role")
            .help(format!("declare an `AWS::IAM::ServiceLinkedRole` with `AWSServiceName: {service}`, or trust the service that is meant"));
    }
}
