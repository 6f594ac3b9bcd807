//! Policies: which roles have them, and what they grant.

use crate::edit::Change;
use crate::facts::{AttachedPolicy, DocumentKind, Role};
use crate::iam::{Arn, PolicyDocument, covers_action, kleene_or, managed_policy_of};
use crate::source::{Reference, Span, Text};

use super::Workspace;

/// Questions about policies.
#[derive(Clone, Copy)]
pub struct Policies<'w> {
    workspace: &'w Workspace,
}

impl Workspace {
    /// Policies: which roles have them, and what they grant.
    pub fn policies(&self) -> Policies<'_> {
        Policies { workspace: self }
    }
}

impl<'w> Policies<'w> {
    /// The policy that a reference means, if the files declare it.
    pub fn named(self, text: &Text) -> Option<&'w AttachedPolicy> {
        Some(&self.workspace.facts.policies[self.find(text)?])
    }

    /// The policy that a reference means, or the ARN of one that is described.
    fn find(self, text: &Text) -> Option<usize> {
        let text = self.workspace.followed(text);
        match text.reference() {
            Some(reference) => self.declared(reference),
            None => self.workspace.index.described_policies.get(text.as_str()?).copied(),
        }
    }

    /// The policy of the same unit that a reference means.
    fn declared(self, reference: &Reference) -> Option<usize> {
        let policies = &self.workspace.facts.policies;
        self.workspace.index.policies.of_resource(&reference.resource, policies, |it| &it.origin)
    }

    /// Where an AWS managed policy of this name is attached to a role.
    pub fn attached<'r>(self, role: &'r Role, name: &str) -> Option<&'r Text> {
        role.managed_policies.iter().find(|text| {
            let policy = Arn::parse(text).and_then(|arn| managed_policy_of(&arn));
            policy.is_some_and(|policy| policy.name == name)
        })
    }

    /// Policies that roles name by their ARNs: those of EKS roles, and those that are named after EKS.
    pub fn attached_arns(self) -> impl Iterator<Item = &'w Text> {
        let of_eks = |it: &Text| ["EKS", "ContainerRegistry", "CSIDriver"].iter().any(|word| it.bytes().contains(word));
        self.workspace.facts.roles.iter().flat_map(move |role| {
            let is_eks = self.workspace.roles().links(role).is_used();
            let boundary = role.permissions_boundary.known();
            role.managed_policies.iter().chain(boundary).filter(move |it| is_eks || of_eks(it))
        })
    }

    /// The policies that are resources of their own and that no role of the files has.
    pub fn unattached(self) -> impl Iterator<Item = &'w AttachedPolicy> {
        let policies = self.workspace.facts.policies.iter().zip(self.holders());
        policies.filter(|(_, holders)| holders.is_empty()).map(|(policy, _)| policy)
    }

    /// For each policy that is a resource of its own, the roles that have it.
    pub(super) fn holders(self) -> Vec<Vec<&'w Role>> {
        let mut holders = vec![Vec::new(); self.workspace.facts.policies.len()];
        for role in &self.workspace.facts.roles {
            let named = role.managed_policies.iter().filter_map(|it| self.find(it));
            for at in self.workspace.roles().links(role).attached.iter().copied().chain(named) {
                holders[at].push(role);
            }
        }
        holders
    }

    /// Whether the policies on a role grant an action. `None` if one of them is not in the files.
    pub fn grant(self, role: &Role, action: &str) -> Option<bool> {
        let links = self.workspace.roles().links(role);
        let mut answer = if links.attachments_known { self.loosely_grants(action) } else { None };
        answer = kleene_or(answer, role.managed_policies.any(|arn| self.managed_grants(arn, action)));
        let by_document = |policy: &crate::facts::InlinePolicy| match policy.document.only() {
            Some(document) => document.grants(action),
            None => None,
        };
        answer = kleene_or(answer, role.inline_policies.any(by_document));
        for at in &links.attached {
            let policy = &self.workspace.facts.policies[*at];
            let granted = policy.document.only().and_then(|document| document.grants(action));
            let always = role.origin.branch.implies(&policy.origin.branch);
            answer = kleene_or(answer, if always || granted == Some(false) { granted } else { None });
        }
        answer
    }

    fn managed_grants(self, arn: &Text, action: &str) -> Option<bool> {
        let arn = self.workspace.followed(arn);
        if let Some(at) = self.find(arn) {
            return self.workspace.facts.policies[at].document.only()?.grants(action);
        }
        managed_policy_of(&Arn::parse(arn)?).map(|policy| policy.grants(action))
    }

    /// Whether a policy grants an action that may be attached to any role: its roles are an import or a parameter.
    fn loosely_grants(self, action: &str) -> Option<bool> {
        let may_grant = |at: usize| {
            let document = self.workspace.facts.policies[at].document.only();
            document.and_then(|it| it.grants(action)) != Some(false)
        };
        if self.workspace.links.loose_policies.may_grant(action, may_grant) { None } else { Some(false) }
    }

    /// The actions of a list that the policies on a role do not grant. `None` if one of them cannot be known: then a
    /// policy is out of sight, and nothing is known to be missing.
    pub fn missing<'a>(self, role: &Role, actions: &[&'a str]) -> Option<Vec<&'a str>> {
        let mut missing = Vec::new();
        for action in actions {
            if !self.grant(role, action)? {
                missing.push(*action);
            }
        }
        Some(missing)
    }

    /// Statements that grant an action by its name and without conditions, each with what else its holder may do.
    pub fn granting(self, action: &str) -> Vec<Grant<'w>> {
        let mut grants = Vec::new();
        let mut add = |document: &'w PolicyDocument, holders: Vec<&'w Role>| {
            let named = document.allowing(action).filter(|it| it.conditions.is_empty());
            let named = named.filter_map(|it| it.actions.iter().find(|pattern| names(pattern, action))).next();
            if let Some(text) = named {
                grants.push(Grant { workspace: self.workspace, span: text.span(), document, holders });
            }
        };
        for role in &self.workspace.facts.roles {
            for policy in role.inline_policies.iter() {
                policy.document.known().for_each(|document| add(document, vec![role]));
            }
        }
        for (policy, holders) in self.workspace.facts.policies.iter().zip(self.holders()) {
            policy.document.known().for_each(|document| add(document, holders.clone()));
        }
        self.workspace.documents().standalone(DocumentKind::Permissions).for_each(|it| add(it, Vec::new()));
        grants
    }

    /// A change that attaches an AWS managed policy to a role as another one is: that item again, with this name. `None` if
    /// there is no other.
    pub fn attach_like_others(self, role: &Role, name: &str) -> Option<Change> {
        let mut others = role.managed_policies.items.iter().filter(|it| it.branch.is_always());
        others.find_map(|item| {
            let other = crate::iam::Arn::parse(&item.value)?;
            if other.account_str() != Some("aws") || other.path().is_some_and(|it| !it.is_empty()) {
                return None;
            }
            Some(Change::copy_item(item.value.whole(), &other.name()?, name))
        })
    }
}

/// Whether a pattern covers an action and says more of it than its service: `eks:*` names nothing.
fn names(pattern: &Text, action: &str) -> bool {
    let Some(known) = pattern.as_str() else { return false };
    let says = known.split_once(':').is_some_and(|(_, name)| name.trim_matches('*').len() > "create".len());
    says && covers_action(known, action)
}

/// A statement that grants something, and who holds it.
pub struct Grant<'w> {
    workspace: &'w Workspace,
    /// The action, as it is written.
    pub span: Span,
    document: &'w PolicyDocument,
    holders: Vec<&'w Role>,
}

impl Grant<'_> {
    /// Whether every holder may do another thing too: by the same document, or by any policy of its role.
    pub fn also(&self, action: &str) -> Option<bool> {
        if self.holders.is_empty() {
            return self.document.grants(action);
        }
        let mut answer = Some(true);
        for role in &self.holders {
            answer = crate::iam::kleene_and(answer, self.workspace.policies().grant(role, action));
        }
        answer
    }
}
