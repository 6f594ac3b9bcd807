//! A cluster role that EKS cannot assume.

use crate::iam::{CLUSTER_SERVICE, EC2_PRINCIPALS};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    let service = CLUSTER_SERVICE.name;
    for role in &workspace.facts.roles {
        let Some(clue) = role.certain_uses().find(|it| it.purpose == Purpose::Cluster) else { continue };
        // A role that is for something else besides is another finding.
        if role.certain_uses().any(|it| it.purpose.is_ec2_node() || it.purpose == Purpose::FargatePodExecution) {
            continue;
        }
        // A local cluster runs on instances, and they take the role.
        let mut clusters = workspace.facts.clusters.iter();
        let is_local = clusters.any(|it| it.origin.resource == clue.user && !it.outpost.is_absent());
        let mut services = vec![service];
        if is_local {
            services.extend(EC2_PRINCIPALS.iter());
        }
        for (trust, branch) in role.trust.known_under() {
            if trust.trusts_service(&services, "sts:AssumeRole") != Some(false) {
                continue;
            }
            let found = report
                .at(trust.blame_of(&services), format!("cluster role does not trust `{service}`{}", branch.shown()));
            found
                .label(trust.blame_of(&services), trust.says())
                .label(clue.span, format!("the role of the control plane, by {}", clue.by))
                .help(format!("let `{service}` do `sts:AssumeRole`"));
            let Some(written) = trust.only_service("sts:AssumeRole").filter(|_| !is_local) else { continue };
            let edit = Edit::replace(written.span(), service);
            if written.bytes().to_ascii_lowercase().starts_with("eks.") {
                found.fix(Safety::Activating, "write the name of EKS as IAM knows it", [edit]);
            } else {
                found.fix(Safety::Suggestion, "if only the cluster uses this role, trust EKS instead", [edit]);
            }
        }
    }
}
