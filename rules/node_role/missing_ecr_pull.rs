//! A node role that cannot pull images from ECR.

use crate::iam::ECR_PULL_ACTIONS;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for role in &workspace.facts.roles {
        let Some(node) = workspace.roles().links(role).node_use() else { continue };
        let Some(missing) = workspace.policies().missing(role, ECR_PULL_ACTIONS) else { continue };
        if missing.is_empty() {
            continue;
        }
        let place = role.policies_place();
        let found = findings.at(place, "node role cannot pull images from ECR");
        found
            .why(format!("no policy of this role allows {}", crate::names::listed(missing)))
            .label(node.span, format!("a node role, by {}", node.by))
            .otherwise("attach `arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly`");
        found.certainty(node.certainty());
        let change = workspace.policies().attach_like_others(role, "AmazonEC2ContainerRegistryPullOnly");
        found.fix_if(Safety::Suggestion, "attach `AmazonEC2ContainerRegistryPullOnly`", change);
    }
}
