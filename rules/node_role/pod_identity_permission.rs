//! Nodes that cannot get credentials for EKS Pod Identity.

use crate::iam::{POD_IDENTITY_ACTION, WORKER_NODE_ACTIONS};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for cluster in &workspace.facts.clusters {
        let associations = workspace.clusters().associations_of(cluster).map(|it| (&it.origin, "pods get a role here"));
        let agents = workspace.clusters().addons_of(cluster).filter(|it| it.name.is(POD_IDENTITY_AGENT) == Some(true));
        let agents = agents.map(|it| (&it.origin, "the add-on that needs it"));
        let Some((needs, why)) = associations.chain(agents).next() else { continue };
        for (role, node) in workspace.clusters().node_roles_of(cluster) {
            if workspace.policies().grant(role, POD_IDENTITY_ACTION) != Some(false) {
                continue;
            }
            // A role that lacks what the same policy grants besides is another finding.
            if workspace.policies().missing(role, WORKER_NODE_ACTIONS).is_none_or(|it| !it.is_empty()) {
                continue;
            }
            let place = role.policies_place();
            findings
                .at(place, "nodes cannot get credentials for EKS Pod Identity")
                .why(format!("no policy of this role allows `{POD_IDENTITY_ACTION}`"))
                .label(needs.name, why)
                .label(node.span(), "the role of the nodes")
                .help("allow it on the cluster, or attach `AmazonEKSWorkerNodePolicy`, which does");
        }
    }
}
