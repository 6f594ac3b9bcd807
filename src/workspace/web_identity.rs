//! Which statements of trust policies are for service accounts, and whose tokens they take.

use crate::facts::{DocumentKind, OidcProvider, Role};
use crate::iam::{PolicyDocument, Principal, SUBJECT_PREFIX, Statement};
use crate::source::{Attribute, HoleKind, ISSUER, ISSUER_URL, Piece, Span, Text};

use super::Workspace;
use super::found::{FoundIdentity, Provider};

/// A statement that lets somebody do something with a token: it allows, and has a federated principal or is about
/// service accounts.
#[derive(Clone, Copy)]
pub struct WebIdentity<'w> {
    pub statement: &'w Statement,
    pub role: Option<&'w Role>,
    /// Its federated principals.
    pub providers: &'w [Provider],
}

impl<'w> WebIdentity<'w> {
    /// The federated principal that a provider of this statement is.
    pub fn principal(&self, provider: &Provider) -> &'w Principal {
        &self.statement.principals.items[provider.at].value
    }

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
        let is_oidc = |it: &Provider| {
            it.is_oidc || self.is_kubernetes() && self.principal(it).value.contains(":saml-provider/") != Some(true)
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
        self.found().iter().filter_map(|it| self.identity(it)).collect()
    }

    /// The statements for web identities of one role.
    pub fn of(self, role: &'w Role) -> Vec<WebIdentity<'w>> {
        let Some(at) = self.workspace.roles().place(role) else { return Vec::new() };
        // Those of roles come first, in their order.
        let found = self.found();
        let start = found.partition_point(|it| it.role.is_some_and(|it| it < at));
        found[start..].iter().take_while(|it| it.role == Some(at)).filter_map(|it| self.identity(it)).collect()
    }

    /// Found once: many rules ask.
    fn found(self) -> &'w [FoundIdentity] {
        self.workspace.web_identities.get_or_init(|| self.find())
    }

    fn identity(self, found: &'w FoundIdentity) -> Option<WebIdentity<'w>> {
        let facts = &self.workspace.facts;
        let role = found.role.map(|at| &facts.roles[at]);
        let document = match role {
            Some(role) => role.trust.known().nth(found.document)?,
            None => &facts.policy_documents[found.document].document,
        };
        let statement = &document.statements.items[found.statement].value;
        Some(WebIdentity { statement, role, providers: &found.providers })
    }

    fn find(self) -> Vec<FoundIdentity> {
        let facts = &self.workspace.facts;
        let mut all = Vec::new();
        for (at, role) in facts.roles.iter().enumerate() {
            for (number, document) in role.trust.known().enumerate() {
                self.find_in(document, Some(at), number, &mut all);
            }
        }
        for (at, file) in facts.policy_documents.iter().enumerate().filter(|(_, it)| it.kind == DocumentKind::Trust) {
            self.find_in(&file.document, None, at, &mut all);
        }
        all.shrink_to_fit();
        all
    }

    fn find_in(self, document: &'w PolicyDocument, role: Option<usize>, number: usize, all: &mut Vec<FoundIdentity>) {
        for (at, item) in document.statements.items.iter().enumerate() {
            let statement = &item.value;
            if !statement.allows() || statement.not_principal.is_some() {
                continue;
            }
            let federated =
                statement.principals.items.iter().enumerate().filter(|(_, it)| it.value.is_kind("Federated"));
            let providers: Box<[Provider]> = federated.map(|(at, it)| self.provider(at, &it.value)).collect();
            let identity = WebIdentity { statement, role: None, providers: &providers };
            if !providers.is_empty() || identity.is_kubernetes() {
                all.push(FoundIdentity { role, document: number, statement: at, providers });
            }
        }
    }

    fn provider(self, at: usize, principal: &Principal) -> Provider {
        let issuer = self.issuer(&principal.value);
        let is_eks = issuer.as_ref().is_some_and(|it| self.is_eks_issuer(it));
        let is_oidc = issuer.is_some() || self.oidc_provider(&principal.value).is_some();
        Provider { at, issuer, is_oidc, is_eks }
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
        let providers = &self.workspace.facts.oidc_providers;
        let at = self.workspace.index.oidc_providers.of_resource(&reference.resource, providers, |it| &it.origin)?;
        matches!(reference.attribute, Attribute::Ref | Attribute::Arn).then(|| &providers[at])
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
