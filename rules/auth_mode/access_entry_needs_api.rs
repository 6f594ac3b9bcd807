//! Access entries for a cluster that does not read them.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for cluster in &workspace.facts.clusters {
        for mode in workspace.clusters().modes_without_entries(cluster) {
            let entries: Vec<_> = workspace
                .clusters()
                .entries_of(cluster)
                .filter(|it| mode.surely_meets(&it.origin.branch))
                .filter(|it| it.origin.branch.surely_meets(&cluster.origin.branch))
                .collect();
            // What certainly belongs to the cluster makes the finding certain.
            let is_certain = |it: &&AccessEntry| !workspace.clusters().is_found_by_name(&it.cluster);
            let certain: Vec<_> = entries.iter().copied().filter(is_certain).collect();
            let entries = if certain.is_empty() { entries } else { certain };
            if !entries.is_empty() {
                refused(workspace, cluster, mode, &entries, findings);
            }
        }
    }
}

fn refused(
    workspace: &Workspace,
    cluster: &Cluster,
    mode: Mode<'_>,
    entries: &[&AccessEntry],
    findings: &mut Findings,
) {
    let property = workspace.spelled(Property::AuthenticationMode, cluster.origin.name);
    let (place, reason) = mode.shows_no_entries();
    let shown = cluster.shown();
    let found = findings.at(place, format!("{shown} does not read access entries{}", mode.branch.shown()));
    found.why(reason);
    for entry in entries.iter().take(3) {
        found.label(entry.origin.name, "this access entry cannot be created");
    }
    found.fix_or_help(
        Safety::Suggestion,
        "read both; this cannot be undone",
        mode.place.map(|it| Change::write(it, "API_AND_CONFIG_MAP")),
        format!("set `{property}` to `API_AND_CONFIG_MAP` or `API`; neither can be undone"),
    );
}
