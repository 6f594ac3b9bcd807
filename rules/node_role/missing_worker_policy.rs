//! A node role without the permissions of `AmazonEKSWorkerNodePolicy`.

use crate::iam::{EC2_PRINCIPALS, WORKER_NODE_ACTIONS};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for role in &workspace.facts.roles {
        // Nodes of Auto Mode need less.
        let is_node = |it: &&RoleUse| matches!(it.purpose, Purpose::ManagedNode | Purpose::SelfManagedNode);
        let said = workspace
            .roles()
            .links(role)
            .likely_uses()
            .find(is_node)
            .filter(|_| workspace.roles().links(role).node_use().is_some());
        // Where only access entries and mappings say so, it may be the type of the entry that is wrong.
        let said = said.filter(|it| !it.is_assertion || workspace.roles().links(role).shown_auto_mode().is_none());
        let Some(node) = said.or_else(|| likely(workspace, role)) else { continue };
        let Some(missing) = workspace.policies().missing(role, WORKER_NODE_ACTIONS) else { continue };
        if missing.is_empty() {
            continue;
        }
        let place = role.policies_place();
        let message = if missing.len() == WORKER_NODE_ACTIONS.len() {
            "node role has none of the permissions of `AmazonEKSWorkerNodePolicy`".to_owned()
        } else {
            format!("node role lacks {} of `AmazonEKSWorkerNodePolicy`", some(&missing))
        };
        let them = if missing.len() == 1 { "it" } else { "them" };
        let found = findings.at(place, message);
        found
            .why(format!("no policy of this role allows {them}"))
            .label(node.span, format!("a node role, by {}", node.by))
            .otherwise("attach `arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy`");
        let minimal = workspace.policies().attached(role, "AmazonEKSWorkerNodeMinimalPolicy");
        if let Some((minimal, name)) = minimal.and_then(|it| Some((it, Arn::parse(it)?.name()?))) {
            found.label(minimal.span(), "enough for nodes of EKS Auto Mode only").fix(
                Safety::Suggestion,
                "attach `AmazonEKSWorkerNodePolicy` instead",
                Change::write(&name, "AmazonEKSWorkerNodePolicy"),
            );
        } else {
            let change = workspace.policies().attach_like_others(role, "AmazonEKSWorkerNodePolicy");
            found.fix_if(Safety::Suggestion, "attach `AmazonEKSWorkerNodePolicy`", change);
        }
        // The kubelet asks for its own instance first; what the others are needed for depends on the node.
        if missing[0] != WORKER_NODE_ACTIONS[0] {
            found.level(Level::Warning);
        }
        found.certainty(node.certainty());
    }
}

/// A role that has the name of a node role, lets EC2 assume it, and has the other two policies of nodes.
fn likely<'w>(workspace: &'w Workspace, role: &'w Role) -> Option<&'w RoleUse> {
    let node = workspace
        .roles()
        .links(role)
        .use_as(|it| it == Purpose::SelfManagedNode)
        .filter(|it| it.evidence == Evidence::Name)?;
    let is_else = workspace.roles().links(role).is_used_other_than_as(Purpose::SelfManagedNode);
    let is_of_ec2 = role.trust.only()?.may_be_assumed_by(&EC2_PRINCIPALS) == Some(true);
    let has_others = workspace.policies().attached(role, "AmazonEKS_CNI_Policy").is_some()
        && workspace.policies().grant(role, "ecr:BatchGetImage") == Some(true);
    (!is_else && is_of_ec2 && has_others).then_some(node)
}

fn some(missing: &[&str]) -> String {
    match missing {
        [one, two] => format!("`{one}` and `{two}`"),
        [one, rest @ ..] if !rest.is_empty() => format!("`{one}` and {} other actions", rest.len()),
        _ => missing.iter().map(|it| format!("`{it}`")).collect(),
    }
}
