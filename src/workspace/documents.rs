//! Which roles and policy documents are EKS's business: the rules about IAM's own grammar look at no others.

use crate::facts::{DocumentKind, PolicyKind, Purpose, Role, StandaloneDocument};
use crate::iam::{PolicyDocument, Principal};
use crate::source::Text;

use super::Workspace;

/// A policy document that a role of EKS has, or that speaks of EKS by itself.
#[derive(Clone, Copy)]
pub struct EksDocument<'w> {
    pub kind: DocumentKind,
    pub document: &'w PolicyDocument,
    /// True if it stands in a template, where a pseudo parameter can say what a file cannot.
    pub in_template: bool,
}

impl Workspace {
    /// Roles that something of EKS uses, or that trust EKS.
    pub fn eks_roles(&self) -> impl Iterator<Item = &Role> {
        self.facts
            .roles
            .iter()
            .filter(|role| !self.links(role).uses.is_empty() || role.trust.known().any(PolicyDocument::speaks_of_eks))
    }

    /// The policy documents of one kind that are files of their own.
    pub fn standalone(&self, kind: DocumentKind) -> impl Iterator<Item = &PolicyDocument> {
        self.facts.policy_documents.iter().filter(move |it| it.kind == kind).map(|it| &it.document)
    }

    /// The documents that no role of the files is known to have: in files of their own, and of policies that nothing attaches.
    pub fn documents_of_nobody(&self) -> impl Iterator<Item = &PolicyDocument> {
        let alone = self.facts.policy_documents.iter().map(|it| &it.document);
        alone.chain(self.unattached_policies().flat_map(|it| it.document.known()))
    }

    /// Those of [`Workspace::eks_documents`] that are of one kind.
    pub fn eks_documents_of(&self, kind: DocumentKind) -> impl Iterator<Item = EksDocument<'_>> {
        self.eks_documents().into_iter().filter(move |it| it.kind == kind)
    }

    /// Every policy document in EKS use: of its roles, attached to them, or about EKS by what it says.
    pub fn eks_documents(&self) -> Vec<EksDocument<'_>> {
        let mut found = Vec::new();
        let mut add = |kind, document, in_template| found.push(EksDocument { kind, document, in_template });
        let mut is_attached = vec![false; self.facts.policies.len()];
        for role in &self.facts.roles {
            let is_eks = !self.links(role).uses.is_empty() || role.trust.known().any(PolicyDocument::speaks_of_eks);
            let in_template = role.origin.resource.is_some();
            for document in role.trust.known().filter(|_| is_eks) {
                add(DocumentKind::Trust, document, in_template);
            }
            let inline = role.inline_policies.iter().flat_map(|policy| policy.document.known());
            for document in inline.filter(|it| is_eks || it.speaks_of_eks()) {
                add(DocumentKind::Permissions, document, in_template);
            }
            for &at in self.links(role).attached.iter().filter(|_| is_eks) {
                is_attached[at] = true;
            }
        }
        for (policy, is_attached) in self.facts.policies.iter().zip(is_attached) {
            for document in policy.document.known().filter(|it| is_attached || it.speaks_of_eks()) {
                add(DocumentKind::Permissions, document, true);
            }
        }
        let is_about_eks = |it: &&StandaloneDocument| it.document.speaks_of_eks() || self.is_named_after_eks(it);
        for file in self.facts.policy_documents.iter().filter(is_about_eks) {
            add(file.kind, &file.document, false);
        }
        found
    }

    /// True for a trust policy that lets in EC2 or Systems Manager and stands in a file that is named after nodes, the
    /// connector or EKS: a document says nothing else of what it is for.
    fn is_named_after_eks(&self, document: &StandaloneDocument) -> bool {
        const WORDS: [&str; 7] = ["eks", "node", "nodes", "nodegroup", "worker", "workers", "connector"];
        let path = self.path(document.span.file).to_ascii_lowercase();
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
        let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
        let is_named = words.any(|it| WORDS.contains(&it));
        let mut principals = document.document.principals();
        let is_meant =
            |it: &Principal| ["ec2", "ssm"].iter().any(|own| it.value.bytes().split('.').next() == Some(own));
        document.kind == DocumentKind::Trust && is_named && principals.any(is_meant)
    }

    /// The trust policies of which nothing says what they are for: in files of their own, and of roles that nothing in
    /// EKS is known to use. With each, whether it is about EKS all the same, by what it says or by its file's name.
    pub fn trusts_without_use(&self) -> impl Iterator<Item = (&PolicyDocument, bool)> {
        let is_used = |role: &&Role| {
            self.links(role).node_use().is_some()
                || self.links(role).use_as(|it| it == Purpose::ConnectorAgent).is_some()
                || self.links(role).certain_uses().any(|it| it.purpose != Purpose::Principal)
        };
        let of_roles = self.facts.roles.iter().filter(move |it| !is_used(it)).flat_map(|it| it.trust.known());
        let documents = self.facts.policy_documents.iter().filter(|it| it.kind == DocumentKind::Trust);
        let documents = documents.map(|it| (&it.document, it.document.speaks_of_eks() || self.is_named_after_eks(it)));
        of_roles.map(|it| (it, it.speaks_of_eks())).chain(documents)
    }

    /// The names that roles of EKS and their policies are given, each with its noun and how long it may be.
    pub fn eks_names(&self) -> Vec<(&'static str, usize, &Text)> {
        let mut names = Vec::new();
        for role in self.eks_roles() {
            names.extend(self.values(&role.name).map(|it| ("role", 64, it)));
            for policy in role.inline_policies.iter() {
                names.extend(self.values(&policy.name).map(|it| ("policy", 128, it)));
            }
            for &at in &self.links(role).attached {
                let policy = &self.facts.policies[at];
                let noun = if policy.kind == PolicyKind::Managed { "managed policy" } else { "policy" };
                names.extend(self.values(&policy.name).map(|it| (noun, 128, it)));
            }
        }
        names
    }
}
