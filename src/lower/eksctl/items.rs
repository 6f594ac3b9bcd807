//! Items of a configuration whose keys need or exclude each other, as eksctl sees them (`validation.go`, `addon.go`,
//! `identitymapping.go`).

use crate::facts::{EksctlItem, Facts, ItemKey, ItemKind, OidcSwitch};
use crate::source::Text;

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

type Keys = &'static [(&'static str, Type)];

const ACCOUNT: Keys = &[
    ("attachPolicyARNs", Type::List),
    ("wellKnownPolicies", Type::Switches),
    ("attachPolicy", Type::Mapping),
    ("attachRoleARN", Type::Text),
    ("roleOnly", Type::Switch),
];

const ASSOCIATION: Keys = &[
    ("roleARN", Type::Text),
    ("permissionPolicy", Type::Document),
    ("permissionPolicyARNs", Type::List),
    ("wellKnownPolicies", Type::Switches),
    ("tags", Type::Mapping),
];

const ADDON: Keys = &[
    ("name", Type::Text),
    ("serviceAccountRoleARN", Type::Text),
    ("attachPolicyARNs", Type::List),
    ("attachPolicy", Type::Mapping),
    ("wellKnownPolicies", Type::Switches),
    ("podIdentityAssociations", Type::List),
    ("useDefaultPodIdentityAssociations", Type::Switch),
];

const NODE_GROUP: Keys = &[
    ("instanceProfileARN", Type::Text),
    ("instanceRoleARN", Type::Text),
    ("instanceRoleName", Type::Text),
    ("attachPolicy", Type::Mapping),
    ("attachPolicyARNs", Type::List),
    ("instanceRolePermissionsBoundary", Type::Text),
    ("withAddonPolicies", Type::Switches),
];

const MAPPING: Keys = &[
    ("arn", Type::Text),
    ("username", Type::Text),
    ("groups", Type::List),
    ("account", Type::Text),
    ("serviceName", Type::Text),
    ("namespace", Type::Text),
];

/// Reads the items of a configuration.
pub fn lower(root: &Value<'_>, facts: &mut Facts) {
    let iam = root.get("iam");
    let accounts = iam.get("serviceAccounts");
    if let (Some(key), false) = (accounts.key, accounts.items().items.is_empty()) {
        facts.oidc_switches.push(OidcSwitch { with_oidc: iam.get("withOIDC").flag(), accounts: key });
    }
    let mut add = |list: &Value<'_>, path: &str, read: &dyn Fn(&Value<'_>, String) -> Vec<EksctlItem>| {
        for (at, item) in list.items().items.iter().enumerate() {
            let read = read(&item.value, format!("{path}[{at}]"));
            facts.eksctl_items.extend(read);
        }
    };
    add(&accounts, "iam.serviceAccounts", &|value, path| {
        let name = value.get("metadata").get("name");
        let mut item = item(ItemKind::ServiceAccount, value, &name, path, ACCOUNT, "ClusterIAMServiceAccount");
        let keys = &mut item.keys;
        keys.extend(name.key.map(|at| ItemKey {
            name: "name",
            at,
            is_set: is_set(&name, Type::Text),
            text: text(&name),
        }));
        vec![item]
    });
    add(&iam.get("podIdentityAssociations"), "iam.podIdentityAssociations", &|value, path| {
        vec![association(ItemKind::Association, value, path)]
    });
    add(&root.get("addons"), "addons", &|value, path| {
        let associations = value.get("podIdentityAssociations").items();
        let inner = associations.items.iter().enumerate().map(|(at, inner)| {
            association(ItemKind::AddonAssociation, &inner.value, format!("{path}.podIdentityAssociations[{at}]"))
        });
        let own = item(ItemKind::Addon, value, &value.get("name"), path.clone(), ADDON, "Addon");
        std::iter::once(own).chain(inner).collect()
    });
    for (key, is_managed) in [("nodeGroups", false), ("managedNodeGroups", true)] {
        add(&root.get(key), key, &|value, path| {
            let iam = value.get("iam");
            if !iam.is_mapping() {
                return Vec::new();
            }
            let kind = ItemKind::NodeGroup { is_managed };
            vec![item(kind, &iam, &value.get("name"), format!("{path}.iam"), NODE_GROUP, "NodeGroupIAM")]
        });
    }
    add(&root.get("iamIdentityMappings"), "iamIdentityMappings", &|value, path| {
        vec![item(ItemKind::IdentityMapping, value, &value.get("arn"), path, MAPPING, "IAMIdentityMapping")]
    });
}

fn association(kind: ItemKind, value: &Value<'_>, path: String) -> EksctlItem {
    item(kind, value, &value.get("serviceAccountName"), path, ASSOCIATION, "PodIdentityAssociation")
}

fn item(kind: ItemKind, value: &Value<'_>, name: &Value<'_>, path: String, keys: Keys, object: &str) -> EksctlItem {
    let keys = keys.iter().filter_map(|&(key, kind)| {
        let value = value.get(key);
        let at = value.key?;
        Some(ItemKey { name: key, at, is_set: is_set(&value, kind), text: text(&value) })
    });
    let is_odd = |key: &str| !is_known(object, key);
    EksctlItem {
        kind,
        at: name.text().known().next().map_or_else(|| value.span(), |it| it.span()),
        path: path.into(),
        keys: keys.collect(),
        // What is no mapping may be anything.
        has_unknown_keys: !value.is_mapping() || value.keys(is_odd).next().is_some(),
    }
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
