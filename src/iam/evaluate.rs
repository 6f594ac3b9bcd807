//! Who a trust policy lets in, and what a permissions policy grants, with three answers: yes, no, cannot know.
//!
//! The semantics are those of the IAM user guide (policy evaluation logic); action names are compared without case.

use super::document::{Condition, PolicyDocument, Principal, Statement};
use super::kleene::kleene_and;
use crate::source::{Piece, Text};

/// What a service does with a role.
const ASSUME_ROLE: &str = "sts:AssumeRole";

/// Whether a web identity may assume a role.
#[derive(Clone, Debug)]
pub enum SubjectAnswer {
    Yes,
    /// No statement lets it in. The values of `:sub` (or `:aud`) that come nearest, if there are any.
    No {
        nearest: Vec<Text>,
        /// The subject is let in, but not with this audience.
        by_audience: bool,
        /// There is a statement for web identities at all.
        any_web_identity: bool,
    },
    Unknown,
}

impl PolicyDocument {
    /// The service that may assume the role, if it is all that a trust policy says.
    pub fn only_service(&self) -> Option<&Text> {
        let ([item], true) = (self.statements.items.as_slice(), self.statements.complete) else { return None };
        let statement = &item.value;
        let [principal] = statement.principals.items.as_slice() else { return None };
        let covers = |it: &Text| covers(it, ASSUME_ROLE) == Some(true);
        let lets_in = statement.allows() && statement.actions.iter().any(covers);
        let service = &principal.value.value;
        (lets_in && principal.value.is_kind("Service") && !service.has_holes()).then_some(service)
    }

    /// Whether this service may assume the role. See [`PolicyDocument::trusts_service`].
    pub fn may_be_assumed_by(&self, services: &[&str]) -> Option<bool> {
        self.trusts_service(services, ASSUME_ROLE)
    }

    /// Whether a statement lets this service do `action`, such as `sts:AssumeRole`.
    ///
    /// `services` holds the names that mean the service in one partition or another.
    pub fn trusts_service(&self, services: &[&str], action: &str) -> Option<bool> {
        self.allows(action, |principal| {
            // IAM rejects the policy, which is a finding of its own.
            if principal.violation().is_some() {
                return None;
            }
            if principal.is_kind("Service") {
                return principal.value.is_one_of(services);
            }
            // `*` is everybody with an account; whether it covers a service is not documented.
            if principal.value.as_str() == Some("*") || principal.kind.has_holes() { None } else { Some(false) }
        })
    }

    /// Whether an allowing statement gives `action` to a principal that answers yes.
    pub fn allows(&self, action: &str, principal: impl Fn(&Principal) -> Option<bool>) -> Option<bool> {
        self.statements.any(|statement| {
            if statement.not_principal.is_some() {
                return kleene_and(statement.effect_is("Allow"), None);
            }
            // A trust policy that does not say who is a finding of its own.
            let is_said = !statement.principals.is_empty();
            let principals = if is_said { statement.principals.any(&principal) } else { None };
            // Where both slipped out of the statement, what it lets them do cannot be told either.
            let is_empty = !is_said && statement.actions.key.is_none();
            let covered = if is_empty { None } else { statement.covers_action(action) };
            kleene_and(statement.effect_is("Allow"), kleene_and(covered, principals))
        })
    }

    /// Whether some statement grants `action`, on whatever resource.
    pub fn grants(&self, action: &str) -> Option<bool> {
        self.statements.any(|statement| kleene_and(statement.effect_is("Allow"), statement.covers_action(action)))
    }

