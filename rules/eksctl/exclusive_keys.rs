//! Keys of a configuration of eksctl that cannot be set together.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

/// The keys of a node group that say how its role is made.
const OF_NODE_ROLES: [EksctlKey; 5] = [
    EksctlKey::InstanceRoleName,
    EksctlKey::AttachPolicy,
    EksctlKey::AttachPolicyArns,
    EksctlKey::InstanceRolePermissionsBoundary,
    EksctlKey::WithAddonPolicies,
];

/// The keys of an add-on that give it a role by IRSA.
const OF_ADDON_ROLES: [EksctlKey; 4] = [
    EksctlKey::ServiceAccountRoleArn,
    EksctlKey::AttachPolicyArns,
    EksctlKey::AttachPolicy,
    EksctlKey::WellKnownPolicies,
];

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for item in &workspace.facts.eksctl_items {
        match item.kind {
            ItemKind::ServiceAccount => ignored(item, findings),
            ItemKind::Association | ItemKind::AddonAssociation => {
                let others =
                    [EksctlKey::PermissionPolicyArns, EksctlKey::PermissionPolicy, EksctlKey::WellKnownPolicies];
                clash(item, EksctlKey::RoleArn, &others, findings);
                if item.kind == ItemKind::AddonAssociation {
                    for name in [EksctlKey::WellKnownPolicies, EksctlKey::Tags] {
                        // Until May 2024 eksctl accepted both.
                        if let Some(found) = unsupported(item, name, "associations of add-ons", findings) {
                            found.likely();
                        }
                    }
                }
            }
            ItemKind::Addon => of_addon(item, findings),
            ItemKind::NodeGroup { is_managed } => {
                clash(item, EksctlKey::InstanceRoleArn, &OF_NODE_ROLES, findings);
                if is_managed {
                    unsupported(item, EksctlKey::InstanceProfileArn, "managed node groups", findings);
                } else if item.set(EksctlKey::InstanceRoleArn).is_none() {
                    clash(item, EksctlKey::InstanceProfileArn, &OF_NODE_ROLES, findings);
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
fn find<'i>(item: &'i EksctlItem, name: EksctlKey, others: &[EksctlKey]) -> Option<Clash<'i>> {
    let first = item.set(name)?;
    let others: Vec<_> = others.iter().filter_map(|it| item.set(*it)).collect();
    (!others.is_empty()).then_some(Clash { first, others })
}

/// Reports keys that cannot be set together. One finding says all of them.
fn write<'f>(item: &EksctlItem, clash: &Clash<'_>, findings: &'f mut Findings) -> &'f mut Finding {
    let (first, second) = (clash.first.name, clash.others[0].name);
    let message = format!("`{first}` and `{second}` of `{}` cannot be set together", item.path);
    findings.at(clash.first.at, message).help("keep one of them")
}

/// The same for keys for which eksctl rejects the file. True if there are any.
fn clash(item: &EksctlItem, name: EksctlKey, others: &[EksctlKey], findings: &mut Findings) -> bool {
    let Some(clash) = find(item, name, others) else { return false };
    let found = write(item, &clash, findings).why("eksctl rejects the file");
    for other in &clash.others {
        found.label(other.at, format!("`{}` is also set", other.name));
    }
    true
}

fn unsupported<'f>(
    item: &EksctlItem,
    name: EksctlKey,
    what: &str,
    findings: &'f mut Findings,
) -> Option<&'f mut Finding> {
    let key = item.set(name)?;
    let found = findings.at(key.at, format!("eksctl does not support `{name}` for {what}"));
    found.why("eksctl rejects the file").help("remove it");
    Some(found)
}

/// eksctl makes no role where it is given one, and says nothing of the policies.
fn ignored(item: &EksctlItem, findings: &mut Findings) {
    let Some(clash) = find(
        item,
        EksctlKey::AttachRoleArn,
        &[EksctlKey::AttachPolicyArns, EksctlKey::AttachPolicy, EksctlKey::WellKnownPolicies],
    ) else {
        return;
    };
    let found = write(item, &clash, findings).why("eksctl uses this role as it is").level(Level::Warning);
    for other in &clash.others {
        found.label(other.at, "eksctl ignores this");
    }
}

fn of_addon(item: &EksctlItem, findings: &mut Findings) {
    let is_agent = item.key(EksctlKey::Name).and_then(|it| it.text.as_ref()?.is(POD_IDENTITY_AGENT));
    if let Some(key) = item.set(EksctlKey::PodIdentityAssociations).filter(|_| is_agent == Some(true)) {
        findings
            .at(key.at, format!("eksctl does not support associations for `{POD_IDENTITY_AGENT}`"))
            .why("eksctl rejects the file")
            .help("move them to `iam.podIdentityAssociations`");
        return;
    }
    let [role, rest @ ..] = &OF_ADDON_ROLES;
    for name in [EksctlKey::UseDefaultPodIdentityAssociations, EksctlKey::PodIdentityAssociations] {
        let others: Vec<EksctlKey> =
            OF_ADDON_ROLES.into_iter().chain([EksctlKey::PodIdentityAssociations]).filter(|it| *it != name).collect();
        if clash(item, name, &others, findings) {
            return;
        }
    }
    if !clash(item, *role, rest, findings) && !clash(item, rest[0], &rest[1..], findings) {
        clash(item, rest[1], &rest[2..], findings);
    }
}
