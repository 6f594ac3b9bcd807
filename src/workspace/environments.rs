//! Which files are deployed together, and what the configuration says of that and of where they are deployed to.

use crate::facts::{Cluster, Role};
use crate::iam::{Partition, partition, partition_of_region};
use crate::source::{FileId, Span, Text};

use super::Workspace;

impl Workspace {
    /// True if a place is in the configuration.
    pub fn is_in_configuration(&self, span: Span) -> bool {
        self.is_configuration(span.file)
    }

    /// True for a text of the configuration, which has an id like the files.
    pub fn is_configuration(&self, file: FileId) -> bool {
        self.context.as_ref().is_some_and(|it| it.is_text(file))
    }

    /// What a file is part of, each named by a file: itself, or the first file of each unit of several files.
    pub fn deployments(&self, file: FileId) -> impl Iterator<Item = FileId> {
        self.deployments.of(file)
    }

    /// The only thing that a file is part of. `None` if there are several.
    pub fn deployment(&self, file: FileId) -> Option<FileId> {
        let mut all = self.deployments(file);
        all.next().filter(|_| all.next().is_none())
    }

    /// Whether what two files say is deployed together: they are one file, or parts of one unit.
    pub fn are_together(&self, a: FileId, b: FileId) -> bool {
        a == b || self.deployments(a).any(|it| self.deployments(b).any(|other| it == other))
    }

    /// Whether two files are certainly of two clusters, environments or repositories: then equal names in them mean two
    /// things.
    pub fn are_apart(&self, a: FileId, b: FileId) -> bool {
        if a != b && self.files.are_of_two_repositories(a, b) {
            return true;
        }
        let Some(context) = &self.context else { return false };
        let (Some(a), Some(b)) = (context.files.get(&a), context.files.get(&b)) else { return false };
        let is_disjoint = |a: &[usize], b: &[usize]| {
            !a.is_empty() && !b.is_empty() && a.iter().all(|it| b.binary_search(it).is_err())
        };
        is_disjoint(&a.clusters, &b.clusters) || is_disjoint(&a.environments, &b.environments)
    }

    /// Whether nothing says that two files are of two clusters, environments or repositories. What is said of one of them only,
    /// or not known of one of them, does.
    pub(super) fn are_alike(&self, a: FileId, b: FileId) -> bool {
        let of_one_repository = self.files.repository(a) == self.files.repository(b);
        let Some(context) = self.context.as_ref().filter(|_| of_one_repository) else { return of_one_repository };
        match (context.files.get(&a), context.files.get(&b)) {
            (Some(a), Some(b)) => {
                let is_known = !a.is_cut && !b.is_cut;
                is_known && a.environments == b.environments && a.clusters == b.clusters
            }
            (a, b) => a.is_none() && b.is_none(),
        }
    }

    /// The account that a file is deployed to, as the configuration says.
    pub fn account_of_file(&self, file: FileId) -> Option<&Text> {
        self.context.as_ref()?.said(file, |it| it.account.as_ref())
    }

    /// The account that a role is in: that of its file, or else that of the provider it trusts.
    pub fn account_of_role<'w>(&'w self, role: &'w Role) -> Option<&'w str> {
        let of_file = self.account_of_file(role.origin.name.file).and_then(Text::as_str);
        of_file.or_else(|| role.account())
    }

    /// The partition that a role is in. See [`Workspace::account_of_role`].
    pub fn partition_of_role<'w>(&'w self, role: &'w Role) -> Option<&'w str> {
        let of_file = self.partition_of_file(role.origin.name.file).map(|(it, _)| it.id);
        of_file.or_else(|| role.partition())
    }

    /// The partition that a file is deployed to, and where the configuration says so.
    pub fn partition_of_file(&self, file: FileId) -> Option<(&'static Partition, Span)> {
        let context = self.context.as_ref()?;
        let by_name =
            context.said(file, |it| it.partition.as_ref()).and_then(|it| Some((partition(it.as_str()?)?, it.span())));
        by_name.or_else(|| {
            let region = context.said(file, |it| it.region.as_ref())?;
            Some((partition_of_region(region.as_str()?)?, region.span()))
        })
    }

    /// The cluster that all in a file belongs to, as the configuration says.
    pub(super) fn cluster_given(&self, file: FileId) -> Option<&Cluster> {
        let context = self.context.as_ref()?;
        context.declared[context.cluster(file)?].map(|at| &self.facts.clusters[at])
    }

    /// The cluster that a name in a file means, if the configuration says which cluster the file belongs to, and the
    /// name is that one's, or is not known.
    pub(super) fn cluster_given_as(&self, name: &Text) -> Option<&Cluster> {
        let context = self.context.as_ref()?;
        let at = context.cluster(name.span().file)?;
        let own = context.given.clusters[at].name.bytes();
        if name.is(own) == Some(false) {
            return None;
        }
        context.declared[at].map(|at| &self.facts.clusters[at])
    }

    /// Whether nothing is said of the cluster that a file belongs to, and of the files that a cluster has.
    pub(super) fn is_left_open(&self, file: FileId, cluster: usize) -> bool {
        let Some(context) = &self.context else { return true };
        context.files.get(&file).is_none_or(|it| it.clusters.is_empty()) && !context.bound.contains(&cluster)
    }
}
