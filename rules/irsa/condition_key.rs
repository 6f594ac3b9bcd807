//! A condition of a trust policy whose key is not that of the statement's provider.

use crate::prelude::*;
use crate::workspace::{Provider, WebIdentity, issuer_of_key};

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for identity in workspace.web_identities().all() {
        let mut keys: Vec<Key> = Vec::new();
        for condition in identity.statement.conditions.iter() {
            let Some(issuer) = issuer_of_key(&condition.key) else {
                claim(&identity, &condition.key, findings);
                continue;
            };
            let key = &condition.key;
            match keys.iter_mut().find(|it| it.issuer.shown() == issuer.shown()) {
                Some(first) => first.others.push((key, issuer)),
                None => keys.push(Key { key, issuer, others: Vec::new() }),
            }
        }
        for it in keys {
            key(&identity, &it, findings);
        }
    }
}

/// A key, and the others of its statement with the same issuer: what is wrong with one is wrong with all.
struct Key<'w> {
    key: &'w Text,
    issuer: Text,
    others: Vec<(&'w Text, Text)>,
}

impl Key<'_> {
    /// All keys with this issuer.
    fn keys(&self) -> impl Iterator<Item = &Text> {
        std::iter::once(self.key).chain(self.others.iter().map(|(key, _)| *key))
    }

    /// The issuers of all keys.
    fn issuers(&self) -> impl Iterator<Item = &Text> {
        std::iter::once(&self.issuer).chain(self.others.iter().map(|(_, issuer)| issuer))
    }
}

/// A key that begins with the principal's issuer, and ends with no claim that AWS knows.
fn claim(identity: &WebIdentity<'_>, key: &Text, findings: &mut Findings) {
    // The claims of OIDC tokens that IAM has keys for; tokens of a cluster have the first two.
    const CLAIMS: &[&str] = &[":aud", ":sub", ":amr", ":azp", ":email", ":oaud"];
    let issuers = identity.providers.iter().filter(|it| it.is_eks).filter_map(|it| it.issuer.as_ref()?.as_str());
    let rest = issuers.filter_map(|it| Some((it.len(), key.as_str()?.strip_prefix(it)?))).next();
    let Some((start, rest)) = rest.filter(|(_, rest)| !CLAIMS.contains(&rest.to_ascii_lowercase().as_str())) else {
        return;
    };
    let (span, what) = match rest {
        "" => (key.span(), "names no claim".to_owned()),
        _ => (key.slice(start..key.len()), format!("has `{rest}` where `:sub` or `:aud` belongs")),
    };
    let found = findings.at(span, format!("condition key `{}` {what}", key.shown()));
    found.why("no token has such a claim: it is refused");
    let meant = ["sub", "aud"].iter().find(|it| rest.trim_start_matches([':', '.', '/', '_', '-']).starts_with(**it));
    match meant {
        Some(claim) if has_key(identity, &format!("{}:{claim}", &key.bytes()[..start])) => {
            found.help(format!("the statement has a condition on `:{claim}` of this issuer: remove this key"))
        }
        Some(claim) => {
            found.fix(Safety::Activating, format!("write `:{claim}`"), Change::write(span, format!(":{claim}")))
        }
        None => found.help("a key is the issuer, and `:sub` or `:aud` behind it"),
    };
}

/// True if a statement has a condition on this key already. Keys are compared without case.
fn has_key(identity: &WebIdentity<'_>, key: &str) -> bool {
    let mut keys = identity.statement.conditions.iter().filter_map(|it| it.key.as_str());
    keys.any(|it| it.eq_ignore_ascii_case(key))
}

fn key(identity: &WebIdentity<'_>, it: &Key<'_>, findings: &mut Findings) {
    let issuer = &it.issuer;
    let shown = issuer.shown();
    if let Some(at) = issuer.pieces().next().and_then(|_| shown.find("${")).filter(|_| !issuer.has_holes()) {
        let end = shown[at..].find('}').map_or(shown.len(), |end| at + end + 1);
        let span = issuer.slice(at..end);
        let found = findings.at(span, format!("`{}` in a key is not replaced", &shown[at..end]));
        found.why("CloudFormation replaces nothing in keys, and refuses functions there");
        for (_, other) in &it.others {
            found.label(other.slice(at..end), "here too");
        }
        found.help("write the whole policy as JSON in a string with `!Sub`");
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
        let found = findings.at(span, format!("the key of a condition is the issuer's name, not {what}"));
        found.why("no token has a claim of this name");
        for (_, other) in &it.others {
            found.label(other.slice(0..end), "here too");
        }
        let removed = issuer.part(0..end).shown();
        if it.keys().any(|key| key.as_str().is_some_and(|key| has_key(identity, &key[end..]))) {
            found.help(format!("duplicate of the key without `{removed}`: remove this one"));
            return;
        }
        let changes: Vec<_> = it.issuers().map(|it| Change::delete(&it.part(0..end))).collect();
        found.fix(Safety::Activating, format!("remove `{removed}`"), changes);
        return;
    }
    mismatch(identity, it, findings);
}

fn mismatch(identity: &WebIdentity<'_>, it: &Key<'_>, findings: &mut Findings) {
    let (key, issuer) = (it.key, &it.issuer);
    // Keys of other services, and of providers that are not known, are not ours to judge.
    if !identity.is_eks() {
        return;
    }
    // A provider's ARN that stops behind the host is a finding of its own.
    let is_whole = |it: &Text| it.as_str().is_none_or(|it| it.contains("/id/"));
    let is_judged = |it: &Provider| identity.principal(it).value.reference().is_none();
    if identity.providers.iter().any(|it| is_judged(it) && it.issuer.as_ref().is_some_and(|it| !is_whole(it))) {
        return;
    }
    let differs = identity.providers.iter().all(|it| it.issuer.as_ref().and_then(|it| same(it, issuer)) == Some(false));
    if !differs {
        return;
    }
    if issuer.is_unfilled() || identity.providers.iter().any(|it| identity.principal(it).value.is_unfilled()) {
        return;
    }
    let what = if issuer.is_empty() { "names no issuer" } else { "is of another issuer than the principal" };
    let found = findings.at(key.span(), format!("condition key `{}` {what}", key.shown()));
    found.why("a token of the principal's issuer has no such claim: it is refused");
    for (other, _) in &it.others {
        found.label(other.span(), "here too");
    }
    for provider in identity.providers {
        found.label(identity.principal(provider).value.span(), "this is whose tokens are taken");
    }
    if let [only] = identity.providers
        && let Some(right) = only.issuer.as_ref().and_then(Text::as_str)
    {
        // The claim is what follows the issuer in each key.
        let claims = it.keys().filter_map(|key| Some(&key.as_str()?[issuer.len()..]));
        if claims.into_iter().any(|claim| has_key(identity, &format!("{right}{claim}"))) {
            found.help("duplicate of the key of the principal's issuer: remove this one");
            return;
        }
        let changes: Vec<_> = it.issuers().map(|it| Change::write(it, right)).collect();
        found.fix(Safety::Suggestion, "if the principal is right, name its issuer", changes);
    }
}

/// Keys of conditions are compared without case.
fn same(a: &Text, b: &Text) -> Option<bool> {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => Some(a.eq_ignore_ascii_case(b)),
        _ => a.same(b),
    }
}
