//! Service accounts by their names: which the files declare, which they bind, and which their pods use.

use std::collections::{HashMap, HashSet};

use crate::facts::ServiceAccount;

use super::Workspace;

/// The names of service accounts, to be found without going through all of them.
pub struct AccountNames<'w> {
    workspace: &'w Workspace,
    /// The namespaces of each name. One that is not written may be any.
    declared: HashMap<&'w str, HashSet<Option<&'w str>>>,
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
        self.declared.get(name).is_some_and(|it| it.contains(&Some(namespace)))
    }

    /// True if an account of this name is declared that may be in this namespace, or in any if there is none.
    pub fn may_be_declared(&self, namespace: Option<&str>, name: &str) -> bool {
        let is_this = |it: &HashSet<_>| namespace.is_none() || it.contains(&None) || it.contains(&namespace);
        self.declared.get(name).is_some_and(is_this)
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

impl Workspace {
    /// Which service accounts are declared, bound and used, by their names.
    pub fn account_names(&self) -> AccountNames<'_> {
        let facts = &self.facts;
        let mut declared: HashMap<&str, HashSet<Option<&str>>> = HashMap::new();
        for account in &facts.service_accounts {
            if let Some(name) = account.meta.name.string() {
                declared.entry(name).or_default().insert(account.meta.namespace.string());
            }
        }
        let subjects = facts.role_bindings.iter().flat_map(|it| it.subjects.iter());
        AccountNames {
            workspace: self,
            declared,
            bound: subjects.filter_map(|it| it.name.string().zip(it.namespace.string())).collect(),
            used: facts.workloads.iter().filter_map(|it| it.service_account.string()).collect(),
        }
    }
}
