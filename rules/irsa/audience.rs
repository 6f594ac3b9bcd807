//! An audience that is a slip of `sts.amazonaws.com`, or not one that AWS uses.

use crate::iam::{AUDIENCE, DEFAULT_AUDIENCE, meant_audience};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let (agreed, beyond) = workspace.web_identities().agreed_audiences();
    beyond.into_iter().for_each(|it| findings.not_compared(it));
    for account in &workspace.facts.service_accounts {
        let Some(text) = account.meta.annotation(AUDIENCE).and_then(|it| it.text()) else { continue };
        let Some(audience) = text.as_str() else { continue };
        let is_agreed = agreed.get(&text.span()).copied();
        if is_agreed == Some(true) {
            continue;
        }
        if is_agreed.is_none() && meant_audience(audience).is_some() {
            slip(text, audience, findings);
        } else if audience != DEFAULT_AUDIENCE {
            findings
                .at(text.span(), format!("tokens are made for `{audience}`, not for `{DEFAULT_AUDIENCE}`"))
                .why("the cluster's provider and the role's trust policy have to name it too")
                .level(Level::Note);
        }
    }
    for identity in workspace.web_identities().all().iter().filter(|it| it.is_kubernetes()) {
        let conditions = identity.statement.conditions.iter();
        for condition in conditions.filter(|it| it.is_on(":aud") == Some(true)) {
            for text in condition.values.iter() {
                let Some(audience) = text.as_str() else { continue };
                if audience.starts_with("system:serviceaccount") {
                    findings
                        .at(text.span(), "a subject stands where the audience belongs")
                        .why("no token has this audience")
                        .label(condition.key.span(), "`:aud` is the audience; the subject is `:sub`")
                        .help(format!("compare `:sub` with it, and `:aud` with `{DEFAULT_AUDIENCE}`"));
                } else if condition.base_operator().is_some_and(|it| it.ends_with("Equals"))
                    && meant_audience(audience).is_some()
                    && !agreed.contains_key(&text.span())
                {
                    slip(text, audience, findings);
                }
            }
        }
    }
}

fn slip(text: &Text, audience: &str, findings: &mut Findings) {
    findings
        .at(text.span(), format!("`{audience}` is not the audience of AWS"))
        .why(format!("did you mean `{DEFAULT_AUDIENCE}`?"))
        .fix_to(Safety::Activating, text, DEFAULT_AUDIENCE);
}
