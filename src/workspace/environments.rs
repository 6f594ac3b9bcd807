//! What the configuration and the files say of where files are deployed, and which of them belong together.

use std::collections::BTreeMap;

use crate::collections::HashMap;
use crate::facts::Deployment;
use crate::iam::{Arn, Partition, partition, partition_of_region};
use crate::reads::count;
use crate::source::{FileId, Span, Text};

use super::Workspace;

/// Questions about where files are deployed.
#[derive(Clone, Copy)]
pub struct Environments<'w> {
    workspace: &'w Workspace,
}

impl Workspace {
    /// Where files are deployed, and which of them belong together.
    pub fn environments(&self) -> Environments<'_> {
        Environments { workspace: self }
    }
}

impl<'w> Environments<'w> {
    /// Whether two files are in two repositories, of which the configuration says of no cluster or environment that both are of
    /// it: a project may have several because of other files.
    fn are_of_two_repositories(self, a: FileId, b: FileId) -> bool {
        let files = &self.workspace.files;
        let are_known = files.repository(a).zip(files.repository(b)).is_some_and(|(a, b)| a != b);
        are_known && self.are_of_one(a, b) != Some(true)
    }

    /// Whether the configuration says of some cluster or environment that two files are of it. Nothing if it says nothing of one.
    fn are_of_one(self, a: FileId, b: FileId) -> Option<bool> {
        let shares = |a: &[usize], b: &[usize]| a.iter().any(|it| b.binary_search(it).is_ok());
        let files = &self.workspace.context.as_ref()?.files;
        let (a, b) = (files.get(&a)?, files.get(&b)?);
        Some(shares(&a.clusters, &b.clusters) || shares(&a.environments, &b.environments))
    }

    /// Whether two files are certainly of two clusters, environments or repositories: then equal names in them mean two things.
    pub fn are_apart(self, a: FileId, b: FileId) -> bool {
        count();
        if self.are_of_two_repositories(a, b) {
            return true;
        }
        let Some(context) = &self.workspace.context else { return false };
        let (Some(a), Some(b)) = (context.files.get(&a), context.files.get(&b)) else { return false };
        let is_disjoint = |a: &[usize], b: &[usize]| {
            !a.is_empty() && !b.is_empty() && a.iter().all(|it| b.binary_search(it).is_err())
        };
        is_disjoint(&a.clusters, &b.clusters) || is_disjoint(&a.environments, &b.environments)
    }

    /// Whether two files may be of two clusters or environments: as [`Environments::are_apart`], or because of the names of their
    /// folders and files, where the configuration says of none that it is of both.
    /// `of_regions`: whether two regions are two environments.
    pub(super) fn may_be_apart(self, a: FileId, b: FileId, of_regions: bool) -> bool {
        self.are_apart(a, b)
            || a != b
                && self.are_of_one(a, b) != Some(true)
                && self.workspace.layouts.are_of_two(&self.workspace.files, a, b, of_regions)
    }

    /// Whether nothing says that two files are of two clusters, environments or repositories. What is said of one of them only, or
    /// not known of one of them, does.
    pub(super) fn are_alike(self, a: FileId, b: FileId) -> bool {
        count();
        if self.are_of_two_repositories(a, b) {
            return false;
        }
        let Some(context) = &self.workspace.context else { return true };
        match (context.files.get(&a), context.files.get(&b)) {
            (Some(a), Some(b)) => {
                let is_known = !a.is_cut && !b.is_cut;
                is_known && a.environments == b.environments && a.clusters == b.clusters
            }
            (a, b) => a.is_none() && b.is_none(),
        }
    }