    /// Whether a pod with this service account can assume the role by web identity.
    ///
    /// `audience` is the `aud` of its token.
    pub fn trusts_subject(&self, namespace: &str, name: &str, audience: Option<&str>) -> SubjectAnswer {
        let subject = format!("system:serviceaccount:{namespace}:{name}");
        let (mut nearest, mut near_audiences) = (Vec::new(), Vec::new());
        let mut unknown = !self.statements.complete;
        let mut any_web_identity = false;
        for item in &self.statements.items {
            let statement = &item.value;
            if statement.effect_is("Allow") == Some(false) || statement.not_principal.is_some() {
                // A denial makes the answer yes uncertain, and only that.
                unknown |= statement.effect_is("Deny") != Some(true);
                continue;
            }
            let web_identity = statement.principals.any(|it| match it.violation() {
                Some(_) => None,
                None if it.is_kind("Federated") => it.value.is_oidc(),
                None => Some(false),
            });
            let applies = kleene_and(statement.covers_action("sts:AssumeRoleWithWebIdentity"), web_identity);
            if applies == Some(false) {
                continue;
            }
            any_web_identity = true;
            let by_subject = statement.conditions_match(":sub", &subject);
            let by_audience = audience.map_or(Some(true), |it| statement.conditions_match(":aud", it));
            let others = statement.other_conditions();
            match kleene_and(applies, kleene_and(kleene_and(by_subject, by_audience), others)) {
                Some(true) if item.branch.is_always() => return SubjectAnswer::Yes,
                Some(false) => {}
                _ => unknown = true,
            }
            let values_of = |suffix: &'static str| -> Vec<Text> {
                statement.conditions_on(suffix).flat_map(|it| it.values.iter().cloned()).collect()
            };
            if by_subject == Some(false) {
                nearest.extend(values_of(":sub"));
            } else if by_audience == Some(false) {
                near_audiences.extend(values_of(":aud"));
            }
        }
        if unknown {
            return SubjectAnswer::Unknown;
        }
        let by_audience = !near_audiences.is_empty();
        SubjectAnswer::No { nearest: if by_audience { near_audiences } else { nearest }, by_audience, any_web_identity }
    }
}

impl Statement {
    pub fn effect_is(&self, effect: &str) -> Option<bool> {
        let is_it = self.effect.is(effect);
        // A word that IAM does not know is a finding of its own, and was meant to be one of the two.
        let is_word = || ["Allow", "Deny"].iter().any(|it| self.effect.is(it) != Some(false));
        is_it.filter(|it| *it || is_word())
    }

    /// True if the statement certainly allows something.
    pub fn allows(&self) -> bool {
        self.effect_is("Allow") == Some(true)
    }

    /// The conditions whose keys certainly end like this: `:sub`, `:aud`.
    pub fn conditions_on<'s>(&'s self, suffix: &'s str) -> impl Iterator<Item = &'s Condition> {
        self.conditions.iter().filter(move |it| it.is_on(suffix) == Some(true))
    }

    /// Whether the statement speaks of this action.
    pub fn covers_action(&self, action: &str) -> Option<bool> {
        if self.not_action.is_some() {
            return None;
        }
        self.actions.any(|pattern| covers(pattern, action))
    }

    /// True if the statement certainly has a principal of this kind.
    pub fn has_principal_kind(&self, kind: &str) -> bool {
        self.principals.iter().any(|it| it.is_kind(kind))
    }

    /// Whether all conditions on keys with this suffix hold for `value`; yes if there are none.
    fn conditions_match(&self, suffix: &str, value: &str) -> Option<bool> {
        let mut answer = if self.conditions.complete { Some(true) } else { None };
        for item in &self.conditions.items {
            let holds = match item.value.is_on(suffix) {
                Some(false) => continue,
                Some(true) => item.value.holds(value),
                None => None,
            };
            answer = kleene_and(answer, if item.branch.is_always() { holds } else { None });
        }
        answer
    }

    /// Yes if there are no conditions but those on `:sub` and `:aud`; what others need cannot be known.
    fn other_conditions(&self) -> Option<bool> {
        let known = |it: &Condition| it.is_on(":sub") == Some(true) || it.is_on(":aud") == Some(true);
        self.conditions.iter().all(known).then_some(true)
    }
}

impl Condition {
    /// Whether the key of the condition ends like this: `:sub`, `:aud`.
    pub fn is_on(&self, suffix: &str) -> Option<bool> {
        self.key.ends_with(suffix)
    }

    /// Whether the condition holds if its key has this one value.
    pub fn holds(&self, value: &str) -> Option<bool> {
        let matches = |text: &Text| -> Option<bool> {
            match self.base_operator()? {
                "StringEquals" | "StringNotEquals" => text.is(value),
                "StringEqualsIgnoreCase" | "StringNotEqualsIgnoreCase" => {
                    Some(text.as_str()?.eq_ignore_ascii_case(value))
                }
                "StringLike" | "StringNotLike" | "ArnLike" | "ArnEquals" => glob(text, value),
                _ => None,
            }
        };
        let any = self.values.any(matches);
        if self.base_operator()?.contains("Not") { any.map(|it| !it) } else { any }
    }
}

