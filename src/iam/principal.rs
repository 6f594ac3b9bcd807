//! What an ARN in `aws-auth` names: a role, a user, or something that never signs in.
//!
//! The authenticator makes a canonical ARN of whoever calls and compares it with each entry, without case
//! (aws-iam-authenticator `pkg/arn/arn.go` and `pkg/config/mapper.go`, 2026-07-14). It accepts `iam` roles, users and
//! the root user, and `sts` federated users; sessions of a role become the role without its path.

use super::arn::{Arn, RoleArn, is_name_letter};
use super::arn_violation::{ArnViolation, is_account_id};
use crate::source::{Span, Text};

/// What a text names where a principal is asked for.
#[derive(Clone, Debug)]
pub enum PrincipalArn {
    Role(Arn),
    User(Arn),
    /// `…:root`, the root user of an account.
    Root(Arn),
    /// `arn:aws:sts::…:federated-user/…`, which callers of `GetFederationToken` have.
    FederatedUser(Arn),
    /// `arn:aws:sts::…:assumed-role/…`, which the authenticator turns into a role's ARN before it compares.
    Session(Arn),
    InstanceProfile(Arn),
    /// The ARN of something else, or the number of an account: what it is, in words.
    Other {
        span: Span,
        what: String,
    },
    /// `*` or `?`, with its place.
    Wildcard(Span),
    Malformed(ArnViolation),
    /// Only a deploy can know, or it is a placeholder that nobody has filled in.
    Unknown,
}

impl PrincipalArn {
    pub fn check(text: &Text) -> Self {
        if text.is_unfilled() || text.only_hole().is_some() {
            return Self::Unknown;
        }
        if let Some(at) = text.bytes().find(['*', '?']) {
            return Self::Wildcard(text.slice(at..at + 1));
        }
        let violation = match RoleArn::check_filled(text) {
            RoleArn::Yes(arn) => return Self::Role(*arn),
            RoleArn::Unknown => return Self::Unknown,
            RoleArn::No(violation) => violation,
        };
        if text.as_str().is_some_and(is_account_id) {
            return Self::Other { span: text.span(), what: "is the number of an account".to_owned() };
        }
        let Some(arn) = Arn::parse(text) else { return Self::malformed(text, violation) };
        match (arn.service_str(), arn.kind()) {
            (Some("sts"), Some("assumed-role")) => Self::Session(arn),
            (Some("sts"), Some("federated-user")) => Self::FederatedUser(arn),
            (Some("iam"), Some("user")) if violation.kind.is_some() => match user_violation(&arn) {
                Some(violation) => Self::malformed(text, violation),
                None => Self::User(arn),
            },
            (Some("iam"), Some("instance-profile")) if violation.kind.is_some() => Self::InstanceProfile(arn),
            (Some("iam"), None) if violation.kind.as_deref() == Some("root") => Self::Root(arn),
            _ if violation.kind.is_some() && !matches_without_case(text) => {
                Self::Other { span: violation.span, what: violation.what }
            }
            (Some(service), _) if service != "iam" && service != "IAM" && text.starts_with("arn:") == Some(true) => {
                Self::Other { span: violation.span, what: violation.what }
            }
            _ => Self::malformed(text, violation),
        }
    }

    fn malformed(text: &Text, violation: ArnViolation) -> Self {
        if matches_without_case(text) { Self::Unknown } else { Self::Malformed(violation) }
    }
}

/// `arn:aws:IAM::…:Role/x` is unusual, and matches: the comparison knows no case.
fn matches_without_case(text: &Text) -> bool {
    let Some(known) = text.as_str() else { return false };
    let lower = known.to_ascii_lowercase();
    if lower == known {
        return false;
    }
    match RoleArn::check(&Text::written(&lower, text.span())) {
        RoleArn::Yes(_) => true,
        RoleArn::No(violation) => violation.kind.as_deref() == Some("user"),
        RoleArn::Unknown => false,
    }
}

/// What is wrong with the name of a user, if anything.
fn user_violation(arn: &Arn) -> Option<ArnViolation> {
    let violation = |span, what: &str| Some(ArnViolation { span, what: what.to_owned(), kind: None });
    let name = arn.name()?;
    if name.is_empty() {
        return violation(arn.resource().span(), "names no user");
    }
    let bad = arn.resource().find_char(|c| !is_name_letter(c) && c != '/');
    bad.and_then(|span| violation(span, "has a character that a user name cannot have"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn principals() {
        let cases = [
            ("arn:aws:iam::222233334444:role/app", "role", "the usual form"),
            ("arn:aws:iam::222233334444:role/team/app", "role", "its path is another finding"),
            ("arn:aws:iam::222233334444:user/team/ann", "user", "users keep their path"),
            ("arn:aws:iam::222233334444:root", "root", "accepted, and seldom what is meant"),
            ("arn:aws:sts::222233334444:assumed-role/app/me", "session", "turned into a role first"),
            ("arn:aws:sts::222233334444:federated-user/ann", "federated", "compared as it is"),
            ("arn:aws:iam::222233334444:instance-profile/app", "profile", "not a principal"),
            ("arn:aws:iam::222233334444:group/dev", "is the ARN of a group, not of a role", "groups do not sign in"),
            ("arn:aws:eks:eu-west-1:222233334444:cluster/shop", "is an ARN of the service `eks`, not of IAM", "no"),
            ("222233334444", "is the number of an account", "belongs into mapAccounts"),
            ("arn:aws:iam::222233334444:role/*", "wildcard", "nothing is expanded"),
            ("*", "wildcard", "nobody"),
            ("app", "malformed: is not an ARN", "a name"),
            ("arn:aws:iam::222233334444:user/", "malformed: names no user", "nothing behind the slash"),
            (
                "arn:aws:iam::222233334444:user/a b",
                "malformed: has a character that a user name cannot have",
                "a space",
            ),
            ("arn:aws:iam::22223333444:user/ann", "malformed: has an account id of 11 digits instead of 12", "short"),
            ("arn:aws:iam::222233334444:user/ann ", "malformed: has leading or trailing whitespace", "kept"),
            ("ARN:AWS:iam::222233334444:Role/App", "unknown", "compared without case"),
            ("arn:aws:iam::222233334444:User/ann", "unknown", "compared without case"),
            ("arn:aws:iam::222233334444:Group/dev", "is the ARN of `Group`, not of a role", "a group in any case"),
            ("<your role arn here>", "unknown", "a placeholder"),
            ("NODE_ROLE_ARN", "unknown", "a placeholder"),
        ];
        for (value, wanted, why) in cases {
            let found = match PrincipalArn::check(&Text::of_file(FileId::new(0), value.into())) {
                PrincipalArn::Role(_) => "role".to_owned(),
                PrincipalArn::User(_) => "user".to_owned(),
                PrincipalArn::Root(_) => "root".to_owned(),
                PrincipalArn::FederatedUser(_) => "federated".to_owned(),
                PrincipalArn::Session(_) => "session".to_owned(),
                PrincipalArn::InstanceProfile(_) => "profile".to_owned(),
                PrincipalArn::Other { what, .. } => what,
                PrincipalArn::Wildcard(_) => "wildcard".to_owned(),
                PrincipalArn::Malformed(violation) => format!("malformed: {}", violation.what),
                PrincipalArn::Unknown => "unknown".to_owned(),
            };
            assert_eq!(found, wanted, "{value}: {why}");
        }
    }
}
