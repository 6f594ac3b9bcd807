//! All facts of all files, and the questions that need more than one of them.
//!
//! What belongs together follows from references, and from names only where exactly one candidate fits. What could
//! belong to two things is unknown, and no rule reports on what is unknown.

mod access;
mod across;
mod assemble;
mod audience;
mod aws_auth;
mod documents;
mod entry_type;
mod given;
mod index;
mod kustomize;
mod link;
mod links;
mod nodes;
mod of_clusters;
mod places;
mod pods;
mod rbac;
mod roles;
mod scaffolds;
mod slots;
mod unfilled;
mod web_identity;
mod written;

use std::collections::HashSet;
use std::sync::Arc;

use crate::config::{Configuration, Given};
use crate::facts::{
    AccessEntry, Cluster, Facts, Field, InstanceProfile, LaunchTemplate, Limit, Origin, Property, Role, Tables,
    UnitKind,
};
use crate::iam::{Arn, is_account_id, managed_policy_of, or};
use crate::lookup::Answers;
use crate::source::{Attribute, FileId, Files, HoleKind, ResourceId, Source, Span, Text};

use across::Across;
use assemble::assemble;
use given::Known;
use index::Index;
use links::Links;

pub use access::{Grant, Mode};
pub use documents::EksDocument;
pub use entry_type::ShownType;
pub use kustomize::Built;
pub use links::RoleLinks;
pub use nodes::Started;
pub use rbac::{Names, is_built_in, is_built_in_group, is_built_in_role};
pub use slots::Resource;
pub use unfilled::Unfilled;
pub use web_identity::{Provider, WebIdentity, is_every_subject, issuer_of_key, without_scheme};

/// Of more roles of one name than this a reference by name means none, unless its account does.
const MOST_OF_A_NAME: usize = 300;

/// Everything that a run knows.
pub struct Workspace {
    /// The files, and behind them the texts of the configuration.
    pub files: Files,
    pub facts: Tables,
    /// How many files hold something that ekslint knows.
    pub recognised: usize,
    links: Links,
    index: Index,
    across: Across,
    /// What the configuration says of the files.
    known: Option<Known>,
    /// The placeholders that something fills in, as the configuration says.
    filled: HashSet<String>,
    /// What a search found of the others; nothing if nobody searched.
    answers: Option<Answers>,
}

impl Workspace {
    /// Links the facts of files, which come in the order of the files. `given`: what the configuration says of them.
    pub fn link(mut files: Files, facts: Vec<Arc<Facts>>, configuration: &Configuration, given: Option<Given>) -> Self {
        let mut limits = Vec::new();
        let mut known = given.map(|given| {
            let (known, beyond) = Known::new(given, &files);
            limits.extend(beyond);
            known
        });
        let assembled = assemble(&files, facts, known.as_mut());
        limits.extend(assembled.limits);
        // Findings may point at what the configuration says.
        known.iter().flat_map(Known::texts).for_each(|(file, source)| files.push(file, source));
        let facts = assembled.tables;
        let index = Index::new(&facts);
        let crowded = index.roles_by_name.values().filter_map(|it| it.all.get(MOST_OF_A_NAME)).min();
        if let Some(role) = crowded.map(|at| &facts.roles[*at]) {
            let message = format!("more than {MOST_OF_A_NAME} roles of one name");
            limits.push(Limit::part(role.origin.name, message));
        }
        let mut workspace = Self {
            across: Across::new(&facts, &files),
            files,
            facts,
            recognised: assembled.recognised,
            links: Links { limits, ..Links::default() },
            index,
            known,
            filled: configuration.filled_placeholders().map(str::to_owned).collect(),
            answers: None,
        };
        workspace.link_roles();
        workspace.links.by_name = workspace.linked_by_name();
        workspace
    }

    pub fn source(&self, file: FileId) -> &Source {
        self.files.get(file).expect("places are in files of the run")
    }

    pub fn path(&self, file: FileId) -> &str {
        &self.source(file).path
    }

    /// The role that an ARN, a name or a reference means, if exactly one role of the run fits.
    pub fn role(&self, text: &Text) -> Option<&Role> {
        self.role_index(text).map(|at| &self.facts.roles[at])
    }

