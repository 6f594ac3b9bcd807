//! Audiences of tokens that everybody agrees on: who asks for the token, the cluster's provider, and the role.

use std::collections::HashMap;

use crate::facts::{OidcProvider, Role};
use crate::iam::{AUDIENCE, DEFAULT_AUDIENCE, ROLE_ARN, SUBJECT_PREFIX};
use crate::source::{Span, Text};

use super::Workspace;
use super::web_identity::{WebIdentity, without_scheme};

/// Who asks for a token of an audience: a service account by its annotation, or a pod by a volume.
struct Asker<'w> {
    audience: &'w Text,
    role: Option<&'w Role>,
    namespace: Option<&'w str>,
    name: Option<&'w str>,
}

impl Workspace {
    /// Where an audience other than AWS's own is written, and is right: whoever gets the token asked for it. `true` where
    /// role and provider both take it, `false` where the files show only one of them.
    pub fn agreed_audiences(&self) -> HashMap<Span, bool> {
        let mut agreed = HashMap::new();
        let identities = self.web_identities();
        for asker in self.askers() {
            let Some((places, is_whole)) = self.agreement(&asker, &identities) else { continue };
            for place in places {
                *agreed.entry(place).or_insert(false) |= is_whole;
            }
        }
        agreed
    }

    fn askers(&self) -> Vec<Asker<'_>> {
        let mut askers = Vec::new();
        for account in &self.facts.service_accounts {
            let meta = &account.meta;
            let Some(audience) = meta.annotation(AUDIENCE).and_then(|it| it.text()) else { continue };
            let role = meta.annotation(ROLE_ARN).and_then(|it| it.text()).and_then(|it| self.role(it));
            let name = meta.name.string().filter(|_| meta.keeps_its_name());
            askers.push(Asker { audience, role, namespace: meta.namespace.string(), name });
        }
        for workload in &self.facts.workloads {
            for token in workload.volumes.iter().flat_map(|it| it.tokens.iter()) {
                for audience in token.audience.known() {
                    let arns = workload.containers.iter().filter_map(|it| it.variable("AWS_ROLE_ARN"));
                    let mut arns = arns.flat_map(|it| it.value.known()).chain(self.annotated_role_of(workload));
                    askers.push(Asker {
                        audience,
                        role: arns.find_map(|it| self.role(it)),
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
    fn agreement(&self, asker: &Asker<'_>, identities: &[WebIdentity<'_>]) -> Option<(Vec<Span>, bool)> {
        let audience = asker.audience.as_str()?;
        let trusting: Vec<_> = identities.iter().filter(|it| self.is_for(it, asker)).collect();
        let conditions = trusting.iter().flat_map(|it| it.statement.conditions.iter());
        let values = conditions.filter(|it| it.key.ends_with(":aud") == Some(true)).flat_map(|it| it.values.iter());
        let taken: Vec<Span> = values.filter(|it| it.is(audience) == Some(true)).map(Text::span).collect();
        if !trusting.is_empty() && taken.is_empty() {
            return None;
        }
        let providers: Vec<&OidcProvider> = match trusting.is_empty() {
            true => self.facts.oidc_providers.iter().collect(),
            false => trusting.iter().flat_map(|it| self.providers_of(it)).collect(),
        };
        let mut listed = Vec::new();
        let mut is_refused = false;
        for provider in &providers {
            let ids = provider.client_ids.iter().filter(|it| it.is(audience) == Some(true));
            let before = listed.len();
            listed.extend(ids.map(Text::span));
            is_refused |= listed.len() == before && provider.client_ids.complete;
        }
        // Without a role the provider is that of any cluster.
        if is_refused && (!trusting.is_empty() || listed.is_empty()) {
            return None;
        }
        let is_whole = !taken.is_empty() && !listed.is_empty();
        let is_said = !taken.is_empty() || !listed.is_empty();
        let places = [asker.audience.span()].into_iter().chain(taken).chain(listed).collect();
        is_said.then_some((places, is_whole))
    }

    /// Whether a statement is of the role of somebody who asks for a token, or names the service account.
    fn is_for(&self, identity: &WebIdentity<'_>, asker: &Asker<'_>) -> bool {
        if let (Some(role), Some(own)) = (asker.role, identity.role) {
            return role.origin.is(&own.origin);
        }
        let conditions = identity.statement.conditions.iter().filter(|it| it.key.ends_with(":sub") == Some(true));
        let mut subjects = conditions.flat_map(|it| it.values.iter()).filter_map(Text::as_str);
        subjects.any(|it| {
            let named = it.strip_prefix(SUBJECT_PREFIX).and_then(|it| it.split_once(':'));
            named.is_some_and(|(namespace, name)| {
                asker.name == Some(name) && asker.namespace.is_none_or(|it| it == namespace)
            })
        })
    }

    /// The providers of the run that a statement names.
    fn providers_of<'w>(&'w self, identity: &WebIdentity<'w>) -> Vec<&'w OidcProvider> {
        let issuers: Vec<_> = identity.providers.iter().filter_map(|it| it.issuer.as_ref()).collect();
        let providers = self.facts.oidc_providers.iter().filter(|provider| {
            let url = provider.url.only().and_then(without_scheme);
            url.is_some_and(|url| {
                issuers.iter().any(|it| it.same_anywhere(&url) == Some(true) || it.span() == url.span())
            })
        });
        providers.collect()
    }
}
