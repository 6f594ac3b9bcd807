//! What is one thing in two units: what a stack exports and another imports, and clusters named alike in two templates.
//!
//! A cluster in one stack and its access entries in another is the most common layout, and nothing in it says that both
//! mean the same account and region. So equal names link two templates only where nothing speaks against it, and what
//! rests on that is a warning at most.

use std::iter::successors;

use crate::collections::HashMap;
use crate::facts::{Field, Origin, Tables};
use crate::source::places::{folder, parent};
use crate::source::{FileId, Files, HoleKind, Text, only};

use super::layout::{self, place};

/// Where to find what is named alike in several units.
pub(super) struct Across {
    /// Outputs by the name under which they are exported.
    exports: HashMap<String, Vec<usize>>,
    /// Clusters by a name that is written out or the default of a parameter, whatever file they are in.
    clusters: HashMap<String, Vec<usize>>,
    /// For each folder, how many clusters are declared in it or below.
    clusters_in: HashMap<String, usize>,
}

impl Across {
    pub(super) fn new(facts: &Tables, files: &Files) -> Self {
        let mut across =
            Self { exports: HashMap::default(), clusters: HashMap::default(), clusters_in: HashMap::default() };
        for (at, output) in facts.outputs.iter().enumerate() {
            output.export.strings().for_each(|(name, _)| add(&mut across.exports, name, at));
        }
        if facts.clusters.is_empty() {
            return across;
        }
        let defaults = facts.parameters.iter().filter(|it| it.allowed.is_empty());
        let defaults: HashMap<_, _> = defaults.filter_map(|it| Some((&it.id, it.default.as_ref()?))).collect();
        for (at, cluster) in facts.clusters.iter().enumerate() {
            let file = cluster.origin.name.file;
            for text in cluster.name.known() {
                let text = match text.only_hole().map(|it| &it.kind) {
                    Some(HoleKind::Parameter(id)) => defaults.get(id).copied(),
                    _ => Some(text),
                };
                let Some(name) = text.filter(|it| it.is_value()).and_then(Text::as_str) else { continue };
                add(&mut across.clusters, name, at);
            }
            let place = place(files, file).unwrap_or_default();
            for above in successors(Some(folder(&place)), |it| parent(it)) {
                *across.clusters_in.entry(above.to_owned()).or_default() += 1;
            }
        }
        across
    }

    /// The only output that is exported under a name.
    pub(super) fn exported(&self, name: &str) -> Option<usize> {
        only(self.exports.get(name)?).copied()
    }

    /// The only cluster of a name.
    pub(super) fn cluster_named(&self, name: &str) -> Option<usize> {
        only(self.clusters.get(name)?).copied()
    }

    /// Whether a file may name the cluster that another one declares, as far as their places tell: no environment speaks against
    /// it, and all folders on the way are called like parts of one deployment, and hold no other cluster.
    pub(super) fn may_share_a_cluster(&self, files: &Files, naming: FileId, declaring: FileId) -> bool {
        let count = |folder: &str| self.clusters_in.get(folder).copied().unwrap_or_default();
        let is_another = |folder: &str, is_declaring: bool| {
            !layout::is_part(layout::last(folder)) || count(folder) > usize::from(is_declaring)
        };
        let are_variants = || {
            Some(layout::are_variants(layout::last(&place(files, naming)?), layout::last(&place(files, declaring)?)))
        };
        layout::apart(files, naming, declaring, is_another) == Some(false) && are_variants() == Some(false)
    }
}

/// Adds a fact by its name, once: it may have the same one in both branches of an `Fn::If`.
fn add(named: &mut HashMap<String, Vec<usize>>, name: &str, at: usize) {
    let known = named.entry(name.to_owned()).or_default();
    // The names of a fact come one after another.
    if known.last() != Some(&at) {
        known.push(at);
    }
}

/// Every property that names a cluster, and the resource that has it.
pub(super) fn naming(facts: &Tables) -> impl Iterator<Item = (&Origin, &Field<Text>)> {
    let entries = facts.access_entries.iter().map(|it| (&it.origin, &it.cluster));
    let groups = facts.node_groups.iter().map(|it| (&it.origin, &it.cluster));
    let profiles = facts.fargate_profiles.iter().map(|it| (&it.origin, &it.cluster));
    let associations = facts.pod_identity_associations.iter().map(|it| (&it.origin, &it.cluster));
    let addons = facts.addons.iter().map(|it| (&it.origin, &it.cluster));
    let capabilities = facts.capabilities.iter().map(|it| (&it.origin, &it.cluster));
    let providers = facts.identity_provider_configs.iter().map(|it| (&it.origin, &it.cluster));
    entries.chain(groups).chain(profiles).chain(associations).chain(addons).chain(capabilities).chain(providers)
}
