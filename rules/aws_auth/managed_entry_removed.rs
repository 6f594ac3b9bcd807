//! An `aws-auth` that leaves out a role EKS has mapped by itself.

use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for (cluster, aws_auth) in workspace.aws_auth().by_cluster() {
        check_one(workspace, cluster, aws_auth, findings);
    }
}

fn check_one(workspace: &Workspace, cluster: &Cluster, aws_auth: &AwsAuth, findings: &mut Findings) {
    let Some(section) = aws_auth.replaces_roles() else { return };
    // With access entries EKS lets its nodes in by those. Where no nodes are mapped at all, that is the finding.
    if !cluster.is_certainly_in(&["CONFIG_MAP"]) || !section.mappings.iter().any(|it| it.is_for_nodes() == Some(true)) {
        return;
    }
    let groups = workspace.clusters().node_groups_of(cluster).map(|it| ("node group", &it.origin, &it.role));
    let profiles =
        workspace.clusters().fargate_profiles_of(cluster).map(|it| ("Fargate profile", &it.origin, &it.role));
    for (noun, origin, role) in groups.chain(profiles) {
        let Some(text) = role.only() else { continue };
        let Some(role) = workspace.roles().named(text) else { continue };
        let is_mapped = section.mappings.iter().map(|it| workspace.aws_auth().is_for(it, role));
        if is_mapped.fold(Some(false), crate::iam::kleene_or) != Some(false) {
            continue;
        }
        let name = origin.resource.as_ref().map(ToString::to_string).unwrap_or_default();
        let key = section.key.span();
        findings
            .at(key, format!("`mapRoles` leaves out the role of {noun} `{name}`"))
            .why("applying it removes the mapping that EKS made")
            .label(text.span(), format!("EKS maps this role when it creates the {noun}"))
            .help("map the role here too, as EKS did");
    }
}
