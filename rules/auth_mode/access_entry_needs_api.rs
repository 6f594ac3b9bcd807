//! Access entries for a cluster that does not read them.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    let mut entries: Vec<(&Cluster, Vec<&AccessEntry>)> = Vec::new();
    for entry in &workspace.facts.access_entries {
        let Some(cluster) = workspace.cluster(&entry.cluster) else { continue };
        match entries.last_mut() {
            Some((last, of_it)) if last.origin.resource == cluster.origin.resource => of_it.push(entry),
            _ => entries.push((cluster, vec![entry])),
        }
    }
    let mut seen = std::collections::HashSet::new();
    for (cluster, entries) in entries {
        for (mode, place) in cluster.modes() {
            if mode != "CONFIG_MAP" || !seen.insert(cluster.origin.name) {
                continue;
            }
            let at = place.map_or(cluster.origin.name, Text::span);
            let found = report.at(at, "cluster does not read access entries, and has some");
            found.label(
                at,
                if place.is_some() {
                    "only the `aws-auth` ConfigMap is read"
                } else {
                    "without an `AuthenticationMode` this is `CONFIG_MAP`"
                },
            );
            for entry in entries.iter().take(3) {
                found.label(entry.origin.name, "this access entry cannot be created");
            }
            match place {
                Some(place) => found.fix(
                    Safety::Suggestion,
                    "read both; this cannot be undone",
                    [Edit::replace(place.span(), "API_AND_CONFIG_MAP")],
                ),
                None => found.help(
                    "set `AccessConfig.AuthenticationMode` to `API_AND_CONFIG_MAP` or `API`; neither can be undone",
                ),
            };
        }
    }
}
