//! What belongs to which cluster: worked out once, so that no rule compares each cluster with each resource.

use crate::facts::{AccessEntry, Addon, Capability, Cluster, FargateProfile, Field, NodeGroup, PodIdentityAssociation};
use crate::source::Text;

use super::Workspace;
use super::belongings::{Belongings, OfClusters};

impl Workspace {
    fn of_clusters(&self) -> &OfClusters {
        self.index.of_clusters.get_or_init(|| {
            let facts = &self.facts;
            let (addons, associations) = (&facts.addons, &facts.pod_identity_associations);
            let of = |(at, name)| (at, self.cluster(name));
            let cni_addons = self.index.cni_addons.iter().map(|at| (*at, &addons[*at].cluster));
            let cni_associations = self.index.cni_associations.iter().map(|at| (*at, &associations[*at].cluster));
            OfClusters {
                access_entries: Belongings::new(facts.access_entries.iter().map(|it| &it.cluster).enumerate().map(of)),
                addons: Belongings::new(addons.iter().map(|it| &it.cluster).enumerate().map(of)),
                associations: Belongings::new(associations.iter().map(|it| &it.cluster).enumerate().map(of)),
                capabilities: Belongings::new(facts.capabilities.iter().map(|it| &it.cluster).enumerate().map(of)),
                node_groups: Belongings::new(facts.node_groups.iter().map(|it| &it.cluster).enumerate().map(of)),
                fargate_profiles: Belongings::new(
                    facts.fargate_profiles.iter().map(|it| &it.cluster).enumerate().map(of),
                ),
                cni_addons: Belongings::new(cni_addons.map(of)),
                cni_associations: Belongings::new(cni_associations.map(of)),
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
