//! A trust policy for service accounts that does not look at the audience of their tokens.

use crate::iam::{Condition, DEFAULT_AUDIENCE};
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for identity in workspace.web_identities().all() {
        let conditions = &identity.statement.conditions;
        if !identity.is_kubernetes() || identity.is_web_identity() != Some(true) || !conditions.complete {
            continue;
        }
        let is = |end: &'static str| move |it: &&Condition| it.key.ends_with(end) != Some(false);
        // A key that was meant to be it, such as `…:audience`, is another finding.
        let is_slip =
            |it: &Condition| it.key.as_str().and_then(|it| it.rsplit('/').next()).is_some_and(|it| it.contains("aud"));
        if conditions.iter().any(|it| is(":aud")(&it) || is_slip(it)) {
            continue;
        }
        // Without a subject the cause is another, and another finding.
        let Some(subject) = conditions.iter().find(|it| it.is_on(":sub") == Some(true)) else { continue };
        // A key that is put together is shown where the condition stands, not where its issuer comes from.
        let key = &subject.key;
        let place = if key.has_holes() { key.slice(key.len() - ":sub".len()..key.len()) } else { key.span() };
        let found = findings.at(place, "trust policy does not look at the token's audience");
        found.why("tokens that the service account has for others are taken too");
        // Whose provider it is, only a deploy knows: other clusters may not use AWS's audience.
        if !identity.is_eks() {
            found.help(format!("add a condition on `:aud`; tokens for AWS have `{DEFAULT_AUDIENCE}`")).possible();
            continue;
        }
        found.otherwise(format!("add a condition on `:aud` with `{DEFAULT_AUDIENCE}`"));
        // Under the issuer of another provider the condition would never hold: that key is another finding.
        let issuers: Vec<_> = identity.providers.iter().filter_map(|it| it.issuer.as_ref()?.as_str()).collect();
        let is_own = |issuer: &str| issuers.is_empty() || issuers.contains(&issuer);
        found.fix_if(
            Safety::Suggestion,
            format!("ask for the audience `{DEFAULT_AUDIENCE}`"),
            changes(conditions, is_own),
        );
    }
}

/// A condition on `:aud` beside each on `:sub`: a token has one issuer, and each issuer has a key of its own.
fn changes(conditions: &List<Condition>, is_own: impl Fn(&str) -> bool) -> Option<Vec<Change>> {
    let mut issuers: Vec<&str> = Vec::new();
    let mut changes = Vec::new();
    for subject in conditions.iter().filter(|it| it.is_on(":sub") == Some(true)) {
        // A key with a URL or a pattern in it is wrong itself, which is another finding: it is no model for the next.
        let issuer = subject.key.as_str()?.strip_suffix(":sub").filter(|it| !it.contains("://"))?;
        let is_pattern = issuer.contains(['*', '?', '$', '<', '{']);
        // Beside `StringNotEquals`, or a quantifier over values, the new key would say something else.
        let asks = matches!(subject.operator.as_str()?, "StringEquals" | "StringLike" | "StringEqualsIgnoreCase");
        if is_pattern || !asks || !is_own(issuer) {
            return None;
        }
        if !issuers.contains(&issuer) {
            issuers.push(issuer);
            changes.push(Change::add_entry_before(subject.key.whole(), format!("{issuer}:aud"), DEFAULT_AUDIENCE));
        }
    }
    Some(changes)
}
