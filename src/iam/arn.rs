//! ARNs, cut into fields that remember their places, with holes where only a deploy knows.
//!
//! Grammar: `arn:partition:service:region:account:resource` (the service model of IAM in botocore, 2026-08-07).

use std::ops::Range;

use super::arn_violation::{ArnViolation, is_account_id, lacks_colon, too_few_fields};
use crate::source::{HoleKind, Piece, Span, Text};

/// An ARN. Any field may hold holes.
#[derive(Clone, Debug)]
pub struct Arn {
    text: Text,
    /// Where each colon between the fields is.
    colons: [u32; 5],
}

impl Arn {
    /// Reads a text as an ARN. `None` if it is none, or if only a deploy can know.
    pub fn parse(text: &Text) -> Option<Self> {
        let bytes = text.bytes();
        // Asked of every text that could be one, so the cheap question first.
        if !bytes.starts_with("arn:") {
            return None;
        }
        let mut found = memchr::memchr_iter(b':', bytes.as_bytes());
        let mut colons = [0; 5];
        for colon in &mut colons {
            *colon = u32::try_from(found.next()?).ok()?;
        }
        Some(Self { text: text.clone(), colons })
    }

    pub fn partition(&self) -> Text {
        self.text.part(self.field(0))
    }

    pub fn service(&self) -> Text {
        self.text.part(self.field(1))
    }

    pub fn region(&self) -> Text {
        self.text.part(self.field(2))
    }

    pub fn account(&self) -> Text {
        self.text.part(self.field(3))
    }

    /// All that follows the account: `role/team/app`.
    pub fn resource(&self) -> Text {
        self.text.part(self.field(4))
    }

    /// [`Arn::partition`], if all of it is known.
    pub fn partition_str(&self) -> Option<&str> {
        self.text.known(self.field(0))
    }

    /// [`Arn::service`], if all of it is known.
    pub fn service_str(&self) -> Option<&str> {
        self.text.known(self.field(1))
    }

    /// [`Arn::region`], if all of it is known.
    pub fn region_str(&self) -> Option<&str> {
        self.text.known(self.field(2))
    }

    /// [`Arn::account`], if all of it is known.
    pub fn account_str(&self) -> Option<&str> {
        self.text.known(self.field(3))
    }

    /// [`Arn::resource`], if all of it is known.
    pub fn resource_str(&self) -> Option<&str> {
        self.text.known(self.field(4))
    }

    /// Where a field after the first colon is, from zero.
    fn field(&self, at: usize) -> Range<usize> {
        let start = self.colons[at] as usize + 1;
        start..self.colons.get(at + 1).map_or(self.text.len(), |it| *it as usize)
    }

    /// Reads a text as the ARN of a role.
    pub fn of_role(text: &Text) -> Option<Self> {
        Self::parse(text).filter(|it| it.is_iam("role"))
    }

    /// Reads a text as the ARN of a policy that AWS manages.
    pub fn of_aws_policy(text: &Text) -> Option<Self> {
        Self::parse(text).filter(|it| it.is_iam("policy") && it.account_str() == Some("aws"))
    }

    /// The name in an ARN, as it is shown; of any other text all of it.
    pub fn shown_name(text: &Text) -> String {
        Self::parse(text).and_then(|it| it.name()).map_or_else(|| text.shown(), |it| it.shown())
    }

    /// What kind of resource it is: `role`, `user`, `instance-profile`; what stands before the first `/` or `:`.
    pub fn kind(&self) -> Option<&str> {
        let start = self.field(4).start;
        let end = start + self.text.bytes()[start..].find(['/', ':'])?;
        self.text.known(start..end)
    }

    /// What follows the kind: path and name.
    fn after_kind(&self) -> Option<Text> {
        let start = self.field(4).start + self.kind()?.len() + 1;
        Some(self.text.part(start..self.text.len()))
    }

    /// The path without the slash before it: `team/` of `role/team/app`. `None` if no path is written.
    pub fn path(&self) -> Option<Text> {
        let rest = self.after_kind()?;
        let end = rest.bytes().rfind('/')?;
        Some(rest.part(0..end + 1))
    }

