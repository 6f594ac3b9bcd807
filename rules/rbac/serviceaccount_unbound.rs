//! A service account beside a role of its name, and no binding between them.

use crate::collections::{HashMap, HashSet};
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let bindings = &workspace.facts.role_bindings;
    // A binding of a role that only a deploy knows may be the one.
    if bindings.iter().any(|it| it.role.name.string().is_none()) {
        return;
    }
    let bound_roles: HashSet<&str> = bindings.iter().filter_map(|it| it.role.name.string()).collect();
    let accounts = workspace.rbac().bound("ServiceAccount");
    let mut roles: HashMap<(&str, &str), &RbacRole> = HashMap::default();
    for role in &workspace.facts.rbac_roles {
        for (name, text) in role.meta.name.strings() {
            roles.entry((workspace.folder(text.span()), name)).or_insert(role);
        }
    }
    let unread = workspace.unread_folders();
    for account in &workspace.facts.service_accounts {
        let Some((name, text)) = account.meta.name.strings().next() else { continue };
        let Some(role) = roles.get(&(workspace.folder(text.span()), name)) else { continue };
        let in_reach = role.cluster_wide || role.meta.may_share_namespace(&account.meta);
        if !in_reach
            || unread.contains(workspace.folder(text.span()))
            || bound_roles.contains(name)
            || accounts.contain(name) != Some(false)
        {
            continue;
        }
        let kind = if role.cluster_wide { "ClusterRole" } else { "Role" };
        findings
            .at(text.span(), format!("the service account `{name}` has no Kubernetes permissions"))
            .why("no binding names it")
            .label(role.meta.span(), format!("a {kind} of its name, which nothing binds either"));
    }
}
