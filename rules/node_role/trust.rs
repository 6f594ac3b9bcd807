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
    for class in &workspace.facts.node_classes {
        of_another(workspace, class, findings);
    }
}

/// A node class with a role that was made for somebody else: often that of the controller which launches the nodes.
fn of_another(workspace: &Workspace, class: &NodeClass, findings: &mut Findings) {
    let (Some(text), Some(role)) = (class.role.only(), workspace.nodes().role_of_another(class)) else { return };
    // Where something else says so too, the role is what has to change.
    if workspace.roles().links(role).node_use().is_some() {
        return;
    }
    for refusal in role.refusals(&EC2_PRINCIPALS) {
        findings
            .at(text.span(), format!("node class names a role that nodes cannot assume{}", refusal.under))
            .why("nodes are EC2 instances, and this role does not trust `ec2.amazonaws.com`")
            .label(refusal.place, &refusal.says)
            .help("name the role of nodes, and not that of the controller")
            // A role of another account may have this name, too.
            .likely();
    }
}
