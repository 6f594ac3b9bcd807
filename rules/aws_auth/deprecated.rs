//! People and programs in `aws-auth` where access entries could let them in.

use crate::collections::HashSet;
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let clusters = &workspace.facts.clusters;
    // A cluster that reads access entries only passes over the ConfigMap, which is a finding of its own.
    if !clusters.is_empty() && clusters.iter().all(|it| it.is_certainly_in(&["API"])) {
        return;
    }
    // A mode that nobody wrote is a default, and says nothing of what was decided.
    let all_read_entries = clusters.iter().all(|it| {
        it.is_certainly_in(&["API", "API_AND_CONFIG_MAP"]) && it.modes().iter().all(|mode| mode.place.is_some())
    });
    let principals =
        workspace.facts.access_entries.iter().filter_map(|it| workspace.shipped(&it.origin, &it.principal));
    let entries: HashSet<_> = principals.filter_map(|it| Arn::parse(it.value)?.principal()).collect();
    for aws_auth in workspace.aws_auth().maps() {
        // Whom an access entry lets in already need not be brought over.
        let has_entry = |it: &Mapping| it.principal_id().is_some_and(|it| entries.contains(&it));
        let mut others = aws_auth.mappings().filter(|it| it.is_for_nodes() == Some(false));
        let Some(first) = others.find(|it| !has_entry(it)) else { continue };
        let at = aws_auth.meta.span();
        let found = findings.at(at, "`aws-auth` lets in more than nodes");
        found
            .why("AWS calls this ConfigMap deprecated, and recommends access entries")
            .label(first.at(), "an access entry can do this")
            .help(
                "create an access entry for each of these roles and users, and then remove them here; leave the nodes",
            );
        if let Some(cluster) = clusters.first().filter(|_| all_read_entries) {
            found.label(cluster.mode_place(), "the cluster reads access entries").level(Level::Warning);
        }
    }
}
