//! Two associations of EKS Pod Identity for one service account of one cluster.

use crate::collections::HashMap;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

/// Of more associations with one service account and one cluster, none of which is there together with another, the others are
/// not compared.
const MOST_COMPARED: usize = 8;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let clusters = workspace.clusters();
    let mut first: HashMap<(&str, &str, String), Vec<&PodIdentityAssociation>> = HashMap::default();
    // Those of an add-on are for the account of the add-on, and go with it.
    // One that is described twice is one.
    let associations = workspace.facts.pod_identity_associations.iter();
    for association in associations.filter(|it| it.addon.is_none() && !workspace.is_described(it.origin.name)) {
        let (namespace, account) = (association.namespace.string(), association.service_account.only());
        let (Some(namespace), Some(text), Some(key)) = (namespace, account, clusters.key(&association.cluster)) else {
            continue;
        };
        let Some(name) = text.as_str().filter(|_| !text.is_unfilled()) else { continue };
        let before = first.entry((namespace, name, key)).or_default();
        let same = before.iter().find(|it| {
            // Two templates with one name may be copies, and which of two stacks comes second is not known.
            let is_here = workspace.are_together(it.origin.name.file, association.origin.name.file);
            let is_by_name = clusters.is_found_by_name(&association.cluster) || clusters.is_found_by_name(&it.cluster);
            (is_here || !is_by_name)
                && !it.origin.is_of_same_object(&association.origin)
                && clusters.same(&it.cluster, &association.cluster) == Some(true)
                && it.origin.branch.surely_meets(&association.origin.branch)
        });
        if let Some(other) = same {
            findings
                .at(text.span(), format!("`{namespace}/{name}` has two associations on one cluster"))
                .why("EKS rejects the second association")
                .label(other.service_account.only().map_or(other.origin.name, Text::span), "the first one")
                .help("a service account has one role: keep one association");
        }
        let is_found = same.is_some();
        if before.len() < MOST_COMPARED {
            before.push(association);
        } else if !is_found {
            findings.not_compared(association.origin.name);
        }
    }
}
