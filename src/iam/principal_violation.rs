//! What is wrong with the way a principal of a trust policy is written.
//!
//! The grammar is that of the IAM user guide, "Grammar of the IAM JSON policy language": `Principal` is `"*"` or a map from
//! `AWS`, `Federated`, `Service` or `CanonicalUser` to a string or a list of strings.

use super::arn::Arn;
use super::arn_violation::is_account_id;
use super::document::{Principal, PrincipalForm};
use super::partition::EC2_PRINCIPALS;
use super::service::{
    CAPABILITY_SERVICE, CLUSTER_SERVICE, CONNECTOR_AGENT_SERVICE, FARGATE_SERVICE, HYBRID_SERVICES,
    POD_IDENTITY_SERVICE,
};
use crate::source::{HoleKind, Piece, Text};

/// The types of principals that IAM accepts.
pub const PRINCIPAL_KINDS: [&str; 4] = ["AWS", "CanonicalUser", "Federated", "Service"];

/// Why IAM rejects a principal, whoever it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PrincipalViolation {
    /// A string where a map belongs, with the type that the value has.
    Text(Option<&'static str>),
    /// A list where a map belongs, with the type that this item has.
    List(Option<&'static str>),
    /// A map where a string or a list of strings belongs.
    NestedMap,
    /// The empty string.
    Empty,
    /// Leading or trailing whitespace.
    Whitespace,
    /// A service with `https://` before it, which has this length.
    Scheme(usize),
    /// Another type than the value has.
    Kind(&'static str),
}

impl Principal {
    /// What is certainly wrong with how the principal is written.
    pub fn violation(&self) -> Option<PrincipalViolation> {
        let value = &self.value;
        if value.is_unfilled()
            || value.only_hole().is_some()
            || self.kind.has_holes() && self.form != PrincipalForm::Text
        {
            return None;
        }
        match self.form {
            PrincipalForm::NestedMap => return Some(PrincipalViolation::NestedMap),
            PrincipalForm::List => {
                let written = PRINCIPAL_KINDS.into_iter().find(|it| self.is_kind(it));
                return Some(PrincipalViolation::List(kind_of(&value.trim()).or(written)));
            }
            PrincipalForm::Text if value.trim().is_empty() => return Some(PrincipalViolation::Empty),
            PrincipalForm::Text => {
                let is_other = value.is("*") == Some(false);
                return is_other.then(|| PrincipalViolation::Text(kind_of(&value.trim())));
            }
            PrincipalForm::Map => {}
        }
        let kind = self.kind.as_str()?;
        if kind == "*" || kind == "Ref" || kind.starts_with("Fn::") {
            return None;
        }
        let trimmed = value.trim();
        if trimmed.is_empty() {
            return Some(PrincipalViolation::Empty);
        }
        let own = kind_of(&trimmed);
        if !PRINCIPAL_KINDS.contains(&kind) {
            let near = PRINCIPAL_KINDS.into_iter().find(|it| it.eq_ignore_ascii_case(kind));
            let near = near.or_else(|| PRINCIPAL_KINDS.into_iter().find(|it| is_slip_of(kind, it)));
            return own.or(near).map(PrincipalViolation::Kind);
        }
        let is_other = match (kind, own) {
            // `cognito-identity.amazonaws.com` is a provider, and others may follow it.
            ("Federated", Some("Service")) => is_service_around_eks(&trimmed),
            (_, Some(own)) => own != kind,
            (_, None) => false,
        };
        if is_other {
            return own.map(PrincipalViolation::Kind);
        }
        if trimmed.len() != value.len() {
            return Some(PrincipalViolation::Whitespace);
        }
        let scheme = ["https://", "http://"].into_iter().find(|it| value.starts_with(it) == Some(true));
        let scheme = scheme.filter(|it| kind == "Service" && kind_of(&value.part(it.len()..value.len())) == Some(kind));
        scheme.map(|it| PrincipalViolation::Scheme(it.len()))
    }
}

/// True for `Services`, `Servce` and their like.
fn is_slip_of(kind: &str, right: &str) -> bool {
    let (kind, right) = (kind.to_ascii_lowercase(), right.to_ascii_lowercase());
    right.len() > 3 && crate::names::distance(&kind, &right, 2).is_some()
}

/// The type that a value certainly has.
fn kind_of(value: &Text) -> Option<&'static str> {
    if let Some(arn) = Arn::parse(value) {
        let is_provider = ["oidc-provider", "saml-provider"].iter().any(|it| arn.is_iam(it));
        let is_principal = ["role", "user"].iter().any(|it| arn.is_iam(it))
            || arn.service().is("iam") == Some(true) && arn.resource().is("root") == Some(true)
            || arn.service().is("sts") == Some(true);
        return if is_provider { Some("Federated") } else { is_principal.then_some("AWS") };
    }
    if value.as_str().is_some_and(is_account_id) {
        return Some("AWS");
    }
    let is_service = is_service_around_eks(value) || with_suffix(value).is_some_and(|it| is_service_name(&it));
    is_service.then_some("Service")
}

/// The name of a service with the suffix of most partitions in the place of `${AWS::URLSuffix}`.
fn with_suffix(value: &Text) -> Option<String> {
    let pieces: Vec<_> = value.pieces().collect();
    match pieces.as_slice() {
        [Piece::Known(known)] => Some((*known).to_owned()),
        [Piece::Known(known), Piece::Hole(hole)] if known.ends_with('.') && hole.kind == HoleKind::UrlSuffix => {
            Some(format!("{known}amazonaws.com"))
        }
        _ => None,
    }
}

/// True for `lambda.amazonaws.com`: labels of letters, digits and hyphens before the suffix of AWS.
fn is_service_name(value: &str) -> bool {
    let name = value.strip_suffix(".cn").unwrap_or(value).strip_suffix(".amazonaws.com");
    let is_label = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    name.is_some_and(|it| it.split('.').all(is_label) && it != "cognito-identity" && !it.starts_with("oidc"))
}

/// The services that assume the roles of clusters, nodes, pods, capabilities and the connector's agent.
pub fn is_service_around_eks(value: &Text) -> bool {
    let services = [&CLUSTER_SERVICE, &FARGATE_SERVICE, &POD_IDENTITY_SERVICE, &CONNECTOR_AGENT_SERVICE];
    let Some(name) = with_suffix(value) else { return false };
    let is_in = |names: &[&str]| names.contains(&name.as_str());
    services.iter().any(|it| it.name == name)
        || is_in(&[CAPABILITY_SERVICE])
        || is_in(&HYBRID_SERVICES)
        || is_in(&EC2_PRINCIPALS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn violations() {
        use PrincipalViolation::{Empty, Kind, Scheme, Whitespace};
        let oidc = "arn:aws:iam::222233334444:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE";
        let cases = [
            ("Service", "eks.amazonaws.com", None, "the usual form"),
            ("Service", "eks.amazonaws.com ", Some(Whitespace), "a trailing space"),
            ("Service", "eks.amazonaws.com\n", Some(Whitespace), "a block scalar"),
            ("Service", "https://eks.amazonaws.com", Some(Scheme(8)), "a URL"),
            ("Service", "https://oidc.eks.eu-west-1.amazonaws.com/id/X", None, "an issuer, which is another finding"),
            ("Service", "", Some(Empty), "nobody"),
            ("service", "eks.amazonaws.com", Some(Kind("Service")), "lowercase"),
            ("Services", "eks.amazonaws.com", Some(Kind("Service")), "plural"),
            ("Aws", "arn:aws:iam::222233334444:root", Some(Kind("AWS")), "mixed case"),
            ("AWS", "lambda.amazonaws.com", Some(Kind("Service")), "a service"),
            ("AWS", "*", None, "everybody"),
            ("AWS", "222233334444", None, "an account"),
            ("Service", "222233334444", Some(Kind("AWS")), "an account"),
            ("Service", "arn:aws:iam::222233334444:role/app", Some(Kind("AWS")), "a role"),
            ("Federated", "eks.amazonaws.com", Some(Kind("Service")), "a service"),
            ("Federated", "cognito-identity.amazonaws.com", None, "a provider"),
            ("Federated", "accounts.google.com", None, "a provider"),
            ("Federated", oidc, None, "a provider"),
            ("AWS", oidc, Some(Kind("Federated")), "a provider"),
            ("Service", "ec2.amazonaws.com.cn", None, "China"),
            ("*", "*", None, "everybody"),
        ];
        for (kind, value, wanted, why) in cases {
            let text = |value: &str| Text::of_file(FileId::new(0), value.into());
            let principal = Principal { kind: text(kind), value: text(value), form: PrincipalForm::Map };
            assert_eq!(principal.violation(), wanted, "{kind}: {value}: {why}");
        }
    }
}