    fn role_index(&self, text: &Text) -> Option<usize> {
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
            let is_ambiguous = account.is_some() && self.is_in_several_accounts(name.as_str()?, only);
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
    fn is_in_several_accounts(&self, name: &str, role: usize) -> bool {
        let file = self.facts.roles[role].origin.name.file;
        let accounts = self.index.role_accounts.get(name).into_iter().flatten();
        let mut accounts = accounts.filter(|(_, files)| files.iter().any(|it| !self.are_apart(*it, file)));
        accounts.nth(1).is_some()
    }

    /// The instance profile that a reference means.
    pub fn instance_profile(&self, text: &Text) -> Option<&InstanceProfile> {
        let reference = self.followed(text).reference()?;
        self.index.instance_profiles.get(&reference.resource).map(|at| &self.facts.instance_profiles[*at])
    }

    /// The cluster that a `ClusterName` means: one of the same unit, that of the configuration, or one of another template
    /// that can only be meant.
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
    fn clusters_named<'w, 'n>(&'w self, name: &'n Text) -> impl Iterator<Item = &'w Cluster> + use<'w, 'n> {
        let found = self.index.clusters_by_name.get(&(name.span().file, name.bytes().to_owned()));
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

    /// What two principals have in common if they are certainly the same: only those of one key need be compared.
    pub fn principal_key<'t>(&self, principal: &'t Text) -> Result<usize, &'t str> {
        self.role_index(principal).ok_or(principal.bytes())
    }

    /// The launch template that a reference means.
    pub fn launch_template(&self, text: &Text) -> Option<&LaunchTemplate> {
        self.index
            .launch_templates
            .get(&self.followed(text).reference()?.resource)
            .map(|at| &self.facts.launch_templates[*at])
    }

    /// Whether the policies on a role grant an action. `None` if one of them is not in the files.
    pub fn grants(&self, role: &Role, action: &str) -> Option<bool> {
        let links = self.links(role);
        let mut answer = if links.attachments_known { self.loosely_grants(action) } else { None };
        answer = or(answer, role.managed_policies.any(|arn| self.managed_policy_grants(arn, action)));
        let by_document = |policy: &crate::facts::InlinePolicy| match policy.document.only() {
            Some(document) => document.grants(action),
            None => None,
        };
        answer = or(answer, role.inline_policies.any(by_document));
        for at in &links.attached {
            let policy = &self.facts.policies[*at];
            let granted = policy.document.only().and_then(|document| document.grants(action));
            let always = role.origin.branch.implies(&policy.origin.branch);
            answer = or(answer, if always || granted == Some(false) { granted } else { None });
        }
        answer
    }

    fn managed_policy_grants(&self, arn: &Text, action: &str) -> Option<bool> {
        let arn = self.followed(arn);
        if let Some(reference) = arn.reference() {
            let at = self.index.policies.get(&reference.resource)?;
            return self.facts.policies[*at].document.only()?.grants(action);
        }
        managed_policy_of(&Arn::parse(arn)?).map(|policy| policy.grants(action))
    }

    /// What the unit that a place is in is written as, if it is one.
    pub fn unit_kind(&self, place: Span) -> Option<UnitKind> {
        let units = self.index.units.get(&place.file)?;
        let after = units.partition_point(|at| self.facts.units[*at].whole.start <= place.start);
        let unit = &self.facts.units[units[..after].last().copied()?];
        unit.whole.contains(place).then_some(unit.kind)
    }

    /// How the format of a place spells a property.
    pub fn spelled(&self, property: Property, place: Span) -> &'static str {
        property.spelled(self.unit_kind(place).unwrap_or(UnitKind::CloudFormation))
    }

    /// Where an AWS managed policy of this name is attached to a role.
    pub fn attached_managed_policy<'r>(&self, role: &'r Role, name: &str) -> Option<&'r Text> {
        role.managed_policies.iter().find(|text| {
            let policy = Arn::parse(text).and_then(|arn| managed_policy_of(&arn));
            policy.is_some_and(|policy| policy.name == name)
        })
    }

    /// Service accounts with this namespace and name.
    pub fn service_accounts(&self, namespace: &str, name: &str) -> impl Iterator<Item = &crate::facts::ServiceAccount> {
        let found = self.index.service_accounts.get(&(namespace.to_owned(), name.to_owned()));
        found.into_iter().flatten().map(|at| &self.facts.service_accounts[*at])
    }

    /// Those of them that are not of another cluster or environment than a file.
    pub fn service_accounts_near(
        &self,
        file: FileId,
        namespace: &str,
        name: &str,
    ) -> impl Iterator<Item = &crate::facts::ServiceAccount> {
        self.service_accounts(namespace, name).filter(move |it| !self.are_apart(file, it.meta.whole.file))
    }

    /// The parameter whose default or allowed values hold this place, if one does.
    pub fn parameter_at(&self, span: Span) -> Option<&ResourceId> {
        let values = self.index.parameter_values.get(&span.file)?;
        let after = values.partition_point(|(place, _)| place.start <= span.start);
        let (place, id) = values[..after].last()?;
        place.contains(span).then_some(id)
    }

    /// A property's strings; where one is a parameter, what its template says it can be: its default and its allowed
    /// values. What is found there is a warning at most, because a deploy may choose another.
    ///
    /// Under a condition the parameter itself may be what is asked about, and its default what is not meant: not asked.
    pub fn values<'a>(&'a self, field: &'a Field<Text>) -> impl Iterator<Item = &'a Text> {
        field.known_under().flat_map(
            move |(text, under)| {
                if under.is_always() { self.values_of(text) } else { vec![text] }
            },
        )
    }

    /// [`Workspace::values`] of a property of something that may itself stand under a condition.
    pub fn values_in<'a>(&'a self, origin: &'a Origin, field: &'a Field<Text>) -> impl Iterator<Item = &'a Text> {
        let is_always = origin.branch.is_always();
        field.known_under().flat_map(
            move |(text, under)| {
                if is_always && under.is_always() { self.values_of(text) } else { vec![text] }
            },
        )
    }

    /// The text, or what the parameter that it is can be. See [`Workspace::values`].
    pub fn values_of<'a>(&'a self, text: &'a Text) -> Vec<&'a Text> {
        let parameter = match text.only_hole().map(|hole| &hole.kind) {
            Some(HoleKind::Parameter(id)) => self.index.parameters.get(id).map(|at| &self.facts.parameters[*at]),
            _ => return vec![text],
        };
        let Some(parameter) = parameter else { return Vec::new() };
        let is_default = |it: &&Text| parameter.default.as_ref().is_some_and(|default| default.bytes() == it.bytes());
        parameter.default.iter().chain(parameter.allowed.iter().filter(|it| !is_default(it))).collect()
    }
}

