//! All facts of all files, and the questions that need more than one of them.
//!
//! What belongs together follows from references, and from names only where exactly one candidate fits. What could
//! belong to two things is unknown, and no rule reports on what is unknown.

mod access;
mod across;
mod assemble;
mod audience;
mod aws_auth;
mod belongings;
mod built;
mod context;
mod documents;
mod entry_type;
mod environments;
mod index;
mod kustomize;
mod link;
mod links;
mod nodes;
mod of_clusters;
mod places;
mod pods;
mod rbac;
mod resolve;
mod roles;
mod scaffolds;
mod slots;
mod unfilled;
mod web_identity;
mod written;

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use crate::config::{Configuration, Given};
use crate::facts::{Facts, Field, Limit, Origin, Property, Role, Tables, UnitKind};
use crate::iam::{Arn, managed_policy_of, or};
use crate::lookup::Answers;
use crate::source::{FileId, Files, HoleKind, ResourceId, Source, Span, Text};

use across::Across;
use assemble::assemble;
use context::Context;
use index::{Index, MOST_OF_A_NAME};
use links::Links;

pub use access::Grant;
pub use built::Built;
pub use documents::EksDocument;
pub use entry_type::ShownType;
pub use links::RoleLinks;
pub use nodes::Started;
pub use rbac::{Names, is_built_in, is_built_in_group, is_built_in_role};
pub use slots::Resource;
pub use unfilled::Unfilled;
pub use web_identity::{Provider, WebIdentity, is_every_subject, issuer_of_key, without_scheme};

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
    context: Option<Context>,
    /// The placeholders that something fills in, as the configuration says.
    filled: HashSet<String>,
    /// What a search found of the others; nothing if nobody searched.
    answers: Option<Answers>,
    /// Found when it is first asked for: see [`Workspace::unfilled`].
    unfilled: OnceLock<Vec<Unfilled>>,
}

impl Workspace {
    /// Links the facts of files, which come in the order of the files. `given`: what the configuration says of them.
    pub fn link(mut files: Files, facts: Vec<Arc<Facts>>, configuration: &Configuration, given: Option<Given>) -> Self {
        let mut limits = Vec::new();
        let mut context = given.map(|given| {
            let (context, beyond) = Context::new(given, &files);
            limits.extend(beyond);
            context
        });
        let assembled = assemble(&files, facts, context.as_mut());
        limits.extend(assembled.limits);
        // Findings may point at what the configuration says.
        context.iter().flat_map(Context::texts).for_each(|(file, source)| files.push(file, source));
        let facts = assembled.tables;
        let index = Index::new(&facts);
        let crowded = index.roles_by_name.values().filter_map(|it| it.all.get(MOST_OF_A_NAME)).min();
        if let Some(role) = crowded.map(|at| &facts.roles[*at]) {
            let message = format!("more than {MOST_OF_A_NAME} roles of one name");
            limits.push(Limit::part(role.origin.name, message));
        }
        limits.extend(access::node_groups_beyond(&facts, &index));
        let mut workspace = Self {
            across: Across::new(&facts, &files),
            files,
            facts,
            recognised: assembled.recognised,
            links: Links { limits, ..Links::default() },
            index,
            context,
            filled: configuration.filled_placeholders().map(str::to_owned).collect(),
            answers: None,
            unfilled: OnceLock::new(),
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
