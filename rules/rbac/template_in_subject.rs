//! A subject with a template of the authenticator in its name.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

/// What the authenticator replaces in user names and groups (aws-iam-authenticator `pkg/server/server.go`, 2026-07-14).
const TEMPLATES: &[&str] =
    &["{{EC2PrivateDNSName}}", "{{AccountID}}", "{{SessionName}}", "{{SessionNameRaw}}", "{{AccessKeyID}}"];

pub fn check(workspace: &Workspace, report: &mut Report) {
    for binding in &workspace.facts.role_bindings {
        for (name, text) in binding.subjects.iter().flat_map(|it| it.name.strings()) {
            let Some((at, template)) = TEMPLATES.iter().find_map(|it| Some((name.find(it)?, *it))) else { continue };
            let place = text.slice(at..at + template.len());
            report
                .at(place, format!("`{template}` in a subject is taken letter by letter"))
                .label(place, "only `aws-auth` and access entries have templates; no user is called this")
                .help("bind a group, and give that group to the role in its mapping or access entry");
        }
    }
}
