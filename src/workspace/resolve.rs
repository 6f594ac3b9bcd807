//! What a reference, an ARN or a name means among the facts of a run.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::facts::{Cluster, Field, InstanceProfile, LaunchTemplate, Role, UnitKind};
use crate::iam::Arn;
use crate::source::{Attribute, FileId, HoleKind, Span, Text};

use super::Workspace;
use super::across::{Across, is_beside, is_example, naming};
use super::index::{MOST_OF_A_NAME, Named};

impl Workspace {
    /// The role that an ARN, a name or a reference means, if exactly one role of the run fits.
    pub fn role(&self, text: &Text) -> Option<&Role> {
        self.role_index(text).map(|at| &self.facts.roles[at])
    }

    pub(super) fn role_index(&self, text: &Text) -> Option<usize> {
        let text = self.followed(text);
        if let Some(reference) = text.reference() {
            return match reference.attribute {
                Attribute::Ref | Attribute::Arn => self.index.roles.get(&reference.resource).copied(),
                Attribute::Other(_) => None,
            };
        }
        let arn = Arn::parse(text);
        let name = match &arn {
            Some(arn) if arn.is_iam("role") => arn.name()?,
            Some(_) => return None,
            None => text.clone(),
        };
        if let Some(reference) = name.reference() {
            return self.index.roles.get(&reference.resource).copied();
        }
        let named = self.index.roles_by_name.get(name.as_str()?)?;
        // `aws-auth` leaves paths out, but a path that is written is that of the role.
        let path = arn.as_ref().and_then(Arn::path);
        let has_path = |at: &usize| path.as_ref().is_none_or(|path| self.facts.roles[*at].may_have_path(path));
        let file = text.span().file;
        let account = arn.as_ref().and_then(Arn::account_id).or_else(|| {
            // `${AWS::AccountId}` is the account that the file is deployed to.
            let is_own = arn.as_ref().is_some_and(|it| it.account.is_own_account());
            if is_own { self.account_of_file(file)?.as_str() } else { None }
        });
        let partition = arn.as_ref().and_then(|it| it.partition.as_str());
        // `None`: one of the two is not written, so they may be the same.
        let same = |own: Option<&str>, written: Option<&str>| Some(own? == written?);
        let same_account = |at: &usize| same(self.account_of_role(&self.facts.roles[*at]), account);
        // Across environments an account says that it is the same role, and a name does not.
        let of_another =
            |at: &usize| same_account(at) != Some(true) && self.are_apart(file, self.facts.roles[*at].origin.name.file);
        let fits = |at: &usize| {
            same_account(at) != Some(false)
                && same(self.partition_of_role(&self.facts.roles[*at]), partition) != Some(false)
        };
        // Of very many there are several that may be meant, and each would be asked for every reference.
        let few = if named.all.len() > MOST_OF_A_NAME { &[][..] } else { &named.all };
        let candidates = few.iter().copied().filter(|at| has_path(at) && !of_another(at));
        if few.is_empty() {
            // The account may be that of a few.
        } else if let Some(only) = self.only_of(file, candidates)? {
            // Where the files name roles of this name in several accounts, it may be any of them.
            let is_ambiguous = account.is_some() && self.is_in_several_accounts(named, only);
            return (fits(&only) && (same_account(&only).is_some() || !is_ambiguous)).then_some(only);
        }
        // Several environments have a role of this name: only the account can tell them apart.
        let there = named.by_account.get(account?).map_or(&[][..], Vec::as_slice);
        if there.len() + named.of_no_account.len() > MOST_OF_A_NAME {
            return None;
        }
        let there = there.iter().chain(&named.of_no_account).copied();
        let fitting = there.filter(|at| has_path(at) && !of_another(at) && fits(at));
        self.only_of(file, fitting)?.filter(|it| same_account(it) == Some(true))
    }

