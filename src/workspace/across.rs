//! What is one thing in two units: what a stack exports and another imports, and clusters named alike in two templates.
//!
//! A cluster in one stack and its access entries in another is the most common layout, and nothing in it says that both
//! mean the same account and region. So equal names link two templates only where nothing speaks against it, and what
//! rests on that is a warning at most.

use std::collections::HashMap;

use crate::facts::{Field, Tables};
use crate::iam::is_account_id;
use crate::source::{FileId, Files, HoleKind, Text};

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
    pub(super) exports: HashMap<String, Vec<usize>>,
    /// Clusters by a name that is written out or the default of a parameter, whatever file they are in.
    pub(super) clusters: HashMap<String, Vec<usize>>,
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
    pub(super) fn may_be_together(&self, a: FileId, b: FileId) -> bool {
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
pub(super) fn naming(facts: &Tables) -> impl Iterator<Item = &Field<Text>> {
    let entries = facts.access_entries.iter().map(|it| &it.cluster);
    let groups = facts.node_groups.iter().map(|it| &it.cluster);
    let profiles = facts.fargate_profiles.iter().map(|it| &it.cluster);
    let associations = facts.pod_identity_associations.iter().map(|it| &it.cluster);
    let addons = facts.addons.iter().map(|it| &it.cluster);
    let capabilities = facts.capabilities.iter().map(|it| &it.cluster);
    let providers = facts.identity_provider_configs.iter().map(|it| &it.cluster);
    entries.chain(groups).chain(profiles).chain(associations).chain(addons).chain(capabilities).chain(providers)
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
