//! A role of hybrid nodes that neither Systems Manager nor IAM Roles Anywhere can assume.

use crate::iam::{EC2_PRINCIPALS, HYBRID_SERVICES};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for role in &workspace.facts.roles {
        // A mapping does not say that nodes are hybrid, so it is an access entry.
        let Some(used) = workspace.roles().links(role).likely_uses().find(|it| it.purpose == Purpose::HybridNode)
        else {
            continue;
        };
        // The role of something else has an entry of the wrong type, which is another finding.
        let is_other = |it: &RoleUse| it.evidence > Evidence::Name && it.purpose != Purpose::HybridNode;
        if workspace.roles().links(role).uses().any(is_other) {
            continue;
        }
        for refusal in role.refusals(&HYBRID_SERVICES) {
            let [ssm, anywhere] = HYBRID_SERVICES;
            let message = format!("role of hybrid nodes trusts neither `{ssm}` nor `{anywhere}`{}", refusal.under);
            let found = findings.at(refusal.place, message);
            found.why(&refusal.says).label(used.span, format!("hybrid nodes, by {}", used.by));
            let advice = format!("trust `{ssm}` (SSM hybrid activations) or `{anywhere}` (IAM Roles Anywhere)");
            let on_ec2 = refusal.trust.may_be_assumed_by(&EC2_PRINCIPALS) == Some(true);
            found.help(if on_ec2 {
                format!("{advice}; if the nodes are EC2 instances, make the entry `EC2_LINUX`")
            } else {
                advice
            });
        }
    }
}