    /// The last part of the resource: the name of a role or user.
    pub fn name(&self) -> Option<Text> {
        let rest = self.after_kind()?;
        let start = rest.bytes().rfind('/').map_or(0, |at| at + 1);
        Some(rest.part(start..rest.len()))
    }

    /// True if service, kind and the rest of the ARN are certainly those of an IAM resource of this kind.
    pub fn is_iam(&self, kind: &str) -> bool {
        self.service_str() == Some("iam") && self.kind() == Some(kind)
    }

    /// Whom the ARN of a role or a user certainly means.
    pub fn principal(&self) -> Option<PrincipalId> {
        let (account, kind, name) = (self.account_id()?.to_owned(), self.kind()?.to_owned(), self.name()?);
        Some(PrincipalId { account, kind, name: name.as_str()?.to_owned() })
    }

    /// The account, if it is twelve digits.
    pub fn account_id(&self) -> Option<&str> {
        self.account_str().filter(|it| is_account_id(it))
    }

    /// What is wrong with an ARN of IAM up to its resource. `None` if nothing is, or if it cannot be known.
    ///
    /// Policies of AWS have `aws` for their account.
    pub fn head_violation(text: &Text, may_be_of_aws: bool) -> Option<ArnViolation> {
        // Something else may fill in what looks like a variable of its own.
        let is_filled_in = text.bytes().contains(['$', '%', '{', '[', '(', '<', '#']);
        if is_filled_in || text.is_unfilled() || super::is_variable(text) || text.bytes().trim().is_empty() {
            return None;
        }
        let Some(arn) = Self::parse(&text.trim()) else {
            // What a pseudo parameter becomes has no colons; of others that is not known.
            let is_plain = |piece: Piece<'_>| match piece {
                Piece::Known(_) => true,
                Piece::Hole(hole) => matches!(
                    hole.kind,
                    HoleKind::Partition | HoleKind::Region | HoleKind::AccountId | HoleKind::UrlSuffix
                ),
            };
            return match text.starts_with("arn:") {
                Some(true) if text.pieces().all(is_plain) => Some(too_few_fields(text)),
                Some(false) if !text.has_holes() || is_name_with_holes(text) => {
                    Some(ArnViolation::new(text.span(), "is not an ARN"))
                }
                _ => None,
            };
        };
        if let Some(violation) = arn.partition_violation() {
            return Some(violation);
        }
        if let Some(service) = arn.service_str().filter(|it| *it != "iam") {
            let what = format!("is an ARN of the service `{service}`, not of IAM");
            return Some(ArnViolation { span: arn.service().span(), what, kind: arn.kind().map(str::to_owned) });
        }
        if may_be_of_aws && arn.account_str() == Some("aws") {
            return arn.region_violation();
        }
        arn.owner_violation()
    }

    /// Whether the partition looks like one of AWS, known or not. True if only a deploy can know.
    pub fn has_partition_of_aws(&self) -> bool {
        self.partition_str().is_none_or(|it| it == "aws" || it.starts_with("aws-"))
    }

    /// What is wrong with the fields of an ARN of IAM before its resource, where nothing else has to be known of it: a colon that is
    /// missing, or a region. A pattern may stand for any of them.
    pub fn slip(text: &Text) -> Option<ArnViolation> {
        let is_filled_in = text.bytes().contains(['$', '%', '{', '[', '(', '<', '#', '?']);
        if text.starts_with("arn:") != Some(true) || is_filled_in || text.is_unfilled() {
            return None;
        }
        match Self::parse(text) {
            Some(arn) if arn.service_str() == Some("iam") => {
                arn.region_violation().filter(|_| !arn.region().bytes().contains('*'))
            }
            Some(_) => None,
            None => lacks_colon(text),
        }
    }

    fn partition_violation(&self) -> Option<ArnViolation> {
        (!self.has_partition_of_aws()).then(|| ArnViolation::new(self.partition().span(), "has an unknown partition"))
    }

    fn region_violation(&self) -> Option<ArnViolation> {
        let region = self.region_str()?;
        let what = "has a region, which IAM ARNs do not have";
        (!region.is_empty()).then(|| ArnViolation::new(self.region().span(), what))
    }

    /// What is wrong with the region or the account.
    fn owner_violation(&self) -> Option<ArnViolation> {
        if let Some(violation) = self.region_violation() {
            return Some(violation);
        }
        let at = self.account().span();
        match self.account_str()? {
            "" => {
                // An empty field has no bytes to underline: take the colons around it.
                let around = Span { start: at.start.saturating_sub(1), end: at.end + 1, ..at };
                Some(ArnViolation::new(around, "has no account id"))
            }
            account if !account.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(ArnViolation::new(at, "has an account id that is not a number"))
            }
            account if account.len() != 12 && !super::is_dummy_account(account) => {
                Some(ArnViolation::new(at, format!("has an account id of {} digits instead of 12", account.len())))
            }
            _ => None,
        }
    }
}

