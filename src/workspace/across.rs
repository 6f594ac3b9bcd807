//! What is one thing in two units: what a stack exports and another imports, and clusters named alike in two templates.
//!
//! A cluster in one stack and its access entries in another is the most common layout, and nothing in it says that both
//! mean the same account and region. So equal names link two templates only where nothing speaks against it, and what
//! rests on that is a warning at most.

use std::collections::{HashMap, HashSet};

use crate::facts::{Cluster, Field, Tables, UnitKind};
use crate::iam::is_account_id;
use crate::source::{FileId, Files, HoleKind, Span, Text};

use super::Workspace;
use super::places::{folder, parent};

/// Words in the name of a folder that make it that of an environment.
const ENVIRONMENTS: [&str; 20] = [
    "dev",
    "development",
    "test",
    "tests",
    "testing",
    "qa",
    "uat",
    "int",
    "integration",
    "stage",
    "staging",
    "stg",
    "preprod",
    "preview",
    "sandbox",
    "demo",
    "prod",
    "prd",
    "production",
    "live",
];

/// Where to find what is named alike in several units.
#[derive(Default)]
pub(super) struct Across {
    /// Outputs by the name under which they are exported.
    exports: HashMap<String, Vec<usize>>,
    /// Clusters by a name that is written out or the default of a parameter, whatever file they are in.
    clusters: HashMap<String, Vec<usize>>,
    /// Where each file with a cluster is, and each folder above it: how many clusters are there.
    clusters_in: HashMap<String, usize>,
    /// Where each file is.
    places: HashMap<FileId, String>,
}

impl Across {
    pub(super) fn new(facts: &Tables, files: &Files) -> Self {
        let mut across = Self::default();
        for (at, output) in facts.outputs.iter().enumerate() {
            for (name, _) in output.export.strings() {
                across.exports.entry(name.to_owned()).or_default().push(at);
            }
        }
        if facts.clusters.is_empty() {
            return across;
        }
        let place = |file: FileId| files.get(file).map(|it| it.place.to_string_lossy().replace('\\', "/"));
        let defaults = facts.parameters.iter().filter(|it| it.allowed.is_empty());
        let defaults: HashMap<_, _> = defaults.filter_map(|it| Some((&it.id, it.default.as_ref()?))).collect();
        for (at, cluster) in facts.clusters.iter().enumerate() {
            for text in cluster.name.known() {
                let text = match text.only_hole().map(|it| &it.kind) {
                    Some(HoleKind::Parameter(id)) => defaults.get(id).copied(),
                    _ => Some(text),
                };
                let Some(name) = text.and_then(Text::as_str) else { continue };
                across.clusters.entry(name.to_owned()).or_default().push(at);
            }
            let place = place(cluster.origin.name.file).unwrap_or_default();
            for above in std::iter::successors(Some(folder(&place)), |it| parent(it)) {
                *across.clusters_in.entry(above.to_owned()).or_default() += 1;
            }
        }
        let naming = naming(facts).flat_map(Field::known).map(|it| it.span().file);
        let declaring = facts.clusters.iter().map(|it| it.origin.name.file);
        across.places = naming.chain(declaring).filter_map(|it| Some((it, place(it)?))).collect();
        across
    }

    /// Whether nothing in the folders of two files says that they are of two environments, as far as one cluster goes.
    fn may_be_together(&self, a: FileId, b: FileId) -> bool {
        let (Some(a), Some(b)) = (self.places.get(&a), self.places.get(&b)) else { return false };
        let common = common(folder(a), folder(b));
        // The folder of the cluster holds one.
        let speaks = |place: &str, clusters: usize| {
            let mut below = std::iter::successors(Some(folder(place)), |it| parent(it));
            let mut below = below.by_ref().take_while(|it| it.len() > common.len());
            below.any(|it| is_environment(it) || self.clusters_in.get(it).is_some_and(|it| *it > clusters))
        };
        !speaks(a, 0) && !speaks(b, 1)
    }
}

/// The folder that two folders are in, or that one of them is.
fn common<'a>(a: &'a str, b: &str) -> &'a str {
    let is_around = |it: &&str| b == *it || super::places::is_below(b, it);
    std::iter::successors(Some(a), |it| parent(it)).find(is_around).unwrap_or_default()
}

