//! Who is named where in Kubernetes: groups that identities are given, groups and users that are bound.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::facts::{AwsAuth, ObjectMeta, RbacRole, Unread};
use crate::source::{Span, Text};

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

impl Workspace {
    /// The groups that access entries and `aws-auth` give.
    pub fn mapped_groups(&self) -> Names<'_> {
        let entries = self.facts.access_entries.iter().map(|it| &it.groups);
        let mappings = self.aws_auths_perhaps().flat_map(AwsAuth::mappings);
        let mut names = Names { complete: true, ..Names::default() };
        for groups in entries.chain(mappings.map(|it| &it.groups)) {
            names.complete &= groups.complete;
            groups.iter().for_each(|it| names.add(it));
        }
        names
    }

    /// The user names that access entries and `aws-auth` give.
    pub fn mapped_users(&self) -> Names<'_> {
        let entries = self.facts.access_entries.iter().map(|it| &it.username);
        let mappings = self.aws_auths_perhaps().flat_map(AwsAuth::mappings);
        let mut names = Names { complete: true, ..Names::default() };
        for user in entries.chain(mappings.map(|it| &it.username)) {
            let is_known = |it: &crate::facts::Case<Text>| !matches!(it.value, crate::facts::Value::Unknown);
            names.complete &= user.cases.iter().all(is_known);
            user.known().for_each(|it| names.add(it));
        }
        names
    }

    /// The subjects of this kind that bindings name.
    pub fn bound(&self, kind: &str) -> Names<'_> {
        let mut names = Names { complete: true, ..Names::default() };
        for binding in &self.facts.role_bindings {
            names.complete &= binding.subjects.complete;
            for subject in binding.subjects.iter().filter(|it| it.kind.is(kind) != Some(false)) {
                subject.name.known().for_each(|it| names.add(it));
            }
        }
        names
    }

    /// The names of Roles, or of ClusterRoles.
    pub fn rbac_role_names(&self, cluster_wide: bool) -> Names<'_> {
        let mut names = Names { complete: true, ..Names::default() };
        for role in self.facts.rbac_roles.iter().filter(|it| it.cluster_wide == cluster_wide) {
            role.meta.name.known().for_each(|it| names.add(it));
        }
        names
    }

    /// The Roles and ClusterRoles by what a binding calls them: whether cluster-wide, and the name.
    pub fn rbac_roles_by_name(&self) -> HashMap<(bool, &str), Vec<&RbacRole>> {
        let mut roles: HashMap<_, Vec<_>> = HashMap::new();
        for role in &self.facts.rbac_roles {
            for (name, _) in role.meta.name.strings() {
                roles.entry((role.cluster_wide, name)).or_default().push(role);
            }
        }
        roles
    }

    /// The objects that are always read: service accounts, what names one, and RBAC. What is said of other objects would
    /// depend on what else stands in their documents, because those that cannot matter are passed over.
    pub fn identity_objects(&self) -> impl Iterator<Item = &ObjectMeta> {
        let facts = &self.facts;
        let accounts = facts.service_accounts.iter().map(|it| &it.meta);
        let workloads = facts.workloads.iter().filter(|it| !it.service_account.is_absent()).map(|it| &it.meta);
        let roles = facts.rbac_roles.iter().map(|it| &it.meta);
        let bindings = facts.role_bindings.iter().map(|it| &it.meta);
        accounts.chain(workloads).chain(roles).chain(bindings).map(|it| &**it)
    }

    /// The folders in which a file could not be read: what seems to be missing there may stand in it.
    pub fn unread_folders(&self) -> HashSet<&str> {
        let broken = self.facts.broken_documents.iter().map(|it| it.span);
        let limits = self.facts.limits.iter().filter(|it| it.unread == Unread::Part).map(|it| it.span);
        broken.chain(limits).map(|it| self.folder(it)).collect()
    }

    /// True if something here is for the EKS connector: it impersonates people by their ARNs.
    pub fn has_connected_cluster(&self) -> bool {
        let in_namespace = |it: &ObjectMeta| it.namespace.string() == Some("eks-connector");
        let impersonates = |it: &RbacRole| {
            let mut verbs = it.rules.iter().flat_map(|rule| rule.verbs.iter());
            verbs.any(|verb| verb.as_str() == Some("impersonate"))
        };
        self.identity_objects().any(in_namespace) || self.facts.rbac_roles.iter().any(impersonates)
    }

    /// The folder of a place, for what belongs together only if it stands together.
    pub fn folder(&self, span: Span) -> &str {
        super::places::folder(self.path(span.file))
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
