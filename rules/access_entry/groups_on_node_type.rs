//! Groups on an access entry for nodes, which gets its groups from EKS.

use crate::iam::{access_entry_type, is_node_group};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        let first = entry.kinds_under().find_map(|(kind, under)| {
            let kind = access_entry_type(kind).filter(|it| it.takes_groups != Some(true))?;
            let group = entry.groups.items.iter().find(|it| it.branch.surely_meets(under))?;
            Some((kind, &group.value))
        });
        let Some((kind, first)) = first else { continue };
        let at = entry.groups.key.unwrap_or_else(|| first.span());
        let found = findings.at(
            at,
            format!(
                "groups on an access entry of type `{}`",
                workspace.access_entries().written_type(entry, kind.name)
            ),
        );
        found.why("EKS gives nodes their groups itself");
        if let Some(text) = entry.kind.only() {
            found.label(text.span(), format!("for {}", kind.what_for));
        }
        if kind.takes_groups.is_none() {
            found.likely().help("leave the groups out, unless you know that the API takes them here");
            continue;
        }
        let whole = entry.groups.key.zip(entry.groups_list.only()).map(|(key, list)| key.to(*list));
        // Nothing is lost where EKS gives the same groups.
        let all_known = entry.groups.complete && entry.groups.iter().all(|it| it.as_str().is_some_and(is_node_group));
        found.otherwise("leave the groups out").fix_if(
            Safety::activating_if(all_known),
            "remove the groups",
            whole.map(Change::remove),
        );
    }
}
