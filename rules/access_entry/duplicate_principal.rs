//! Two access entries for one principal on one cluster.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    let mut first: std::collections::HashMap<String, Vec<&AccessEntry>> = std::collections::HashMap::new();
    for entry in &workspace.facts.access_entries {
        let (Some(principal), Some(_)) = (entry.principal.only(), entry.cluster.only()) else { continue };
        // Entries with different words may still be one, but only equal words are compared: linear, and sure.
        let before = first.entry(principal.shown()).or_default();
        let same = before.iter().find(|it| {
            let same_principal = it.principal.only().and_then(|other| workspace.same_principal(other, principal));
            same_principal == Some(true)
                && workspace.same_cluster(&it.cluster, &entry.cluster) == Some(true)
                && it.origin.branch.surely_meets(&entry.origin.branch)
        });
        if let Some(other) = same {
            report
                .at(principal.span(), "this principal has two access entries on one cluster")
                .label(principal.span(), "the second one: the API refuses it")
                .label(other.principal.only().map_or(other.origin.name, Text::span), "the first one")
                .help("put the groups and policies of both into one entry");
        }
        if before.len() < 8 {
            before.push(entry);
        }
    }
}
