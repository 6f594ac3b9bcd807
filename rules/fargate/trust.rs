//! A pod execution role that Fargate cannot assume.

use crate::iam::FARGATE_SERVICE;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let service = FARGATE_SERVICE.name;
    for role in &workspace.facts.roles {
        let clue = workspace.roles().links(role).use_as(|it| it == Purpose::FargatePodExecution);
        let Some(clue) = clue.filter(|it| it.evidence >= Evidence::Default || is_likely(workspace, role)) else {
            continue;
        };
        // A role that is for something else besides is another finding.
        if workspace
            .roles()
            .links(role)
            .certain_uses()
            .any(|it| it.purpose.is_ec2_node() || it.purpose == Purpose::Cluster)
        {
            continue;
        }
        for refusal in role.refusals(&[service]) {
            let message = format!("pod execution role does not trust `{service}`{}", refusal.under);
            let found = findings.at(refusal.place, message);
            found
                .certainty(clue.certainty())
                .why(&refusal.says)
                .label(clue.span, format!("the role that starts pods on Fargate, by {}", clue.by))
                .otherwise(format!("allow `{service}` to call `sts:AssumeRole`"));
            if let Some(written) = refusal.instead() {
                let change = Change::write(written, service);
                let safety = Safety::activating_if(FARGATE_SERVICE.is_meant_by(written.bytes()));
                found.fix(safety, "trust the service that starts pods on Fargate", change);
            }
        }
    }
}

/// The policy makes sense for nothing else; but who lets in a person, a pod or another service may only have copied it.
fn is_likely(workspace: &Workspace, role: &Role) -> bool {
    let is_alone = !workspace.roles().links(role).is_used_other_than_as(Purpose::FargatePodExecution);
    is_alone && role.trusts_a_neighbor_only()
}
