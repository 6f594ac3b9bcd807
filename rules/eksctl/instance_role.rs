//! The role or instance profile of a node group, as eksctl cannot use it.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for item in &workspace.facts.eksctl_items {
        let ItemKind::NodeGroup { is_managed } = item.kind else { continue };
        let profile = item.key("instanceProfileARN").and_then(|it| it.text.as_ref());
        if let Some(text) = profile.filter(|it| is_resource(it, "role")) {
            findings
                .at(text.span(), "ARN of a role where eksctl expects an instance profile")
                .why("EC2 launches no instance with it")
                .help("use `instanceRoleARN` for the role, or write the ARN of the instance profile");
        }
        let Some(text) = item.key("instanceRoleARN").and_then(|it| it.text.as_ref()) else { continue };
        if is_managed && let Some(path) = path_of(text) {
            findings
                .at(path.span(), "the role of a managed node group has a path")
                .likely()
                .why("eksctl drops the path, and EKS finds no such role")
                .help("use a role without a path, or a version of eksctl that keeps it");
        }
    }
}

/// True if a text is certainly the ARN of such a resource of IAM.
fn is_resource(text: &Text, kind: &str) -> bool {
    let parts = text.as_str().map(|it| it.splitn(6, ':').collect::<Vec<_>>());
    matches!(parts.as_deref(), Some(["arn", _, "iam", _, _, resource]) if resource.strip_prefix(kind).is_some_and(|it| it.starts_with('/')))
}

/// The path in the ARN of a role, without the slash before it.
fn path_of(text: &Text) -> Option<Text> {
    let written = is_resource(text, "role").then(|| text.as_str())??;
    let start = written.find(":role/")? + ":role/".len();
    let end = written.rfind('/')? + 1;
    (end > start).then(|| text.part(start..end))
}
