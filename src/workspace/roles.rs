//! Roles: what names them, what they are for, and where they are.

use std::borrow::Cow;

use crate::collections::{HashMap, HashSet};
use crate::diagnostic::Certainty;
use crate::facts::{Evidence, Field, List, Origin, PolicyKind, Purpose, Role, RoleMention, ServiceLinkedRole};
use crate::iam::Arn;
use crate::source::{Attribute, Reference, Text};

use super::context::account_of;
use super::named::ByName;
use super::sought::Sought;
use super::{RoleLinks, Workspace, links};

/// Questions about roles.
#[derive(Clone, Copy)]
pub struct Roles<'w> {
    workspace: &'w Workspace,
}

impl Workspace {
    /// Roles: what names them, what they are for, and where they are.
    pub fn roles(&self) -> Roles<'_> {
        Roles { workspace: self }
    }
}

impl<'w> Roles<'w> {
    /// The role that an ARN, a name or a reference means, if exactly one role of the project fits.
    pub fn named(self, text: &Text) -> Option<&'w Role> {
        self.index_of(text).map(|at| &self.workspace.facts.roles[at])
    }

    /// Whether a role of the files has a name that is written out, or may have it.
    pub fn may_be_named(self, name: &Text) -> bool {
        let Some(written) = name.as_str() else { return true };
        let index = &self.workspace.index;
        let all = [&index.roles_by_name, &index.described_roles, &index.roles_by_default];
        all.iter().any(|it| it.get(written).is_some())
    }

    /// The role that a property means, if it has one value.
    pub fn of(self, property: &Field<Text>) -> Option<&'w Role> {
        self.named(property.only()?)
    }

    /// The role whose name a text is because it is the role's `Ref`.
    pub fn by_ref(self, text: &Text) -> Option<&'w Role> {
        text.reference().filter(|it| it.attribute == Attribute::Ref)?;
        self.named(text)
    }

    /// The role that a text means, certainly or where nobody overrides the defaults of parameters: of the one that the text is,
    /// or of the one that the role's name is.
    pub fn likely(self, text: &'w Text) -> Option<(&'w Role, Certainty)> {
        let shipped = self.workspace.shipped_text(text);
        let certainty = if shipped.span() == text.span() { Certainty::Certain } else { Certainty::Likely };
        let (role, sure) = self.likely_as_written(shipped)?;
        Some((role, sure.min(certainty)))
    }

    /// The same for a text whose own default does not count.
    pub fn likely_as_written(self, text: &Text) -> Option<(&'w Role, Certainty)> {
        let certain = self.index_of(text).map(|at| (at, Certainty::Certain));
        let (at, sure) = certain.or_else(|| Some((self.index_by_default(text)?, Certainty::Likely)))?;
        Some((&self.workspace.facts.roles[at], sure))
    }

    /// [`Roles::likely`] for a property of something. Under a condition the default of a parameter does not count.
    pub fn likely_of(self, origin: &Origin, property: &'w Field<Text>) -> Option<(&'w Role, Certainty)> {
        let text = property.only()?;
        if origin.branch.is_always() { self.likely(text) } else { self.likely_as_written(text) }
    }

    /// What is described speaks of roles that are described, and what is declared of those that are declared, where there are both.
    pub(super) fn index_of(self, text: &Text) -> Option<usize> {
        let index = &self.workspace.index;
        let declared = || self.find(text, &index.roles_by_name);
        if index.described_roles.is_empty() {
            return declared();
        }
        let described = || self.find(text, &index.described_roles);
        if self.workspace.is_described(text.span()) {
            return described().or_else(declared);
        }
        // Of several that are declared under one name only an account can tell which one is described.
        let arn = Arn::of_role(text);
        let tells = arn.as_ref().is_some_and(|it| it.account_id().is_some());
        let is_declared = || {
            let name = arn.as_ref().map_or_else(|| Some(text.clone()), Arn::name);
            name.is_none_or(|it| it.as_str().is_none_or(|it| index.roles_by_name.get(it).is_some()))
        };
        declared().or_else(|| described().filter(|_| tells || !is_declared()))
    }

    /// The role that a text names by the default of the parameter that is the role's name, if no role has that name.
    pub(super) fn index_by_default(self, text: &Text) -> Option<usize> {
        let name = Arn::of_role(text).map_or_else(|| Some(text.clone()), |it| it.name())?;
        let index = &self.workspace.index;
        let is_taken = |it| index.roles_by_name.get(it).is_some() || index.described_roles.get(it).is_some();
        let is_taken = name.as_str().is_none_or(is_taken);
        if is_taken { None } else { self.find(text, &index.roles_by_default) }
    }

    fn find(self, text: &Text, by_name: &ByName) -> Option<usize> {
        let text = self.workspace.followed(text);
        if let Some(reference) = text.reference() {
            return match reference.attribute {
                Attribute::Ref | Attribute::Arn => self.declared(reference),
                Attribute::Other(_) => None,
            };
        }
        let arn = Arn::parse(text);
        let name = match &arn {
            Some(arn) if arn.is_iam("role") => arn.name()?,
            Some(_) => return None,
            None => text.clone(),
        };
        if let Some(reference) = name.reference() {
            return self.declared(reference);
        }
        let named = by_name.get(name.as_str()?)?;
        // `aws-auth` leaves paths out, but a path that is written is that of the role.
        let path = arn.as_ref().and_then(Arn::path);
        let file = text.span().file;
        let account = arn.as_ref().and_then(Arn::account_id).or_else(|| {
            // `${AWS::AccountId}` is the account that the file is deployed to.
            let is_own = arn.as_ref().is_some_and(|it| it.account().is_own_account());
            if is_own { self.workspace.environments().account_of(file)?.as_str() } else { None }
        });
        let partition = arn.as_ref().and_then(|it| it.partition_str());
        let wanted = by_name.wanted(path.as_ref());
        let sought = Sought { workspace: self.workspace, named, file, account, partition, path, wanted };
        sought.found().filter(|at| {
            let role = &self.workspace.facts.roles[*at];
            // A name means a role of the same account, and an ARN says of which one it is.
            self.workspace.are_in_one_account(text.span(), role.origin.name) == Some(true)
                || account.is_some() && account_of(self.workspace.context.as_ref(), role) == account
        })
    }

    /// True if a principal is certainly a role.
    pub fn is_role(self, principal: &Text) -> bool {
        match self.workspace.followed(principal).reference() {
            Some(reference) => reference.attribute == Attribute::Arn && self.named(principal).is_some(),
            None => Arn::parse(principal).is_some_and(|arn| arn.is_iam("role")),
        }
    }

    /// Whether two principals are the same role or user. See [`super::Clusters::same`].
    pub fn same(self, a: &Text, b: &Text) -> Option<bool> {
        if let (Some(a), Some(b)) = (self.index_of(a), self.index_of(b)) {
            return Some(a == b);
        }
        let answer =
            if self.workspace.are_together(a.span().file, b.span().file) { a.same(b) } else { a.same_anywhere(b) };
        let says_account = || Arn::parse(a).is_some_and(|it| it.account_id().is_some());
        match answer {
            Some(true) if !says_account() => self.workspace.are_in_one_account(a.span(), b.span()),
            answer => answer,
        }
    }

    /// What two principals have in common if they are certainly the same: only those of one key need be compared. Nothing for
    /// one that is certainly the same as no other.
    pub fn key(self, principal: &Text) -> Option<Result<usize, Cow<'_, str>>> {
        match self.index_of(principal) {
            Some(role) => Some(Ok(role)),
            None => principal.key().map(Err),
        }
    }

    /// The role that a reference names, whatever attribute it asks for.
    pub fn referred(self, reference: &Reference) -> Option<&'w Role> {
        self.declared(reference).map(|at| &self.workspace.facts.roles[at])
    }

    /// The service-linked role that a reference means.
    pub fn service_linked(self, text: &Text) -> Option<&'w ServiceLinkedRole> {
        let reference = self.workspace.followed(text).reference()?;
        let roles = &self.workspace.facts.service_linked_roles;
        let at = self.workspace.index.service_linked_roles.of_resource(&reference.resource, roles, |it| &it.origin)?;
        Some(&roles[at])
    }

    /// Roles that something of EKS uses, or that trust EKS.
    pub fn of_eks(self) -> impl Iterator<Item = &'w Role> {
        self.workspace
            .facts
            .roles
            .iter()
            .filter(move |role| self.links(role).is_used() || role.trust.known().any(|it| it.speaks_of_eks))
    }

    /// What the files say of a role elsewhere than in its declaration.
    pub fn links(self, role: &Role) -> &'w RoleLinks {
        self.place(role).map_or(&links::NOTHING, |at| &self.workspace.links.roles[at])
    }

    /// The place of a role among those of the project.
    pub(super) fn place(self, role: &Role) -> Option<usize> {
        self.workspace.links.role_at.get(&role.origin.key()).map(|at| *at as usize)
    }

    /// The role of the same unit that a reference means.
    fn declared(self, reference: &Reference) -> Option<usize> {
        self.workspace.index.roles.of_resource(&reference.resource, &self.workspace.facts.roles, |it| &it.origin)
    }

    /// Every place that says what a role is for.
    pub fn mentions(self) -> &'w [RoleMention] {
        &self.workspace.links.mentions
    }

    /// Pairs of places that give one role to two purposes at once: first the one, then the other; one pair for each
    /// place of the first.
    pub fn shared(
        self,
        first: impl Fn(Purpose) -> bool,
        second: impl Fn(Purpose) -> bool,
    ) -> Vec<(&'w RoleMention, &'w RoleMention)> {
        let is_filled_in = |it: &&RoleMention| !it.text.is_unfilled();
        let of = |wanted: &dyn Fn(Purpose) -> bool| -> Vec<&RoleMention> {
            self.workspace.links.mentions.iter().filter(|it| wanted(it.role_use.purpose)).filter(is_filled_in).collect()
        };
        let (first, second) = (of(&first), of(&second));
        let mut by_key: HashMap<_, Vec<&RoleMention>> = HashMap::default();
        for other in second {
            if let Some(key) = self.key(&other.text) {
                by_key.entry(key).or_default().push(other);
            }
        }
        let mut pairs = Vec::new();
        let mut seen = HashSet::default();
        for one in first {
            let others = self.key(&one.text).and_then(|it| by_key.get(&it));
            let mut others = others.into_iter().flatten();
            let same = others.find(|other| {
                // Two properties that are one parameter are found by that, not by its default.
                let is_one_default =
                    one.role_use.evidence == Evidence::Default && one.role_use.span == other.role_use.span;
                !is_one_default
                    && self.same(&one.text, &other.text) == Some(true)
                    && one.role_use.branch.surely_meets(&other.role_use.branch)
            });
            pairs.extend(same.filter(|_| seen.insert(one.role_use.span)).map(|other| (one, *other)));
        }
        pairs
    }

    /// The account that a role is in: that of its file, or else that of the provider it trusts.
    pub fn account_of(self, role: &'w Role) -> Option<&'w str> {
        account_of(self.workspace.context.as_ref(), role)
    }

    /// The partition that a role is in. See [`Roles::account_of`].
    pub fn partition_of(self, role: &'w Role) -> Option<&'w str> {
        let of_file = self.workspace.environments().partition_of(role.origin.name.file).map(|(it, _)| it.id);
        of_file.or_else(|| role.partition())
    }

    /// The properties that want the ARN of a role (CloudFormation reference of `AWS::EKS`), by what they are called there.
    pub fn arn_properties(self) -> Vec<(&'static str, &'w Origin, &'w Field<Text>)> {
        let facts = &self.workspace.facts;
        let mut found: Vec<(&'static str, &Origin, &Field<Text>)> = Vec::new();
        found.extend(facts.clusters.iter().map(|it| ("RoleArn", &it.origin, &it.role)));
        found.extend(facts.clusters.iter().map(|it| ("NodeRoleArn", &it.origin, &it.auto_node_role)));
        found.extend(facts.node_groups.iter().map(|it| ("NodeRole", &it.origin, &it.role)));
        found.extend(facts.fargate_profiles.iter().map(|it| ("PodExecutionRoleArn", &it.origin, &it.role)));
        found.extend(facts.addons.iter().map(|it| ("ServiceAccountRoleArn", &it.origin, &it.role)));
        found.extend(facts.pod_identity_associations.iter().map(|it| ("RoleArn", &it.origin, &it.role)));
        found.extend(facts.pod_identity_associations.iter().map(|it| ("TargetRoleArn", &it.origin, &it.target_role)));
        found.extend(facts.capabilities.iter().map(|it| ("RoleArn", &it.origin, &it.role)));
        found.extend(facts.access_entries.iter().map(|it| ("PrincipalArn", &it.origin, &it.principal)));
        found
    }

    /// The properties that want names of roles (CloudFormation reference of `AWS::IAM`).
    pub fn name_properties(self) -> impl Iterator<Item = (&'w Origin, &'w List<Text>)> {
        let profiles = self.workspace.facts.instance_profiles.iter().map(|it| (&it.origin, &it.roles));
        self.workspace.facts.policies.iter().map(|it| (&it.origin, &it.roles)).chain(profiles)
    }

    /// The names that roles of EKS and their policies are given, each with its noun and how long it may be.
    pub fn names_of_eks(self) -> Vec<(&'static str, usize, &'w Text)> {
        let mut names = Vec::new();
        for role in self.of_eks() {
            names.extend(self.workspace.values(&role.name).map(|it| ("role", 64, it)));
            for policy in role.inline_policies.iter() {
                names.extend(self.workspace.values(&policy.name).map(|it| ("policy", 128, it)));
            }
            for &at in &self.links(role).attached {
                let policy = &self.workspace.facts.policies[at];
                let noun = if policy.kind == PolicyKind::Managed { "managed policy" } else { "policy" };
                names.extend(self.workspace.values(&policy.name).map(|it| (noun, 128, it)));
            }
        }
        names
    }
}
