//! A service account's `role-arn` that is not the ARN of a role.

use crate::iam::ROLE_ARN;
use crate::prelude::*;
use crate::source::Attribute;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for account in &workspace.facts.service_accounts {
        let Some(text) = account.meta.string_annotation(ROLE_ARN) else { continue };
        if text.is_empty() {
            findings
                .at(text.span(), "the service account's role is empty")
                .why("this means no role, like no annotation at all")
                .level(Level::Note);
            continue;
        }
        let is_ref = text.reference().is_some_and(|it| it.attribute == Attribute::Ref);
        if is_ref && let Some(role) = workspace.roles().named(text) {
            let id = role.origin.resource.as_ref().map(ToString::to_string).unwrap_or_default();
            findings
                .at(text.span(), format!("`{}` is the name of the role, not its ARN", text.shown()))
                .why("pods are given this value as it is, and STS refuses it")
                .label(role.origin.name, "the role")
                .help(format!("write `!GetAtt {id}.Arn`"));
            continue;
        }
        let RoleArn::No(violation) = RoleArn::check(text) else { continue };
        let found = findings.at(violation.span, format!("`{}` {}", text.shown().trim(), violation.what));
        found.why("pods are given this value as it is, and STS refuses it");
        let trimmed = text.trim();
        if trimmed.len() < text.len() && matches!(RoleArn::check(&trimmed), RoleArn::Yes(_)) {
            found.fix(Safety::Activating, "remove the whitespace", Change::trim(text));
        } else {
            found.help("the annotation takes `arn:aws:iam::<account id>:role/<path and name>`");
        }
    }
    for container in workspace.facts.workloads.iter().flat_map(|it| it.containers.iter()) {
        let Some(text) = container.variable("AWS_ROLE_ARN").and_then(|it| it.value.only()) else { continue };
        if let Some(violation) = Arn::slip(text) {
            findings
                .at(violation.span, format!("`{}` {}", text.shown(), violation.what))
                .why("STS refuses it")
                .help("the variable takes `arn:aws:iam::<account id>:role/<path and name>`");
        }
    }
}
