//! An `aws-auth` without nodes for a cluster that has nodes.

use crate::collections::HashSet;
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for (cluster, aws_auth) in workspace.aws_auth().by_cluster() {
        check_one(workspace, cluster, aws_auth, findings);
    }
}

fn check_one(workspace: &Workspace, cluster: &Cluster, aws_auth: &AwsAuth, findings: &mut Findings) {
    let Some(section) = aws_auth.replaces_roles() else { return };
    if !section.mappings.iter().all(|it| it.is_for_nodes() == Some(false)) {
        return;
    }
    let Some((place, words)) = nodes(workspace, cluster) else { return };
    let key = section.key.span();
    findings
        .at(key, "applying this `mapRoles` locks the nodes out")
        .why("it replaces what the cluster has, and maps no nodes")
        .label(place, words)
        .help("map the node role here too, with `system:bootstrappers` and `system:nodes`");
}

/// Nodes that only `aws-auth` lets in.
fn nodes(workspace: &Workspace, cluster: &Cluster) -> Option<(Span, String)> {
    let facts = &workspace.facts;
    if cluster.is_certainly_in(&["CONFIG_MAP"])
        && let Some(group) = workspace.clusters().node_groups_of(cluster).next()
    {
        return Some((group.origin.name, "EKS adds the role of this node group to `aws-auth`".to_owned()));
    }
    if !cluster.is_certainly_in(&["CONFIG_MAP", "API_AND_CONFIG_MAP"]) {
        return None;
    }
    let file = cluster.origin.name.file;
    let profiles: HashSet<_> = facts.instance_profiles.iter().map(|it| it.origin.resource.as_ref()).collect();
    // An access entry may let a role in, and one whose principal is unknown may be for any.
    let entries: Option<HashSet<OriginKey>> =
        facts.access_entries.iter().map(|entry| Some(workspace.roles().of(&entry.principal)?.origin.key())).collect();
    let entries = entries?;
    for role in facts.roles.iter().filter(|it| workspace.are_together(it.origin.name.file, file)) {
        let is_profile = |it: &&RoleUse| it.user.is_some() && profiles.contains(&it.user.as_ref());
        let Some(used) = workspace.roles().links(role).certain_uses().find(is_profile) else { continue };
        if !entries.contains(&role.origin.key()) {
            return Some((used.span, "the role of self-managed nodes".to_owned()));
        }
    }
    None
}
