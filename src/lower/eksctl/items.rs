//! Items of a configuration whose keys need each other or cannot be set together, as eksctl sees them (`validation.go`,
//! `addon.go`, `identitymapping.go`).

use crate::facts::{AgentNeed, EksctlItem, EksctlKey, Facts, Field, ItemKey, ItemKind, OidcSwitch, POD_IDENTITY_AGENT};
use crate::names::nearest;
use crate::source::{Text, UnitId};

use super::super::value::{Shape, Value};
use super::keys::is_known;

/// How eksctl finds out whether a key is set.
#[derive(Clone, Copy)]
enum Type {
    Text,
    List,
    /// A mapping that counts even if it is empty.
    Mapping,
    /// A mapping that counts if something is in it.
    Document,
    /// A mapping of switches, of which one has to be on.
    Switches,
    Switch,
}

type Keys = &'static [(EksctlKey, Type)];

const ACCOUNT: Keys = &[
    (EksctlKey::AttachPolicyArns, Type::List),
    (EksctlKey::WellKnownPolicies, Type::Switches),
    (EksctlKey::AttachPolicy, Type::Mapping),
    (EksctlKey::AttachRoleArn, Type::Text),
    (EksctlKey::RoleOnly, Type::Switch),
];

const ASSOCIATION: Keys = &[
    (EksctlKey::RoleArn, Type::Text),
    (EksctlKey::PermissionPolicy, Type::Document),
    (EksctlKey::PermissionPolicyArns, Type::List),
    (EksctlKey::WellKnownPolicies, Type::Switches),
    (EksctlKey::Tags, Type::Mapping),
    (EksctlKey::Namespace, Type::Text),
    (EksctlKey::ServiceAccountName, Type::Text),
];

const ADDON: Keys = &[
    (EksctlKey::Name, Type::Text),
    (EksctlKey::ServiceAccountRoleArn, Type::Text),
    (EksctlKey::AttachPolicyArns, Type::List),
    (EksctlKey::AttachPolicy, Type::Mapping),
    (EksctlKey::WellKnownPolicies, Type::Switches),
    (EksctlKey::PodIdentityAssociations, Type::List),
    (EksctlKey::UseDefaultPodIdentityAssociations, Type::Switch),
];

const NODE_GROUP: Keys = &[
    (EksctlKey::InstanceProfileArn, Type::Text),
    (EksctlKey::InstanceRoleArn, Type::Text),
    (EksctlKey::InstanceRoleName, Type::Text),
    (EksctlKey::AttachPolicy, Type::Mapping),
    (EksctlKey::AttachPolicyArns, Type::List),
    (EksctlKey::InstanceRolePermissionsBoundary, Type::Text),
    (EksctlKey::WithAddonPolicies, Type::Switches),
];

const NODE_IMAGE: Keys = &[(EksctlKey::AmiFamily, Type::Text)];

const METADATA: Keys = &[(EksctlKey::Name, Type::Text), (EksctlKey::Namespace, Type::Text)];

const MAPPING: Keys = &[
    (EksctlKey::Arn, Type::Text),
    (EksctlKey::Username, Type::Text),
    (EksctlKey::Groups, Type::List),
    (EksctlKey::Account, Type::Text),
    (EksctlKey::ServiceName, Type::Text),
    (EksctlKey::Namespace, Type::Text),
];

/// Reads the items of a configuration.
pub fn lower(root: &Value<'_>, unit: UnitId, facts: &mut Facts) {
    // eksctl asks for both. What lacks one of them is put together with other files first: the rest of it may be there.
    let metadata = root.get("metadata");
    if ["name", "region"].iter().any(|it| metadata.get(it).is_absent()) {
        return;
    }
    let iam = root.get("iam");
    let accounts = iam.get("serviceAccounts");
    if let (Some(key), false) = (accounts.key, accounts.items().items.is_empty()) {
        let with_oidc = iam.get("withOIDC");
        // A key that was meant to be it is a finding of its own.
        let is_misspelt = with_oidc.is_absent() && iam.keys(|it| nearest(it, ["withOIDC"]).is_some()).next().is_some();
        let with_oidc = if is_misspelt { Field::unknown() } else { with_oidc.flag() };
        facts.oidc_switches.push(OidcSwitch { with_oidc, accounts: key });
    }
    facts.agent_needs.extend(agent_need(root));
    let mut add = |list: &Value<'_>, path: &str, read: &dyn Fn(&Value<'_>, String) -> Vec<EksctlItem>| {
        for (at, item) in list.items().items.iter().enumerate() {
            let read = read(&item.value, format!("{path}[{at}]"));
            facts.eksctl_items.extend(read);
        }
    };
    add(&accounts, "iam.serviceAccounts", &|value, path| {
        let metadata = value.get("metadata");
        let name = metadata.get("name");
        let mut item = item(ItemKind::ServiceAccount, unit, value, &name, path, ACCOUNT, "ClusterIAMServiceAccount");
        item.keys.extend(keys(&metadata, METADATA));
        item.has_unknown_keys |= !metadata.is_absent() && is_odd(&metadata, "ClusterIAMMeta");
        vec![item]
    });
    add(&iam.get("podIdentityAssociations"), "iam.podIdentityAssociations", &|value, path| {
        vec![association(ItemKind::Association, unit, value, path)]
    });
    add(&root.get("addons"), "addons", &|value, path| {
        let associations = value.get("podIdentityAssociations").items();
        let inner = associations.items.iter().enumerate().map(|(at, inner)| {
            association(ItemKind::AddonAssociation, unit, &inner.value, format!("{path}.podIdentityAssociations[{at}]"))
        });
        let own = item(ItemKind::Addon, unit, value, &value.get("name"), path.clone(), ADDON, "Addon");
        std::iter::once(own).chain(inner).collect()
    });
    for (key, is_managed) in [("nodeGroups", false), ("managedNodeGroups", true)] {
        add(&root.get(key), key, &|value, path| {
            let iam = value.get("iam");
            let name = value.get("name");
            let object = if is_managed { "ManagedNodeGroup" } else { "NodeGroup" };
            let mut items = vec![item(ItemKind::NodeImage, unit, value, &name, path.clone(), NODE_IMAGE, object)];
            if iam.is_mapping() {
                let kind = ItemKind::NodeGroup { is_managed };
                items.push(item(kind, unit, &iam, &name, format!("{path}.iam"), NODE_GROUP, "NodeGroupIAM"));
            }
            items
        });
    }
    add(&root.get("iamIdentityMappings"), "iamIdentityMappings", &|value, path| {
        vec![item(ItemKind::IdentityMapping, unit, value, &value.get("arn"), path, MAPPING, "IAMIdentityMapping")]
    });
}

