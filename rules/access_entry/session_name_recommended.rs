//! A user name that all sessions of a role share.

use crate::iam::{reserved_prefix, session_template, written_session_template};
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        if entry.is_for_people() != Some(true) {
            continue;
        }
        let Some(principal) = workspace.shipped(&entry.origin, &entry.principal) else { continue };
        let principal = principal.value;
        let is_user = Arn::parse(principal).is_some_and(|arn| arn.is_iam("user"));
        for text in workspace.values_in(&entry.origin, &entry.username) {
            if is_user {
                if let Some(template) = session_template(text).filter(|it| it.is_right) {
                    let span = text.slice(template.range);
                    findings
                        .at(span, format!("`{}` in the user name of an IAM user", template.right))
                        .why("a user has no session: nothing is put here")
                        .label(principal.span(), "an IAM user")
                        .help("leave the user name out, and it is the ARN of the user");
                }
                continue;
            }
            not_at_the_end(text, findings);
            let shared = written_session_template(text) == Some(false) && !text.is_empty();
            if !shared || !workspace.roles().is_role(principal) || reserved_prefix(text).is_some() {
                continue;
            }
            let found = findings.at(text.span(), format!("all sessions of the role are the user `{}`", text.shown()));
            found
                .certainty(workspace.certainty_of(principal))
                .why("audit logs cannot tell who it was")
                .fix(
                    Safety::Suggestion,
                    "add the name of the session",
                    Change::append(&text.trim(), ":{{SessionName}}"),
                )
                .otherwise("leave the user name out, or let it end in `:{{SessionName}}`");
            let change = entry.username.key.map(|key| Change::remove(key.to(text.whole())));
            found.fix_if(Safety::Suggestion, "leave the user name to EKS, which takes the session's ARN", change);
        }
    }
}

/// The session has a place of its own in the name, and another one than the documentation recommends.
fn not_at_the_end(text: &Text, findings: &mut Findings) {
    let Some(template) = session_template(text).filter(|it| it.is_right && it.range.end < text.bytes().len()) else {
        return;
    };
    let span = text.slice(template.range);
    findings
        .at(span, format!("`{}` is not at the end of the user name", template.right))
        .why("where people look for the session is the end")
        .help("put it at the end, after a colon")
        .level(Level::Note);
}
