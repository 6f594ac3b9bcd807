//! A subject that Kubernetes rejects.

use crate::collections::HashMap;
use crate::names::{is_spelling, nearest};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const KINDS: [&str; 3] = ["User", "Group", "ServiceAccount"];

/// The namespaces of service accounts, by their names.
type Accounts<'w> = HashMap<&'w str, Vec<&'w Text>>;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let mut accounts: Accounts<'_> = HashMap::default();
    for account in &workspace.facts.service_accounts {
        if let (Some(name), Some((_, namespace))) =
            (account.meta.name.string(), account.meta.namespace.strings().next())
        {
            accounts.entry(name).or_default().push(namespace);
        }
    }
    let built = workspace.built();
    for binding in &workspace.facts.role_bindings {
        let is_built = built.holds(binding.meta.whole);
        for subject in binding.subjects.iter() {
            for (_, text) in subject.name.strings().filter(|(name, _)| name.is_empty()) {
                findings.at(text.span(), "subject has an empty name").why("nobody is called that");
            }
            let Some(kind) = subject.kind.only().and_then(|it| Some((it.as_str()?, it.span()))) else { continue };
            match kind.0 {
                "ServiceAccount" => service_account(binding, subject, &accounts, is_built, findings),
                "User" | "Group" => person(subject, kind.0, findings),
                other => {
                    let found = findings.at(kind.1, format!("`{other}` is not a kind of subject"));
                    found.why("Kubernetes takes `User`, `Group` and `ServiceAccount`");
                    let meant = KINDS.iter().find(|it| is_spelling(it, other)).copied();
                    if let Some(meant) = meant.or_else(|| nearest(other, KINDS)) {
                        found.fix_to(Safety::Activating, kind.1, meant);
                    }
                }
            }
        }
    }
}

fn service_account(
    binding: &RoleBinding,
    subject: &Subject,
    accounts: &Accounts<'_>,
    is_built: bool,
    findings: &mut Findings,
) {
    for (group, text) in subject.api_group.strings().filter(|(group, _)| !group.is_empty()) {
        let found = findings.at(text.span(), format!("service accounts are not of the API group `{group}`"));
        found.why("they are of the core group, whose name is empty");
        found.fix(Safety::Activating, "write the empty group", Change::write_string(text, ""));
    }
    // A key without a value is a placeholder that a script fills in. Where kustomize gives a namespace, which an overlay or Flux
    // may tell it to do, it takes that of the account for the subject too (`api/filters/nameref/nameref.go`).
    if is_built || !binding.cluster_wide || !subject.namespace.is_absent() || subject.namespace.key.is_some() {
        return;
    }
    // Kustomize fills the namespace in for a base, whose objects then have none: only what stands beside a service account
    // with a namespace was meant to be whole.
    let Some((name, text)) = subject.name.strings().next() else { return };
    let in_file = |it: &&Text| it.span().file == text.span().file;
    let Some(namespace) = accounts.get(name).and_then(|it| it.iter().copied().find(in_file)) else { return };
    findings
        .at(text.span(), format!("service account `{name}` of a ClusterRoleBinding has no namespace"))
        .why("a binding without a namespace cannot say whose service account this is")
        .label(namespace.span(), "the service account of this name is here")
        .help(format!("write `namespace: {}` below the name", namespace.shown()));
}

fn person(subject: &Subject, kind: &str, findings: &mut Findings) {
    for (group, text) in subject.api_group.strings().filter(|(group, _)| !group.is_empty() && *group != RBAC_GROUP) {
        let found = findings.at(text.span(), format!("subjects of kind `{kind}` are not of the API group `{group}`"));
        found.why(format!("the only one they have is `{RBAC_GROUP}`"));
        found.fix_to(Safety::Activating, text, RBAC_GROUP);
    }
}
