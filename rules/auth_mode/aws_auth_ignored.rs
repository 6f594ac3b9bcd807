//! Mappings of `aws-auth` that the cluster does not read.

use std::collections::BTreeMap;

use crate::collections::HashMap;
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    // Which `aws-auth` belongs to which cluster no file says; with one cluster there is no question.
    let mut of_clusters: BTreeMap<_, (&Cluster, Vec<&AwsAuth>)> = BTreeMap::new();
    for map in workspace.aws_auth().possible_maps() {
        let Some(cluster) = workspace.clusters().of_file(map.meta.whole.file) else { continue };
        of_clusters
            .entry(workspace.files.position(cluster.origin.name))
            .or_insert_with(|| (cluster, Vec::new()))
            .1
            .push(map);
    }
    for (cluster, maps) in of_clusters.into_values() {
        // A cluster has one `aws-auth`: where there are several, most are of clusters that are not to be seen.
        if maps.iter().filter(|it| it.is_whole).count() <= 1 {
            check_cluster(workspace, cluster, &maps, findings);
        }
    }
}

fn check_cluster(workspace: &Workspace, cluster: &Cluster, maps: &[&AwsAuth], findings: &mut Findings) {
    let modes = workspace.clusters().modes(cluster);
    let is_always = |mode: &str| !modes.is_empty() && modes.iter().all(|it| it.name == mode);
    let maps = maps.iter().filter(|it| it.mappings().next().is_some());
    if is_always("API") {
        for map in maps {
            let found = findings.at(map.meta.span(), format!("{} does not read `aws-auth`", cluster.shown()));
            found.why("nobody is let in by this");
            if let Some(place) = modes.iter().find_map(|it| it.place) {
                found.label(place.span(), "only access entries are read");
            }
            found.help("make access entries of its mappings; a cluster cannot go back from `API`");
        }
    } else if is_always("API_AND_CONFIG_MAP") {
        let mut entries: HashMap<_, (&AccessEntry, Certainty)> = HashMap::default();
        for entry in workspace.clusters().entries_of(cluster) {
            let Some(shipped) = workspace.shipped(&entry.origin, &entry.principal) else { continue };
            if let Some(principal) = Arn::parse(shipped.value).and_then(|it| it.principal()) {
                let certainty = modes.iter().filter_map(|it| it.place).chain([shipped.value]);
                let certainty = certainty.map(|it| workspace.certainty_of(it)).min().unwrap_or(Certainty::Certain);
                entries.entry(principal).or_insert((entry, certainty));
            }
        }
        for mapping in maps.flat_map(|it| it.mappings()) {
            if let Some((entry, certainty)) = mapping.principal_id().and_then(|it| entries.get(&it)) {
                shadowed(mapping, entry, findings).certainty(*certainty);
            }
        }
    }
}

fn shadowed<'r>(mapping: &Mapping, entry: &AccessEntry, findings: &'r mut Findings) -> &'r mut Finding {
    let found = findings.at(mapping.at(), "an access entry replaces this mapping of `aws-auth`");
    found.why("nothing of it counts").label(entry.origin.name, "the access entry of the same principal");
    found.help("remove the mapping, and give the entry what it still needs");
    let kept = |group: &Text| entry.groups.any(|it| it.same_anywhere(group));
    let lost = mapping.groups.iter().find(|it| kept(it) == Some(false));
    // What policies permit cannot be compared with groups; a mapping that adds nothing is only left over.
    match lost.filter(|_| entry.policies.is_empty() && entry.kind_name() == Some("STANDARD")) {
        Some(group) => found.label(group.span(), "the entry does not have this group"),
        None => found.level(Level::Note),
    }
}
