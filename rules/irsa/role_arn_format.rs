//! A service account's `role-arn` that is not the ARN of a role.

use crate::prelude::*;
use crate::workspace::ROLE_ARN;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for account in &workspace.facts.service_accounts {
        let Some(Annotation { value: AnnotationValue::String(text), .. }) = account.meta.annotation(ROLE_ARN) else {
            continue;
        };
        if text.is_empty() {
            report
                .at(text.span(), "the service account's role is empty")
                .label(text.span(), "this means no role, like no annotation at all")
                .level(Level::Note);
            continue;
        }
        let RoleArn::No(fault) = RoleArn::check(text) else { continue };
        let found = report.at(fault.span, format!("`{}` {}", text.shown().trim(), fault.what));
        found.label(fault.span, "pods are given this value as it is, and STS refuses it");
        let trimmed = text.trim();
        if trimmed.len() < text.len() && matches!(RoleArn::check(&trimmed), RoleArn::Yes(_)) {
            let right = trimmed.shown();
            found.fix(Safety::Activating, "remove the blank", [Edit::replace(text.span(), right)]);
        } else {
            found.help("the annotation takes `arn:aws:iam::<account id>:role/<path and name>`");
        }
    }
}
