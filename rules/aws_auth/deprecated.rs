//! People and programs in `aws-auth` where access entries could let them in.

use std::collections::HashSet;

use crate::prelude::*;

pub const LEVEL: Level = Level::Note;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let mut clusters = workspace.by_repository::<Clusters<'_>>();
    workspace.facts.clusters.iter().for_each(|it| clusters.own(it.origin.name.file).add(it));
    let mut entries = workspace.by_repository::<HashSet<_>>();
    for entry in &workspace.facts.access_entries {
        let principal = workspace.shipped(&entry.origin, &entry.principal);
        let principal = principal.and_then(|it| Arn::parse(it.value)?.principal());
        entries.own(entry.origin.name.file).extend(principal);
    }
    for aws_auth in workspace.aws_auth().maps() {
        let at = aws_auth.meta.span();
        let file = aws_auth.meta.whole.file;
        let near = || clusters.near(file).filter(|it| it.first.is_some());
        // A cluster that reads access entries only passes over the ConfigMap, which is a finding of its own.
        if near().next().is_some() && near().all(|it| !it.has_others) {
            continue;
        }
        // Whom an access entry lets in already need not be brought over.
        let has_entry =
            |it: &Mapping| it.principal_id().is_some_and(|it| entries.near(file).any(|entries| entries.contains(&it)));
        let mut others = aws_auth.mappings().filter(|it| it.is_for_nodes() == Some(false));
        let Some(first) = others.find(|it| !has_entry(it)) else { continue };
        let found = findings.at(at, "`aws-auth` lets in more than nodes");
        found
            .why("AWS calls this ConfigMap deprecated, and recommends access entries")
            .label(first.at(), "an access entry can do this")
            .help(
                "create an access entry for each of these roles and users, and then remove them here; leave the nodes",
            );
        let cluster = near().find_map(|it| it.first).filter(|_| near().all(|it| !it.has_undecided));
        if let Some(cluster) = cluster {
            found.label(cluster.mode_place(), "the cluster reads access entries").level(Level::Warning);
        }
    }
}

/// The clusters of one repository.
#[derive(Default)]
struct Clusters<'w> {
    first: Option<&'w Cluster>,
    /// One may read the ConfigMap.
    has_others: bool,
    /// Of one it is not written that it reads access entries. A mode that nobody wrote is a default, and says nothing of what was
    /// decided.
    has_undecided: bool,
}

impl<'w> Clusters<'w> {
    fn add(&mut self, cluster: &'w Cluster) {
        let is_written = || cluster.modes().iter().all(|mode| mode.place.is_some());
        self.first.get_or_insert(cluster);
        self.has_others |= !cluster.is_certainly_in(&["API"]);
        self.has_undecided |= !(cluster.is_certainly_in(&["API", "API_AND_CONFIG_MAP"]) && is_written());
    }
}