/// Whether a pattern of an `Action` covers an action: `ec2:Describe*`, without case.
pub(super) fn covers(pattern: &Text, action: &str) -> Option<bool> {
    match pattern.as_str() {
        Some(pattern) => Some(covers_action(pattern, action)),
        None => glob(pattern, action).filter(|it| !it),
    }
}

/// Whether an action is nearly one of these, or one of them with the prefix of another service.
pub fn is_slip_of_action(written: &str, actions: &[&str]) -> bool {
    let name = |it: &str| it.split_once(':').map(|(_, name)| name.to_ascii_lowercase());
    if actions.iter().any(|it| it.eq_ignore_ascii_case(written)) {
        return false;
    }
    let nearest = crate::names::nearest(written, actions.iter().copied());
    nearest.is_some() || actions.iter().any(|it| name(it) == name(written) && !written.contains('*'))
}

/// Whether a pattern that is known covers an action.
pub(crate) fn covers_action(pattern: &str, action: &str) -> bool {
    wildcard(pattern.as_bytes(), action.as_bytes(), |a, b| a.eq_ignore_ascii_case(&b))
}

/// Whether a pattern with `*` and `?` covers a string. Holes may be anything.
fn glob(pattern: &Text, value: &str) -> Option<bool> {
    if let Some(pattern) = pattern.as_str() {
        return Some(wildcard(pattern.as_bytes(), value.as_bytes(), |a, b| a == b));
    }
    let loose: String = pattern
        .pieces()
        .map(|piece| match piece {
            Piece::Known(known) => known,
            Piece::Hole(_) => "*",
        })
        .collect();
    if wildcard(loose.as_bytes(), value.as_bytes(), |a, b| a == b) { None } else { Some(false) }
}

/// Matches `*` and `?` in time linear in the product of the lengths at worst, without recursion.
fn wildcard(pattern: &[u8], value: &[u8], same: impl Fn(u8, u8) -> bool) -> bool {
    let (mut p, mut v) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while v < value.len() {
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p, v));
                p += 1;
            }
            Some(&byte) if byte == b'?' || same(byte, value[v]) => {
                p += 1;
                v += 1;
            }
            _ => {
                let Some((star, from)) = retry else { return false };
                retry = Some((star, from + 1));
                p = star + 1;
                v = from + 1;
            }
        }
    }
    pattern[p..].iter().all(|&byte| byte == b'*')
}

impl Text {
    /// Whether the text ends with `suffix`.
    pub fn ends_with(&self, suffix: &str) -> Option<bool> {
        let pieces: Vec<_> = self.pieces().collect();
        match pieces.last() {
            _ if suffix.is_empty() => Some(true),
            Some(Piece::Known(known)) if known.len() >= suffix.len() => Some(known.ends_with(suffix)),
            Some(Piece::Known(known)) if !suffix.ends_with(known) => Some(false),
            _ if self.has_holes() => None,
            _ => Some(false),
        }
    }

    /// Whether a federated principal is an OIDC provider.
    fn is_oidc(&self) -> Option<bool> {
        match self.contains(":oidc-provider/") {
            Some(true) => Some(true),
            None => None,
            Some(false) => Some(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn wildcards() {
        let cases = [
            ("*", "anything", true, "all"),
            ("ec2:describe*", "ec2:describeinstances", true, "a prefix"),
            ("ec2:describe*", "ec2:createtags", false, "another"),
            ("system:serviceaccount:*:app", "system:serviceaccount:shop:app", true, "in the middle"),
            ("a?c", "abc", true, "one character"),
            ("a?c", "ac", false, "not none"),
            ("*a*b*c", "xxaxxbxxc", true, "several"),
            ("*a*b*c", "xxaxxcxxb", false, "in order"),
            ("", "", true, "nothing"),
        ];
        for (pattern, value, wanted, why) in cases {
            assert_eq!(
                wildcard(pattern.as_bytes(), value.as_bytes(), |a, b| a == b),
                wanted,
                "{pattern} ~ {value}: {why}"
            );
        }
    }

    #[test]
    fn suffixes_of_texts() {
        let text = |value: &str| Text::of_file(FileId::new(0), value.into());
        assert_eq!(text("oidc.eks/id/X:sub").ends_with(":sub"), Some(true));
        assert_eq!(text("oidc.eks/id/X:aud").ends_with(":sub"), Some(false));
        assert_eq!(text("ub").ends_with(":sub"), Some(false));
    }
}