/// A role or a user: the same for an ARN with a path and one without, as `aws-auth` has it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct PrincipalId {
    pub account: String,
    pub kind: String,
    pub name: String,
}

/// True for the letters that the name of a role, a user or a policy may have.
pub fn is_name_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)
}

/// True for a text such as `my-role-$SUFFIX`, which no filling makes an ARN: it begins with a part of a name, and holds nothing that
/// a tool could have for its own. Capitals may be a token.
fn is_name_with_holes(text: &Text) -> bool {
    let begins = text.bytes().starts_with(|c: char| c.is_ascii_lowercase());
    begins
        && text.starts_with("arn:") == Some(false)
        && text.pieces().all(|piece| matches!(piece, Piece::Hole(_)) || is_plain_part(piece))
}

/// True for a known part of a text that is letters of a name and no token in capitals.
pub fn is_plain_part(piece: Piece<'_>) -> bool {
    let Piece::Known(known) = piece else { return false };
    let is_capitals = |word: &str| {
        let mut letters = word.bytes().filter(u8::is_ascii_alphabetic);
        letters.clone().count() > 1 && letters.all(|it| it.is_ascii_uppercase())
    };
    known.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.'))
        && !known.split(|c: char| !c.is_ascii_alphanumeric()).any(is_capitals)
}

/// Whether a text is the ARN of an IAM role.
#[derive(Clone, Debug)]
pub enum RoleArn {
    /// It is one, as far as it is known.
    Yes(Box<Arn>),
    No(ArnViolation),
    Unknown,
}

impl RoleArn {
    /// Checks against the grammar of a role ARN: region empty, twelve digits, `role/` and a name, nothing around it.
    pub fn check(text: &Text) -> Self {
        // A placeholder that nobody filled in is another finding.
        if text.is_unfilled() { Self::Unknown } else { Self::check_filled(text) }
    }

