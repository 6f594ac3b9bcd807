//! An instance profile where EKS wants a role.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let groups = workspace.facts.node_groups.iter().map(|it| &it.role);
    let auto = workspace.facts.clusters.iter().map(|it| &it.auto_node_role);
    for field in groups.chain(auto) {
        for text in workspace.values(field).filter(|it| workspace.nodes().is_instance_profile(it)) {
            let found = findings.at(text.span(), "node role is set to an instance profile");
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
    for class in &workspace.facts.node_classes {
        for text in workspace.values(&class.role).filter(|_| class.instance_profile.is_absent()) {
            node_class(workspace, text, findings);
        }
    }
}

/// The instance profile that `spec.role` of a node class names, where no role has that name.
fn node_class(workspace: &Workspace, text: &Text, findings: &mut Findings) {
    let is_arn = Arn::parse(text).is_some_and(|it| it.is_iam("instance-profile"));
    let profile = workspace.nodes().profile_named(text);
    let name = Arn::parse(text).and_then(|it| it.name());
    let role = workspace.roles().may_be_named(name.as_ref().unwrap_or(text));
    if role || !is_arn && profile.is_none() {
        return;
    }
    let found = findings.at(text.span(), "`role` is set to an instance profile");
    // A role of the same name may be declared elsewhere.
    found.why("`role` of a node class takes the name of a role").likely();
    if let Some(profile) = profile {
        match profile.roles.items.as_slice() {
            [only] => found.label(only.value.span(), "this is the role"),
            _ => found.label(profile.origin.name, "an instance profile"),
        };
    }
    found.help("name the role under `role`, or the instance profile under `instanceProfile`");
}
