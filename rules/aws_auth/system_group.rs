//! A group in `aws-auth` that is nearly one of those that Kubernetes knows.

use crate::collections::HashSet;
use crate::names::nearest;
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;
pub const CERTAINTY: Certainty = Certainty::Likely;

/// Besides those of nodes (Kubernetes, "Using RBAC Authorization", and the user guide of EKS).
const KNOWN: &[&str] = &[
    "system:masters",
    "system:authenticated",
    "system:unauthenticated",
    "system:serviceaccounts",
    "system:monitoring",
    "system:node-proxier",
    "eks:kube-proxy-windows",
];

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let subjects = workspace.facts.role_bindings.iter().flat_map(|it| it.subjects.iter());
    let bound: HashSet<&str> = subjects.flat_map(|it| it.name.strings()).map(|(name, _)| name).collect();
    for mapping in workspace.aws_auth().mappings().filter(|it| it.is_for_nodes() == Some(false)) {
        for group in mapping.groups.iter() {
            let Some(name) = group.as_str().filter(|it| it.starts_with("system:") || it.starts_with("eks:")) else {
                continue;
            };
            let Some(meant) = nearest(name, KNOWN.iter().chain(NODE_GROUPS).copied()).filter(|_| !bound.contains(name))
            else {
                continue;
            };
            findings
                .at(group.span(), format!("Kubernetes knows no group `{name}`"))
                .why("nothing is granted to it")
                .fix(Safety::Suggestion, format!("write `{meant}`, if it is meant"), Change::write(group, meant));
        }
    }
}