    /// The only role of several that a file can mean; of those in several repositories the one of its own. Nothing if there
    /// is none, and nothing in it if there is more than one.
    fn only_of(&self, file: FileId, roles: impl Iterator<Item = usize>) -> Option<Option<usize>> {
        let all: Vec<usize> = roles.collect();
        if let [only] = all.as_slice() {
            return Some(Some(*only));
        }
        let is_near = |at: &&usize| !self.files.are_of_two_repositories(file, self.facts.roles[**at].origin.name.file);
        let mut near = all.iter().filter(is_near);
        let only = near.next().copied().filter(|_| near.next().is_none());
        (!all.is_empty()).then_some(only)
    }

    /// Whether the files that may speak of a role name roles of its name in several accounts.
    fn is_in_several_accounts(&self, named: &Named, role: usize) -> bool {
        let file = self.facts.roles[role].origin.name.file;
        let accounts = named.mentioned.chunk_by(|a, b| a.0 == b.0);
        let mut accounts = accounts.filter(|it| it.iter().any(|(_, by)| !self.are_apart(*by, file)));
        accounts.nth(1).is_some()
    }

    /// The instance profile that a reference means.
    pub fn instance_profile(&self, text: &Text) -> Option<&InstanceProfile> {
        let reference = self.followed(text).reference()?;
        self.index.instance_profiles.get(&reference.resource).map(|at| &self.facts.instance_profiles[*at])
    }

    /// The cluster that a `ClusterName` means: one of the same unit, that of the configuration, or the only one of another
    /// template that can be meant.
    pub fn cluster(&self, name: &Field<Text>) -> Option<&Cluster> {
        let text = self.followed(name.only()?);
        if let Some(reference) = text.reference() {
            return self.index.clusters.get(&reference.resource).map(|at| &self.facts.clusters[*at]);
        }
        let mut found = self.clusters_named(text);
        match (found.next(), found.next()) {
            (Some(only), None) => Some(only),
            (Some(_), Some(_)) => None,
            (None, _) => self.cluster_given_as(text).or_else(|| self.cluster_elsewhere(text)),
        }
    }

    /// Whether two resources name the same cluster. Equal names in two files are not yet one cluster.
    pub fn same_cluster(&self, a: &Field<Text>, b: &Field<Text>) -> Option<bool> {
        let (first, second) = (a.only()?, b.only()?);
        let of_one_file = first.span().file == second.span().file;
        if !of_one_file && let (Some(a), Some(b)) = (self.cluster_given_as(first), self.cluster_given_as(second)) {
            return Some(a.origin.is(&b.origin));
        }
        match first.same(second) {
            Some(true) if first.span() == second.span() => Some(true),
            // Two clusters of one name in one file are of two regions or accounts.
            Some(true) if of_one_file && self.clusters_named(first).nth(1).is_none() => Some(true),
            Some(true) => None,
            answer => match (self.cluster(a), self.cluster(b)) {
                (Some(a), Some(b)) => Some(a.origin.is(&b.origin)),
                _ => answer.filter(|_| of_one_file),
            },
        }
    }

