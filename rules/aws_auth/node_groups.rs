//! A mapping for nodes that lacks a group nodes need.

use crate::names::{joined, nearest};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const USERNAMES: &[&str] =
    &["system:node:{{EC2PrivateDNSName}}", "system:node:{{SessionName}}", "system:node:{{SessionNameRaw}}"];

/// What a mapping of nodes without these groups costs. Kubernetes lets members of `system:bootstrappers` request a
/// certificate; on EKS, nodes sign in with IAM instead, and reports differ on whether some need it all the same.
fn cost(missing: &[&str]) -> &'static str {
    match missing {
        ["system:bootstrappers"] => {
            "without `system:bootstrappers` the kubelet is not allowed to request a certificate"
        }
        _ => "without `system:nodes` the nodes cannot join",
    }
}

/// Without `system:nodes` nothing works; that `system:bootstrappers` is there as well, AWS advises.
fn level(missing: &[&str]) -> Level {
    if missing.contains(&"system:nodes") { Level::Error } else { Level::Warning }
}

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for mapping in workspace.aws_auth().mappings() {
        // A group that swallowed another one is a finding of its own, and so is what the decoder drops.
        let swallowed = mapping.groups.iter().any(|it| it.bytes().contains([' ', ',', '\n']));
        let Some(username) = mapping.username.only().filter(|_| !swallowed) else { continue };
        if username.is_one_of(USERNAMES) != Some(true) || mapping.misspells("groups") {
            continue;
        }
        let missing: Vec<&str> =
            NODE_GROUPS.iter().copied().filter(|it| mapping.has_group(it) == Some(false)).collect();
        let slip = mapping.groups.iter().find_map(|group| {
            let meant = nearest(group.as_str()?, missing.iter().copied())?;
            (group.as_str() != Some("system:node-proxier")).then_some((group, meant))
        });
        if let Some((group, meant)) = slip {
            findings
                .at(group.span(), format!("`{}` is not the group of nodes", group.shown()))
                .why(cost(&[meant]))
                .label(username.span(), "a user name of nodes")
                .level(level(&[meant]))
                .fix_to(Safety::Activating, group, meant);
            continue;
        }
        let words = joined(missing.iter().copied(), " and ");
        if missing.is_empty() {
            continue;
        }
        let at = mapping.groups.key.unwrap_or_else(|| mapping.at());
        let found = findings.at(at, format!("mapping for nodes lacks {words}"));
        found.why(cost(&missing)).label(username.span(), "a user name of nodes").level(level(&missing));
        found.otherwise(format!("add {words} to the groups"));
        if let [one] = missing.as_slice() {
            found.fix_if(Safety::Activating, format!("add {words}"), workspace.aws_auth().add_group(mapping, one));
        }
    }
}
