//! Policy documents: whose they are, and which are EKS's business. The rules about IAM's own grammar look at no others.

use crate::facts::{DocumentKind, Field, Purpose, Role, StandaloneDocument};
use crate::iam::{PolicyDocument, Principal};
use crate::source::Text;

use super::Workspace;
use super::found::FoundDocument;

/// A policy document that a role of EKS has, or that speaks of EKS by itself.
#[derive(Clone, Copy)]
pub struct EksDocument<'w> {
    pub kind: DocumentKind,
    pub document: &'w PolicyDocument,
    /// True if it stands in a template, where a pseudo parameter can say what a file cannot.
    pub in_template: bool,
}

/// The inline policies of a role that are known.
fn inline(role: &Role) -> impl Iterator<Item = &PolicyDocument> {
    role.inline_policies.iter().flat_map(|policy| policy.document.known())
}

/// An ARN of a policy, or of a resource in one.
#[derive(Clone, Copy)]
pub struct Resource<'w> {
    pub text: &'w Text,
    /// True if it stands in a template, which can say the partition of its stack.
    pub in_template: bool,
    /// True if it is there under all conditions.
    pub is_always: bool,
}

/// Questions about policy documents.
#[derive(Clone, Copy)]
pub struct Documents<'w> {
    workspace: &'w Workspace,
}

impl Workspace {
    /// Policy documents: whose they are, and which are about EKS.
    pub fn documents(&self) -> Documents<'_> {
        Documents { workspace: self }
    }
}

impl<'w> Documents<'w> {
    /// The policy documents on a role that the files show: inline, attached from outside, and referred to.
    pub fn of(self, role: &'w Role) -> Vec<&'w PolicyDocument> {
        let inline = role.inline_policies.iter().map(|it| &it.document);
        let attached =
            self.workspace.roles().links(role).attached.iter().map(|at| &self.workspace.facts.policies[*at].document);
        let named =
            role.managed_policies.iter().filter_map(|it| self.workspace.policies().named(it)).map(|it| &it.document);
        inline.chain(attached).chain(named).flat_map(Field::known).collect()
    }

    /// The documents that no role of the files is known to have: in files of their own, and of policies that nothing attaches.
    pub fn of_nobody(self) -> impl Iterator<Item = &'w PolicyDocument> {
        let alone = self.workspace.facts.policy_documents.iter().map(|it| &it.document);
        alone.chain(self.workspace.policies().unattached().flat_map(|it| it.document.known()))
    }

