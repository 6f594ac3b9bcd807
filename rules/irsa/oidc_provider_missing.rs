//! Roles for the service accounts of a cluster, and no OIDC provider for it.

use crate::collections::{HashMap, HashSet};
use crate::prelude::*;
use crate::source::{HoleKind, Piece, ResourceId};

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
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
