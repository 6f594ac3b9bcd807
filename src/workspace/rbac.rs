//! Who is named where in Kubernetes: groups that identities are given, groups and users that are bound.

use std::collections::{BTreeMap, HashMap};

use crate::facts::{ObjectMeta, RbacRole};
use crate::source::{ByRepository, FileId, Text};

use super::Workspace;

/// Names and the places where they stand. Those in one repository are not asked for by files of another.
pub struct Names<'w>(ByRepository<OfRepository<'w>>);

/// The names in one repository.
#[derive(Default)]
struct OfRepository<'w> {
    known: BTreeMap<&'w str, Vec<&'w Text>>,
    /// Names with parts that only a deploy knows.
    partly: Vec<&'w Text>,
    /// True if there may be names that the files do not show.
    is_incomplete: bool,
}

/// More names than this that are known only in part are not compared one by one: any of them may be the one.
const MOST_PARTLY_KNOWN: usize = 64;

impl<'w> Names<'w> {
    /// Adds what a file says. `is_complete`: whether it shows all.
    fn add(&mut self, file: FileId, texts: impl Iterator<Item = &'w Text>, is_complete: bool) {
        let own = self.0.own(file);
        own.is_incomplete |= !is_complete;
        for text in texts {
            match text.as_str() {
                Some(name) => own.known.entry(name).or_default().push(text),
                None => own.partly.push(text),
            }
        }
    }

    /// Every known name of each repository, in order, with its places there.
    pub fn iter(&self) -> impl Iterator<Item = (&'w str, &[&'w Text])> {
        self.0.iter().flat_map(|it| &it.known).map(|(name, places)| (*name, places.as_slice()))
    }

    /// The known names that a file may mean.
    pub fn near(&self, file: FileId) -> impl Iterator<Item = &'w str> {
        self.0.near(file).flat_map(|it| it.known.keys().copied())
    }

    /// Where a name stands first, of the places that a file may mean.
    pub fn place(&self, name: &str, file: FileId) -> Option<&'w Text> {
        self.0.near(file).find_map(|it| it.known.get(name)?.first().copied())
    }

    /// Whether a name that stands in a file is one of them. `None`: one that is not known to its end may be it.
    pub fn contain(&self, name: &str, file: FileId) -> Option<bool> {
        if self.0.near(file).any(|it| it.known.contains_key(name)) {
            return Some(true);
        }
        let may_be = |text: &&Text| text.is(name) != Some(false);
        let is_unknown = |it: &OfRepository<'_>| {
            it.is_incomplete || it.partly.len() > MOST_PARTLY_KNOWN || it.partly.iter().any(may_be)
        };
        if self.0.near(file).any(is_unknown) { None } else { Some(false) }
    }

    /// True if there is none that a file may mean.
    pub fn is_empty(&self, file: FileId) -> bool {
        self.0.near(file).all(|it| it.known.is_empty() && it.partly.is_empty())
    }
}

/// Roles and ClusterRoles by what a binding calls them: whether cluster-wide, and the name.
pub type RolesByName<'w> = HashMap<(bool, &'w str), Vec<&'w RbacRole>>;

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
        let entries = self.workspace.facts.access_entries.iter().map(|it| (it.origin.name.file, &it.groups));
        let maps = self.workspace.aws_auth().possible_maps();
        let mappings = maps.flat_map(|it| it.mappings().map(|mapping| (it.meta.whole.file, &mapping.groups)));
        let mut names = self.no_names();
        for (file, groups) in entries.chain(mappings) {
            names.add(file, groups.iter(), groups.complete);
        }
        names
    }

    /// The user names that access entries and `aws-auth` give.
    pub fn mapped_users(self) -> Names<'w> {
        let entries = self.workspace.facts.access_entries.iter().map(|it| (it.origin.name.file, &it.username));
        let maps = self.workspace.aws_auth().possible_maps();
        let mappings = maps.flat_map(|it| it.mappings().map(|mapping| (it.meta.whole.file, &mapping.username)));
        let mut names = self.no_names();
        for (file, user) in entries.chain(mappings) {
            let is_known = |it: &crate::facts::Case<Text>| !matches!(it.value, crate::facts::Value::Unknown);
            names.add(file, user.known(), user.cases.iter().all(is_known));
        }
        names
    }

    /// The subjects of this kind that bindings name.
    pub fn bound(self, kind: &str) -> Names<'w> {
        let mut names = self.no_names();
        for binding in &self.workspace.facts.role_bindings {
            let subjects = binding.subjects.iter().filter(|it| it.kind.is(kind) != Some(false));
            let subjects = subjects.flat_map(|it| it.name.known());
            names.add(binding.meta.whole.file, subjects, binding.subjects.complete);
        }
        names
    }

    /// The names of Roles, or of ClusterRoles.
    pub fn role_names(self, cluster_wide: bool) -> Names<'w> {
        let mut names = self.no_names();
        for role in self.workspace.facts.rbac_roles.iter().filter(|it| it.cluster_wide == cluster_wide) {
            names.add(role.meta.whole.file, role.meta.name.known(), true);
        }
        names
    }

    fn no_names(self) -> Names<'w> {
        Names(self.workspace.by_repository())
    }

    /// The Roles and ClusterRoles of each repository by what a binding calls them: whether cluster-wide, and the name.
    pub fn roles_by_name(self) -> ByRepository<RolesByName<'w>> {
        let mut roles = self.workspace.by_repository::<RolesByName<'_>>();
        for role in &self.workspace.facts.rbac_roles {
            for (name, _) in role.meta.name.strings() {
                roles.own(role.meta.whole.file).entry((role.cluster_wide, name)).or_default().push(role);
            }
        }
        roles
    }

    /// The repositories in which something is for the EKS connector: it impersonates people by their ARNs.
    pub fn connected_clusters(self) -> ByRepository<bool> {
        let in_namespace = |it: &&ObjectMeta| it.namespace.string() == Some("eks-connector");
        let impersonates = |it: &&RbacRole| {
            let mut verbs = it.rules.iter().flat_map(|rule| rule.verbs.iter());
            verbs.any(|verb| verb.as_str() == Some("impersonate"))
        };
        let roles = self.workspace.facts.rbac_roles.iter().filter(impersonates).map(|it| &*it.meta);
        let objects = self.workspace.identity_objects().filter(in_namespace).chain(roles);
        self.workspace.repositories_of(objects.map(|it| it.whole.file))
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
