//! Audiences of tokens that everybody agrees on: who asks for the token, the cluster's provider, and the role.

use std::collections::BTreeSet;

use crate::collections::{HashMap, HashSet};
use crate::facts::{OidcProvider, OriginKey, Role, Table};
use crate::iam::{AUDIENCE, DEFAULT_AUDIENCE, account_of_subject};
use crate::source::{Span, Text};

use super::web_identity::{WebIdentities, WebIdentity, without_scheme};

/// Of more statements than this that name one role or service account the others are not looked at.
const MOST_OF_A_NAME: usize = 200;

/// Who asks for a token of an audience: a service account by its annotation, or a pod by a volume.
struct Asker<'w> {
    audience: &'w Text,
    role: Option<&'w Role>,
    namespace: Option<&'w str>,
    name: Option<&'w str>,
}

impl<'w> WebIdentities<'w> {
    /// Where an audience other than AWS's own is written, and is right: whoever gets the token asked for it. `true` where
    /// role and provider both take it, `false` where the files show only one of them. Beside it the audiences for which not all
    /// statements or providers were looked at.
    pub fn agreed_audiences(self) -> (HashMap<Span, bool>, Vec<Span>) {
        let mut agreed = HashMap::default();
        let mut beyond = Vec::new();
        let askers = self.askers();
        if askers.is_empty() {
            return (agreed, beyond);
        }
        let identities = self.all();
        let identities = Identities::new(&identities, &self.workspace.facts.oidc_providers);
        for asker in askers {
            if identities.are_too_many(&asker) {
                beyond.push(asker.audience.span());
            }
            let Some((places, is_whole)) = self.agreement(&asker, &identities) else { continue };
            for place in places {
                *agreed.entry(place).or_insert(false) |= is_whole;
            }
        }
        (agreed, beyond)
    }

    fn askers(self) -> Vec<Asker<'w>> {
        let mut askers = Vec::new();
        for account in &self.workspace.facts.service_accounts {
            let meta = &account.meta;
            let Some(audience) = meta.annotation(AUDIENCE).and_then(|it| it.text()) else { continue };
            let role = meta.role_arn().and_then(|it| self.workspace.roles().named(it));
            let name = meta.name.string().filter(|_| meta.keeps_its_name());
            askers.push(Asker { audience, role, namespace: meta.namespace.string(), name });
        }
        for workload in &self.workspace.facts.workloads {
            for token in workload.volumes.iter().flat_map(|it| it.tokens.iter()) {
                for audience in token.audience.known() {
                    let arns = workload.containers.iter().filter_map(|it| it.variable("AWS_ROLE_ARN"));
                    let mut arns =
                        arns.flat_map(|it| it.value.known()).chain(self.workspace.service_accounts().role_of(workload));
                    askers.push(Asker {
                        audience,
                        role: arns.find_map(|it| self.workspace.roles().named(it)),
                        namespace: workload.meta.namespace.string(),
                        name: workload.service_account.string().filter(|_| workload.meta.keeps_its_name()),
                    });
                }
            }
        }
        askers.retain(|it| it.audience.as_str().is_some_and(|it| it != DEFAULT_AUDIENCE));
        askers
    }

    /// Where an audience that is asked for is named, if nobody has another, and whether role and provider both name it.
    fn agreement(self, asker: &Asker<'_>, identities: &Identities<'_, '_>) -> Option<(Vec<Span>, bool)> {
        let audience = asker.audience.as_str()?;
        let trusting: Vec<_> = identities.of(asker).collect();
        let conditions = trusting.iter().flat_map(|it| it.statement.conditions.iter());
        let values = conditions.filter(|it| it.key.ends_with(":aud") == Some(true)).flat_map(|it| it.values.iter());
        let taken: Vec<Span> = values.filter(|it| it.is(audience) == Some(true)).map(Text::span).collect();
        if !trusting.is_empty() && taken.is_empty() {
            return None;
        }
        let (listed, is_refused) = match trusting.is_empty() {
            true => identities.listed.of_all(audience),
            false => listed(trusting.iter().flat_map(|it| identities.providers_of(it)), audience),
        };
        // Without a role the provider is that of any cluster.
        if is_refused && (!trusting.is_empty() || listed.is_empty()) {
            return None;
        }
        let is_whole = !taken.is_empty() && !listed.is_empty();
        let is_said = !taken.is_empty() || !listed.is_empty();
        let places = [asker.audience.span()].into_iter().chain(taken).chain(listed).collect();
        is_said.then_some((places, is_whole))
    }
}

/// Where providers list an audience, and whether one of them certainly does not.
fn listed<'p>(providers: impl Iterator<Item = &'p OidcProvider>, audience: &str) -> (Vec<Span>, bool) {
    let mut listed = Vec::new();
    let mut is_refused = false;
    for provider in providers {
        let before = listed.len();
        listed.extend(provider.client_ids.iter().filter(|it| it.is(audience) == Some(true)).map(Text::span));
        is_refused |= listed.len() == before && provider.client_ids.complete;
    }
    (listed, is_refused)
}

/// The statements of all trust policies, to be found by those whom they let in.
struct Identities<'i, 'w> {
    all: &'i [WebIdentity<'w>],
    by_role: HashMap<OriginKey, Vec<usize>>,
    /// By the names of service accounts, whatever their namespace.
    by_name: HashMap<&'i str, Vec<usize>>,
    listed: Listed<'w>,
    /// By their URLs without a scheme.
    providers: HashMap<String, Vec<(Text, &'w OidcProvider)>>,
}