impl Role {
    /// Where one would attach another policy to the role.
    pub fn policies_place(&self) -> Span {
        self.managed_policies.key.or(self.inline_policies.key).unwrap_or(self.origin.name)
    }

    /// The account that the role is in, if its trust policy shows it: the provider of a web identity is of the same one.
    pub fn account(&self) -> Option<&str> {
        self.provider_field(4).filter(|it| is_account_id(it))
    }

    /// The partition that the role is in, if its trust policy shows it.
    pub fn partition(&self) -> Option<&str> {
        self.provider_field(1).filter(|it| crate::iam::partition(it).is_some())
    }

    /// A field of the ARN of the first provider that the role trusts.
    fn provider_field(&self, at: usize) -> Option<&str> {
        let documents = self.trust.known();
        let statements = documents.flat_map(|document| document.statements.iter());
        let mut federated = statements.flat_map(|it| it.principals.iter()).filter(|it| it.is_kind("Federated"));
        // A hole in the field is no id and no partition, so it says nothing.
        federated.find_map(|it| it.value.bytes().split(':').nth(at))
    }
}

impl AccessEntry {
    /// The type, where it is certain: `STANDARD` if nothing is written.
    pub fn kind_name(&self) -> Option<&str> {
        if self.kind.is_absent() { Some("STANDARD") } else { self.kind.string() }
    }
}
