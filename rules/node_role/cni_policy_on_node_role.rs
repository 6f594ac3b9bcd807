//! The permissions of the VPC CNI on the node role, where every pod of the node can use them.

use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for role in &workspace.facts.roles {
        let Some(node) = role.node_use() else { continue };
        let mut place = workspace
            .attached_managed_policy(role, "AmazonEKS_CNI_Policy")
            .map(|it| (it.span(), "`AmazonEKS_CNI_Policy`"));
        // The same permissions written out, for IPv6 or by hand.
        let documents = role.inline_policies.iter().flat_map(|it| it.document.known());
        let attached = role.attached.iter().flat_map(|at| workspace.facts.policies[*at].document.known());
        for statement in documents.chain(attached).flat_map(|it| it.statements.iter()) {
            let assigns = statement
                .actions
                .iter()
                .find(|it| matches!(it.as_str(), Some("ec2:AssignPrivateIpAddresses" | "ec2:AssignIpv6Addresses")));
            if let (None, Some(action)) = (place, assigns) {
                place = Some((action.span(), "permissions of the VPC CNI"));
            }
        }
        let Some((span, what)) = place else { continue };
        let found = report.at(span, format!("{what} on a node role"));
        found.label(span, "every pod on the node can use it");
        if !span.contains(node.span) {
            found.label(node.span, format!("a node role, by {}", node.by));
        }
        found.help("attach it to a role of its own for the `aws-node` service account, and remove it here once the add-on uses that");
    }
}
