//! Who is named where in Kubernetes: groups that identities are given, groups and users that are bound.

use std::collections::BTreeMap;

use crate::collections::HashMap;
use crate::facts::{AwsAuth, ObjectMeta, RbacRole};
use crate::source::Text;

use super::Workspace;

/// Names and the places where they stand.
#[derive(Default)]
pub struct Names<'w> {
    known: BTreeMap<&'w str, Vec<&'w Text>>,
    /// Names with parts that only a deploy knows.
    partly: Vec<&'w Text>,
    /// False if there may be names that the files do not show.
    complete: bool,
}

/// More names than this that are known only in part are not compared one by one: any of them may be the one.
const MOST_PARTLY_KNOWN: usize = 64;

impl<'w> Names<'w> {
    fn add(&mut self, text: &'w Text) {
        match text.as_str() {
            Some(name) => self.known.entry(name).or_default().push(text),
            None => self.partly.push(text),
        }
    }

    /// Every known name, in order, with its places.
    pub fn iter(&self) -> impl Iterator<Item = (&'w str, &[&'w Text])> {
        self.known.iter().map(|(name, places)| (*name, places.as_slice()))
    }

    pub fn names(&self) -> impl Iterator<Item = &'w str> {
        self.known.keys().copied()
    }

    /// Where a name stands first.
    pub fn place(&self, name: &str) -> Option<&'w Text> {
        self.known.get(name)?.first().copied()
    }

    /// Whether the name is one of them. `None`: one that is not known to its end may be it.
    pub fn contain(&self, name: &str) -> Option<bool> {
        if self.known.contains_key(name) {
            return Some(true);
        }
        let may_be = |text: &&Text| text.is(name) != Some(false);
        let unknown = !self.complete || self.partly.len() > MOST_PARTLY_KNOWN || self.partly.iter().any(may_be);
        if unknown { None } else { Some(false) }
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_empty() && self.partly.is_empty()
    }
}

/// Questions about RBAC.
#[derive(Clone, Copy)]
pub struct Rbac<'w> {
    workspace: &'w Workspace,
}

impl Workspace {
    /// RBAC: who is given groups and user names, and what is bound.
    pub fn rbac(&self) -> Rbac<'_> {
        Rbac { workspace: self }
    }
}

impl<'w> Rbac<'w> {
    /// The groups that access entries and `aws-auth` give.
    pub fn mapped_groups(self) -> Names<'w> {
        let entries = self.workspace.facts.access_entries.iter().map(|it| &it.groups);
        let mappings = self.workspace.aws_auth().possible_maps().flat_map(AwsAuth::mappings);
        let mut names = Names { complete: true, ..Names::default() };
        for groups in entries.chain(mappings.map(|it| &it.groups)) {
            names.complete &= groups.complete;
            groups.iter().for_each(|it| names.add(it));
        }
        names
    }

    /// The user names that access entries and `aws-auth` give.
    pub fn mapped_users(self) -> Names<'w> {
        let entries = self.workspace.facts.access_entries.iter().map(|it| &it.username);
        let mappings = self.workspace.aws_auth().possible_maps().flat_map(AwsAuth::mappings);
        let mut names = Names { complete: true, ..Names::default() };
        for user in entries.chain(mappings.map(|it| &it.username)) {
            let is_known = |it: &crate::facts::Case<Text>| !matches!(it.value, crate::facts::Value::Unknown);
            names.complete &= user.cases.iter().all(is_known);
            user.known().for_each(|it| names.add(it));
        }
        names
    }

    /// The subjects of this kind that bindings name.
    pub fn bound(self, kind: &str) -> Names<'w> {
        let mut names = Names { complete: true, ..Names::default() };
        for binding in &self.workspace.facts.role_bindings {
            names.complete &= binding.subjects.complete;
            for subject in binding.subjects.iter().filter(|it| it.kind.is(kind) != Some(false)) {
                subject.name.known().for_each(|it| names.add(it));
            }
        }
        names
    }

    /// The names of Roles, or of ClusterRoles.
    pub fn role_names(self, cluster_wide: bool) -> Names<'w> {
        let mut names = Names { complete: true, ..Names::default() };
        for role in self.workspace.facts.rbac_roles.iter().filter(|it| it.cluster_wide == cluster_wide) {
            role.meta.name.known().for_each(|it| names.add(it));
        }
        names
    }

    /// The Roles and ClusterRoles by what a binding calls them: whether cluster-wide, and the name.
    pub fn roles_by_name(self) -> HashMap<(bool, &'w str), Vec<&'w RbacRole>> {
        let mut roles: HashMap<_, Vec<_>> = HashMap::default();
        for role in &self.workspace.facts.rbac_roles {
            for (name, _) in role.meta.name.strings() {
                roles.entry((role.cluster_wide, name)).or_default().push(role);
            }
        }
        roles
    }

    /// True if something here is for the EKS connector: it impersonates people by their ARNs.
    pub fn has_connected_cluster(self) -> bool {
        let in_namespace = |it: &ObjectMeta| it.namespace.string() == Some("eks-connector");
        let impersonates = |it: &RbacRole| {
            let mut verbs = it.rules.iter().flat_map(|rule| rule.verbs.iter());
            verbs.any(|verb| verb.as_str() == Some("impersonate"))
        };
        self.workspace.identity_objects().any(in_namespace) || self.workspace.facts.rbac_roles.iter().any(impersonates)
    }
}

/// Groups and roles that Kubernetes or EKS has by itself (Kubernetes documentation, "Using RBAC Authorization"; EKS user
/// guide, "Default roles and users").
pub fn is_built_in(name: &str) -> bool {
    is_built_in_role(name) || is_built_in_group(name)
}

/// Groups that Kubernetes or EKS has by itself, or that AWS gives out with a binding. None is called like a role.
pub fn is_built_in_group(name: &str) -> bool {
    ["system:", "eks:", "eks-console-dashboard-"].iter().any(|prefix| name.starts_with(prefix))
}

/// Roles of Kubernetes for people, whose names are taken for groups now and then.
pub fn is_built_in_role(name: &str) -> bool {
    matches!(name, "cluster-admin" | "admin" | "edit" | "view" | "extension-apiserver-authentication-reader")
}
