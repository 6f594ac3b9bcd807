//! A mapping for nodes that lacks a group nodes need.

use crate::names::{joined, nearest};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const USERNAMES: &[&str] =
    &["system:node:{{EC2PrivateDNSName}}", "system:node:{{SessionName}}", "system:node:{{SessionNameRaw}}"];

pub fn check(workspace: &Workspace, report: &mut Report) {
    for mapping in workspace.mappings() {
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
            report
                .at(group.span(), format!("`{}` is not the group of nodes", group.shown()))
                .label(group.span(), format!("without `{meant}` the nodes cannot join"))
                .label(username.span(), "a user name of nodes")
                .fix(Safety::Activating, format!("write `{meant}`"), Change::write(group, meant));
            continue;
        }
        let words = joined(missing.iter().copied(), " and ");
        if missing.is_empty() {
            continue;
        }
        let at = mapping.groups.key.unwrap_or_else(|| mapping.at());
        let found = report.at(at, format!("mapping for nodes lacks {words}"));
        let them = if missing.len() == 1 { "it" } else { "them" };
        found.label(at, format!("without {them} the nodes cannot join")).label(username.span(), "a user name of nodes");
        found.otherwise(format!("add {words} to the groups"));
        if let [one] = missing.as_slice()
            && let Some(change) = workspace.add_group(mapping, one)
        {
            found.fix(Safety::Activating, format!("add {words}"), change);
        }
    }
}
