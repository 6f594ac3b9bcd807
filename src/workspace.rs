//! All facts of all files, and the questions that need more than one of them.
//!
//! What belongs together follows from references, and from names only where exactly one candidate fits. What could
//! belong to two things is unknown, and no rule reports on what is unknown.

mod access;
mod audience;
mod aws_auth;
mod documents;
mod entry_type;
mod given;
mod index;
mod kustomize;
mod link;
mod nodes;
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
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use crate::config::Configuration;
use crate::facts::{
    AccessEntry, Cluster, Evidence, Facts, Field, InstanceProfile, LaunchTemplate, Limit, Origin, Role, RoleMention,
    RoleUse,
};
use crate::iam::{Arn, PolicyDocument, is_account_id, managed_policy_of, or};
use crate::lookup::Answers;
use crate::lower;
use crate::source::{Attribute, FileId, HoleKind, ResourceId, Source, Span, Text};
use crate::stage::{Observer, Stage};
use crate::suppress::Verdicts;

use index::Index;

pub use access::{Grant, Mode};
pub use documents::EksDocument;
pub use entry_type::ShownType;
pub use kustomize::Built;
pub use nodes::Started;
pub use rbac::{Names, is_built_in, is_built_in_group, is_built_in_role};
pub use slots::Resource;
pub use unfilled::Unfilled;
pub use web_identity::{Provider, WebIdentity, is_every_subject, issuer_of_key, without_scheme};

/// Of more roles of one name than this a reference by name means none, unless its account does.
const MOST_OF_A_NAME: usize = 300;

/// Everything that a run knows.
pub struct Workspace {
    /// The files, in the order of their paths; a [`FileId`] is an index here.
    pub sources: Vec<Source>,
    pub facts: Facts,
    /// How many files hold something that ekslint knows.
    pub recognised: usize,
    /// Every place that says what a role is for.
    pub mentions: Vec<RoleMention>,
    /// What each directive did: empty until [`crate::suppress::apply`] has judged them.
    pub verdicts: Verdicts,
    index: Index,
    /// What the configuration says of the files.
    known: Option<given::Known>,
    /// The placeholders that something fills in, as the configuration says.
    filled: HashSet<String>,
    /// What a search found of the others; nothing if nobody searched.
    answers: Option<Answers>,
}

impl Workspace {
    /// Parses, lowers and links. Sources are put into the order of their paths first.
    pub fn new(mut sources: Vec<Source>) -> Self {
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        let lowered = read_all(&mut sources, |source, file| lower::lower(source, file, &()));
        Self::link_all(sources, lowered, &Configuration::default())
    }

    /// [`Workspace::new`], with what the configuration says of clusters and of what belongs together, and with somebody who
    /// watches. A file without facts or directives loses its text: nothing can point into it, and in a large repository such
    /// texts are a good part of the memory.
    pub fn with(mut sources: Vec<Source>, configuration: &Configuration, observer: &impl Observer) -> Self {
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        let lowered = observer.stage(Stage::Files, || {
            read_all(&mut sources, |source, file| {
                let mut facts = lower::lower(source, file, observer);
                facts.shrink();
                // A directive in it is reported where it does nothing.
                if facts.is_empty() && facts.directives.is_empty() {
                    source.text = "".into();
                }
                facts
            })
        });
        observer.stage(Stage::Link, || Self::link_all(sources, lowered, configuration))
    }

    /// Links the facts of all files. Both lists are in the order of the files' paths.
    pub fn link_all(
        mut sources: Vec<Source>,
        lowered: Vec<impl Into<Box<Facts>>>,
        configuration: &Configuration,
    ) -> Self {
        let mut lowered: Vec<Box<Facts>> = lowered.into_iter().map(Into::into).collect();
        scaffolds::forget(&mut lowered, &sources);
        let recognised = lowered.iter().filter(|facts| !facts.is_empty()).count();
        let mut facts = Facts::default();
        for file in lowered {
            facts.append(*file);
        }
        let limits = trust_policies_cut_off(&facts);
        facts.limits.extend(limits);
        kustomize::apply(&mut facts, &sources);
        let given = configuration.given(FileId(sources.len() as u32));
        let known = given.map(|given| {
            let texts = given.sources.clone();
            let (mut known, beyond) = given::Known::new(given, &sources);
            facts.limits.extend(beyond);
            known.set_namespaces(&mut facts, &sources);
            known.bind_clusters(&mut facts);
            // Findings may point at what the configuration says.
            sources.extend(texts);
            known
        });
        let index = Index::new(&facts);
        let crowded = index.roles_by_name.values().filter_map(|it| it.all.get(MOST_OF_A_NAME)).min();
        if let Some(role) = crowded.map(|at| &facts.roles[*at]) {
            let message = format!("more than {MOST_OF_A_NAME} roles of one name");
            facts.limits.push(Limit::part(role.origin.name, message));
        }
        let verdicts = Verdicts::default();
        let mut workspace = Self {
            sources,
            facts,
            recognised,
            mentions: Vec::new(),
            verdicts,
            index,
            known,
            filled: configuration.filled_placeholders().map(str::to_owned).collect(),
            answers: None,
        };
        workspace.link();
        workspace
    }

    pub fn source(&self, file: FileId) -> &Source {
        &self.sources[file.0 as usize]
    }

    pub fn path(&self, file: FileId) -> &str {
        &self.source(file).path
    }

