//! What is wrong with an ARN, and where.

use crate::source::{HoleKind, Span, Text};

/// Why a text is no role ARN, and the bytes to blame.
#[derive(Clone, Debug)]
pub struct ArnViolation {
    pub span: Span,
    /// What is so, to follow the text: `is not an ARN`, `has an account id of 11 digits`.
    pub what: String,
    /// The kind of IAM resource that it names instead of a role, if it is a well-formed ARN.
    pub kind: Option<String>,
}

impl ArnViolation {
    pub(super) fn new(span: Span, what: impl Into<String>) -> Self {
        Self { span, what: what.into(), kind: None }
    }
}

/// True for the number of an account: twelve digits.
pub fn is_account_id(id: &str) -> bool {
    id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit())
}

/// Why a text that begins like an ARN has too few colons for one.
pub(super) fn too_few_fields(text: &Text) -> ArnViolation {
    lacks_colon(text).unwrap_or_else(|| ArnViolation::new(text.span(), "has too few fields for an ARN"))
}

/// `arn:aws:iam:111122223333:role/app`: the account stands where IAM has an empty region.
pub(super) fn lacks_colon(text: &Text) -> Option<ArnViolation> {
    let fields = text.split(':');
    let [_, _, service, account, _] = fields.as_slice() else { return None };
    let is_account = account.as_str().is_some_and(|it| is_account_id(it) || it == "aws");
    let is_own = account.is_own_account();
    (service.as_str() == Some("iam") && (is_account || is_own))
        .then(|| ArnViolation::new(account.span(), "lacks a colon before the account id"))
}

impl Text {
    /// True if the account of an ARN is that of the stack, written `${AWS::AccountId}`.
    pub fn is_own_account(&self) -> bool {
        self.only_hole().is_some_and(|hole| hole.kind == HoleKind::AccountId)
    }
}

#[cfg(test)]
mod tests {
    use crate::iam::Arn;
    use crate::source::{FileId, Text};

    #[test]
    fn slips_in_arns() {
        let table = [
            ("arn:aws:iam:222233334444:role/app", Some("lacks a colon before the account id")),
            ("arn:aws-cn:iam:aws:policy/ReadOnlyAccess", Some("lacks a colon before the account id")),
            ("arn:aws:iam:eu-west-1:222233334444:role/app", Some("has a region, which IAM ARNs do not have")),
            ("arn:aws:iam::222233334444:role/app", None),
            ("arn:aws:iam:*:222233334444:role/app", None),
            ("arn:aws:iam::*:role/app", None),
            ("arn:aws:iam:$ACCOUNT:role/app", None),
            ("arn:aws:eks:eu-west-1:222233334444:cluster/shop", None),
            ("arn:aws:s3:bucket", None),
            ("222233334444:role/app", None),
        ];
        for (written, wanted) in table {
            let text = Text::of_file(FileId::new(0), written.into());
            assert_eq!(Arn::slip(&text).map(|it| it.what).as_deref(), wanted, "{written}");
        }
    }
}
