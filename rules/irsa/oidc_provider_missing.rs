//! Roles for the service accounts of a cluster, and no OIDC provider for it.

use crate::collections::{HashMap, HashSet};
use crate::prelude::*;
use crate::source::{HoleKind, Piece, ResourceId};
use crate::workspace::without_scheme;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    described(workspace, findings);
    // A provider whose cluster cannot be told may be that of any.
    let providers = workspace.facts.oidc_providers.iter().map(|it| it.url.only().and_then(cluster_of));
    let Some(provided) = providers.collect::<Option<HashSet<_>>>() else { return };
    let identities = workspace.web_identities().all();
    let mut trusted: HashMap<&ResourceId, &Text> = HashMap::default();
    let providers =
        identities.iter().flat_map(|it| it.providers.iter().map(|provider| (it.principal(provider), provider)));
    for (principal, provider) in providers {
        let is_written = principal.value.reference().is_none();
        if let Some(id) = provider.issuer.as_ref().filter(|_| is_written).and_then(cluster_of) {
            trusted.entry(id).or_insert(&principal.value);
        }
    }
    for cluster in &workspace.facts.clusters {
        let Some(id) = cluster.origin.resource.as_ref().filter(|it| !provided.contains(it)) else { continue };
        let Some(principal) = trusted.get(id) else { continue };
        findings
            .at(principal.span(), format!("cluster `{id}` has no OIDC provider in these files"))
            .why("a role trusts the cluster's service accounts by it")
            .label(cluster.origin.name, "this is the cluster")
            .help("declare an `AWS::IAM::OIDCProvider` with the cluster's issuer, unless something else does");
    }
}

/// Providers that an account does not have, which lists those that it has, where something uses a role that trusts one.
fn described(workspace: &Workspace, findings: &mut Findings) {
    let listings = workspace.facts.account_listings.iter().filter(|it| it.what == Listed::OidcProviders);
    let listings: HashMap<&str, Span> = listings.filter_map(|it| Some((it.account.as_str()?, it.span))).collect();
    if listings.is_empty() {
        return;
    }
    let urls = workspace.facts.oidc_providers.iter().flat_map(|it| it.url.known());
    let known: HashSet<String> = urls.filter_map(without_scheme).map(|it| it.shown()).collect();
    let mut said = HashSet::default();
    for identity in workspace.web_identities().all() {
        let Some(role) = identity.role.filter(|it| it.is_described()) else { continue };
        if !workspace.roles().links(role).is_used_as(Purpose::ServiceAccount) {
            continue;
        }
        for provider in identity.providers.iter().filter(|it| it.is_eks) {
            let value = &identity.principal(provider).value;
            let account = Arn::parse(value).and_then(|it| Some((it.account_id()? == role.account()?, it)));
            let Some(listing) =
                account.filter(|(is_own, _)| *is_own).and_then(|(_, it)| listings.get(it.account_id()?))
            else {
                continue;
            };
            let Some(issuer) = provider.issuer.as_ref().and_then(Text::as_str) else { continue };
            if known.contains(issuer) || !said.insert(issuer.to_owned()) {
                continue;
            }
            findings
                .at(value.span(), "the account has no such OIDC provider")
                .why("IAM rejects the tokens of this cluster")
                .label(*listing, "these are all that it has")
                .help("create the provider of the cluster, or trust another one")
                .likely()
                .level(Level::Warning);
        }
    }
}

/// The cluster that an issuer or URL is taken from.
fn cluster_of(text: &Text) -> Option<&ResourceId> {
    match text.pieces().next()? {
        Piece::Hole(hole) => match &hole.kind {
            HoleKind::Resource(reference) => Some(&reference.resource),
            _ => None,
        },
        Piece::Known(_) => None,
    }
}
