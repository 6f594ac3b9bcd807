//! Which facts belong to which cluster.

use crate::collections::HashMap;
use crate::facts::{Cluster, Field, OriginKey};
use crate::reads::counted;
use crate::source::Text;

/// Of more resources than this whose cluster is not certain, none is compared with a cluster.
pub(super) const MOST_LOOSE: usize = 1_000;

/// What names its cluster.
#[derive(Default)]
pub(super) struct OfClusters {
    pub(super) access_entries: Belongings,
    pub(super) addons: Belongings,
    pub(super) associations: Belongings,
    pub(super) capabilities: Belongings,
    pub(super) node_groups: Belongings,
    pub(super) fargate_profiles: Belongings,
    /// Add-ons and associations that are, or may be, for the VPC CNI.
    pub(super) cni_addons: Belongings,
    pub(super) cni_associations: Belongings,
}

/// Facts of one kind, by their numbers.
#[derive(Default)]
pub(super) struct Belongings {
    /// Those of each cluster.
    certain: HashMap<OriginKey, Vec<usize>>,
    /// Those that may belong to any cluster whose name is not certainly another.
    loose: Vec<usize>,
}

impl Belongings {
    /// Of facts with the cluster of each, where one is certain.
    pub(super) fn new<'f>(facts: impl Iterator<Item = (usize, Option<&'f Cluster>)>) -> Self {
        let mut belongings = Self::default();
        for (at, cluster) in facts {
            match cluster {
                Some(cluster) => belongings.certain.entry(cluster.origin.key()).or_default().push(at),
                None => belongings.loose.push(at),
            }
        }
        belongings
    }

    /// Those that certainly belong to a cluster.
    pub(super) fn of(&self, cluster: &Cluster) -> impl Iterator<Item = usize> {
        counted(self.certain.get(&cluster.origin.key()).into_iter().flatten().copied())
    }

    /// The first of those that are not asked whether they may belong to a cluster, if there are too many.
    pub(super) fn beyond(&self) -> Option<usize> {
        self.loose.get(MOST_LOOSE).copied()
    }

    /// Those that may belong to a cluster, in the order of the facts. `None` if there are too many to ask each.
    pub(super) fn perhaps_of<'f>(
        &self,
        cluster: &Cluster,
        name: impl Fn(usize) -> &'f Field<Text>,
    ) -> Option<Vec<usize>> {
        if self.loose.len() > MOST_LOOSE {
            return None;
        }
        let loose = counted(self.loose.iter().copied()).filter(|at| name(*at).same(&cluster.name) != Some(false));
        let mut found: Vec<usize> = self.of(cluster).chain(loose).collect();
        found.sort_unstable();
        Some(found)
    }
}
