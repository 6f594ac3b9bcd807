//! Nodes whose VPC CNI gets its permissions from nowhere in the files.

use crate::collections::HashMap;
use crate::prelude::*;
use crate::source::ResourceId;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

/// Without one of them the CNI gives no pod an address.
const ACTIONS: &[&str] = &["ec2:AssignPrivateIpAddresses", "ec2:AssignIpv6Addresses"];

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let other_cni = workspace.identity_objects().any(|it| {
        let is_one = |name: &str| name.contains("cilium") || name.contains("calico");
        it.name.known().any(|name| is_one(name.bytes()))
    });
    if other_cni {
        return;
    }
    let mut groups: HashMap<Option<&ResourceId>, &NodeGroup> = HashMap::default();
    for group in &workspace.facts.node_groups {
        groups.entry(group.origin.resource.as_ref()).or_insert(group);
    }
    for role in &workspace.facts.roles {
        let of_nodes = |it: &&RoleUse| matches!(it.purpose, Purpose::ManagedNode | Purpose::SelfManagedNode);
        let (Some(node), Some(_)) =
            (workspace.roles().links(role).certain_uses().find(of_nodes), workspace.roles().links(role).node_use())
        else {
            continue;
        };
        if workspace.policies().missing(role, ACTIONS).is_none_or(|missing| missing.len() < ACTIONS.len()) {
            continue;
        }
        let group = groups.get(&node.user.as_ref());
        let cluster = group.and_then(|it| workspace.clusters().of(&it.cluster));
        if workspace.clusters().cni_roles(cluster).is_none_or(|roles| !roles.is_empty()) {
            continue;
        }
        if cluster.is_some_and(|it| !it.compute.is_absent()) {
            continue;
        }
        let place = role.policies_place();
        let found = findings.at(place, "nothing here lets the VPC CNI give addresses to pods");
        found.why("no policy of this role does").label(node.span, format!("a node role, by {}", node.by));
        let addon = cluster.and_then(|it| workspace.clusters().cni_addon(it));
        let addon = addon.filter(|it| it.role.is_absent() && it.pod_identity.is_absent());
        match addon {
            Some(addon) => {
                found
                    .label(addon.origin.name, "the add-on has no role of its own")
                    .help("give the add-on a role with `AmazonEKS_CNI_Policy`")
                    .likely()
                    .level(Level::Warning);
            }
            None => {
                found.help("see that the `aws-node` service account has a role with `AmazonEKS_CNI_Policy`");
            }
        }
    }
}
