//! Service accounts: which there are of a name, and which the pods of a workload run as.

use crate::collections::HashSet;
use crate::facts::{ServiceAccount, Workload};
use crate::source::{FileId, only};

use super::Workspace;

/// The names of service accounts, to be found without going through all of them.
pub struct AccountNames<'w> {
    workspace: &'w Workspace,
    declared: HashSet<&'w str>,
    /// Names with their namespaces. One that is not written may be any.
    places: HashSet<(&'w str, Option<&'w str>)>,
    /// Names with their namespaces.
    bound: HashSet<(&'w str, &'w str)>,
    used: HashSet<&'w str>,
}

/// A service account that nothing binds.
#[derive(Clone, Copy)]
pub struct Unbound<'w> {
    pub account: &'w ServiceAccount,
    pub name: &'w str,
    pub namespace: &'w str,
}

impl<'w> AccountNames<'w> {
    /// True if an account of this name is declared in this namespace.
    pub fn is_declared(&self, namespace: &str, name: &str) -> bool {
        self.places.contains(&(name, Some(namespace)))
    }

    /// True if an account of this name is declared that may be in this namespace, or in any if there is none.
    pub fn may_be_declared(&self, namespace: Option<&str>, name: &str) -> bool {
        let is_this = || self.places.contains(&(name, None)) || self.places.contains(&(name, namespace));
        self.declared.contains(name) && (namespace.is_none() || is_this())
    }

    /// True if the pods of a workload run as an account of this name, in whatever namespace.
    pub fn is_used(&self, name: &str) -> bool {
        self.used.contains(name)
    }

    /// The accounts of manifests that no binding names: what a misspelt name leaves behind.
    pub fn unbound(&self) -> impl Iterator<Item = Unbound<'w>> {
        let manifests = self.workspace.facts.service_accounts.iter().filter(|it| it.is_manifest);
        let named = manifests.filter_map(|account| {
            let (name, namespace) = account.meta.name.string().zip(account.meta.namespace.string())?;
            Some(Unbound { account, name, namespace })
        });
        named.filter(|it| !self.bound.contains(&(it.name, it.namespace)))
    }
}

/// Questions about service accounts.
#[derive(Clone, Copy)]
pub struct ServiceAccounts<'w> {
    workspace: &'w Workspace,
}

impl Workspace {
    /// Service accounts: which there are of a name, and which workloads run as them.
    pub fn service_accounts(&self) -> ServiceAccounts<'_> {
        ServiceAccounts { workspace: self }
    }
}

impl<'w> ServiceAccounts<'w> {
    /// Service accounts with this namespace and name.
    pub fn named<'n>(
        self,
        namespace: &'n str,
        name: &'n str,
    ) -> impl Iterator<Item = &'w ServiceAccount> + use<'w, 'n> {
        let found = self.workspace.index.service_accounts.candidates((namespace, name));
        let accounts = found.map(|at| &self.workspace.facts.service_accounts[at]);
        accounts.filter(move |it| it.meta.name.string() == Some(name) && it.meta.namespace.string() == Some(namespace))
    }

    /// Those of them that are not of another cluster or environment than a file.
    pub fn near<'n>(
        self,
        file: FileId,
        namespace: &'n str,
        name: &'n str,
    ) -> impl Iterator<Item = &'w ServiceAccount> + use<'w, 'n> {
        self.named(namespace, name).filter(move |it| !self.workspace.environments().are_apart(file, it.meta.whole.file))
    }

    /// Which service accounts are declared, bound and used, by their names.
    pub fn names(self) -> AccountNames<'w> {
        let facts = &self.workspace.facts;
        let places = facts.service_accounts.iter().filter_map(|it| {
            let released = it.released.as_deref();
            let name = it.meta.name.string().or_else(|| released?.name.as_str())?;
            Some((name, it.meta.namespace.string().or_else(|| released?.namespace.as_str())))
        });
        let subjects = facts.role_bindings.iter().flat_map(|it| it.subjects.iter());
        AccountNames {
            workspace: self.workspace,
            declared: places.clone().map(|it| it.0).collect(),
            places: places.collect(),
            bound: subjects.filter_map(|it| it.name.string().zip(it.namespace.string())).collect(),
            used: facts.workloads.iter().filter_map(|it| it.service_account.string()).collect(),
        }
    }

    /// The service account of a workload, if exactly one of the project fits: the same namespace, or none on either side and
    /// the same file, or both built into one namespace.
    pub fn of(self, workload: &Workload) -> Option<&'w ServiceAccount> {
        let name = if workload.service_account.is_absent() { "default" } else { workload.service_account.string()? };
        let meta = &workload.meta;
        if let Some(namespace) = meta.namespace.string() {
            let mut found = self.near(meta.whole.file, namespace, name);
            let first = found.next()?;
            return found.next().is_none().then_some(first);
        }
        let accounts = &self.workspace.facts.service_accounts;
        let is_named = |it: &&'w ServiceAccount| it.meta.name.string() == Some(name);
        if let Some(by) = meta.built.namespace_by {
            let found = self.workspace.index.built_service_accounts.candidates((by, name)).map(|at| &accounts[at]);
            return only(found.filter(is_named).filter(|it| it.meta.built.namespace_by == Some(by)));
        }
        if !meta.namespace.is_absent() {
            return None;
        }
        let loose = &self.workspace.index.loose_service_accounts;
        let of = |deployment| -> Vec<&'w ServiceAccount> {
            let is_in =
                |it: &&'w ServiceAccount| self.workspace.deployments(it.meta.whole.file).any(|it| it == deployment);
            loose.candidates((deployment, name)).map(|at| &accounts[at]).filter(is_named).filter(is_in).collect()
        };
        let mut found = self.workspace.deployments(meta.whole.file).map(of).filter(|it| !it.is_empty());
        let first = only(found.next()?)?;
        // What is written once may be part of several deployments.
        let is_first = |it: Vec<&ServiceAccount>| only(it).is_some_and(|it| it.meta.whole == first.meta.whole);
        found.all(is_first).then_some(first)
    }

    /// The role that the annotation of a workload's service account names, if it names one.
    pub fn role_of(self, workload: &Workload) -> Option<&'w crate::source::Text> {
        self.of(workload)?.meta.role_arn().filter(|it| !it.is_empty())
    }
}