    /// The role that an ARN, a name or a reference means, if exactly one role of the run fits.
    pub fn role(&self, text: &Text) -> Option<&Role> {
        self.role_index(text).map(|at| &self.facts.roles[at])
    }

    fn role_index(&self, text: &Text) -> Option<usize> {
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
        let mut candidates = few.iter().filter(|at| has_path(at) && !of_another(at));
        let only = candidates.next();
        if few.is_empty() {
            // The account may be that of a few.
        } else if let only = only?
            && candidates.next().is_none()
        {
            // Where the files name roles of this name in several accounts, it may be any of them.
            let is_ambiguous = account.is_some() && self.is_in_several_accounts(name.as_str()?, *only);
            return (fits(only) && (same_account(only).is_some() || !is_ambiguous)).then_some(*only);
        }
        // Several environments have a role of this name: only the account can tell them apart.
        let there = named.by_account.get(account?).map_or(&[][..], Vec::as_slice);
        if there.len() + named.of_no_account.len() > MOST_OF_A_NAME {
            return None;
        }
        let mut fitting =
            there.iter().chain(&named.of_no_account).filter(|at| has_path(at) && !of_another(at) && fits(at));
        let only = fitting.next()?;
        (fitting.next().is_none() && same_account(only) == Some(true)).then_some(*only)
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
        let reference = text.reference()?;
        self.index.instance_profiles.get(&reference.resource).map(|at| &self.facts.instance_profiles[*at])
    }

    /// The cluster of the same template that a `ClusterName` means.
    pub fn cluster(&self, name: &Field<Text>) -> Option<&Cluster> {
        let text = name.only()?;
        if let Some(reference) = text.reference() {
            return self.index.clusters.get(&reference.resource).map(|at| &self.facts.clusters[*at]);
        }
        let mut found = self.clusters_named(text);
        match (found.next(), found.next()) {
            (Some(only), None) => Some(only),
            (Some(_), Some(_)) => None,
            (None, _) => self.cluster_given_as(text),
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
    fn principal_key<'t>(&self, principal: &'t Text) -> Result<usize, &'t str> {
        self.role_index(principal).ok_or(principal.bytes())
    }

    /// The launch template that a reference means.
    pub fn launch_template(&self, text: &Text) -> Option<&LaunchTemplate> {
        self.index.launch_templates.get(&text.reference()?.resource).map(|at| &self.facts.launch_templates[*at])
    }

    /// Whether the policies on a role grant an action. `None` if one of them is not in the files.
    pub fn grants(&self, role: &Role, action: &str) -> Option<bool> {
        let mut answer = if role.attachments_known { self.loosely_grants(action) } else { None };
        answer = or(answer, role.managed_policies.any(|arn| self.managed_policy_grants(arn, action)));
        let by_document = |policy: &crate::facts::InlinePolicy| match policy.document.only() {
            Some(document) => document.grants(action),
            None => None,
        };
        answer = or(answer, role.inline_policies.any(by_document));
        for at in &role.attached {
            let policy = &self.facts.policies[*at];
            let granted = policy.document.only().and_then(|document| document.grants(action));
            let always = role.origin.branch.implies(&policy.origin.branch);
            answer = or(answer, if always || granted == Some(false) { granted } else { None });
        }
        answer
    }

    fn managed_policy_grants(&self, arn: &Text, action: &str) -> Option<bool> {
        if let Some(reference) = arn.reference() {
            let at = self.index.policies.get(&reference.resource)?;
            return self.facts.policies[*at].document.only()?.grants(action);
        }
        managed_policy_of(&Arn::parse(arn)?).map(|policy| policy.grants(action))
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
        let begins = |it: &Span| (it.file, it.start);
        let after = self.index.parameter_values.partition_point(|(place, _)| begins(place) <= begins(&span));
        let (place, id) = self.index.parameter_values[..after].last()?;
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

/// The first trust policy of each file that is longer than is kept.
fn trust_policies_cut_off(facts: &Facts) -> Vec<Limit> {
    let documents = facts.roles.iter().flat_map(|it| it.trust.known());
    let mut seen = HashSet::new();
    let beyond = documents.filter_map(|it| it.beyond).filter(|it| seen.insert(it.file));
    let message = || format!("more than {} principals, actions and values in a trust policy", PolicyDocument::LONGEST);
    beyond.map(|it| Limit::part(it, message())).collect()
}

/// The facts of each file, in the order of the files; each by itself, so that their memory is given back one by one.
#[expect(
    clippy::vec_box,
    reason = "facts of a file are large, and the list of them would be given back only as a whole"
)]
pub(crate) fn read_all(sources: &mut [Source], read: impl Fn(&mut Source, FileId) -> Facts + Sync) -> Vec<Box<Facts>> {
    let read_one = |(at, source): (usize, &mut Source)| {
        let file = FileId(at as u32);
        // A fault in one file must not cost the others.
        Box::new(catch_unwind(AssertUnwindSafe(|| read(source, file))).unwrap_or_else(|_| lower::failed(file)))
    };
    sources.par_iter_mut().enumerate().map(read_one).collect()
}

impl Role {
    /// The uses that are certain: something refers to the role.
    pub fn certain_uses(&self) -> impl Iterator<Item = &RoleUse> {
        self.uses.iter().filter(|it| it.evidence == Evidence::Reference)
    }

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
