//! The permissions of the VPC CNI on the node role, where every pod of the node can use them.

use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for role in &workspace.facts.roles {
        let Some(node) = workspace.roles().links(role).node_use() else { continue };
        let managed = workspace.policies().attached(role, "AmazonEKS_CNI_Policy");
        // The same permissions written out, for IPv6 or by hand.
        let assigns =
            |it: &&Text| matches!(it.as_str(), Some("ec2:AssignPrivateIpAddresses" | "ec2:AssignIpv6Addresses"));
        let documents = workspace.documents().of(role);
        let mut allowing = documents.iter().flat_map(|it| it.allowing_statements());
        let (span, what) = match managed {
            Some(policy) => (policy.span(), "`AmazonEKS_CNI_Policy`"),
            None => match allowing.find_map(|it| it.actions.iter().find(assigns)) {
                Some(action) => (action.span(), "permissions of the VPC CNI"),
                None => continue,
            },
        };
        let found = findings.at(span, format!("{what} on a node role"));
        found.why("every pod on the node can use it");
        found.certainty(node.certainty());
        if !span.contains(node.span) {
            found.label(node.span, format!("a node role, by {}", node.by));
        }
        found.help(if node.purpose == Purpose::AutoModeNode {
            "remove it: nodes of EKS Auto Mode do not need it"
        } else {
            "attach it to a role of its own for the `aws-node` service account, and remove it here once the add-on uses that"
        });
    }
}
