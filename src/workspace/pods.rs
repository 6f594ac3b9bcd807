//! Which service account the pods of a workload run as.

use crate::facts::{ServiceAccount, Workload};

use super::Workspace;

impl Workspace {
    /// The service account of a workload, if exactly one of the run fits: the same namespace, or none on either side and
    /// the same file.
    pub fn account_of(&self, workload: &Workload) -> Option<&ServiceAccount> {
        let name = if workload.service_account.is_absent() { "default" } else { workload.service_account.string()? };
        let meta = &workload.meta;
        if let Some(namespace) = meta.namespace.string() {
            let mut found = self.service_accounts(namespace, name);
            let first = found.next()?;
            return found.next().is_none().then_some(first);
        }
        if !meta.namespace.is_absent() {
            return None;
        }
        let mut found = self.facts.service_accounts.iter().filter(|it| {
            let other = &it.meta;
            other.whole.file == meta.whole.file && other.namespace.is_absent() && other.name.string() == Some(name)
        });
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// The role that the annotation of a workload's service account names, if it names one.
    pub fn annotated_role_of(&self, workload: &Workload) -> Option<&crate::source::Text> {
        let annotation = self.account_of(workload)?.meta.annotation(crate::iam::ROLE_ARN)?;
        annotation.text().filter(|it| !it.is_empty())
    }
}
