//! A cluster role that EKS cannot assume.

use crate::iam::{CLUSTER_SERVICE, EC2_PRINCIPALS};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let service = CLUSTER_SERVICE.name;
    for role in &workspace.facts.roles {
        let clue = workspace.roles().links(role).use_as(|it| it == Purpose::Cluster);
        let Some(clue) = clue.filter(|it| it.evidence >= Evidence::Default || is_likely(workspace, role)) else {
            continue;
        };
        // A role that is for something else besides is another finding.
        if workspace
            .roles()
            .links(role)
            .certain_uses()
            .any(|it| it.purpose.is_ec2_node() || it.purpose == Purpose::FargatePodExecution)
        {
            continue;
        }
        // A local cluster runs on instances, and they take the role.
        let mut clusters = workspace.facts.clusters.iter();
        let is_local = clusters.any(|it| it.origin.resource == clue.user && !it.outpost.is_absent());
        let mut services = vec![service];
        if is_local {
            services.extend(EC2_PRINCIPALS.iter());
        }
        for refusal in role.refusals(&services) {
            let found = findings.at(refusal.place, format!("cluster role does not trust `{service}`{}", refusal.under));
            found
                .certainty(clue.certainty())
                .why(&refusal.says)
                .label(clue.span, format!("the role of the control plane, by {}", clue.by))
                .otherwise(format!("allow `{service}` to call `sts:AssumeRole`"));
            let Some(written) = refusal.instead().filter(|_| !is_local) else { continue };
            let change = Change::write(written, service);
            if written.bytes().to_ascii_lowercase().starts_with("eks.") {
                found.fix(Safety::Activating, "write the name of EKS as IAM knows it", change);
            } else {
                found.fix(Safety::Suggestion, "if only the cluster uses this role, trust EKS instead", change);
            }
        }
    }
}

/// A role that has the policy of clusters, the name of a cluster's role, and another service of EKS or EC2 to trust.
fn is_likely(workspace: &Workspace, role: &Role) -> bool {
    let names = role.name.strings().map(|(name, _)| name).chain(role.origin.resource.as_ref().map(|id| &*id.name));
    let names: Vec<_> = names.map(crate::names::folded).collect();
    let has = |words: &[&str]| names.iter().any(|name| words.iter().any(|word| name.contains(word)));
    let is_named = has(&["clusterrole", "controlplane", "eksservicerole", "eksclusteriamrole", "clusterservicerole"])
        && !has(&["node", "worker", "admin", "autoscaler", "access"]);
    let is_alone = !workspace.roles().links(role).is_used_other_than_as(Purpose::Cluster);
    is_named && is_alone && role.trusts_a_neighbor_only()
}