/// True for a folder that is called like an environment, an account or a region.
fn is_environment(folder: &str) -> bool {
    let name = folder.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let is_region = crate::iam::partition_of_region(&name).is_some();
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let is_word = |it: &str| {
        // `prod2`, `dev01`.
        let stem = it.trim_end_matches(|c: char| c.is_ascii_digit());
        ENVIRONMENTS.contains(&stem) || is_account_id(it)
    };
    is_region || words.any(is_word)
}

/// Every property that names a cluster.
fn naming(facts: &Tables) -> impl Iterator<Item = &Field<Text>> {
    let entries = facts.access_entries.iter().map(|it| &it.cluster);
    let groups = facts.node_groups.iter().map(|it| &it.cluster);
    let profiles = facts.fargate_profiles.iter().map(|it| &it.cluster);
    let associations = facts.pod_identity_associations.iter().map(|it| &it.cluster);
    let addons = facts.addons.iter().map(|it| &it.cluster);
    let capabilities = facts.capabilities.iter().map(|it| &it.cluster);
    let providers = facts.identity_provider_configs.iter().map(|it| &it.cluster);
    entries.chain(groups).chain(profiles).chain(associations).chain(addons).chain(capabilities).chain(providers)
}

impl Workspace {
    /// What an import stands for, where the run holds exactly one export of its name; any other text stands for itself.
    pub fn followed<'w>(&'w self, text: &'w Text) -> &'w Text {
        let Some(HoleKind::Import(name)) = text.only_hole().map(|it| &it.kind) else { return text };
        let Some([only]) = self.across.exports.get(&**name).map(Vec::as_slice) else { return text };
        let value = &self.facts.outputs[*only].value;
        let exported = value.only().filter(|it| !self.are_apart(it.span().file, text.span().file));
        exported.unwrap_or(text)
    }

    /// The cluster of another template that is named alike, if it can only be that one.
    pub(super) fn cluster_elsewhere(&self, name: &Text) -> Option<&Cluster> {
        // A default may be overridden, but a deploy of both as they stand means one cluster.
        let written = match self.values_of(name).as_slice() {
            [only] => only.as_str()?,
            _ => return None,
        };
        let [only] = self.across.clusters.get(written)?.as_slice() else { return None };
        let cluster = &self.facts.clusters[*only];
        let (here, there) = (name.span(), cluster.origin.name);
        let is_template = |place: Span| self.unit_kind(place) == Some(UnitKind::CloudFormation);
        let is_one = here.file != there.file
            && cluster.name.only().is_some()
            && is_template(here)
            && is_template(there)
            && self.are_alike(here.file, there.file)
            && self.across.may_be_together(here.file, there.file);
        is_one.then_some(cluster)
    }

    /// The pairs of files that only the name of a cluster links.
    pub(super) fn linked_by_name(&self) -> HashSet<(FileId, FileId)> {
        let names = naming(&self.facts).filter_map(|it| it.only());
        let names = names.filter(|it| it.reference().is_none() && self.clusters_named(it).next().is_none());
        let links = names.filter(|it| self.cluster_given_as(it).is_none());
        links.filter_map(|it| Some((it.span().file, self.cluster_elsewhere(it)?.origin.name.file))).collect()
    }

    /// True if a finding rests on the name of a cluster that two templates share: it speaks of both.
    pub(crate) fn rests_on_a_name(&self, places: impl Iterator<Item = Span>) -> bool {
        if self.links.by_name.is_empty() {
            return false;
        }
        let files: HashSet<FileId> = places.map(|it| it.file).collect();
        files.len() > 1 && self.links.by_name.iter().any(|(a, b)| files.contains(a) && files.contains(b))
    }
}

#[cfg(test)]
mod tests {
    use super::{common, is_environment};

    #[test]
    fn folders_of_environments() {
        for folder in ["dev", "envs/prod", "prod-eu", "a/staging", "111122223333", "infra/eu-west-1", "test2"] {
            assert!(is_environment(folder), "{folder}");
        }
        for folder in ["", "infra", "iam", "cluster", "developers", "a/prod/b", "eks-entries", "latest"] {
            assert!(!is_environment(folder), "{folder}");
        }
    }

    #[test]
    fn the_folder_above_two() {
        let cases = [("a/b", "a/c", "a"), ("a", "a/c", "a"), ("a/b", "a", "a"), ("a", "b", ""), ("a/b", "a/bc", "a")];
        for (a, b, wanted) in cases {
            assert_eq!(common(a, b), wanted, "{a} {b}");
        }
    }
}
