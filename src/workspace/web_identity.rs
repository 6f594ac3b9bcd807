//! Which statements of trust policies are for service accounts, and whose tokens they take.

use crate::facts::{DocumentKind, OidcProvider, Role};
use crate::iam::{PolicyDocument, Principal, SUBJECT_PREFIX, Statement};
use crate::source::{Attribute, HoleKind, ISSUER, ISSUER_URL, Piece, Span, Text};

use super::Workspace;

/// A statement that lets somebody do something with a token: it allows, and has a federated principal or is about
/// service accounts.
pub struct WebIdentity<'w> {
    pub statement: &'w Statement,
    pub role: Option<&'w Role>,
    /// Its federated principals.
    pub providers: Vec<Provider<'w>>,
}

/// A federated principal.
pub struct Provider<'w> {
    pub principal: &'w Principal,
    /// What it calls the issuer, `oidc.eks.eu-west-1.amazonaws.com/id/…`, where that can be known.
    pub issuer: Option<Text>,
    /// It is certainly an OIDC provider.
    pub is_oidc: bool,
    /// It is certainly the provider of an EKS cluster.
    pub is_eks: bool,
}

impl WebIdentity<'_> {
    /// True if every token that the statement takes is certainly one of an EKS cluster.
    pub fn is_eks(&self) -> bool {
        !self.providers.is_empty() && self.statement.principals.complete && self.providers.iter().all(|it| it.is_eks)
    }

    /// True if the statement is certainly about service accounts, of EKS or of another Kubernetes.
    pub fn is_kubernetes(&self) -> bool {
        // Who leaves out `system:` means an account all the same, if a namespace and a name follow.
        let is_cut =
            |text: &Text| text.starts_with("serviceaccount:") == Some(true) && text.bytes().matches(':').count() == 2;
        let names_an_account = |text: &Text| text.contains("system:serviceaccount") == Some(true) || is_cut(text);
        self.providers.iter().any(|it| it.is_eks)
            || self.statement.conditions.iter().any(|it| it.values.iter().any(names_an_account))
    }

    /// Whether it lets `sts:AssumeRoleWithWebIdentity`.
    pub fn is_web_identity(&self) -> Option<bool> {
        self.statement.covers_action("sts:AssumeRoleWithWebIdentity")
    }

    /// The `sts:AssumeRole`, or the misspelt action, of a statement that has only providers for principals and lets them
    /// do nothing else: no token can be used for it.
    pub fn wrong_action(&self) -> Option<&Text> {
        let principals = &self.statement.principals;
        let only_providers = principals.complete && principals.iter().all(|it| it.is_kind("Federated"));
        // Service accounts have tokens of OIDC providers only, whatever the parameter with the provider is called.
        let is_oidc = |it: &Provider<'_>| {
            it.is_oidc || self.is_kubernetes() && it.principal.value.contains(":saml-provider/") != Some(true)
        };
        if !only_providers || !self.providers.iter().all(is_oidc) || self.is_web_identity() != Some(false) {
            return None;
        }
        let is_wrong = |it: &&Text| {
            it.as_str().is_some_and(|it| {
                let it = it.to_ascii_lowercase();
                is_slip_of_web_identity(&it)
                    || matches!(it.as_str(), "sts:assumerole" | "assumerolewithwebidentity")
                    || self.is_kubernetes() && it == "sts:assumerolewithsaml"
            })
        };
        self.statement.actions.iter().find(is_wrong)
    }

    /// Where the role is named, or else the statement.
    pub fn place(&self) -> Span {
        self.statement.principals.iter().next().map_or(self.statement.span, |it| it.value.span())
    }
}

/// Questions about the statements of trust policies that take tokens.
#[derive(Clone, Copy)]
pub struct WebIdentities<'w> {
    pub(super) workspace: &'w Workspace,
}

impl Workspace {
    /// Statements of trust policies that take tokens of service accounts.
    pub fn web_identities(&self) -> WebIdentities<'_> {
        WebIdentities { workspace: self }
    }
}

