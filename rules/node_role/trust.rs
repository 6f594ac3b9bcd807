//! A node role that EC2 cannot assume.

use crate::iam::EC2_PRINCIPALS;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for role in &workspace.facts.roles {
        let Some(clue) = workspace.roles().links(role).node_use() else { continue };
        for refusal in role.refusals(&EC2_PRINCIPALS) {
            let found =
                findings.at(refusal.place, format!("node role does not trust `ec2.amazonaws.com`{}", refusal.under));
            found
                .certainty(clue.certainty())
                .why(&refusal.says)
                .label(clue.span, format!("a node role, by {}", clue.by))
                .otherwise("nodes are EC2 instances: allow `ec2.amazonaws.com` to call `sts:AssumeRole`");
            let Some(service) = refusal.instead() else { continue };
            let written = service.bytes();
            let name = if written.ends_with(".cn") { "ec2.amazonaws.com.cn" } else { "ec2.amazonaws.com" };
            let change = Change::write(service, name);
            if written.to_ascii_lowercase().starts_with("ec2.") {
                found.fix(Safety::Activating, "write the name of EC2 as IAM knows it", change);
            } else {
                found.fix(Safety::Suggestion, "if only nodes use this role, trust EC2 instead", change);
            }
        }
    }
}
