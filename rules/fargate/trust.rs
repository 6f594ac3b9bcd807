//! A pod execution role that Fargate cannot assume.

use crate::iam::FARGATE_SERVICE;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    let service = FARGATE_SERVICE.name;
    for role in &workspace.facts.roles {
        let Some(clue) = role.certain_uses().find(|it| it.purpose == Purpose::FargatePodExecution) else { continue };
        // A role that is for something else besides is another finding.
        if role.certain_uses().any(|it| it.purpose.is_ec2_node() || it.purpose == Purpose::Cluster) {
            continue;
        }
        for (trust, branch) in role.trust.known_under() {
            if trust.trusts_service(&[service], "sts:AssumeRole") != Some(false) {
                continue;
            }
            let message = format!("pod execution role does not trust `{service}`{}", branch.shown());
            let found = report.at(trust.blame_of(&[service]), message);
            found
                .label(trust.blame_of(&[service]), trust.says())
                .label(clue.span, format!("the role that starts pods on Fargate, by {}", clue.by))
                .help(format!("let `{service}` do `sts:AssumeRole`"));
            if let Some(written) = trust.only_service("sts:AssumeRole") {
                let edit = Edit::replace(written.span(), service);
                let is_slip = FARGATE_SERVICE.is_meant_by(written.bytes());
                let safety = if is_slip { Safety::Activating } else { Safety::Suggestion };
                found.fix(safety, "trust the service that starts pods on Fargate", [edit]);
            }
        }
    }
}
