//! A pod execution role that Fargate cannot assume.

use crate::iam::{FARGATE_SERVICE, meant_service};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    let service = FARGATE_SERVICE.name;
    for role in &workspace.facts.roles {
        let clue = workspace.links(role).use_as(|it| it == Purpose::FargatePodExecution);
        let Some(clue) = clue.filter(|it| it.evidence == Evidence::Reference || is_likely(workspace, role)) else {
            continue;
        };
        // A role that is for something else besides is another finding.
        if workspace.links(role).certain_uses().any(|it| it.purpose.is_ec2_node() || it.purpose == Purpose::Cluster) {
            continue;
        }
        for (trust, branch) in role.trust.known_under() {
            if trust.trusts_service(&[service], "sts:AssumeRole") != Some(false) {
                continue;
            }
            let message = format!("pod execution role does not trust `{service}`{}", branch.shown());
            let found = report.at(trust.blame_of(&[service]), message);
            found
                .label(trust.blame_of(&[service]), trust.says_of(&[service]))
                .label(clue.span, format!("the role that starts pods on Fargate, by {}", clue.by))
                .otherwise(format!("allow `{service}` to call `sts:AssumeRole`"));
            if clue.evidence < Evidence::Reference {
                found.likely();
            }
            if let Some(written) = trust.only_service("sts:AssumeRole") {
                let change = Change::write(written, service);
                let is_slip = FARGATE_SERVICE.is_meant_by(written.bytes());
                let safety = if is_slip { Safety::Activating } else { Safety::Suggestion };
                found.fix(safety, "trust the service that starts pods on Fargate", change);
            }
        }
    }
}

/// The policy makes sense for nothing else; but who lets in a person, a pod or another service may only have copied it.
/// A service that does not exist is another finding.
fn is_likely(workspace: &Workspace, role: &Role) -> bool {
    let is_alone = workspace.links(role).uses.iter().all(|it| it.purpose == Purpose::FargatePodExecution);
    let service = role.trust.only().and_then(|it| it.only_service("sts:AssumeRole"));
    let is_near = |it: &str| ["eks.", "eks-", "ec2."].iter().any(|name| it.starts_with(name));
    is_alone && service.is_some_and(|it| is_near(it.bytes()) && meant_service(it.bytes()).is_none())
}
