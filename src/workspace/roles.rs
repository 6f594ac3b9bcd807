//! Questions about roles: what a role is for, what its policies say, which roles belong to a cluster.

use std::collections::{HashMap, HashSet};

use crate::edit::Change;
use crate::facts::{
    Addon, AttachedPolicy, Cluster, Field, Limit, NodeGroup, Purpose, Role, RoleMention, ServiceLinkedRole,
};
use crate::iam::PolicyDocument;
use crate::source::Text;

use super::{RoleLinks, Workspace, links};

impl Workspace {
    /// What the files say of a role elsewhere than in its declaration.
    pub fn links(&self, role: &Role) -> &RoleLinks {
        self.links.role_at.get(&role.origin.name).map_or(&links::NOTHING, |at| &self.links.roles[*at])
    }

    /// Every place that says what a role is for.
    pub fn mentions(&self) -> &[RoleMention] {
        &self.links.mentions
    }

    /// Every limit that was reached: while files were read, and while they were linked.
    pub fn limits(&self) -> impl Iterator<Item = &Limit> {
        self.facts.limits.iter().chain(&self.links.limits)
    }

    /// The policy that a reference means, if the files declare it.
    pub fn policy(&self, text: &Text) -> Option<&AttachedPolicy> {
        let at = self.index.policies.get(&self.followed(text).reference()?.resource)?;
        Some(&self.facts.policies[*at])
    }

    /// The service-linked role that a reference means.
    pub fn service_linked_role(&self, text: &Text) -> Option<&ServiceLinkedRole> {
        let at = self.index.service_linked_roles.get(&self.followed(text).reference()?.resource)?;
        Some(&self.facts.service_linked_roles[*at])
    }

    /// The instance profile that a role property names by mistake: by reference, or by its ARN.
    pub fn is_instance_profile(&self, text: &Text) -> bool {
        let by_arn = || crate::iam::Arn::parse(text).is_some_and(|arn| arn.is_iam("instance-profile"));
        self.instance_profile(text).is_some() || by_arn()
    }

    /// The policy documents on a role that the files show: inline, attached from outside, and referred to.
    pub fn documents_of<'w>(&'w self, role: &'w Role) -> Vec<&'w PolicyDocument> {
        let inline = role.inline_policies.iter().map(|it| &it.document);
        let attached = self.links(role).attached.iter().map(|at| &self.facts.policies[*at].document);
        let named = role.managed_policies.iter().filter_map(|it| self.policy(it)).map(|it| &it.document);
        inline.chain(attached).chain(named).flat_map(Field::known).collect()
    }

    /// For each policy that is a resource of its own, the roles that have it.
    pub(super) fn holders(&self) -> Vec<Vec<&Role>> {
        let mut holders = vec![Vec::new(); self.facts.policies.len()];
        for role in &self.facts.roles {
            let named = role.managed_policies.iter().filter_map(|it| self.followed(it).reference());
            let named = named.filter_map(|it| self.index.policies.get(&it.resource));
            for at in self.links(role).attached.iter().chain(named) {
                holders[*at].push(role);
            }
        }
        holders
    }

    /// The policies that are resources of their own and that no role of the files has.
    pub fn unattached_policies(&self) -> impl Iterator<Item = &AttachedPolicy> {
        let policies = self.facts.policies.iter().zip(self.holders());
        policies.filter(|(_, holders)| holders.is_empty()).map(|(policy, _)| policy)
    }

    /// A change that attaches an AWS managed policy to a role as another one is: that item again, with this name. `None` if
    /// there is no other.
    pub fn attach_like_others(&self, role: &Role, name: &str) -> Option<Change> {
        let mut others = role.managed_policies.items.iter().filter(|it| it.branch.is_always());
        others.find_map(|item| {
            let other = crate::iam::Arn::parse(&item.value)?;
            if other.account.as_str() != Some("aws") || other.path().is_some_and(|it| !it.is_empty()) {
                return None;
            }
            Some(Change::copy_item(item.value.whole(), &other.name()?, name))
        })
    }

