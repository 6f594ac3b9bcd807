//! A condition on `:sub` whose value no service account has.

use crate::iam::SubjectViolation;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for identity in workspace.web_identities().all().iter().filter(|it| it.is_kubernetes()) {
        for condition in identity.statement.conditions.iter() {
            if condition.key.ends_with(":sub") != Some(true) {
                continue;
            }
            for value in condition.values.iter() {
                // The two values the wrong way round are one finding, where the subject stands.
                let is_subject = |it: &Text| it.starts_with("system:serviceaccount") == Some(true);
                let mut audiences = identity.statement.conditions_on(":aud");
                if value.is("sts.amazonaws.com") == Some(true) && audiences.any(|it| it.values.iter().any(is_subject)) {
                    continue;
                }
                // With a provider that is not known, a value may be of another kind of token.
                if !identity.is_eks() && value.contains("serviceaccount") != Some(true) {
                    continue;
                }
                if value.is_unfilled() {
                    continue;
                }
                let Some(SubjectViolation::Form { span, what, meant }) = condition.subject_violation(value) else {
                    continue;
                };
                let found = findings.at(span, format!("subject `{}` {what}", value.shown()));
                found.why("no token has this subject");
                match meant {
                    Some(meant) => found.fix_to(Safety::Activating, span, &meant),
                    None => found.help("a subject is `system:serviceaccount:<namespace>:<name>`"),
                };
            }
        }
    }
}
