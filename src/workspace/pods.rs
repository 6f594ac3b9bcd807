//! Which service account the pods of a workload run as.

use crate::facts::{ServiceAccount, Workload};

use super::Workspace;

impl Workspace {
    /// The service account of a workload, if exactly one of the run fits: the same namespace, or none on either side and
    /// the same file, or both built into one namespace.
    pub fn account_of(&self, workload: &Workload) -> Option<&ServiceAccount> {
        let name = if workload.service_account.is_absent() { "default" } else { workload.service_account.string()? };
        let meta = &workload.meta;
        if let Some(namespace) = meta.namespace.string() {
            let mut found = self.service_accounts_near(meta.whole.file, namespace, name);
            let first = found.next()?;
            return found.next().is_none().then_some(first);
        }
        let found = match meta.built.namespace_by {
            Some(by) => self.index.built_service_accounts.get(&(by, name.to_owned()))?,
            None if meta.namespace.is_absent() => {
                self.index.loose_service_accounts.get(&(meta.whole.file, name.to_owned()))?
            }
            None => return None,
        };
        let [only] = found.as_slice() else { return None };
        Some(&self.facts.service_accounts[*only])
    }

    /// The role that the annotation of a workload's service account names, if it names one.
    pub fn annotated_role_of(&self, workload: &Workload) -> Option<&crate::source::Text> {
        self.account_of(workload)?.meta.role_arn().filter(|it| !it.is_empty())
    }
}
