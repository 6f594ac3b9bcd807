//! A condition of a trust policy whose key is not that of the statement's provider.

use crate::prelude::*;
use crate::workspace::{WebIdentity, issuer_of_key};

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for identity in workspace.web_identities() {
        for condition in identity.statement.conditions.iter() {
            let Some(issuer) = issuer_of_key(&condition.key) else { continue };
            key(&identity, &condition.key, &issuer, report);
        }
    }
}

fn key(identity: &WebIdentity<'_>, key: &Text, issuer: &Text, report: &mut Report) {
    let shown = issuer.shown();
    if let Some(at) = issuer.pieces().next().and_then(|_| shown.find("${")).filter(|_| !issuer.has_holes()) {
        let end = shown[at..].find('}').map_or(shown.len(), |end| at + end + 1);
        let span = issuer.slice(at..end);
        report
            .at(span, format!("`{}` in a key stays as it is written", &shown[at..end]))
            .label(span, "CloudFormation replaces nothing in the keys of a template")
            .help("write the whole policy as JSON in a string with `!Sub`");
        return;
    }
    for (head, what) in [("https://", "a URL"), ("arn:", "an ARN")] {
        if issuer.starts_with(head) != Some(true) || !(identity.is_kubernetes() || head == "arn:") {
            continue;
        }
        let end = match head {
            "arn:" => match issuer.bytes().find(":oidc-provider/") {
                Some(at) => at + ":oidc-provider/".len(),
                None => continue,
            },
            head => head.len(),
        };
        let span = issuer.slice(0..end);
        report
            .at(span, format!("the key of a condition is the issuer's name, not {what}"))
            .label(span, "no token has a claim of this name")
            .fix(Safety::Activating, format!("remove `{}`", issuer.part(0..end).shown()), [Edit::delete(span)]);
        return;
    }
    mismatch(identity, key, issuer, report);
}

fn mismatch(identity: &WebIdentity<'_>, key: &Text, issuer: &Text, report: &mut Report) {
    // Keys of other services, and of providers that are not known, are not ours to judge.
    if !identity.is_eks() {
        return;
    }
    let differs = identity.providers.iter().all(|it| it.issuer.as_ref().and_then(|it| same(it, issuer)) == Some(false));
    if !differs {
        return;
    }
    if issuer.is_slot() || identity.providers.iter().any(|it| it.principal.value.is_slot()) {
        return;
    }
    let what = if issuer.is_empty() { "names no issuer" } else { "is of another issuer than the principal" };
    let found = report.at(key.span(), format!("condition key `{}` {what}", key.shown()));
    found.label(key.span(), "a token of the principal's issuer has no such claim: it is refused");
    for provider in &identity.providers {
        found.label(provider.principal.value.span(), "this is whose tokens are taken");
    }
    if let [only] = identity.providers.as_slice()
        && let Some(right) = only.issuer.as_ref().and_then(Text::as_str)
    {
        let edit = Edit::replace(issuer.span(), right);
        found.fix(Safety::Suggestion, "if the principal is right, name its issuer", [edit]);
    }
}

/// Keys of conditions are compared without case.
fn same(a: &Text, b: &Text) -> Option<bool> {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => Some(a.eq_ignore_ascii_case(b)),
        _ => a.same(b),
    }
}
