//! The subject of a service account's token: `system:serviceaccount:<namespace>:<name>`.

use super::document::Condition;
use crate::names::{is_dns_label, is_dns_subdomain};
use crate::source::{Span, Text};

/// What every subject begins with.
pub const SUBJECT_PREFIX: &str = "system:serviceaccount:";

/// The namespace and name of the service account that a subject names.
pub fn account_of_subject(subject: &str) -> Option<(&str, &str)> {
    subject.strip_prefix(SUBJECT_PREFIX)?.split_once(':')
}

/// Why a value of a `:sub` condition matches no service account at all.
#[derive(Clone, Debug)]
pub enum SubjectViolation {
    /// A wildcard where the operator compares by letter.
    Wildcard(Span),
    /// The value has another form.
    Form {
        span: Span,
        /// What is so, to follow the value: `has leading or trailing whitespace`.
        what: String,
        /// The value that was surely meant.
        meant: Option<String>,
    },
}

impl Condition {
    /// Why one of the values of this condition, which is on a `:sub`, matches no service account. `None` if it may.
    pub fn subject_violation(&self, value: &Text) -> Option<SubjectViolation> {
        let operator = self.base_operator()?;
        if !operator.starts_with("String") {
            return None;
        }
        let is_pattern = operator.ends_with("Like");
        let ignores_case = operator.ends_with("IgnoreCase");
        let wildcard = value.bytes().find(['*', '?']);
        // `${…}` stands for what the request holds, where it is not replaced before.
        if value.bytes().contains("${") {
            return None;
        }
        if let (Some(at), false) = (wildcard, is_pattern) {
            return Some(SubjectViolation::Wildcard(value.slice(at..at + 1)));
        }
        form_violation(value, wildcard, ignores_case)
    }
}

fn form_violation(value: &Text, wildcard: Option<usize>, ignores_case: bool) -> Option<SubjectViolation> {
    let violation = |what: &str, meant: Option<String>| {
        Some(SubjectViolation::Form { span: value.span(), what: what.to_owned(), meant })
    };
    let Some(known) = value.as_str() else {
        let certain = wildcard.is_none() && !ignores_case && value.starts_with(SUBJECT_PREFIX) == Some(false);
        return if certain { violation(NO_PREFIX, None) } else { None };
    };
    let known = if ignores_case { known.to_ascii_lowercase() } else { known.to_owned() };
    let known = known.as_str();
    if known.trim() != known {
        return violation("has leading or trailing whitespace", Some(known.trim().to_owned()));
    }
    let parts: Vec<&str> = known.split(':').collect();
    if known.starts_with("system:serviceaccounts:") {
        let meant = (parts.len() == 4).then(|| known.replacen("serviceaccounts", "serviceaccount", 1));
        return violation("is a group of service accounts, not one", meant);
    }
    let literal = &known[..wildcard.unwrap_or(known.len())];
    let begins = if wildcard.is_some() && literal.len() < SUBJECT_PREFIX.len() {
        SUBJECT_PREFIX.starts_with(literal)
    } else {
        literal.starts_with(SUBJECT_PREFIX)
    };
    if !begins {
        return violation(NO_PREFIX, meant_subject(known));
    }
    if parts.len() > 4 {
        return violation("has more parts than a namespace and a name", None);
    }
    if wildcard.is_some() {
        return None;
    }
    let [_, _, namespace, name] = parts.as_slice() else {
        return violation("names no service account behind the namespace", None);
    };
    if !is_dns_label(namespace) {
        return violation("holds a namespace that cannot exist", None);
    }
    if !is_dns_subdomain(name) {
        return violation("holds a name that no service account can have", None);
    }
    None
}

const NO_PREFIX: &str = "does not begin with `system:serviceaccount:`";

/// `shop/app`, `shop:app`, `serviceaccount:shop:app` and the like.
fn meant_subject(known: &str) -> Option<String> {
    let parts: Vec<&str> = known.split([':', '/']).collect();
    let (head, [namespace, name]) = parts.split_at_checked(parts.len().checked_sub(2)?)? else { return None };
    let head_fits = head.iter().all(|it| matches!(crate::names::folded(it).as_str(), "system" | "serviceaccount"));
    let names_fit = is_dns_label(namespace) && is_dns_subdomain(name) && *namespace != "serviceaccount";
    (head_fits && names_fit).then(|| format!("{SUBJECT_PREFIX}{namespace}:{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::List;
    use crate::source::FileId;

    #[test]
    fn subjects() {
        let cases = [
            ("StringEquals", "system:serviceaccount:shop:app", None, "the usual form"),
            ("StringLike", "system:serviceaccount:shop:*", None, "a pattern"),
            ("StringLike", "system:serviceaccount:*", None, "a wide pattern"),
            ("StringLike", "*", None, "the widest"),
            ("StringLike", "system:*:app", None, "a pattern that can match"),
            ("StringLike", "serviceaccount:*", Some(NO_PREFIX), "a pattern that cannot"),
            ("StringEquals", "system:serviceaccount:shop:*", Some("wildcard"), "compared by letter"),
            ("StringEquals", "system:serviceaccounts:shop:app", Some("is a group of service accounts, not one"), "s"),
            ("StringEquals", "shop:app", Some(NO_PREFIX), "without the prefix"),
            ("StringEquals", "system:serviceaccount:shop", Some("names no service account behind the namespace"), ""),
            ("StringEquals", "system:serviceaccount:shop:app ", Some("has leading or trailing whitespace"), ""),
            (
                "StringEquals",
                "system:serviceaccount:shop:App",
                Some("holds a name that no service account can have"),
                "",
            ),
            ("StringEqualsIgnoreCase", "system:serviceaccount:shop:App", None, "case does not count"),
            ("StringEquals", "system:serviceaccount:a:b:c", Some("has more parts than a namespace and a name"), ""),
            ("StringEquals", "system:serviceaccount:shop:my.app", None, "a name may have dots"),
            ("Null", "true", None, "another kind of operator"),
        ];
        for (operator, value, wanted, why) in cases {
            let text = |it: &str| Text::of_file(FileId::new(0), it.into());
            let condition = Condition { operator: text(operator), key: text("x:sub"), values: List::<Text>::default() };
            let found = condition.subject_violation(&text(value)).map(|it| match it {
                SubjectViolation::Wildcard(_) => "wildcard".to_owned(),
                SubjectViolation::Form { what, .. } => what,
            });
            assert_eq!(found.as_deref(), wanted, "{operator} {value}: {why}");
        }
    }

    #[test]
    fn what_was_meant() {
        for value in ["shop:app", "shop/app", "serviceaccount:shop:app", "system:service-account:shop:app"] {
            assert_eq!(meant_subject(value).as_deref(), Some("system:serviceaccount:shop:app"), "{value}");
        }
        assert_eq!(meant_subject("app"), None);
    }
}
