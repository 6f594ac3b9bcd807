//! What belongs to which cluster: worked out once, so that no rule compares each cluster with each resource.

use std::collections::HashMap;

use crate::facts::{AccessEntry, Addon, Capability, Cluster, FargateProfile, Field, NodeGroup, PodIdentityAssociation};
use crate::source::{Span, Text};

use super::Workspace;

/// Of more resources than this whose cluster is not certain, none is compared with a cluster.
const MOST_LOOSE: usize = 1_000;

/// What names its cluster.
#[derive(Default)]
pub(super) struct OfClusters {
    access_entries: Belongings,
    addons: Belongings,
    associations: Belongings,
    capabilities: Belongings,
    node_groups: Belongings,
    fargate_profiles: Belongings,
    /// Add-ons and associations that are, or may be, for the VPC CNI.
    cni_addons: Belongings,
    cni_associations: Belongings,
}

/// Facts of one kind, by their numbers.
#[derive(Default)]
struct Belongings {
    /// Those of each cluster, by the place of its name.
    certain: HashMap<Span, Vec<usize>>,
    /// Those that may belong to any cluster whose name is not certainly another.
    loose: Vec<usize>,
}

impl Belongings {
    fn new<'f>(workspace: &'f Workspace, names: impl Iterator<Item = (usize, &'f Field<Text>)>) -> Self {
        let mut belongings = Self::default();
        for (at, name) in names {
            match workspace.cluster(name) {
                Some(cluster) => belongings.certain.entry(cluster.origin.name).or_default().push(at),
                None => belongings.loose.push(at),
            }
        }
        belongings
    }

    /// Those that certainly belong to a cluster.
    fn of(&self, cluster: &Cluster) -> impl Iterator<Item = usize> {
        self.certain.get(&cluster.origin.name).into_iter().flatten().copied()
    }

    /// Those that may belong to a cluster, in the order of the facts. `None` if there are too many to ask each.
    fn perhaps_of<'f>(&self, cluster: &Cluster, name: impl Fn(usize) -> &'f Field<Text>) -> Option<Vec<usize>> {
        if self.loose.len() > MOST_LOOSE {
            return None;
        }
        let loose = self.loose.iter().copied().filter(|at| name(*at).same(&cluster.name) != Some(false));
        let mut found: Vec<usize> = self.of(cluster).chain(loose).collect();
        found.sort_unstable();
        Some(found)
    }
}

impl Workspace {
    fn of_clusters(&self) -> &OfClusters {
        self.index.of_clusters.get_or_init(|| {
            let facts = &self.facts;
            let (addons, associations) = (&facts.addons, &facts.pod_identity_associations);
            let cni_addons = self.index.cni_addons.iter().map(|at| (*at, &addons[*at].cluster));
            let cni_associations = self.index.cni_associations.iter().map(|at| (*at, &associations[*at].cluster));
            OfClusters {
                access_entries: Belongings::new(self, facts.access_entries.iter().map(|it| &it.cluster).enumerate()),
                addons: Belongings::new(self, addons.iter().map(|it| &it.cluster).enumerate()),
                associations: Belongings::new(self, associations.iter().map(|it| &it.cluster).enumerate()),
                capabilities: Belongings::new(self, facts.capabilities.iter().map(|it| &it.cluster).enumerate()),
                node_groups: Belongings::new(self, facts.node_groups.iter().map(|it| &it.cluster).enumerate()),
                fargate_profiles: Belongings::new(
                    self,
                    facts.fargate_profiles.iter().map(|it| &it.cluster).enumerate(),
                ),
                cni_addons: Belongings::new(self, cni_addons),
                cni_associations: Belongings::new(self, cni_associations),
            }
        })
    }

    /// The access entries that certainly belong to a cluster of the run. So with the others below.
    pub fn entries_of(&self, cluster: &Cluster) -> impl Iterator<Item = &AccessEntry> {
        self.of_clusters().access_entries.of(cluster).map(|at| &self.facts.access_entries[at])
    }

    pub fn addons_of(&self, cluster: &Cluster) -> impl Iterator<Item = &Addon> {
        self.of_clusters().addons.of(cluster).map(|at| &self.facts.addons[at])
    }

    pub fn associations_of(&self, cluster: &Cluster) -> impl Iterator<Item = &PodIdentityAssociation> {
        self.of_clusters().associations.of(cluster).map(|at| &self.facts.pod_identity_associations[at])
    }

    pub fn capabilities_of(&self, cluster: &Cluster) -> impl Iterator<Item = &Capability> {
        self.of_clusters().capabilities.of(cluster).map(|at| &self.facts.capabilities[at])
    }

    pub fn node_groups_of(&self, cluster: &Cluster) -> impl Iterator<Item = &NodeGroup> {
        self.of_clusters().node_groups.of(cluster).map(|at| &self.facts.node_groups[at])
    }

    pub fn fargate_profiles_of(&self, cluster: &Cluster) -> impl Iterator<Item = &FargateProfile> {
        self.of_clusters().fargate_profiles.of(cluster).map(|at| &self.facts.fargate_profiles[at])
    }

    /// Whether a node group may belong to a cluster.
    pub(super) fn may_have_node_groups(&self, cluster: &Cluster) -> bool {
        let groups = &self.of_clusters().node_groups;
        groups.of(cluster).next().is_some()
            || groups.perhaps_of(cluster, |at| &self.facts.node_groups[at].cluster).is_none_or(|it| !it.is_empty())
    }

    /// The roles that the files give to the VPC CNI of a cluster, or of any cluster: by its add-on, or by an association.
    ///
    /// `None` if it may get one in a way that cannot be known.
    pub fn cni_roles(&self, cluster: Option<&Cluster>) -> Option<Vec<&Text>> {
        // Which cluster a manifest goes to, it does not say.
        if self.index.has_cni_account {
            return None;
        }
        let (all_addons, all_associations) = (&self.facts.addons, &self.facts.pod_identity_associations);
        let (addons, associations) = match cluster {
            Some(cluster) => {
                let of = self.of_clusters();
                let addons = of.cni_addons.perhaps_of(cluster, |at| &all_addons[at].cluster)?;
                (addons, of.cni_associations.perhaps_of(cluster, |at| &all_associations[at].cluster)?)
            }
            None => (self.index.cni_addons.clone(), self.index.cni_associations.clone()),
        };
        let addons = addons.into_iter().map(|at| &all_addons[at].role);
        let associations = associations.into_iter().map(|at| &all_associations[at].role);
        addons.chain(associations).filter(|it| !it.is_absent()).map(Field::only).collect()
    }
}
