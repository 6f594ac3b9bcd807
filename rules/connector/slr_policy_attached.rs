//! A policy attached to a service-linked role.

use crate::iam::is_service_linked_role;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for policy in &workspace.facts.policies {
        for role in policy.roles.items.iter().flat_map(|it| workspace.values_of_item(&policy.origin, it)) {
            let linked = workspace.roles().service_linked(role);
            let by_name = role.as_str().is_some_and(is_service_linked_role);
            if linked.is_none() && !by_name {
                continue;
            }
            let found = findings.at(role.span(), "policy on a service-linked role");
            found.why("only the service can change the policies of its role");
            if let Some(linked) = linked {
                found.label(linked.origin.name, "a service-linked role");
            }
            found.help("remove it: the role has what the service needs, and no one else can use it");
        }
    }
}