    /// [`RoleArn::check`] of a text that is known to hold no placeholder.
    pub(super) fn check_filled(text: &Text) -> Self {
        let violation = |span, what: &str| Self::No(ArnViolation { span, what: what.to_owned(), kind: None });
        // A word in capitals is a placeholder where an ARN belongs.
        if super::is_variable(text) {
            return Self::Unknown;
        }
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return violation(text.whole(), "is empty");
        }
        let Some(arn) = Arn::parse(&trimmed) else {
            return match text.starts_with("arn:") {
                None => Self::Unknown,
                Some(true) if text.has_holes() => Self::Unknown,
                Some(true) => Self::No(too_few_fields(text)),
                Some(false) if text.has_holes() && !is_name_with_holes(text) => Self::Unknown,
                Some(false) => violation(text.span(), "is not an ARN"),
            };
        };
        if trimmed.len() != text.len() {
            return violation(text.span(), "has leading or trailing whitespace");
        }
        if let Some(violation) = arn.partition_violation() {
            return Self::No(violation);
        }
        if let Some(service) = arn.service_str()
            && service != "iam"
        {
            let kind = arn.kind().map(|kind| format!("{service} {kind}"));
            let span =
                if arn.kind() == Some("cluster-access-policy") { arn.resource().span() } else { arn.service().span() };
            let what = match arn.kind() {
                Some("assumed-role") => "is the ARN of a session, not of a role".to_owned(),
                Some("cluster-access-policy") => "is the ARN of an access policy, not of a role".to_owned(),
                _ => format!("is an ARN of the service `{service}`, not of IAM"),
            };
            return Self::No(ArnViolation { span, what, kind });
        }
        // Those of AWS have `aws` for their account.
        if arn.kind() == Some("policy") {
            let what = "is the ARN of a policy, not of a role".to_owned();
            return Self::No(ArnViolation { span: arn.resource().span(), what, kind: Some("policy".to_owned()) });
        }
        if let Some(violation) = arn.owner_violation() {
            return Self::No(violation);
        }
        match arn.kind() {
            Some("role") if arn.resource().bytes().starts_with("role:") => {
                return violation(arn.resource().slice(4..5), "has a colon behind `role`, where a slash belongs");
            }
            Some("role") => {}
            Some(kind) => {
                let what = format!("is the ARN of {}, not of a role", with_article(kind));
                return Self::No(ArnViolation { span: arn.resource().span(), what, kind: Some(kind.to_owned()) });
            }
            None if arn.resource_str() == Some("root") => {
                let what = "is the ARN of an account, not of a role".to_owned();
                return Self::No(ArnViolation { span: arn.resource().span(), what, kind: Some("root".to_owned()) });
            }
            None if arn.resource().has_holes() => return Self::Unknown,
            None => return violation(arn.resource().span(), "names no role"),
        }
        let rest = arn.after_kind().expect("the kind is known");
        if let Some(span) = rest.find_char(|c| !is_name_letter(c) && c != '/') {
            return violation(span, "has a character that a role name cannot have");
        }
        if rest.is_empty() || rest.bytes().ends_with('/') {
            return violation(arn.resource().span(), "names no role");
        }
        Self::Yes(Box::new(arn))
    }
}

