//! Roles for the service accounts of a cluster, and no OIDC provider for it.

use crate::prelude::*;
use crate::source::{HoleKind, Piece, ResourceId};

pub const LEVEL: Level = Level::Note;

pub fn check(workspace: &Workspace, report: &mut Report) {
    let identities = workspace.web_identities();
    for cluster in &workspace.facts.clusters {
        let Some(id) = &cluster.origin.resource else { continue };
        // A provider whose cluster cannot be told may be this one's.
        let may_be_of_it = |it: &OidcProvider| it.url.only().and_then(cluster_of).is_none_or(|of| of == id);
        let with_provider = workspace.facts.oidc_providers.iter().any(may_be_of_it);
        if with_provider {
            continue;
        }
        let for_cluster = identities
            .iter()
            .flat_map(|it| &it.providers)
            .find(|it| it.principal.value.reference().is_none() && it.issuer.as_ref().and_then(cluster_of) == Some(id));
        let Some(provider) = for_cluster else { continue };
        let place = provider.principal.value.span();
        report
            .at(place, format!("cluster `{id}` has no OIDC provider in these files"))
            .label(place, "a role trusts the cluster's service accounts by it")
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