    /// What the statements of all permissions policies speak of.
    pub fn resources(&self) -> impl Iterator<Item = &Text> {
        let facts = &self.facts;
        let inline = facts.roles.iter().flat_map(|it| it.inline_policies.iter()).map(|it| &it.document);
        let documents = inline.chain(facts.policies.iter().map(|it| &it.document)).flat_map(Field::known);
        let documents = documents.chain(facts.policy_documents.iter().map(|it| &it.document));
        documents.flat_map(|it| it.statements.iter()).flat_map(|it| it.resources.iter())
    }

    /// Whether a policy grants an action that may be attached to any role: its roles are an import or a parameter.
    pub(super) fn loosely_grants(&self, action: &str) -> Option<bool> {
        let may_grant = |at: &usize| {
            let document = self.facts.policies[*at].document.only();
            document.and_then(|it| it.grants(action)) != Some(false)
        };
        if self.links.loose_policies.iter().any(may_grant) { None } else { Some(false) }
    }

    /// The actions of a list that the policies on a role do not grant. `None` if one of them cannot be known: then a
    /// policy is out of sight, and nothing is known to be missing.
    pub fn missing_actions<'a>(&self, role: &Role, actions: &[&'a str]) -> Option<Vec<&'a str>> {
        let mut missing = Vec::new();
        for action in actions {
            if !self.grants(role, action)? {
                missing.push(*action);
            }
        }
        Some(missing)
    }

    /// Pairs of places that give one role to two purposes at once: first the one, then the other; one pair for each
    /// place of the first.
    pub fn shared_roles(
        &self,
        first: impl Fn(Purpose) -> bool,
        second: impl Fn(Purpose) -> bool,
    ) -> Vec<(&RoleMention, &RoleMention)> {
        let is_filled_in = |it: &&RoleMention| !it.text.is_slot();
        let of = |wanted: &dyn Fn(Purpose) -> bool| -> Vec<&RoleMention> {
            self.links.mentions.iter().filter(|it| wanted(it.role_use.purpose)).filter(is_filled_in).collect()
        };
        let (first, second) = (of(&first), of(&second));
        let mut by_key: HashMap<_, Vec<&RoleMention>> = HashMap::new();
        for other in second {
            if let Some(key) = self.principal_key(&other.text) {
                by_key.entry(key).or_default().push(other);
            }
        }
        let mut pairs = Vec::new();
        let mut seen = HashSet::new();
        for one in first {
            let others = self.principal_key(&one.text).and_then(|it| by_key.get(&it));
            let mut others = others.into_iter().flatten();
            let same = others.find(|other| {
                self.same_principal(&one.text, &other.text) == Some(true)
                    && one.role_use.branch.surely_meets(&other.role_use.branch)
            });
            pairs.extend(same.filter(|_| seen.insert(one.role_use.span)).map(|other| (one, *other)));
        }
        pairs
    }

    /// Where the files declare the VPC CNI as an add-on of the cluster.
    pub fn cni_addon(&self, cluster: &Cluster) -> Option<&Addon> {
        self.addons_of(cluster).find(|it| it.name.is("vpc-cni") == Some(true))
    }

    /// The roles of the managed node groups of a cluster, with the place that names each.
    pub fn node_group_roles<'w>(&'w self, cluster: &Cluster) -> Vec<(&'w Role, &'w Text)> {
        // Those of clusters of other files are not known to be theirs.
        let file = cluster.origin.name.file;
        let is_here = |it: &&NodeGroup| it.cluster.only().is_some_and(|name| name.span().file == file);
        let groups = self.node_groups_of(cluster).filter(is_here);
        let mut roles: Vec<(&Role, &Text)> = Vec::new();
        let mut seen = HashSet::new();
        for text in groups.flat_map(|it| it.role.known()) {
            let Some(role) = self.role(text) else { continue };
            if seen.insert(role.origin.name) {
                roles.push((role, text));
            }
        }
        roles
    }
}
