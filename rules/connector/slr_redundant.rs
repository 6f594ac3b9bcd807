//! A service-linked role that AWS makes by itself, once for each account.

use crate::iam::has_service_linked_role;
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let mut earlier: Vec<(&ServiceLinkedRole, &str)> = Vec::new();
    for role in &workspace.facts.service_linked_roles {
        let Some(shipped) = workspace.shipped(&role.origin, &role.service) else { continue };
        let Some(service) = shipped.value.as_str() else { continue };
        let certainty = workspace.certainty_of(shipped.value);
        if !has_service_linked_role(service) {
            continue;
        }
        let twin = earlier.iter().find(|(it, other)| {
            workspace.are_together(it.origin.name.file, role.origin.name.file)
                && *other == service
                && it.origin.branch.surely_meets(&role.origin.branch)
        });
        match twin {
            Some((twin, _)) => {
                findings
                    .at(role.origin.name, format!("second service-linked role for `{service}`"))
                    .certainty(certainty)
                    .why("an account has one: this resource cannot be created")
                    .label(twin.origin.name, "the first one")
                    .help("remove one of them")
                    .level(Level::Warning);
            }
            None => {
                findings
                    .at(role.origin.name, format!("EKS makes the service-linked role for `{service}` by itself"))
                    .certainty(certainty)
                    .why("an account has one: another stack with this resource fails")
                    .help("leave it out, or keep it in one stack of the account");
            }
        }
        earlier.push((role, service));
    }
}
