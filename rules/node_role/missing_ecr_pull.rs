//! A node role that cannot pull images from ECR.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

/// What pulling an image takes (Amazon ECR user guide, "Private repository policy examples").
const ACTIONS: &[&str] = &["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

pub fn check(workspace: &Workspace, report: &mut Report) {
    for role in &workspace.facts.roles {
        let Some(node) = role.node_use() else { continue };
        let answers: Vec<_> = ACTIONS.iter().map(|action| workspace.grants(role, action)).collect();
        if answers.contains(&None) || !answers.contains(&Some(false)) {
            continue;
        }
        let missing: Vec<_> = ACTIONS
            .iter()
            .zip(&answers)
            .filter(|(_, it)| **it == Some(false))
            .map(|(it, _)| format!("`{it}`"))
            .collect();
        let place = role.policies_place();
        let found = report.at(place, "node role cannot pull images from ECR");
        found
            .label(place, format!("no policy here allows {}", missing.join(", ")))
            .label(node.span, format!("a node role, by {}", node.by))
            .help("attach `arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly`");
        if node.evidence < Evidence::Reference {
            found.level(Level::Warning);
        }
    }
}
