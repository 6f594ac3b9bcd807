//! A container that sets by hand what the webhook would set.

use crate::iam::TOKEN_FILE;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const ROLE: &str = "AWS_ROLE_ARN";
const TOKEN: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for workload in &workspace.facts.workloads {
        let Some(annotated) = workspace.service_accounts().role_of(workload) else { continue };
        for container in workload.containers.iter().filter(|it| it.env.complete && it.env_from.is_empty()) {
            let (role, token) = (container.variable(ROLE), container.variable(TOKEN));
            match (role, token) {
                (Some(one), None) => half(one, TOKEN, annotated, findings),
                (None, Some(one)) => half(one, ROLE, annotated, findings),
                (Some(role), Some(token)) => both(role, token, annotated, findings),
                (None, None) => {}
            }
        }
    }
}

/// The webhook sets neither of the two if one of them is there.
fn half(one: &EnvVar, other: &str, annotated: &Text, findings: &mut Findings) {
    let Some(name) = one.name.known().next() else { return };
    // An empty value is how one turns it off in one container.
    if one.value.known().any(|it| it.is("") == Some(true)) {
        return;
    }
    findings
        .at(name.span(), format!("`{}` without `{other}` leaves the container without a role", name.shown()))
        .why(format!("because of it the webhook does not set `{other}` either"))
        .label(annotated.span(), "the role that the pod would have")
        .help("remove the variable: the annotation of the service account is enough");
}

fn both(role: &EnvVar, token: &EnvVar, annotated: &Text, findings: &mut Findings) {
    let Some(name) = role.name.known().next() else { return };
    let Some(value) = role.value.only() else { return };
    if !token.value.known().any(|it| it.is(TOKEN_FILE) == Some(true)) {
        return;
    }
    match value.same(annotated) {
        Some(false) => {
            findings
                .at(value.span(), "the container takes another role than its service account")
                .why("this is the role that it takes")
                .label(annotated.span(), "not this one")
                .level(Level::Warning);
        }
        Some(true) => {
            findings
                .at(name.span(), format!("`{ROLE}` says what the webhook would say"))
                .label(annotated.span(), "from this annotation")
                .help(format!("remove `{ROLE}` and `{TOKEN}`, so that they cannot grow apart"))
                .level(Level::Note);
        }
        None => {}
    }
}
