//! One role for a cluster and for nodes.

use crate::collections::HashSet;
use crate::iam::{CLUSTER_SERVICE, EC2_PRINCIPALS};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let by_use = workspace.roles().shared(Purpose::is_ec2_node, |it| it == Purpose::Cluster);
    for (node, cluster) in &by_use {
        let place = node.role_use.span;
        // A role that trusts both services works: without its trust policy nobody can tell.
        let trust = node.role.map(|at| &workspace.facts.roles[at].trust);
        let is_shown = trust.is_some_and(|it| it.known().next().is_some());
        findings
            .at(place, "nodes have the role of the cluster")
            .why(format!("the role of nodes, by {}", node.role_use.by))
            .label(cluster.role_use.span, format!("the role of the control plane, by {}", cluster.role_use.by))
            .help("make a role for the nodes alone, which trusts `ec2.amazonaws.com`")
            .certainty(if is_shown { Certainty::Certain } else { Certainty::Likely });
    }
    let known: HashSet<usize> = by_use.iter().filter_map(|(node, _)| node.role).collect();
    for (at, role) in workspace.facts.roles.iter().enumerate() {
        if known.contains(&at) {
            continue;
        }
        let cluster = workspace.policies().attached(role, "AmazonEKSClusterPolicy");
        let node = workspace.policies().attached(role, "AmazonEKSWorkerNodePolicy");
        let (Some(cluster), Some(node)) = (cluster, node) else { continue };
        // Policies alone do not make a role one of nodes: nodes have to be able to assume it, and so has EKS.
        let trusted = |services: &[&str]| {
            let mut documents = role.trust.known();
            documents.any(|it| it.may_be_assumed_by(services) != Some(false))
        };
        if !trusted(&EC2_PRINCIPALS) || !trusted(&[CLUSTER_SERVICE.name]) {
            continue;
        }
        findings
            .at(node.span(), "one role has the policies of a cluster and of nodes")
            .why("what nodes need")
            .label(cluster.span(), "what the control plane needs: pods on the nodes could use it too")
            .help("make one role for the cluster and another for the nodes")
            .likely();
    }
}
