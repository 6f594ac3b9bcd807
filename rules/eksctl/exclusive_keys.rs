//! Keys of a configuration of eksctl that cannot be set together.

use crate::facts::POD_IDENTITY_AGENT;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

/// The keys of a node group that say how its role is made.
const OF_NODE_ROLES: [&str; 5] =
    ["instanceRoleName", "attachPolicy", "attachPolicyARNs", "instanceRolePermissionsBoundary", "withAddonPolicies"];

/// The keys of an add-on that give it a role by IRSA.
const OF_ADDON_ROLES: [&str; 4] = ["serviceAccountRoleARN", "attachPolicyARNs", "attachPolicy", "wellKnownPolicies"];

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for item in &workspace.facts.eksctl_items {
        match item.kind {
            ItemKind::ServiceAccount => ignored(item, findings),
            ItemKind::Association | ItemKind::AddonAssociation => {
                let others = ["permissionPolicyARNs", "permissionPolicy", "wellKnownPolicies"];
                clash(item, "roleARN", &others, findings);
                if item.kind == ItemKind::AddonAssociation {
                    for name in ["wellKnownPolicies", "tags"] {
                        // Until May 2024 eksctl accepted both.
                        if let Some(found) = unsupported(item, name, "associations of add-ons", findings) {
                            found.likely();
                        }
                    }
                }
            }
            ItemKind::Addon => of_addon(item, findings),
            ItemKind::NodeGroup { is_managed } => {
                clash(item, "instanceRoleARN", &OF_NODE_ROLES, findings);
                if is_managed {
                    unsupported(item, "instanceProfileARN", "managed node groups", findings);
                } else if item.set("instanceRoleARN").is_none() {
                    clash(item, "instanceProfileARN", &OF_NODE_ROLES, findings);
                }
            }
            ItemKind::NodeImage | ItemKind::IdentityMapping => {}
        }
    }
}

/// A key that is set, and the keys beside it with which it cannot be.
struct Clash<'i> {
    first: &'i ItemKey,
    others: Vec<&'i ItemKey>,
}

/// Finds which of some keys are set beside another one.
fn find<'i>(item: &'i EksctlItem, name: &str, others: &[&str]) -> Option<Clash<'i>> {
    let first = item.set(name)?;
    let others: Vec<_> = others.iter().filter_map(|it| item.set(it)).collect();
    (!others.is_empty()).then_some(Clash { first, others })
}

/// Reports keys that cannot be set together. One finding says all of them.
fn write<'f>(item: &EksctlItem, clash: &Clash<'_>, findings: &'f mut Findings) -> &'f mut Finding {
    let (first, second) = (clash.first.name, clash.others[0].name);
    let message = format!("`{first}` and `{second}` of `{}` cannot be set together", item.path);
    findings.at(clash.first.at, message).help("keep one of them")
}

/// The same for keys for which eksctl rejects the file. True if there are any.
fn clash(item: &EksctlItem, name: &str, others: &[&str], findings: &mut Findings) -> bool {
    let Some(clash) = find(item, name, others) else { return false };
    let found = write(item, &clash, findings).why("eksctl rejects the file");
    for other in &clash.others {
        found.label(other.at, format!("`{}` is also set", other.name));
    }
    true
}

fn unsupported<'f>(item: &EksctlItem, name: &str, what: &str, findings: &'f mut Findings) -> Option<&'f mut Finding> {
    let key = item.set(name)?;
    let found = findings.at(key.at, format!("eksctl does not support `{name}` for {what}"));
    found.why("eksctl rejects the file").help("remove it");
    Some(found)
}

/// eksctl makes no role where it is given one, and says nothing of the policies.
fn ignored(item: &EksctlItem, findings: &mut Findings) {
    let Some(clash) = find(item, "attachRoleARN", &["attachPolicyARNs", "attachPolicy", "wellKnownPolicies"]) else {
        return;
    };
    let found = write(item, &clash, findings).why("eksctl uses this role as it is").level(Level::Warning);
    for other in &clash.others {
        found.label(other.at, "eksctl ignores this");
    }
}

fn of_addon(item: &EksctlItem, findings: &mut Findings) {
    let is_agent = item.key("name").and_then(|it| it.text.as_ref()?.is(POD_IDENTITY_AGENT));
    if let Some(key) = item.set("podIdentityAssociations").filter(|_| is_agent == Some(true)) {
        findings
            .at(key.at, format!("eksctl does not support associations for `{POD_IDENTITY_AGENT}`"))
            .why("eksctl rejects the file")
            .help("move them to `iam.podIdentityAssociations`");
        return;
    }
    let [role, rest @ ..] = &OF_ADDON_ROLES;
    for name in ["useDefaultPodIdentityAssociations", "podIdentityAssociations"] {
        let others: Vec<&str> =
            OF_ADDON_ROLES.into_iter().chain(["podIdentityAssociations"]).filter(|it| *it != name).collect();
        if clash(item, name, &others, findings) {
            return;
        }
    }
    if !clash(item, role, rest, findings) && !clash(item, rest[0], &rest[1..], findings) {
        clash(item, rest[1], &rest[2..], findings);
    }
}