    /// The policy documents of one kind that are files of their own.
    pub fn standalone(self, kind: DocumentKind) -> impl Iterator<Item = &'w PolicyDocument> {
        self.workspace.facts.policy_documents.iter().filter(move |it| it.kind == kind).map(|it| &it.document)
    }

    /// Every policy document in EKS use: of its roles, attached to them, or about EKS by what it says.
    pub fn all_of_eks(self) -> Vec<EksDocument<'w>> {
        let found = self.workspace.eks_documents.get_or_init(|| self.find_of_eks());
        found.iter().filter_map(|it| self.document(it)).collect()
    }

    fn document(self, found: &FoundDocument) -> Option<EksDocument<'w>> {
        let facts = &self.workspace.facts;
        let (kind, document, in_template) = match *found {
            FoundDocument::Trust { role, number } => {
                let role = &facts.roles[role];
                (DocumentKind::Trust, role.trust.known().nth(number)?, role.origin.resource.is_some())
            }
            FoundDocument::Inline { role, number } => {
                let role = &facts.roles[role];
                (DocumentKind::Permissions, inline(role).nth(number)?, role.origin.resource.is_some())
            }
            FoundDocument::Policy { policy, number } => {
                (DocumentKind::Permissions, facts.policies[policy].document.known().nth(number)?, true)
            }
            FoundDocument::File(file) => {
                let file = &facts.policy_documents[file];
                (file.kind, &file.document, false)
            }
        };
        Some(EksDocument { kind, document, in_template })
    }

    fn find_of_eks(self) -> Vec<FoundDocument> {
        let facts = &self.workspace.facts;
        let mut found = Vec::new();
        let mut is_attached = vec![false; facts.policies.len()];
        for (at, role) in facts.roles.iter().enumerate() {
            let links = self.workspace.roles().links(role);
            let is_eks = links.is_used() || role.trust.known().any(|it| it.speaks_of_eks);
            if is_eks {
                found.extend((0..role.trust.known().count()).map(|number| FoundDocument::Trust { role: at, number }));
                links.attached.iter().for_each(|policy| is_attached[*policy] = true);
            }
            let spoken = inline(role).enumerate().filter(|(_, it)| is_eks || it.speaks_of_eks);
            found.extend(spoken.map(|(number, _)| FoundDocument::Inline { role: at, number }));
        }
        for (at, policy) in facts.policies.iter().enumerate() {
            let known = policy.document.known().enumerate();
            let spoken = known.filter(|(_, it)| is_attached[at] || it.speaks_of_eks);
            found.extend(spoken.map(|(number, _)| FoundDocument::Policy { policy: at, number }));
        }
        let is_about_eks = |it: &StandaloneDocument| it.document.speaks_of_eks || self.is_named_after_eks(it);
        let files = facts.policy_documents.iter().enumerate().filter(|(_, it)| is_about_eks(it));
        found.extend(files.map(|(at, _)| FoundDocument::File(at)));
        found
    }

    /// Those of [`Documents::all_of_eks`] that are of one kind.
    pub fn of_eks(self, kind: DocumentKind) -> impl Iterator<Item = EksDocument<'w>> {
        self.all_of_eks().into_iter().filter(move |it| it.kind == kind)
    }

    /// True for a trust policy that lets in EC2 or Systems Manager and stands in a file that is named after nodes, the
    /// connector or EKS: a document says nothing else of what it is for.
    fn is_named_after_eks(self, document: &StandaloneDocument) -> bool {
        const WORDS: [&str; 7] = ["eks", "node", "nodes", "nodegroup", "worker", "workers", "connector"];
        let path = self.workspace.path(document.span.file).to_ascii_lowercase();
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
    pub fn trusts_without_use(self) -> impl Iterator<Item = (&'w PolicyDocument, bool)> {
        let is_used = |role: &&Role| {
            self.workspace.roles().links(role).node_use().is_some()
                || self.workspace.roles().links(role).use_as(|it| it == Purpose::ConnectorAgent).is_some()
                || self.workspace.roles().links(role).certain_uses().any(|it| it.purpose != Purpose::Principal)
        };
        let of_roles = self.workspace.facts.roles.iter().filter(move |it| !is_used(it)).flat_map(|it| it.trust.known());
        let documents = self.workspace.facts.policy_documents.iter().filter(|it| it.kind == DocumentKind::Trust);
        let documents =
            documents.map(move |it| (&it.document, it.document.speaks_of_eks || self.is_named_after_eks(it)));
        of_roles.map(|it| (it, it.speaks_of_eks)).chain(documents)
    }

    /// What the statements of all permissions policies speak of.
    pub fn resources(self) -> impl Iterator<Item = &'w Text> {
        let facts = &self.workspace.facts;
        let inline = facts.roles.iter().flat_map(|it| it.inline_policies.iter()).map(|it| &it.document);
        let documents = inline.chain(facts.policies.iter().map(|it| &it.document)).flat_map(Field::known);
        let documents = documents.chain(facts.policy_documents.iter().map(|it| &it.document));
        documents.flat_map(|it| it.statements.iter()).flat_map(|it| it.resources.iter())
    }

    /// The ARNs that IAM checks when a policy of EKS is made or attached.
    pub fn resources_of_eks(self) -> Vec<Resource<'w>> {
        let mut found = Vec::new();
        for role in self.workspace.roles().of_eks() {
            let attached = role.managed_policies.items.iter();
            let in_template = role.origin.resource.is_some();
            found.extend(attached.map(|it| Resource {
                text: &it.value,
                in_template,
                is_always: it.branch.is_always(),
            }));
        }
        for it in self.of_eks(DocumentKind::Permissions) {
            for statement in &it.document.statements.items {
                let resources = statement.value.resources.items.iter();
                found.extend(resources.map(|resource| Resource {
                    text: &resource.value,
                    in_template: it.in_template,
                    is_always: statement.branch.is_always() && resource.branch.is_always(),
                }));
            }
        }
        found.sort_by_key(|it| self.workspace.files.position(it.text.span()));
        found.dedup_by_key(|it| it.text.span());
        found
    }
}
