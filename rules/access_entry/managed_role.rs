//! An access entry for a role that EKS makes an access entry for itself.

use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, report: &mut Report) {
    let facts = &workspace.facts;
    let groups = facts
        .node_groups
        .iter()
        .filter(|it| it.is_managed)
        .map(|it| ("managed node group", &it.origin, &it.cluster, &it.role));
    let profiles = facts.fargate_profiles.iter().map(|it| ("Fargate profile", &it.origin, &it.cluster, &it.role));
    let users: Vec<_> = groups.chain(profiles).collect();
    for entry in &facts.access_entries {
        let Some(principal) = entry.principal.only() else { continue };
        let user = users.iter().find(|(_, origin, cluster, role)| {
            role.only().and_then(|it| workspace.same_principal(it, principal)) == Some(true)
                && workspace.same_cluster(cluster, &entry.cluster) == Some(true)
                && origin.branch.surely_meets(&entry.origin.branch)
        });
        let Some((noun, origin, _, role)) = user else { continue };
        // Nodes that join by themselves need the entry, whoever else has their role.
        let joins = |it: &RoleUse| it.purpose == Purpose::SelfManagedNode && it.user.is_some();
        if workspace.other_uses(entry).any(joins) {
            continue;
        }
        let name = origin.resource.as_ref().map_or_else(String::new, |it| format!(" `{it}`"));
        let found = report.at(principal.span(), format!("access entry for the role of {noun}{name}"));
        found
            .label(principal.span(), "EKS makes this entry itself")
            .label(role.only().map_or(origin.name, Text::span), format!("the role of the {noun}"));
        match workspace.removal(entry.origin.whole) {
            Some(edit) => found.fix(Safety::Suggestion, "remove the access entry", [edit]),
            None => found.help("remove the access entry"),
        };
    }
}