    /// The clusters with this name that the same file declares.
    pub(super) fn clusters_named<'w, 'n>(&'w self, name: &'n Text) -> impl Iterator<Item = &'w Cluster> + use<'w, 'n> {
        let key = name.key().map(|it| (name.span().file, it.into_owned()));
        let found = key.and_then(|it| self.index.clusters_by_name.get(&it));
        let found = found.into_iter().flatten().map(|at| &self.facts.clusters[*at]);
        found.filter(|it| it.name.only().is_some_and(|other| other.same(name) == Some(true)))
    }

    /// Whether two principals are the same role or user. See [`Workspace::same_cluster`].
    pub fn same_principal(&self, a: &Text, b: &Text) -> Option<bool> {
        if let (Some(a), Some(b)) = (self.role_index(a), self.role_index(b)) {
            return Some(a == b);
        }
        if a.span().file == b.span().file { a.same(b) } else { a.same_anywhere(b) }
    }

    /// What two principals have in common if they are certainly the same: only those of one key need be compared. Nothing for
    /// one that is certainly the same as no other.
    pub fn principal_key<'t>(&self, principal: &'t Text) -> Option<Result<usize, Cow<'t, str>>> {
        match self.role_index(principal) {
            Some(role) => Some(Ok(role)),
            None => principal.key().map(Err),
        }
    }

    /// The launch template that a reference means.
    pub fn launch_template(&self, text: &Text) -> Option<&LaunchTemplate> {
        self.index
            .launch_templates
            .get(&self.followed(text).reference()?.resource)
            .map(|at| &self.facts.launch_templates[*at])
    }

    /// What an import stands for, where the run holds exactly one export of its name, and nothing says that the two stacks
    /// are of two deployments. Any other text stands for itself.
    pub fn followed<'w>(&'w self, text: &'w Text) -> &'w Text {
        let Some(HoleKind::Import(name)) = text.only_hole().map(|it| &it.kind) else { return text };
        let Some([only]) = self.across.exports.get(&**name).map(Vec::as_slice) else { return text };
        let value = &self.facts.outputs[*only].value;
        let here = text.span().file;
        let is_together = |it: &&Text| {
            let there = it.span().file;
            self.are_alike(here, there) && Across::may_be_together(&self.files, here, there)
        };
        value.only().filter(is_together).unwrap_or(text)
    }

    /// The cluster of another template that is named alike, if only that one can be meant.
    pub(super) fn cluster_elsewhere(&self, name: &Text) -> Option<&Cluster> {
        let written = match self.values_of(name).as_slice() {
            [only] => only.as_str().filter(|it| !is_example(it))?,
            _ => return None,
        };
        let [only] = self.across.clusters.get(written)?.as_slice() else { return None };
        let cluster = &self.facts.clusters[*only];
        let (here, there) = (name.span(), cluster.origin.name);
        let is_template = |place: Span| self.unit_kind(place) == Some(UnitKind::CloudFormation);
        // A deploy may give a parameter another value in each stack.
        let is_default = name.has_holes() || cluster.name.only()?.has_holes();
        let is_one = here.file != there.file
            && is_template(here)
            && is_template(there)
            && self.are_alike(here.file, there.file)
            && (!is_default || is_beside(&self.files, here.file, there.file))
            && self.across.may_share_a_cluster(&self.files, here.file, there.file);
        is_one.then_some(cluster)
    }

    /// True if only its name says which cluster a property means: one of another template.
    pub fn is_found_by_name(&self, name: &Field<Text>) -> bool {
        let Some(text) = name.only().map(|it| self.followed(it)) else { return false };
        text.reference().is_none()
            && self.clusters_named(text).next().is_none()
            && self.cluster_given_as(text).is_none()
            && self.cluster_elsewhere(text).is_some()
    }

    /// For each file that names a cluster which only the name links, the files that declare one.
    pub(super) fn linked_by_name(&self) -> HashMap<FileId, HashSet<FileId>> {
        let mut links: HashMap<FileId, HashSet<FileId>> = HashMap::new();
        for name in naming(&self.facts).filter(|it| self.is_found_by_name(it)) {
            let (Some(text), Some(cluster)) = (name.only(), self.cluster(name)) else { continue };
            links.entry(text.span().file).or_default().insert(cluster.origin.name.file);
        }
        links
    }

    /// True if a finding speaks of a file that names a cluster and of the one that declares it, and nothing but the name
    /// links the two.
    pub(crate) fn rests_on_a_name(&self, places: impl Iterator<Item = Span>) -> bool {
        if self.links.by_name.is_empty() {
            return false;
        }
        let files: HashSet<FileId> = places.map(|it| it.file).collect();
        files.len() > 1 && files.iter().filter_map(|it| self.links.by_name.get(it)).any(|it| !it.is_disjoint(&files))
    }
}