impl<'w> WebIdentities<'w> {
    /// The statements for web identities, of all roles and of trust policies in files of their own.
    pub fn all(self) -> Vec<WebIdentity<'w>> {
        let of_roles =
            self.workspace.facts.roles.iter().flat_map(|role| role.trust.known().map(move |it| (it, Some(role))));
        let all = of_roles.chain(self.workspace.documents().standalone(DocumentKind::Trust).map(|it| (it, None)));
        self.found_in(all)
    }

    /// The statements for web identities of one role.
    pub fn of(self, role: &'w Role) -> Vec<WebIdentity<'w>> {
        self.found_in(role.trust.known().map(|it| (it, Some(role))))
    }

    fn found_in(self, documents: impl Iterator<Item = (&'w PolicyDocument, Option<&'w Role>)>) -> Vec<WebIdentity<'w>> {
        let statements = documents.flat_map(|(document, role)| document.statements.iter().map(move |it| (it, role)));
        let allowing = statements.filter(|(it, _)| it.allows() && it.not_principal.is_none());
        let read = allowing.map(|(statement, role)| {
            let federated = statement.principals.iter().filter(|it| it.is_kind("Federated"));
            WebIdentity { statement, role, providers: federated.map(|it| self.provider(it)).collect() }
        });
        read.filter(|it| !it.providers.is_empty() || it.is_kubernetes()).collect()
    }

    fn provider(self, principal: &'w Principal) -> Provider<'w> {
        let issuer = self.issuer(&principal.value);
        let is_eks = issuer.as_ref().is_some_and(|it| self.is_eks_issuer(it));
        let is_oidc = issuer.is_some() || self.oidc_provider(&principal.value).is_some();
        Provider { principal, issuer, is_oidc, is_eks }
    }

    /// The issuer that the ARN of a provider names, or that the provider it refers to is of.
    fn issuer(self, principal: &Text) -> Option<Text> {
        if let Some(provider) = self.oidc_provider(principal) {
            return without_scheme(provider.url.only()?);
        }
        let at = principal.bytes().find(":oidc-provider/")? + ":oidc-provider/".len();
        // Whitespace at its end is a finding of its own.
        Some(principal.part(at..principal.len()).trim())
    }

    /// The provider of the same template that a principal refers to.
    fn oidc_provider(self, principal: &Text) -> Option<&'w OidcProvider> {
        let reference = principal.reference()?;
        let at = self.workspace.index.oidc_providers.get(&reference.resource)?;
        matches!(reference.attribute, Attribute::Ref | Attribute::Arn)
            .then(|| &self.workspace.facts.oidc_providers[*at])
    }

    /// True if an issuer is certainly a cluster of EKS: by its host, or because a template takes it from the cluster.
    fn is_eks_issuer(self, issuer: &Text) -> bool {
        match issuer.pieces().next() {
            Some(Piece::Known(known)) => known.starts_with("oidc.eks.") || known.starts_with("oidc-eks."),
            Some(Piece::Hole(hole)) => match &hole.kind {
                HoleKind::Resource(it) => {
                    it.attribute == Attribute::Other(ISSUER.into())
                        || it.attribute == Attribute::Other(ISSUER_URL.into())
                }
                _ => false,
            },
            None => false,
        }
    }
}

/// Whether an action is `sts:AssumeRoleWithWebIdentity` with slips.
pub fn is_slip_of_web_identity(action: &str) -> bool {
    crate::names::distance(&action.to_ascii_lowercase(), "sts:assumerolewithwebidentity", 3).is_some()
}

/// An issuer's URL as trust policies name it: without `https://`. A URL taken from a cluster is one of its holes.
pub fn without_scheme(url: &Text) -> Option<Text> {
    if let Some(reference) = url.reference() {
        return (reference.attribute == Attribute::Other(ISSUER_URL.into())).then(|| url.clone());
    }
    let end = url.bytes().strip_suffix('/').map_or(url.len(), str::len);
    (url.starts_with("https://") == Some(true) && end > 8).then(|| url.part(8..end))
}

/// The issuer in a condition key, `<issuer>:sub`; nothing if the key certainly has another end.
pub fn issuer_of_key(key: &Text) -> Option<Text> {
    let claim = [":sub", ":aud"].iter().find(|it| key.ends_with(it) == Some(true))?;
    Some(key.part(0..key.len() - claim.len()))
}

/// Whether a subject's pattern lets in the service accounts of every namespace.
pub fn is_every_subject(pattern: &Text) -> bool {
    pattern.as_str().is_some_and(|it| {
        let rest = it.strip_prefix(SUBJECT_PREFIX).unwrap_or(it);
        !rest.is_empty() && rest.bytes().all(|byte| matches!(byte, b'*' | b':')) && rest.contains('*')
    })
}
