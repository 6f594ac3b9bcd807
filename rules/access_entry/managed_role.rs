//! An access entry for a role that EKS makes an access entry for itself.

use crate::collections::HashMap;
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

/// Of more users of one role than this the others are not asked whose cluster they belong to.
const MOST_OF_A_ROLE: usize = 100;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let facts = &workspace.facts;
    let groups = facts
        .node_groups
        .iter()
        .filter(|it| it.is_managed)
        .map(|it| ("managed node group", &it.origin, &it.cluster, &it.role));
    let profiles = facts.fargate_profiles.iter().map(|it| ("Fargate profile", &it.origin, &it.cluster, &it.role));
    // A cluster is known by the deployment that names it: only users of that one can have the entry's cluster.
    let mut users: HashMap<_, Vec<_>> = HashMap::default();
    for user in groups.chain(profiles) {
        let (noun, origin, cluster, role) = user;
        if let (Some(name), Some(role)) = (cluster.only(), workspace.shipped(origin, role))
            && let Some(key) = workspace.roles().key(role.value)
        {
            for deployment in workspace.deployments(name.span().file) {
                users.entry((deployment, key.clone())).or_default().push((noun, origin, cluster, role));
            }
        }
    }
    // What is described may be the one that EKS has made.
    for entry in facts.access_entries.iter().filter(|it| !workspace.is_described(it.origin.name)) {
        let shipped = workspace.shipped(&entry.origin, &entry.principal);
        let (Some(principal), Some(cluster)) = (shipped, entry.cluster.only()) else { continue };
        let Some(key) = workspace.roles().key(principal.value) else { continue };
        let of = |deployment| users.get(&(deployment, key.clone()));
        let mut of_role = workspace.deployments(cluster.span().file).filter_map(of).flatten();
        let user = of_role.by_ref().take(MOST_OF_A_ROLE).find_map(|(noun, origin, cluster, role)| {
            let is_one = workspace.clusters().same(cluster, &entry.cluster) == Some(true)
                && origin.branch.surely_meets(&entry.origin.branch);
            let same = principal.same(*role, |a, b| workspace.roles().same(a, b)).filter(|_| is_one)?;
            Some((noun, origin, same))
        });
        if user.is_none() && of_role.next().is_some() {
            findings.not_compared(principal.text.span());
        }
        let Some((noun, origin, (principal, role))) = user else { continue };
        // Nodes that join by themselves need the entry, whoever else has their role.
        let joins = |it: &RoleUse| it.purpose == Purpose::SelfManagedNode && it.user.is_some();
        if workspace.access_entries().other_uses(entry).any(joins) {
            continue;
        }
        let name = origin.resource.as_ref().map_or_else(String::new, |it| format!(" `{it}`"));
        let found = findings.at(principal.span(), format!("access entry for the role of {noun}{name}"));
        found.why("EKS makes this entry itself").label(role.span(), format!("the role of the {noun}"));
        // Then EKS finds the entry when the nodes are made, and makes none.
        if entry.origin.resource.as_ref().is_some_and(|it| origin.depends_on.contains(it)) {
            found.level(Level::Note);
        }
        found.fix(Safety::Suggestion, "remove the access entry", Change::remove(entry.origin.whole));
    }
}