fn with_article(kind: &str) -> String {
    let noun = match kind {
        "user" => "a user",
        "group" => "a group",
        "policy" => "a policy",
        "instance-profile" => "an instance profile",
        "oidc-provider" => "an OIDC provider",
        "saml-provider" => "a SAML provider",
        "assumed-role" => "a session",
        "mfa" => "an MFA device",
        other => return format!("`{other}`"),
    };
    noun.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Hole, TextBuilder};

    fn text(value: &str) -> Text {
        Text::of_file(FileId::new(0), value.into())
    }

    #[test]
    fn role_arns() {
        let cases = [
            ("arn:aws:iam::111122223333:role/app", None, "the usual form"),
            ("arn:aws:iam::111122223333:role/team/a/app", None, "a path is part of a role ARN"),
            ("arn:aws-us-gov:iam::111122223333:role/app", None, "another partition"),
            ("arn:aws:iam::111122223333:role/app ", Some("has leading or trailing whitespace"), "kept by the decoder"),
            ("arn:aws:iam::11112222333:role/app", Some("has an account id of 11 digits instead of 12"), "a digit lost"),
            ("arn:aws:iam:eu-west-1:111122223333:role/app", Some("has a region, which IAM ARNs do not have"), "region"),
            (
                "arn:aws:iam::111122223333:instance-profile/app",
                Some("is the ARN of an instance profile, not of a role"),
                "a profile",
            ),
            ("arn:aws:sts::111122223333:assumed-role/app/me", Some("is the ARN of a session, not of a role"), "sts"),
            ("arn:aws:iam::111122223333:root", Some("is the ARN of an account, not of a role"), "root"),
            ("arn:aws:iam::111122223333:role/", Some("names no role"), "nothing after the slash"),
            ("app", Some("is not an ARN"), "a name"),
            ("arn:aws:iam::ACCOUNT_ID:role/app", Some("unknown"), "a placeholder, which is another finding"),
            ("arn:aws:iam::11112222333x:role/app", Some("has an account id that is not a number"), "a letter"),
            (
                "arn:aws:iam::111122223333:role:app",
                Some("has a colon behind `role`, where a slash belongs"),
                "as other services have it",
            ),
            ("arn:aws:iam:::role/app", Some("has no account id"), "empty account"),
            (
                "arn:aws:iam::111122223333:role/a b",
                Some("has a character that a role name cannot have"),
                "a space inside",
            ),
        ];
        for (value, wanted, why) in cases {
            let found = match RoleArn::check(&text(value)) {
                RoleArn::Yes(_) => None,
                RoleArn::No(violation) => Some(violation.what),
                RoleArn::Unknown => Some("unknown".to_owned()),
            };
            assert_eq!(found.as_deref(), wanted, "{value}: {why}");
        }
    }

    /// A text with a hole for each `?`.
    fn with_holes(value: &str) -> Text {
        let span = Span { file: FileId::new(0), start: 0, end: 1 };
        let mut builder = TextBuilder::default();
        for (at, part) in value.split('?').enumerate() {
            if at > 0 {
                builder.push_hole(Hole { kind: HoleKind::Unknown, written: "$X".into() }, span);
            }
            builder.push_written(part, span);
        }
        builder.finish(span)
    }

    #[test]
    fn names_that_no_filling_makes_an_arn() {
        let cases = [
            ("my-role-?", true, "a name"),
            ("my-role-?-?.x", true, "with several holes"),
            ("?my-role", false, "the ARN up to the name may be filled in"),
            ("b?", true, "an ARN does not begin so"),
            ("ar?", false, "an ARN may begin so"),
            ("arn:aws:iam::?", false, "the rest of an ARN"),
            ("role/?", false, "a path, perhaps of a secret"),
            ("vault:role-?", false, "a reference of a tool"),
            ("my-ROLE-?", false, "a token in capitals"),
            ("ROLE_?", false, "a token in capitals"),
            ("!my-?", false, "a sign that may belong to the tool"),
        ];
        for (value, wanted, why) in cases {
            let text = with_holes(value);
            assert_eq!(matches!(RoleArn::check(&text), RoleArn::No(_)), wanted, "{value}: {why}");
            assert_eq!(Arn::head_violation(&text, true).is_some(), wanted, "{value} as the ARN of a policy: {why}");
        }
    }

    #[test]
    fn heads_of_arns_of_policies() {
        let cases = [
            ("arn:aws:iam::aws:policy/ReadOnlyAccess", None, "of AWS"),
            ("arn:aws:iam::111122223333:policy/own", None, "of an account"),
            (
                "arn:aws:iam:aws:policy/ReadOnlyAccess",
                Some("lacks a colon before the account id"),
                "a colon is missing",
            ),
            ("ReadOnlyAccess", Some("is not an ARN"), "a name"),
            ("arn:aws:eks::aws:cluster-access-policy/X", Some("is an ARN of the service `eks`, not of IAM"), "of EKS"),
            ("arn:aws:iam:eu-west-1:aws:policy/X", Some("has a region, which IAM ARNs do not have"), "a region"),
            ("arn:aws:iam:::policy/X", Some("has no account id"), "nobody's"),
            ("arn:aws:iam::<account>:policy/X", None, "a placeholder, which is another finding"),
            ("POLICY_ARN", None, "a placeholder"),
        ];
        for (value, wanted, why) in cases {
            let found = Arn::head_violation(&text(value), true).map(|it| it.what);
            assert_eq!(found.as_deref(), wanted, "{value}: {why}");
        }
        assert!(
            Arn::head_violation(&text("arn:aws:iam::aws:oidc-provider/x"), false).is_some(),
            "providers are of accounts"
        );
    }

    #[test]
    fn paths_and_names() {
        let arn = Arn::parse(&text("arn:aws:iam::111122223333:role/team/a/app")).unwrap();
        assert_eq!(arn.path().unwrap().as_str(), Some("team/a/"));
        assert_eq!(arn.name().unwrap().as_str(), Some("app"));
        assert_eq!(arn.path().unwrap().span().range(), 31..38);
        assert!(Arn::parse(&text("arn:aws:iam::111122223333:role/app")).unwrap().path().is_none());
    }
}
