//! Values that identity on EKS rests on and that still hold a placeholder, and what is known of who fills them in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::collections::{HashMap, HashSet};
use crate::facts::{AnnotationValue, ServiceAccount, Subject};
use crate::iam::{LONGEST_VALUE, Placeholder, Spelling, is_variable, placeholders};
use crate::lookup::{Filled, LONGEST_TOKEN, MOST_TOKENS, MOST_TOKENS_OF_RUN, Token};
use crate::source::{FileId, Span, Text};

use super::{WebIdentity, Workspace};

/// A value with placeholders or example accounts in it.
pub struct Unfilled {
    /// In the order in which they appear.
    pub placeholders: Vec<Placeholder>,
}

/// Questions about placeholders.
#[derive(Clone, Copy)]
pub struct Placeholders<'w> {
    workspace: &'w Workspace,
}

impl Workspace {
    /// Placeholders that nobody filled in.
    pub fn placeholders(&self) -> Placeholders<'_> {
        Placeholders { workspace: self }
    }
}

impl<'w> Placeholders<'w> {
    /// The values of EKS identity with placeholders or example accounts in them, in the order of their places.
    pub fn unfilled(self) -> &'w [Unfilled] {
        self.workspace.unfilled.get_or_init(|| self.find_unfilled())
    }

    fn find_unfilled(self) -> Vec<Unfilled> {
        let mut found: HashMap<Span, Vec<Placeholder>> = HashMap::default();
        for text in self.identities() {
            let mut placeholders = placeholders(text);
            if !placeholders.is_empty() {
                placeholders.shrink_to_fit();
                found.insert(text.span(), placeholders);
            }
        }
        for text in self.in_lowercase().filter(|it| is_variable(it)) {
            found.entry(text.span()).or_insert_with(|| {
                let text = text.trim();
                let spellings = vec![Spelling { text: text.shown(), is_common: false }];
                vec![Placeholder { span: text.span(), text: text.shown(), is_unfilled: true, spellings }]
            });
        }
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_by_key(|(span, _)| (self.workspace.files.position(*span), span.file.number()));
        self.once(found).into_iter().map(|placeholders| Unfilled { placeholders }).collect()
    }

    /// One of each value that several builds have in them. Where all of them do, it is the value of the file.
    fn once(self, found: Vec<(Span, Vec<Placeholder>)>) -> Vec<Vec<Placeholder>> {
        let files = &self.workspace.files;
        let mut views: HashMap<FileId, usize> = HashMap::default();
        files.views().for_each(|(_, it)| *views.entry(it.of).or_default() += 1);
        let same = found.chunk_by(|a, b| files.written(a.0) == files.written(b.0));
        let one = |same: &[(Span, Vec<Placeholder>)]| {
            let (span, mut placeholders) = same[0].clone();
            let is_written = |it: &Span| files.view(it.file).is_none();
            let of_all = views.get(&files.written(span).file).is_none_or(|it| same.len() >= *it);
            if of_all || same.iter().any(|it| is_written(&it.0)) {
                placeholders.iter_mut().for_each(|it| it.span = files.written(it.span));
            }
            placeholders
        };
        same.map(one).collect()
    }

    /// The first value of each file that is too long to look for placeholders in all of it.
    pub fn overlong(self) -> Vec<Span> {
        let long = self.identities().filter(|it| it.len() > LONGEST_VALUE).map(Text::span);
        let mut first: Vec<Span> = long.collect();
        first.sort_by_key(|it| self.workspace.files.position(*it));
        first.dedup_by_key(|it| it.file);
        first
    }

    /// What has to be looked up outside of the linted files before the rules run. Empty for most runs.
    pub fn wanted_tokens(self) -> Vec<Token> {
        let mut wanted: BTreeMap<(String, Option<Arc<Path>>), Token> = BTreeMap::new();
        for it in self.unfilled().iter().flat_map(|it| &it.placeholders).filter(|it| it.is_unfilled) {
            if self.workspace.filled.contains(&it.text) || it.spellings.iter().any(|it| it.text.len() > LONGEST_TOKEN) {
                continue;
            }
            let repository = self.workspace.files.repository(it.span.file).cloned();
            let key = (it.text.clone(), repository.clone());
            if wanted.len() == MOST_TOKENS && !wanted.contains_key(&key) {
                continue;
            }
            let token = wanted.entry(key).or_insert_with(|| Token {
                text: it.text.clone(),
                repository,
                spellings: BTreeSet::new(),
                files: BTreeSet::new(),
            });
            token.spellings.extend(it.spellings.iter().cloned());
            token.files.insert(self.workspace.source(it.span.file).place.clone());
        }
        wanted.into_values().collect()
    }

    /// Whether something fills a placeholder in.
    pub fn filled(self, placeholder: &Placeholder) -> Filled {
        if self.workspace.filled.contains(&placeholder.text) {
            return Filled::Yes;
        }
        let repository = self.workspace.files.repository(placeholder.span.file);
        self.workspace.answers.as_ref().map_or(Filled::Unknown, |it| it.filled(&placeholder.text, repository))
    }

    /// Whether anybody looked for what fills placeholders in.
    pub fn was_searched(self) -> bool {
        self.workspace.answers.is_some()
    }

    /// Why a search for what fills placeholders in did not see everything, and the first placeholder that it left open.
    pub fn search_limit(self) -> Option<(Span, String)> {
        let answers = self.workspace.answers.as_ref()?;
        let mut open = self.unfilled().iter().flat_map(|it| &it.placeholders).filter(|it| it.is_unfilled);
        let first = open.find(|it| self.filled(it) == Filled::Unknown)?;
        let unsearched = answers.unsearched(self.workspace.files.repository(first.span.file));
        let reason = unsearched.cloned().unwrap_or_else(|| {
            format!(
                "more than {MOST_TOKENS} different placeholders ({MOST_TOKENS_OF_RUN} in all repositories), or one of more than \
                 {LONGEST_TOKEN} bytes"
            )
        });
        Some((first.span, reason))
    }

    /// Every text that names a role, a user, a policy or a provider: the values that identity on EKS rests on.
    fn identities(self) -> impl Iterator<Item = &'w Text> {
        let facts = &self.workspace.facts;
        let clusters = facts.clusters.iter().flat_map(|it| it.role.known().chain(it.auto_node_role.known()));
        let entries = facts.access_entries.iter().flat_map(|it| it.principal.known());
        let groups = facts.node_groups.iter().flat_map(|it| it.role.known());
        let profiles = facts.fargate_profiles.iter().flat_map(|it| it.role.known());
        let associations =
            facts.pod_identity_associations.iter().flat_map(|it| it.role.known().chain(it.target_role.known()));
        let addons = facts.addons.iter().flat_map(|it| it.role.known());
        let capabilities = facts.capabilities.iter().flat_map(|it| it.role.known());
        let mappings = facts.aws_auths.iter().flat_map(|it| it.mappings()).flat_map(|it| it.arn.known());
        let sections = facts.aws_auths.iter().flat_map(|it| &it.sections);
        let mapped_accounts = sections.flat_map(|it| &it.accounts).map(|it| &it.text);
        let annotations = facts.service_accounts.iter().filter_map(|it| it.meta.role_arn());
        let eks_roles: Vec<_> = self.workspace.roles().of_eks().collect();
        let attached = eks_roles.iter().flat_map(|it| it.managed_policies.iter()).collect::<Vec<_>>();
        let used = facts.roles.iter().filter(|it| self.workspace.roles().links(it).is_used());
        let trusted = used.flat_map(|it| it.trust.known()).flat_map(|it| it.statements.iter());
        let trusted = trusted.flat_map(|it| it.principals.iter()).map(|it| &it.value);
        clusters
            .chain(entries)
            .chain(groups)
            .chain(profiles)
            .chain(associations)
            .chain(addons)
            .chain(capabilities)
            .chain(mappings)
            .chain(mapped_accounts)
            .chain(annotations)
            .chain(self.names_of_accounts())
            .chain(self.trusted_tokens())
            .chain(self.bound_names())
            .chain(attached)
            .chain(self.workspace.policies().attached_arns())
            .chain(trusted)
    }

    /// Values where uppercase cannot be a name: ARNs, and what Kubernetes allows lowercase letters in only.
    fn in_lowercase(self) -> impl Iterator<Item = &'w Text> {
        let mapped = self.workspace.aws_auth().mappings().flat_map(|it| it.arn.known());
        let entered = self.workspace.facts.access_entries.iter().flat_map(|it| it.principal.known());
        let annotated = self.workspace.facts.service_accounts.iter().filter_map(|it| it.meta.role_arn());
        mapped.chain(entered).chain(annotated).chain(self.names_of_accounts())
    }

    /// Names and namespaces of the service accounts that get a role. Those of others are no identity of AWS.
    fn names_of_accounts(self) -> impl Iterator<Item = &'w Text> {
        let accounts = self.workspace.facts.service_accounts.iter().filter(|it| gets_a_role(it));
        // Kustomize puts another name in the place of some.
        let names = accounts.clone().filter(|it| !it.meta.built.is_renamed).flat_map(|it| it.meta.name.known());
        names.chain(accounts.flat_map(|it| it.meta.namespace.known()))
    }

    /// The issuers and subjects in trust policies for service accounts.
    fn trusted_tokens(self) -> impl Iterator<Item = &'w Text> {
        let is_of_eks = |it: &WebIdentity<'_>| {
            it.is_kubernetes() || it.role.is_some_and(|it| self.workspace.roles().links(it).is_used())
        };
        self.workspace.web_identities().all().into_iter().filter(is_of_eks).flat_map(|it| {
            let is_unfilled = |it: &&Text| it.is_unfilled();
            let conditions = it.statement.conditions_on(":sub");
            let principals: Vec<&Text> = it.providers.iter().map(|provider| &it.principal(provider).value).collect();
            // Where the principal has a placeholder too, it is filled with the same; all keys of a statement are of one issuer.
            let keys = it.statement.conditions.iter().map(|it| &it.key);
            let key = keys.filter(|_| !principals.iter().any(is_unfilled)).find(is_unfilled);
            principals.into_iter().chain(key).chain(conditions.flat_map(|it| it.values.iter()))
        })
    }

    /// The users and groups in bindings that stand for principals of AWS: by their names, or because their file says which
    /// principals there are.
    fn bound_names(self) -> impl Iterator<Item = &'w Text> {
        const WORDS: [&str; 4] = ["arn", "iam", "aws", "eks"];
        let mapped = self.workspace.facts.aws_auths.iter().map(|it| it.meta.whole.file);
        let entered = self.workspace.facts.access_entries.iter().map(|it| it.origin.whole.file);
        let files: HashSet<FileId> = mapped.chain(entered).collect();
        let is_principal = move |it: &&Text| {
            let mut words = it.bytes().split(|c: char| !c.is_ascii_alphanumeric());
            files.contains(&it.span().file) || words.any(|it| WORDS.iter().any(|word| it.eq_ignore_ascii_case(word)))
        };
        let is_account = |it: &Subject| it.kind.is("ServiceAccount") == Some(true);
        let subjects = self.workspace.facts.role_bindings.iter().flat_map(|it| it.subjects.iter());
        subjects.filter(move |it| !is_account(it)).flat_map(|it| it.name.known()).filter(is_principal)
    }
}

/// True for a service account with an annotation of EKS, and for one that eksctl makes with its role. Whether kustomize adds
/// an annotation is not certain.
fn gets_a_role(account: &ServiceAccount) -> bool {
    let is_of_eks = |key: &Text| key.starts_with("eks.amazonaws.com/") == Some(true);
    let has_value = |value: &AnnotationValue| !matches!(value, AnnotationValue::Null(_));
    let mut written = account.meta.annotations.iter().filter(|it| it.is_written);
    !account.is_manifest || written.any(|it| is_of_eks(&it.key) && has_value(&it.value))
}