    /// The account that a file is deployed to, as the configuration says.
    pub fn account_of(self, file: FileId) -> Option<&'w Text> {
        self.workspace.context.as_ref()?.agreed(file, |it| it.account.as_ref())
    }

    /// The partition that a file is deployed to, and where the configuration says so.
    pub fn partition_of(self, file: FileId) -> Option<(&'static Partition, Span)> {
        let context = self.workspace.context.as_ref()?;
        let by_name =
            context.agreed(file, |it| it.partition.as_ref()).and_then(|it| Some((partition(it.as_str()?)?, it.span())));
        by_name.or_else(|| {
            let region = context.agreed(file, |it| it.region.as_ref())?;
            Some((partition_of_region(region.as_str()?)?, region.span()))
        })
    }

    /// For each deployment of which it is known which partition it is for, by its own ARNs and issuers or by the
    /// configuration: that one, and where it is said. See [`Workspace::deployments`].
    pub fn known_partitions(self) -> HashMap<Deployment, (&'static Partition, Span)> {
        let mut found: HashMap<Deployment, Option<(&'static Partition, Span)>> = HashMap::default();
        let mut enter = |file: FileId, place: Span, partition: &'static Partition| {
            for deployment in self.workspace.deployments(file) {
                let entry = found.entry(deployment).or_insert(Some((partition, place)));
                if entry.is_some_and(|(other, _)| other.id != partition.id) {
                    *entry = None;
                }
            }
        };
        let mut add = |place: Span, region: &str| {
            partition_of_region(region).into_iter().for_each(|it| enter(place.file, place, it));
        };
        for it in self.workspace.documents().all_of_eks() {
            for item in it.document.statements.items.iter().filter(|it| it.branch.is_always()) {
                let resources = item.value.resources.items.iter().filter(|it| it.branch.is_always());
                for resource in resources.map(|it| &it.value) {
                    let Some(arn) = Arn::parse(resource) else { continue };
                    if let Some(region) = arn.region_str() {
                        add(arn.region().span(), region);
                    }
                }
                let keys = item.value.conditions.iter().map(|it| &it.key);
                let providers = item.value.principals.iter().filter(|it| it.is_kind("Federated")).map(|it| &it.value);
                keys.chain(providers).for_each(|text| issuer(text, &mut add));
            }
        }
        for region in self.workspace.facts.clusters.iter().filter_map(|it| it.region.only()) {
            region.as_str().into_iter().for_each(|it| add(region.span(), it));
        }
        for provider in &self.workspace.facts.oidc_providers {
            provider.url.known().for_each(|text| issuer(text, &mut add));
        }
        for file in self.workspace.files.ids() {
            if let Some((partition, place)) = self.partition_of(file) {
                enter(file, place, partition);
            }
        }
        found.into_iter().filter_map(|(file, found)| Some((file, found?))).collect()
    }

    /// The partitions that policies attached to the roles of one deployment name, under all conditions, each with its places.
    pub fn named_partitions(self, file: FileId) -> BTreeMap<String, Vec<Span>> {
        let mut found: BTreeMap<String, Vec<Span>> = BTreeMap::new();
        let roles = self.workspace.roles().of_eks().filter(|it| self.workspace.are_together(it.origin.name.file, file));
        let attached = roles.flat_map(|it| it.managed_policies.items.iter()).filter(|it| it.branch.is_always());
        for partition in attached.filter_map(|it| Arn::parse(&it.value)).map(|it| it.partition()) {
            let Some(id) = partition.as_str().filter(|it| crate::iam::partition(it).is_some()) else { continue };
            found.entry(id.to_owned()).or_default().push(partition.span());
        }
        found
    }

    /// True for a text of the configuration, which has an id like the files.
    pub fn is_configuration(self, file: FileId) -> bool {
        self.workspace.context.as_ref().is_some_and(|it| it.is_text(file))
    }

    /// True if a place is in the configuration.
    pub fn is_in_configuration(self, span: Span) -> bool {
        self.is_configuration(span.file)
    }
}

/// Finds the region of an issuer of EKS: `oidc.eks.eu-west-1.amazonaws.com`.
fn issuer(text: &Text, add: &mut impl FnMut(Span, &str)) {
    const HOST: &str = "oidc.eks.";
    let Some(at) = text.bytes().find(HOST) else { return };
    let start = at + HOST.len();
    let Some(length) = text.bytes()[start..].find('.') else { return };
    add(text.slice(start..start + length), &text.bytes()[start..start + length]);
}
