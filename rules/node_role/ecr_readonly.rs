//! A node role that may do more in ECR than pull.

use crate::prelude::*;

pub const LEVEL: Level = Level::Note;

const READ_ONLY: &str = "AmazonEC2ContainerRegistryReadOnly";

/// Policies that nodes pull with, and what they may do besides.
const WIDER: &[(&str, &str)] = &[
    (READ_ONLY, "also lists and describes every repository"),
    ("AmazonEC2ContainerRegistryPowerUser", "every pod on the node can also push images"),
    ("AmazonEC2ContainerRegistryFullAccess", "every pod on the node can also push and delete images"),
];

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for role in &workspace.facts.roles {
        let Some(node) = workspace.roles().links(role).node_use() else { continue };
        for (name, what) in WIDER {
            let Some(policy) = workspace.policies().attached(role, name) else { continue };
            let found = findings.at(policy.span(), format!("`{name}` where a node only pulls"));
            found
                .why(*what)
                .help("`AmazonEC2ContainerRegistryPullOnly` is what AWS recommends for nodes since October 2024");
            // Whoever can push decides what the whole cluster runs.
            if *name != READ_ONLY {
                found.level(Level::Warning);
            }
            found.certainty(node.certainty());
            if let Some(written) = Arn::parse(policy).and_then(|arn| arn.name()) {
                let change = Change::write(&written, "AmazonEC2ContainerRegistryPullOnly");
                found.fix(Safety::Suggestion, "if its pods only pull too, attach the smaller policy", change);
            }
        }
    }
}
