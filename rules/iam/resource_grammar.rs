//! What stands for a resource in a policy, and is neither an ARN nor `*`.

use crate::iam::is_variable;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for it in workspace.documents().of_eks(DocumentKind::Permissions) {
        for text in it.document.statements.iter().flat_map(|it| it.resources.iter()) {
            if let Some(role) = workspace.roles().by_ref(text) {
                let found = findings.at(text.span(), format!("`{}` is the name of a role, not its ARN", text.shown()));
                found
                    .why("resources of a policy are ARNs, or `*`")
                    .label(role.origin.name, "`Ref` of a role is its name");
                found.fix_if(Safety::Activating, "write the ARN of the role", Change::swap_reference(text));
                continue;
            }
            if let Some(violation) = Arn::slip(text) {
                findings
                    .at(violation.span, format!("`{}` {}", text.shown(), violation.what))
                    .why("IAM rejects the policy")
                    .help("write `arn:aws:iam::<account id>:<kind>/<path and name>`");
                continue;
            }
            // A pattern such as `*:role/x` may be read in ways that nobody wrote down; not one that begins otherwise.
            let head = text.bytes().find(['*', '?']).map(|at| &text.bytes()[..at]);
            let is_pattern = head.is_some_and(|it| "arn:".starts_with(it) || text.has_holes());
            let is_arn = text.starts_with("arn:") != Some(false);
            if is_arn || is_pattern || is_variable(text) || text.is_unfilled() {
                continue;
            }
            if text.is_empty() {
                // Of the policy of the VPC CNI it is known what was lost: that is another finding.
                let actions = || it.document.actions();
                if actions().any(|it| it.is("ec2:AssignIpv6Addresses") == Some(true)) {
                    continue;
                }
                findings
                    .at(text.span(), "resource of a policy is empty")
                    .why("IAM wants an ARN or `*`")
                    .help("a page that shows `*` in italics may have lost it when it was copied");
            } else {
                findings
                    .at(text.span(), format!("`{}` is not an ARN", text.shown()))
                    .why("resources of a policy are ARNs, or `*`");
            }
        }
    }
}
