//! A service account or association for which eksctl can neither make a role nor take one.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for item in &workspace.facts.eksctl_items {
        let sources: &[&str] = match item.kind {
            ItemKind::ServiceAccount => &["attachRoleARN", "attachPolicyARNs", "attachPolicy", "wellKnownPolicies"],
            ItemKind::Association | ItemKind::AddonAssociation => {
                &["roleARN", "permissionPolicyARNs", "permissionPolicy", "wellKnownPolicies"]
            }
            _ => continue,
        };
        let may_have_one = sources.iter().any(|it| item.key(it).is_some_and(|it| it.is_set != Some(false)));
        if may_have_one || item.has_unknown_keys {
            continue;
        }
        let noun = if item.kind == ItemKind::ServiceAccount { "service account" } else { "pod identity association" };
        let found = findings.at(item.at, format!("{noun} `{}` has neither a role nor a policy", item.path));
        found.why("eksctl rejects it");
        for key in sources.iter().filter_map(|it| item.key(it)) {
            found.label(key.at, "nothing is set here");
        }
        let [role, first, second, third] = sources else { continue };
        found.help(format!("set `{role}` to the ARN of a role, or one of `{first}`, `{second}` and `{third}`"));
        // `eksctl delete podidentityassociation` needs no more than the names.
        if item.kind == ItemKind::Association {
            found.likely();
        }
    }
}
