//! One role for a Fargate profile and for nodes.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for (fargate, node) in workspace.roles().shared(|it| it == Purpose::FargatePodExecution, Purpose::is_ec2_node) {
        let place = fargate.role_use.span;
        findings
            .at(place, "Fargate and the nodes have one role")
            .why(format!("the role that starts pods on Fargate, by {}", fargate.role_use.by))
            .label(node.role_use.span, format!("the role of nodes, by {}", node.role_use.by))
            .help("make a pod execution role of its own, which trusts `eks-fargate-pods.amazonaws.com`");
    }
}
