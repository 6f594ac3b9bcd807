//! A mapping for nodes that lacks a group nodes need.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const NODE_GROUPS: &[&str] = &["system:bootstrappers", "system:nodes"];

pub fn check(workspace: &Workspace, report: &mut Report) {
    for mapping in workspace.facts.aws_auths.iter().flat_map(|it| it.mappings()) {
        // A group that swallowed another one is a finding of its own.
        if !mapping.groups.complete || mapping.groups.iter().any(|it| it.contains(" - ") == Some(true)) {
            continue;
        }
        let Some(username) = mapping.username.only() else { continue };
        let names_a_node =
            username.is_one_of(&["system:node:{{EC2PrivateDNSName}}", "system:node:{{SessionName}}"]) == Some(true);
        if !names_a_node {
            continue;
        }
        let has = |group: &&&str| mapping.groups.iter().any(|it| it.is(group) != Some(false));
        let missing: Vec<_> = NODE_GROUPS.iter().filter(|it| !has(it)).map(|it| format!("`{it}`")).collect();
        if missing.is_empty() {
            continue;
        }
        let at = mapping.groups.key.unwrap_or_else(|| mapping.at());
        report
            .at(at, format!("mapping for nodes lacks {}", missing.join(" and ")))
            .label(at, "without it the nodes cannot join")
            .label(username.span(), "a user name of nodes")
            .help(format!("add {} to the groups", missing.join(" and ")));
    }
}
