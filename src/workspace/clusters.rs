//! Clusters: what names them, what belongs to each, and how they are found in other files.

use crate::collections::{HashMap, HashSet};
use crate::facts::{
    AccessEntry, Addon, Capability, Cluster, FargateProfile, Field, Limit, Mode, NodeGroup, PodIdentityAssociation,
    Role, UnitKind,
};
use crate::iam::Arn;
use crate::source::{FileId, Span, Text, only};

use super::Workspace;
use super::across::naming;
use super::belongings::{Belongings, MOST_LOOSE, OfClusters};
use super::index::MOST_ASKED;
use super::layout::{is_beside, is_example};
use super::links::NameLink;
use super::named::MOST_OF_A_NAME;

/// Questions about clusters.
#[derive(Clone, Copy)]
pub struct Clusters<'w> {
    workspace: &'w Workspace,
}

impl Workspace {
    /// Clusters: what names them, and what belongs to each.
    pub fn clusters(&self) -> Clusters<'_> {
        Clusters { workspace: self }
    }
}

impl<'w> Clusters<'w> {
    /// The cluster that a `ClusterName` means: one of the same unit, that of the configuration, or the only one of another
    /// template that can be meant.
    pub fn of(self, name: &Field<Text>) -> Option<&'w Cluster> {
        let text = self.workspace.followed(name.only()?);
        if let Some(reference) = text.reference() {
            let clusters = &self.workspace.facts.clusters;
            let at = self.workspace.index.clusters.of_resource(&reference.resource, clusters, |it| &it.origin)?;
            return Some(&clusters[at]);
        }
        let mut found = self.named_beside(text);
        match (found.next(), found.next()) {
            (Some(only), None) => {
                let is_there = self.workspace.are_made_together(text.span(), only.origin.name);
                (is_there == Some(true)).then_some(only)
            }
            (Some(_), Some(_)) => None,
            (None, _) => self.declared_as(text).or_else(|| self.described(text)).or_else(|| self.elsewhere(text)),
        }
    }

    /// Whether two resources name the same cluster. Equal names in two deployments are not yet one cluster.
    pub fn same(self, a: &Field<Text>, b: &Field<Text>) -> Option<bool> {
        let (first, second) = (a.only()?, b.only()?);
        let of_one_deployment = self.workspace.are_together(first.span().file, second.span().file);
        if !of_one_deployment && let (Some(a), Some(b)) = (self.declared_as(first), self.declared_as(second)) {
            return Some(a.origin.is(&b.origin));
        }
        match first.same(second) {
            Some(true) if first.span() == second.span() => Some(true),
            // Two clusters of one name in one deployment are of two regions or accounts.
            Some(true) if of_one_deployment && self.named_beside(first).nth(1).is_none() => {
                self.workspace.are_made_together(first.span(), second.span())
            }
            Some(true) => None,
            answer => match (self.of(a), self.of(b)) {
                (Some(a), Some(b)) => Some(a.origin.is(&b.origin)),
                _ => answer.filter(|_| of_one_deployment),
            },
        }
    }

    /// What two properties have in common if they certainly name [the same](Clusters::same) cluster: only those of one key need be
    /// compared. Nothing for one that certainly names the same as no other.
    pub fn key(self, name: &Field<Text>) -> Option<String> {
        if let Some(cluster) = self.of(name) {
            return Some(format!("{:?}", cluster.origin.key()));
        }
        // A cluster that is not in the files is the same within a deployment only.
        let text = name.only()?;
        let place = self.workspace.place_key(text.span())?;
        Some(format!("{:?} {place} {}", self.workspace.deployments(text.span().file).next(), text.shown()))
    }

    /// The clusters with this name that the same deployment declares, but for those of another region.
    pub(super) fn named_beside<'n>(self, name: &'n Text) -> impl Iterator<Item = &'w Cluster> + use<'w, 'n> {
        let key = name.key();
        let of = move |deployment| {
            let all = self.workspace.index.clusters_by_name.get(&(deployment, key.as_ref()?.clone().into_owned()))?;
            // Which of very many is meant is not looked for.
            (all.len() <= MOST_OF_A_NAME).then_some(all)
        };
        let found = self.workspace.deployments(name.span().file).filter_map(of).flatten();
        let found = found.map(|at| &self.workspace.facts.clusters[*at]);
        let is_same = |it: &&Cluster| it.name.only().is_some_and(|other| other.same(name) == Some(true));
        let is_there = |it: &&Cluster| self.workspace.are_made_together(it.origin.name, name.span()) != Some(false);
        found.filter(is_same).filter(move |it| is_there(it))
    }

    /// The cluster that an object of a file is for, where the object cannot say so: that of the configuration, or the
    /// only one.
    pub fn of_file(self, file: FileId) -> Option<&'w Cluster> {
        let only = || {
            let cluster = only(&self.workspace.facts.clusters)?;
            let is_apart = self.workspace.environments().may_be_apart(file, cluster.origin.name.file, true);
            (!is_apart && self.is_left_open(file, 0)).then_some(cluster)
        };
        self.declared_for(file).or_else(only)
    }

    /// The cluster that all in a file belongs to, as the configuration says.
    pub(super) fn declared_for(self, file: FileId) -> Option<&'w Cluster> {
        let context = self.workspace.context.as_ref()?;
        context.in_facts[context.cluster(file)?].map(|at| &self.workspace.facts.clusters[at])
    }

    /// The cluster that a name in a file means, if the configuration says which cluster the file belongs to, and the
    /// name is that one's, or is not known.
    pub(super) fn declared_as(self, name: &Text) -> Option<&'w Cluster> {
        let context = self.workspace.context.as_ref()?;
        let at = context.cluster(name.span().file)?;
        let own = context.declared.clusters[at].name.bytes();
        if name.is(own) == Some(false) {
            return None;
        }
        context.in_facts[at].map(|at| &self.workspace.facts.clusters[at])
    }

    /// Whether nothing is said of the cluster that a file belongs to, and of the files that a cluster has.
    pub(super) fn is_left_open(self, file: FileId, cluster: usize) -> bool {
        let Some(context) = &self.workspace.context else { return true };
        context.files.get(&file).is_none_or(|it| it.clusters.is_empty()) && !context.bound.contains(&cluster)
    }

    /// The cluster that what AWS describes belongs to, where AWS describes the cluster too: the only one of the name.
    fn described(self, name: &Text) -> Option<&'w Cluster> {
        if !self.workspace.is_described(name.span()) {
            return None;
        }
        let at = self.workspace.across.cluster_named(name.as_str()?)?;
        let cluster = &self.workspace.facts.clusters[at];
        let (here, there) = (name.span().file, cluster.origin.name);
        let is_apart = self.workspace.environments().may_be_apart(here, there.file, true);
        let is_there = self.workspace.are_made_together(name.span(), there) == Some(true);
        (self.workspace.is_described(there) && is_there && !is_apart).then_some(cluster)
    }

    /// The cluster of another template that is named alike, if only that one can be meant.
    pub(super) fn elsewhere(self, name: &Text) -> Option<&'w Cluster> {
        let written = match self.workspace.values_of(name).as_slice() {
            [only] => only.as_str().filter(|it| !is_example(it))?,
            _ => return None,
        };
        let here = name.span();
        let cluster = &self.workspace.facts.clusters[self.workspace.across.cluster_named(written)?];
        let there = cluster.origin.name;
        let is_template = |place: Span| self.workspace.unit_kind(place) == Some(UnitKind::CloudFormation);
        // In every branch the same one, or one that is a parameter.
        let is_written = cluster.name.is(written) == Some(true);
        if !is_written && cluster.name.only().is_none() {
            return None;
        }
        // A deploy may give a parameter another value in each stack.
        let is_default = name.has_holes() || !is_written;
        let is_one = !self.workspace.are_together(here.file, there.file)
            && is_template(here)
            && is_template(there)
            && self.workspace.environments().are_alike(here.file, there.file)
            && (!is_default || is_beside(&self.workspace.files, here.file, there.file))
            && self.workspace.across.may_share_a_cluster(&self.workspace.files, here.file, there.file);
        is_one.then_some(cluster)
    }

    /// True if only its name says which cluster a property means: one of another template.
    pub fn is_found_by_name(self, name: &Field<Text>) -> bool {
        let Some(text) = name.only().map(|it| self.workspace.followed(it)) else { return false };
        text.reference().is_none()
            && self.named_beside(text).next().is_none()
            && self.declared_as(text).is_none()
            && self.described(text).is_none()
            && self.elsewhere(text).is_some()
    }

    /// For each file that names a cluster which only the name links, and each file that declares one: what names it.
    pub(super) fn linked_by_name(self) -> HashMap<(FileId, FileId), Vec<NameLink>> {
        let mut links: HashMap<_, Vec<NameLink>> = HashMap::default();
        for (origin, name) in naming(&self.workspace.facts).filter(|(_, it)| self.is_found_by_name(it)) {
            let (Some(text), Some(cluster)) = (name.only(), self.of(name)) else { continue };
            let link = NameLink { name: text.span(), resource: origin.whole, cluster: cluster.origin.whole };
            links.entry((link.name.file, link.cluster.file)).or_default().push(link);
        }
        links.values_mut().for_each(|it| it.sort_by_key(|it| it.resource.bounds()));
        links
    }

    /// Whether a finding speaks of a file that names a cluster and of the one that declares it, and nothing but the name links
    /// the two. If the finding speaks of the cluster and of what names it, the name comes with the answer.
    pub(crate) fn rests_on_a_name(self, places: &[Span]) -> Option<Option<Span>> {
        let links = &self.workspace.links.by_name;
        if links.is_empty() {
            return None;
        }
        // A finding may have many labels, nearly all of them in a few files.
        let mut in_files: Vec<(FileId, Vec<Span>)> = Vec::new();
        for place in places {
            match in_files.iter_mut().find(|(file, _)| *file == place.file) {
                Some((_, known)) => known.push(*place),
                None => in_files.push((place.file, vec![*place])),
            }
        }
        let pairs = in_files.iter().flat_map(|a| in_files.iter().map(move |b| (a, b)));
        let linked = pairs.filter_map(|((a, naming), (b, declaring))| Some((naming, declaring, links.get(&(*a, *b))?)));
        let mut is_linked = false;
        for (naming, declaring, links) in linked {
            is_linked = true;
            let named = naming.iter().filter_map(|it| {
                let after = links.partition_point(|link| link.resource.start <= it.start);
                links[..after].last().filter(|link| link.resource.contains(*it))
            });
            let mut named = named.filter(|link| declaring.iter().any(|it| link.cluster.contains(*it)));
            if let Some(link) = named.next() {
                return Some(Some(link.name));
            }
        }
        is_linked.then_some(None)
    }

    /// The account of a cluster: that of a role which can only be of the same account, where its ARN is written out, or
    /// the one that the configuration says.
    pub fn account_of(self, cluster: &Field<Text>) -> Option<Text> {
        let declared = self.of(cluster);
        let own = declared.into_iter().flat_map(|it| [&it.role, &it.auto_node_role]);
        let of_it = |name: &Field<Text>| self.same(name, cluster) == Some(true);
        let file = cluster.only()?.span().file;
        let groups = self.node_groups_in(file).take(MOST_ASKED).filter(|it| of_it(&it.cluster)).map(|it| &it.role);
        let profiles = |deployment| self.workspace.index.fargate_profiles_by_deployment.get(&deployment);
        let profiles = self.workspace.deployments(file).filter_map(profiles).flatten().take(MOST_ASKED);
        let profiles = profiles.map(|at| &self.workspace.facts.fargate_profiles[*at]);
        let profiles = profiles.filter(|it| of_it(&it.cluster)).map(|it| &it.role);
        let mut roles = own.chain(groups).chain(profiles);
        let by_role = roles.find_map(|role| {
            let arn = Arn::parse(role.only()?)?;
            arn.account_id().is_some().then_some(arn.account())
        });
        by_role.or_else(|| self.workspace.environments().account_of(file).cloned())
    }

    /// The limit of [`Clusters::may_have_node_groups`] and [`Clusters::cni_roles`], where it is reached.
    pub fn limit(self) -> Option<Limit> {
        let (facts, index) = (&self.workspace.facts, &self.workspace.index);
        let most = facts.node_groups.len().max(index.cni_addons.len()).max(index.cni_associations.len());
        if facts.clusters.is_empty() || most <= MOST_LOOSE {
            return None;
        }
        let of = self.belongings();
        let group = of.node_groups.beyond().map(|at| &facts.node_groups[at].origin);
        let addon = || of.cni_addons.beyond().map(|at| &facts.addons[at].origin);
        let association = || of.cni_associations.beyond().map(|at| &facts.pod_identity_associations[at].origin);
        let origin = group.or_else(addon).or_else(association)?;
        let message =
            format!("more than {MOST_LOOSE} resources of which it cannot be known to which cluster they belong");
        Some(Limit::part(origin.name, message))
    }

    fn belongings(self) -> &'w OfClusters {
        self.workspace.index.of_clusters.get_or_init(|| {
            let facts = &self.workspace.facts;
            let (addons, associations) = (&facts.addons, &facts.pod_identity_associations);
            let of = |(at, name)| (at, self.of(name));
            let cni_addons = self.workspace.index.cni_addons.iter().map(|at| (*at, &addons[*at].cluster));
            let cni_associations =
                self.workspace.index.cni_associations.iter().map(|at| (*at, &associations[*at].cluster));
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

    /// The modes that a cluster may be in, or the one that it is in where nobody overrides a parameter. Empty if one of them
    /// cannot be known.
    pub fn modes(self, cluster: &'w Cluster) -> Vec<Mode<'w>> {
        let modes = cluster.modes();
        if !modes.is_empty() {
            return modes;
        }
        let mode = cluster.authentication_mode.only().filter(|_| cluster.origin.branch.is_always());
        let default = mode.and_then(|it| self.workspace.default_of(it));
        default.and_then(|it| cluster.mode_by_default(it)).into_iter().collect()
    }

    /// Those of [`Clusters::modes`] in which the cluster reads no access entries.
    pub fn modes_without_entries(self, cluster: &'w Cluster) -> impl Iterator<Item = Mode<'w>> {
        self.modes(cluster).into_iter().filter(|it| it.name == "CONFIG_MAP")
    }

    /// The access entries that certainly belong to a cluster of the project. So with the others below.
    pub fn entries_of(self, cluster: &Cluster) -> impl Iterator<Item = &'w AccessEntry> {
        self.belongings().access_entries.of(cluster).map(|at| &self.workspace.facts.access_entries[at])
    }

    pub fn addons_of(self, cluster: &Cluster) -> impl Iterator<Item = &'w Addon> {
        self.belongings().addons.of(cluster).map(|at| &self.workspace.facts.addons[at])
    }

    pub fn associations_of(self, cluster: &Cluster) -> impl Iterator<Item = &'w PodIdentityAssociation> {
        self.belongings().associations.of(cluster).map(|at| &self.workspace.facts.pod_identity_associations[at])
    }

    pub fn capabilities_of(self, cluster: &Cluster) -> impl Iterator<Item = &'w Capability> {
        self.belongings().capabilities.of(cluster).map(|at| &self.workspace.facts.capabilities[at])
    }

    pub fn node_groups_of(self, cluster: &Cluster) -> impl Iterator<Item = &'w NodeGroup> {
        self.belongings().node_groups.of(cluster).map(|at| &self.workspace.facts.node_groups[at])
    }

    pub fn fargate_profiles_of(self, cluster: &Cluster) -> impl Iterator<Item = &'w FargateProfile> {
        self.belongings().fargate_profiles.of(cluster).map(|at| &self.workspace.facts.fargate_profiles[at])
    }

    /// The node groups that name their cluster in what a file is part of: those of clusters of other files are not known to be
    /// theirs.
    pub(super) fn node_groups_in(self, file: FileId) -> impl Iterator<Item = &'w NodeGroup> {
        let groups = |deployment| self.workspace.index.node_groups_by_deployment.get(&deployment);
        let groups = self.workspace.deployments(file).filter_map(groups).flatten();
        groups.map(|at| &self.workspace.facts.node_groups[*at])
    }

    /// Whether a node group may belong to a cluster.
    pub(super) fn may_have_node_groups(self, cluster: &Cluster) -> bool {
        let groups = &self.belongings().node_groups;
        groups.of(cluster).next().is_some()
            || groups
                .perhaps_of(cluster, |at| &self.workspace.facts.node_groups[at].cluster)
                .is_none_or(|it| !it.is_empty())
    }

    /// The roles of the managed node groups of a cluster, with the place that names each.
    pub fn node_roles_of(self, cluster: &Cluster) -> Vec<(&'w Role, &'w Text)> {
        // Those of clusters of other files are not known to be theirs.
        let file = cluster.origin.name.file;
        let is_here =
            |it: &&NodeGroup| it.cluster.only().is_some_and(|name| self.workspace.are_together(name.span().file, file));
        let groups = self.node_groups_of(cluster).filter(is_here);
        let mut roles: Vec<(&Role, &Text)> = Vec::new();
        let mut seen = HashSet::default();
        for text in groups.flat_map(|it| self.workspace.values_in(&it.origin, &it.role)) {
            let Some(role) = self.workspace.roles().named(text) else { continue };
            if seen.insert(role.origin.key()) {
                roles.push((role, text));
            }
        }
        roles
    }

    /// Where the files declare the VPC CNI as an add-on of the cluster.
    pub fn cni_addon(self, cluster: &Cluster) -> Option<&'w Addon> {
        self.addons_of(cluster).find(|it| it.name.is("vpc-cni") == Some(true))
    }

    /// The roles that the files give to the VPC CNI of a cluster, or of any cluster: by its add-on, or by an association.
    ///
    /// `None` if it may get one in a way that cannot be known.
    pub fn cni_roles(self, cluster: Option<&Cluster>) -> Option<Vec<&'w Text>> {
        // Which cluster a manifest goes to, it does not say.
        if self.workspace.index.has_cni_account {
            return None;
        }
        let (all_addons, all_associations) =
            (&self.workspace.facts.addons, &self.workspace.facts.pod_identity_associations);
        let (addons, associations) = match cluster {
            Some(cluster) => {
                let of = self.belongings();
                let addons = of.cni_addons.perhaps_of(cluster, |at| &all_addons[at].cluster)?;
                (addons, of.cni_associations.perhaps_of(cluster, |at| &all_associations[at].cluster)?)
            }
            None => (self.workspace.index.cni_addons.clone(), self.workspace.index.cni_associations.clone()),
        };
        let addons = addons.into_iter().map(|at| (&all_addons[at].origin, &all_addons[at].role));
        let associations =
            associations.into_iter().map(|at| (&all_associations[at].origin, &all_associations[at].role));
        let roles = addons.chain(associations).filter(|(_, it)| !it.is_absent());
        roles.map(|(origin, it)| self.workspace.shipped(origin, it).map(|it| it.value)).collect()
    }
}
