//! An `aws-auth` without nodes for a cluster that has nodes.

use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, report: &mut Report) {
    let Some((cluster, aws_auth)) = workspace.only_cluster_and_aws_auth() else { return };
    let Some(section) = aws_auth.replaces_roles() else { return };
    if !section.mappings.iter().all(|it| it.is_for_nodes() == Some(false)) {
        return;
    }
    let Some((place, words)) = nodes(workspace, cluster) else { return };
    let key = section.key.span();
    report
        .at(key, "applying this `mapRoles` locks the nodes out")
        .label(key, "it replaces what the cluster has, and maps no nodes")
        .label(place, words)
        .help("map the node role here too, with `system:bootstrappers` and `system:nodes`");
}

/// Nodes that only `aws-auth` lets in.
fn nodes(workspace: &Workspace, cluster: &Cluster) -> Option<(Span, String)> {
    let facts = &workspace.facts;
    if cluster.is_certainly_in(&["CONFIG_MAP"])
        && let Some(group) =
            facts.node_groups.iter().find(|it| workspace.cluster(&it.cluster).is_some_and(|it| is_same(it, cluster)))
    {
        return Some((group.origin.name, "EKS adds the role of this node group to `aws-auth`".to_owned()));
    }
    if !cluster.is_certainly_in(&["CONFIG_MAP", "API_AND_CONFIG_MAP"]) {
        return None;
    }
    let file = cluster.origin.name.file;
    let profiles: Vec<_> = facts.instance_profiles.iter().map(|it| it.origin.resource.as_ref()).collect();
    for role in facts.roles.iter().filter(|it| it.origin.name.file == file) {
        let is_profile = |it: &&RoleUse| it.user.is_some() && profiles.contains(&it.user.as_ref());
        let Some(used) = role.certain_uses().find(is_profile) else { continue };
        // An access entry may let it in, and one whose principal is unknown may be for it.
        let may_have_entry = facts.access_entries.iter().any(|entry| {
            entry.principal.only().is_none_or(|it| workspace.role(it).is_none_or(|it| is_same_role(it, role)))
        });
        if !may_have_entry {
            return Some((used.span, "the role of self-managed nodes".to_owned()));
        }
    }
    None
}

fn is_same(a: &Cluster, b: &Cluster) -> bool {
    a.origin.name == b.origin.name
}

fn is_same_role(a: &Role, b: &Role) -> bool {
    a.origin.name == b.origin.name
}