/// What has associations, and whether there is an agent for them.
fn agent_need(root: &Value<'_>) -> Option<AgentNeed> {
    let addons = root.get("addons").items();
    let of_addons = addons.iter().map(|it| it.get("podIdentityAssociations"));
    let mut lists = std::iter::once(root.get("iam").get("podIdentityAssociations")).chain(of_addons);
    let associations = lists.find_map(|it| it.key.filter(|_| !it.items().items.is_empty()))?;
    let is_on = root.get("autoModeConfig").get("enabled");
    Some(AgentNeed {
        associations,
        is_declared: addons.any(|it| it.get("name").text().is(POD_IDENTITY_AGENT)),
        is_auto_mode: is_set(&is_on, Type::Switch),
    })
}

fn association(kind: ItemKind, unit: UnitId, value: &Value<'_>, path: String) -> EksctlItem {
    item(kind, unit, value, &value.get("serviceAccountName"), path, ASSOCIATION, "PodIdentityAssociation")
}

fn item(
    kind: ItemKind,
    unit: UnitId,
    value: &Value<'_>,
    name: &Value<'_>,
    path: String,
    wanted: Keys,
    object: &str,
) -> EksctlItem {
    EksctlItem {
        kind,
        unit,
        at: name.text().place().unwrap_or_else(|| value.span()),
        path: path.into(),
        keys: keys(value, wanted).collect(),
        has_unknown_keys: is_odd(value, object),
    }
}

/// The wanted keys that are written.
fn keys(value: &Value<'_>, wanted: Keys) -> impl Iterator<Item = ItemKey> {
    wanted.iter().filter_map(|&(name, kind)| {
        let value = value.get(name.name());
        let at = value.key?;
        Some(ItemKey { name, at, is_set: is_set(&value, kind), text: text(&value) })
    })
}

/// True if a value may have any key of an object: it has one that eksctl does not read, or is no mapping.
fn is_odd(value: &Value<'_>, object: &str) -> bool {
    !value.is_mapping() || value.keys(|key| !is_known(object, key)).next().is_some()
}

fn text(value: &Value<'_>) -> Option<Text> {
    value.text().only().cloned()
}

/// Whether eksctl takes a value for set. `None`: only a deploy can know.
fn is_set(value: &Value<'_>, kind: Type) -> Option<bool> {
    let [(shape, _)] = value.cases.as_slice() else { return None };
    match (shape, kind) {
        (Shape::Absent | Shape::Null(_), _) => Some(false),
        (Shape::Text(text, _), Type::Text) => Some(!text.as_str()?.is_empty()),
        (_, Type::List) => {
            let items = value.items();
            if items.items.is_empty() { items.complete.then_some(false) } else { Some(true) }
        }
        (_, Type::Mapping) => value.is_mapping().then_some(true),
        (_, Type::Document) if value.is_mapping() => Some(value.keys(|_| true).next().is_some()),
        (_, Type::Switch) => value.flag().only().map(|it| it.value),
        (_, Type::Switches) if value.is_mapping() => {
            let switches: Vec<Option<bool>> =
                value.entries().iter().map(|(_, it)| it.flag().only().map(|it| it.value)).collect();
            if switches.contains(&Some(true)) {
                Some(true)
            } else {
                switches.iter().all(Option::is_some).then_some(false)
            }
        }
        _ => None,
    }
}