/// The audiences that the providers of the project list.
struct Listed<'w> {
    places: HashMap<&'w str, Vec<Span>>,
    /// How many providers list each, of those whose list is known as a whole.
    counts: HashMap<&'w str, usize>,
    complete: usize,
}

impl<'w> Listed<'w> {
    fn new(providers: &'w Table<OidcProvider>) -> Self {
        let mut listed = Self { places: HashMap::default(), counts: HashMap::default(), complete: 0 };
        for provider in providers {
            let ids = || provider.client_ids.iter().filter_map(|it| Some((it.as_str()?, it.span())));
            ids().for_each(|(id, span)| listed.places.entry(id).or_default().push(span));
            if provider.client_ids.complete {
                listed.complete += 1;
                let distinct: HashSet<&str> = ids().map(|(id, _)| id).collect();
                distinct.into_iter().for_each(|id| *listed.counts.entry(id).or_default() += 1);
            }
        }
        listed
    }

    /// [`listed`] for all providers.
    fn of_all(&self, audience: &str) -> (Vec<Span>, bool) {
        let places = self.places.get(audience).cloned().unwrap_or_default();
        (places, self.counts.get(audience).copied().unwrap_or_default() < self.complete)
    }
}

impl<'i, 'w> Identities<'i, 'w> {
    fn new(all: &'i [WebIdentity<'w>], providers: &'w Table<OidcProvider>) -> Self {
        let listed = Listed::new(providers);
        let mut identities = Self {
            all,
            by_role: HashMap::default(),
            by_name: HashMap::default(),
            listed,
            providers: HashMap::default(),
        };
        for provider in providers {
            if let Some(url) = provider.url.only().and_then(without_scheme) {
                identities.providers.entry(url.bytes().to_owned()).or_default().push((url, provider));
            }
        }
        for (at, identity) in all.iter().enumerate() {
            if let Some(role) = identity.role {
                identities.by_role.entry(role.origin.key()).or_default().push(at);
            }
            let names: HashSet<&str> = subjects(identity).map(|(_, name)| name).collect();
            names.into_iter().for_each(|it| identities.by_name.entry(it).or_default().push(at));
        }
        identities
    }

    /// The providers of the project that a statement names.
    fn providers_of(&self, identity: &WebIdentity<'_>) -> impl Iterator<Item = &'w OidcProvider> {
        let issuers: Vec<&Text> = identity.providers.iter().filter_map(|it| it.issuer.as_ref()).collect();
        // Two that are the same are written the same.
        let urls: BTreeSet<&str> = issuers.iter().map(|it| it.bytes()).collect();
        let of_urls = urls.into_iter().filter_map(|it| self.providers.get(it)).flatten();
        let is_named =
            |url: &Text| issuers.iter().any(|it| it.same_anywhere(url) == Some(true) || it.span() == url.span());
        let found: Vec<_> = of_urls.take(MOST_OF_A_NAME).filter(|(url, _)| is_named(url)).map(|(_, it)| *it).collect();
        found.into_iter()
    }

    /// Whether somebody who asks for a token has more statements, or one of them more providers, than are looked at.
    fn are_too_many(&self, asker: &Asker<'_>) -> bool {
        let of_role = asker.role.and_then(|it| self.by_role.get(&it.origin.key()));
        let named = asker.name.and_then(|it| self.by_name.get(it));
        let is_too_many = |it: &Vec<usize>| it.len() > MOST_OF_A_NAME;
        let of_url = |it: &WebIdentity<'_>| {
            let issuers: BTreeSet<&str> =
                it.providers.iter().filter_map(|it| it.issuer.as_ref()).map(Text::bytes).collect();
            let providers = issuers.into_iter().filter_map(|it| self.providers.get(it));
            providers.map(Vec::len).sum::<usize>() > MOST_OF_A_NAME
        };
        [of_role, named].into_iter().flatten().any(is_too_many) || self.of(asker).any(of_url)
    }

    /// The statements of the role of somebody who asks for a token, or those that name the service account.
    fn of(&self, asker: &Asker<'_>) -> impl Iterator<Item = &'i WebIdentity<'w>> {
        let of_role = asker.role.and_then(|it| self.by_role.get(&it.origin.key())).into_iter().flatten();
        let named = asker.name.and_then(|it| self.by_name.get(it)).into_iter().flatten().take(MOST_OF_A_NAME);
        // What names the account counts where one of them shows no role.
        let names_it = |identity: &&WebIdentity<'_>| {
            (asker.role.is_none() || identity.role.is_none())
                && subjects(identity).any(|(namespace, name)| {
                    asker.name == Some(name) && asker.namespace.is_none_or(|it| it == namespace)
                })
        };
        let all = self.all;
        let named: Vec<_> = named.map(|at| &all[*at]).filter(names_it).collect();
        of_role.take(MOST_OF_A_NAME).map(|at| &all[*at]).chain(named)
    }
}

/// The service accounts that a statement names, as namespace and name.
fn subjects<'i>(identity: &'i WebIdentity<'_>) -> impl Iterator<Item = (&'i str, &'i str)> {
    let conditions = identity.statement.conditions_on(":sub");
    conditions.flat_map(|it| it.values.iter()).filter_map(|it| account_of_subject(it.as_str()?))
}
