//! An instance profile where EKS wants a role.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let groups = workspace.facts.node_groups.iter().map(|it| &it.role);
    let auto = workspace.facts.clusters.iter().map(|it| &it.auto_node_role);
    for field in groups.chain(auto) {
        for text in workspace.values(field).filter(|it| workspace.nodes().is_instance_profile(it)) {
            let found = findings.at(text.span(), "instance profile in the place of a node role");
            found.why("EKS makes the instance profile itself, from the ARN of a role");
            let Some(profile) = workspace.nodes().instance_profile(text) else {
                found.help("write the ARN of the role that is in the instance profile");
                continue;
            };
            match profile.roles.items.as_slice() {
                [only] => found.label(only.value.span(), "this is the role"),
                _ => found.label(profile.origin.name, "an instance profile"),
            };
            found.help("refer to the role, by its ARN");
        }
    }
}
