//! A service account whose role does not trust it.

use crate::iam::SubjectAnswer;
use crate::prelude::*;
use crate::workspace::ROLE_ARN;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for account in &workspace.facts.service_accounts {
        let meta = &account.meta;
        let (Some(namespace), Some(name)) = (meta.namespace.string(), meta.name.string()) else { continue };
        let Some(arn) = meta.annotation(ROLE_ARN).and_then(|it| it.text()) else { continue };
        let Some(role) = workspace.role(arn) else { continue };
        // With an association the annotation does not count.
        if role.uses.iter().any(|it| it.purpose == Purpose::PodIdentity) {
            continue;
        }
        let Some(trust) = role.trust.only() else { continue };
        let audience = match meta.annotation("eks.amazonaws.com/audience") {
            Some(it) => it.text().and_then(Text::as_str),
            None => Some("sts.amazonaws.com"),
        };
        let SubjectAnswer::No { nearest, by_audience, any_web_identity } =
            trust.trusts_subject(namespace, name, audience)
        else {
            continue;
        };
        let subject = format!("system:serviceaccount:{namespace}:{name}");
        let found = report.at(arn.span(), format!("role does not trust the service account `{namespace}/{name}`"));
        found.label(arn.span(), format!("`{subject}` is refused by this role"));
        if by_audience {
            for value in &nearest {
                found.label(value.span(), format!("the token's audience is `{}`", audience.unwrap_or_default()));
            }
            found.help("the audience of the service account and the `:aud` of the trust policy have to be the same");
        } else if nearest.is_empty() {
            let words = if any_web_identity { "no `:sub` here fits" } else { "it lets in no web identity" };
            found.label(trust.blame(), format!("{}; {words}", trust.says()));
            found.help("let the cluster's OIDC provider do `sts:AssumeRoleWithWebIdentity` for this subject");
        } else {
            for value in nearest.iter().take(4) {
                found.label(value.span(), "this is whom it trusts");
            }
            if let [only] = nearest.as_slice()
                && !only.has_holes()
            {
                found.fix(
                    Safety::Suggestion,
                    "if the service account is right, trust it instead",
                    [Edit::replace(only.span(), subject)],
                );
            }
        }
    }
}
