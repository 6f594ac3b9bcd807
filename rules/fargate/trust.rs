//! A pod execution role that Fargate cannot assume.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const SERVICE: &str = "eks-fargate-pods.amazonaws.com";

pub fn check(workspace: &Workspace, report: &mut Report) {
    for role in &workspace.facts.roles {
        let Some(clue) = role.certain_uses().find(|it| it.purpose == Purpose::FargatePodExecution) else { continue };
        // A role that is for something else besides is another finding.
        if role.certain_uses().any(|it| it.purpose.is_ec2_node() || it.purpose == Purpose::Cluster) {
            continue;
        }
        for (trust, branch) in role.trust.known_under() {
            if trust.trusts_service(&[SERVICE], "sts:AssumeRole") != Some(false) {
                continue;
            }
            let message = format!("pod execution role does not trust `{SERVICE}`{}", branch.shown());
            let found = report.at(trust.blame_of(&[SERVICE]), message);
            found
                .label(trust.blame_of(&[SERVICE]), trust.says())
                .label(clue.span, format!("the role that starts pods on Fargate, by {}", clue.by))
                .help(format!("let `{SERVICE}` do `sts:AssumeRole`"));
            if let Some(service) = trust.only_service("sts:AssumeRole") {
                let edit = Edit::replace(service.span(), SERVICE);
                let is_slip = service.bytes().starts_with("eks-fargate");
                let safety = if is_slip { Safety::Activating } else { Safety::Suggestion };
                found.fix(safety, "trust the service that starts pods on Fargate", [edit]);
            }
        }
    }
}
