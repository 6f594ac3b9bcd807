//! A service account or association for which eksctl can neither make a role nor take one.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

/// Where an item may get a role from.
struct Sources {
    noun: &'static str,
    /// The key for the ARN of a role.
    role: EksctlKey,
    /// The keys for policies, of which eksctl makes a role.
    policies: [EksctlKey; 3],
}

const ACCOUNT: Sources = Sources {
    noun: "service account",
    role: EksctlKey::AttachRoleArn,
    policies: [EksctlKey::AttachPolicyArns, EksctlKey::AttachPolicy, EksctlKey::WellKnownPolicies],
};

const ASSOCIATION: Sources = Sources {
    noun: "pod identity association",
    role: EksctlKey::RoleArn,
    policies: [EksctlKey::PermissionPolicyArns, EksctlKey::PermissionPolicy, EksctlKey::WellKnownPolicies],
};

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for item in &workspace.facts.eksctl_items {
        let sources = match item.kind {
            ItemKind::ServiceAccount => &ACCOUNT,
            ItemKind::Association | ItemKind::AddonAssociation => &ASSOCIATION,
            _ => continue,
        };
        let Sources { noun, role, policies } = sources;
        let keys = || std::iter::once(role).chain(policies);
        let may_have_one = keys().any(|it| item.key(*it).is_some_and(|it| it.is_set != Some(false)));
        if may_have_one || item.has_unknown_keys {
            continue;
        }
        let found = findings.at(item.at, format!("{noun} `{}` has neither a role nor a policy", item.path));
        found.why("eksctl rejects it");
        for key in keys().filter_map(|it| item.key(*it)) {
            found.label(key.at, "nothing is set here");
        }
        let [first, second, third] = policies;
        found.help(format!("set `{role}` to the ARN of a role, or one of `{first}`, `{second}` and `{third}`"));
        // `eksctl delete podidentityassociation` needs no more than the names.
        if item.kind == ItemKind::Association {
            found.likely();
        }
    }
}
