//! What is found once, and asked for by many rules: places in the facts.

use crate::source::Text;

/// A statement for web identities.
pub(super) struct FoundIdentity {
    /// The role that has the document; nothing if it is a file of its own.
    pub(super) role: Option<usize>,
    /// Which of the role's trust policies, or of the policy documents in files.
    pub(super) document: usize,
    pub(super) statement: usize,
    pub(super) providers: Box<[Provider]>,
}

/// A federated principal.
pub struct Provider {
    /// Its place among the principals of its statement.
    pub(super) at: usize,
    /// What it calls the issuer, `oidc.eks.eu-west-1.amazonaws.com/id/…`, where that can be known.
    pub issuer: Option<Text>,
    /// It is certainly an OIDC provider.
    pub is_oidc: bool,
    /// It is certainly the provider of an EKS cluster.
    pub is_eks: bool,
}

/// A policy document in EKS use. `number`: which of the known documents there.
pub(super) enum FoundDocument {
    Trust { role: usize, number: usize },
    Inline { role: usize, number: usize },
    Policy { policy: usize, number: usize },
    File(usize),
}
