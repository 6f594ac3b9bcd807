//! A group of Kubernetes itself on an access entry.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        // Entries for nodes take no groups at all, and one that was meant for nodes wants another type.
        if entry.is_for_people() == Some(false) {
            continue;
        }
        for group in entry.groups.iter() {
            if group.starts_with("system:") != Some(true) {
                continue;
            }
            let found = findings.at(group.span(), format!("access entry with the group `{}`", group.shown()));
            found.why("access entries take no group that begins with `system:`");
            if group.is("system:masters") == Some(true) {
                found.help(
                    "for an administrator, associate the access policy `AmazonEKSClusterAdminPolicy` with the scope `cluster` instead",
                );
            } else {
                found.help("bind the permissions to a group of another name, and give that group here");
            }
        }
    }
}
