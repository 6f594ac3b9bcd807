//! A node role that EC2 cannot assume.

use crate::iam::EC2_PRINCIPALS;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for role in &workspace.facts.roles {
        let Some(clue) = workspace.links(role).node_use() else { continue };
        for (trust, branch) in role.trust.known_under() {
            if trust.trusts_service(&EC2_PRINCIPALS, "sts:AssumeRole") != Some(false) {
                continue;
            }
            let found = report.at(
                trust.blame_of(&EC2_PRINCIPALS),
                format!("node role does not trust `ec2.amazonaws.com`{}", branch.shown()),
            );
            found
                .label(trust.blame_of(&EC2_PRINCIPALS), trust.says_of(&EC2_PRINCIPALS))
                .label(clue.span, format!("a node role, by {}", clue.by))
                .otherwise("nodes are EC2 instances: allow `ec2.amazonaws.com` to call `sts:AssumeRole`");
            if clue.evidence < Evidence::Reference {
                found.likely();
            }
            let Some(service) = trust.only_service("sts:AssumeRole") else { continue };
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
