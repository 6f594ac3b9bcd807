//! The role or instance profile of a node group, as eksctl cannot use it.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for item in &workspace.facts.eksctl_items {
        let ItemKind::NodeGroup { is_managed } = item.kind else { continue };
        let profile = item.key(EksctlKey::InstanceProfileArn).and_then(|it| it.text.as_ref());
        if let Some(text) = profile.filter(|it| is_role(it)) {
            findings
                .at(text.span(), "ARN of a role where eksctl expects an instance profile")
                .why("EC2 launches no instance with it")
                .help("use `instanceRoleARN` for the role, or write the ARN of the instance profile");
        }
        let Some(text) = item.key(EksctlKey::InstanceRoleArn).and_then(|it| it.text.as_ref()) else { continue };
        let path = Arn::parse(text).filter(|it| is_managed && it.is_iam("role")).and_then(|it| it.path());
        if let Some(path) = path.filter(|it| it.as_str().is_some_and(|it| !it.is_empty())) {
            findings
                .at(path.span(), "the role of a managed node group has a path")
                .likely()
                .why("eksctl drops the path, and EKS finds no such role")
                .help("use a role without a path, or a version of eksctl that keeps it");
        }
    }
}

fn is_role(text: &Text) -> bool {
    Arn::parse(text).is_some_and(|it| it.is_iam("role"))
}
