//! eksctl's `ClusterConfig`: the same facts as a template has, under other names.
//!
//! The shapes are those of eksctl's schema (`pkg/apis/eksctl.io/v1alpha5`, 2026-08-21).

mod items;
mod keys;

use std::sync::Arc;

use crate::facts::{
    AccessEntry, Account, Addon, Annotation, AnnotationValue, ApiVersion, Built, Capability, Cluster, Facts,
    FargateProfile, FargateSelector, Field, InlinePolicy, Item, List, NodeGroup, ObjectMeta, Origin,
    PodIdentityAssociation, PolicyAssociation, Role, SectionKind, ServiceAccount, Type,
};
use crate::facts::{Branch, Evidence, Purpose, RoleUse};
use crate::source::{Hole, HoleKind, ResourceId, Text, TextBuilder, UnitId};
use crate::syntax::Node;

use super::iam_document::document_field;
use super::identity_map::IdentityMap;
use super::outline::Outline;
use super::types;
use super::value::{Dialect, Value};

/// What eksctl takes for a cluster that does not say how it is read (`defaults.go`; Outposts read the ConfigMap only).
const DEFAULT_MODE: &str = "API_AND_CONFIG_MAP";

/// The version whose keys are known.
const VERSION: &str = "eksctl.io/v1alpha5";

/// Where a pod identity association says what its role may do.
const OF_ASSOCIATIONS: [&str; 2] = ["permissionPolicyARNs", "permissionPolicy"];

/// What every configuration holds.
pub const KEYWORDS: &[&str] = &["eksctl.io/"];

/// True if a document is a configuration of eksctl.
pub fn is_config(root: Node<'_>) -> bool {
    let has = |key: &str, wanted: &str| root.get(key).and_then(Node::str).is_some_and(|it| it.starts_with(wanted));
    has("apiVersion", "eksctl.io/") && has("kind", "ClusterConfig")
}

/// [`is_config`], asked of an outline.
pub fn may_be_config(outline: &Outline<'_>) -> bool {
    outline.has_scalar("apiVersion") && outline.has_scalar("kind")
}

/// Reads the facts of a configuration.
pub fn lower(root: Node<'_>, unit: UnitId, facts: &mut Facts) {
    let value = Value::new(root, Dialect::Plain);
    let name = value.get("metadata").get("name").text();
    let config = Config { name, unit };
    facts.clusters.push(config.cluster(&value));
    if value.get("apiVersion").string().is_some_and(|it| it == VERSION) {
        facts.unknown_keys.extend(keys::unknown(root));
        items::lower(&value, unit, facts);
    }
    types::add(&value, TYPES, facts);
    config.access_entries(&value, facts);
    config.identity_mappings(&value, facts);
    config.service_accounts(&value.get("iam"), facts);
    config.capabilities(&value, facts);
    for key in ["nodeGroups", "managedNodeGroups"] {
        for group in value.get(key).items().items {
            config.node_group(&group.value, key == "managedNodeGroups", facts);
        }
    }
    let default_role = value.get("iam").get("fargatePodExecutionRoleARN").text();
    for profile in value.get("fargateProfiles").items().items {
        let role = profile.value.get("podExecutionRoleARN").text();
        let selectors = profile.value.get("selectors").items();
        facts.fargate_profiles.push(FargateProfile {
            origin: config.origin(&profile.value, "name"),
            cluster: config.name.clone(),
            role: if role.is_absent() { default_role.clone() } else { role },
            selectors: selectors.map(|it| FargateSelector { span: it.span(), namespace: it.get("namespace").text() }),
        });
    }
    let makes_roles = may_be_on(&value.get("iam").get("withOIDC"))
        || may_be_on(&value.get("addonsConfig").get("autoApplyPodIdentityAssociations"));
    let addons = value.get("addons").items();
    if makes_roles && addons.any(|it| it.get("name").text().is("vpc-cni")) == Some(false) {
        // It is created without being asked for, with a role of its own (`defaults.go`).
        facts.addons.push(Addon {
            origin: config.origin(&value.get("metadata"), "name"),
            cluster: config.name.clone(),
            name: Field::of(Text::written("vpc-cni", value.span())),
            role: Field::unknown(),
            pod_identity: Field::absent(),
        });
    }
    for addon in addons.items {
        let associations = addon.value.get("podIdentityAssociations");
        let role = addon.value.get("serviceAccountRoleARN").text();
        let made = role.is_absent() && (is_given_policies(&addon.value) || makes_roles);
        facts.addons.push(Addon {
            origin: config.origin(&addon.value, "name"),
            cluster: config.name.clone(),
            name: addon.value.get("name").text(),
            // eksctl makes a role of the policies that it is given, or of those that AWS recommends (`addon/create.go`).
            role: if made { Field::unknown() } else { role },
            pod_identity: associations.presence(),
        });
        let keys = ["attachPolicyARNs", "attachPolicy"];
        config.role_with(&addon.value, keys, "add-on", Purpose::ServiceAccount, facts);
        for association in associations.items().items {
            config.role_with(
                &association.value,
                OF_ASSOCIATIONS,
                "pod identity association",
                Purpose::PodIdentity,
                facts,
            );
            let mut association = config.association(&association.value);
            association.addon = Some(addon.value.get("name").text());
            facts.pod_identity_associations.push(association);
        }
    }
}

/// The properties that facts are made of, and what they take.
const TYPES: &[types::Row] = &[
    ("metadata.name", Type::String),
    ("accessConfig.authenticationMode", Type::String),
    ("accessConfig.accessEntries", Type::List),
    ("accessConfig.accessEntries[].principalARN", Type::String),
    ("accessConfig.accessEntries[].type", Type::String),
    ("accessConfig.accessEntries[].kubernetesUsername", Type::String),
    ("accessConfig.accessEntries[].kubernetesGroups", Type::List),
    ("accessConfig.accessEntries[].accessPolicies", Type::List),
    ("accessConfig.accessEntries[].accessPolicies[].policyARN", Type::String),
    ("accessConfig.accessEntries[].accessPolicies[].accessScope", Type::Mapping),
    ("accessConfig.accessEntries[].accessPolicies[].accessScope.namespaces", Type::List),
    ("iam.serviceRoleARN", Type::String),
    ("iam.serviceAccounts", Type::List),
    ("iam.serviceAccounts[].attachRoleARN", Type::String),
    ("iam.serviceAccounts[].attachPolicyARNs", Type::List),
    ("iam.podIdentityAssociations", Type::List),
    ("iam.podIdentityAssociations[].namespace", Type::String),
    ("iam.podIdentityAssociations[].serviceAccountName", Type::String),
    ("iam.podIdentityAssociations[].roleARN", Type::String),
    ("iam.podIdentityAssociations[].permissionPolicyARNs", Type::List),
    ("iamIdentityMappings", Type::List),
    ("iamIdentityMappings[].arn", Type::String),
    ("iamIdentityMappings[].username", Type::String),
    ("iamIdentityMappings[].groups", Type::List),
    ("managedNodeGroups", Type::List),
    ("managedNodeGroups[].iam.instanceRoleARN", Type::String),
    ("managedNodeGroups[].iam.attachPolicyARNs", Type::List),
    ("nodeGroups", Type::List),
    ("nodeGroups[].iam.instanceRoleARN", Type::String),
    ("nodeGroups[].iam.attachPolicyARNs", Type::List),
    ("addons", Type::List),
    ("addons[].serviceAccountRoleARN", Type::String),
    ("addons[].attachPolicyARNs", Type::List),
    ("fargateProfiles", Type::List),
    ("fargateProfiles[].podExecutionRoleARN", Type::String),
];

/// What all parts of one configuration share.
struct Config {
    name: Field<Text>,
    unit: UnitId,
}

impl Config {
    /// Where an item was declared: at its name, or else as a whole.
    fn origin(&self, item: &Value<'_>, key: &str) -> Origin {
        let name = item.get(key).text();
        let name = name.known().next();
        let shown: Arc<str> = name.map(Text::shown).unwrap_or_default().into();
        Origin {
            name: name.map_or_else(|| item.span(), Text::span),
            whole: item.span(),
            resource: (!shown.is_empty()).then_some(ResourceId::new(self.unit, shown)),
            branch: Branch::always(),
            depends_on: Box::default(),
        }
    }

    fn cluster(&self, root: &Value<'_>) -> Cluster {
        let access = root.get("accessConfig");
        let auto = root.get("autoModeConfig");
        let outpost = root.get("outpost");
        Cluster {
            origin: self.origin(&root.get("metadata"), "name"),
            name: self.name.clone(),
            region: root.get("metadata").get("region").text(),
            role: root.get("iam").get("serviceRoleARN").text(),
            authentication_mode: access.get("authenticationMode").text(),
            declared_mode: None,
            default_mode: if outpost.is_absent() { DEFAULT_MODE } else { "CONFIG_MAP" },
            bootstrap_admin: access.get("bootstrapClusterCreatorAdminPermissions").flag(),
            version: root.get("metadata").get("version").text(),
            ip_family: root.get("kubernetesNetworkConfig").get("ipFamily").text().map(lower_case),
            compute: auto.get("enabled").flag(),
            // eksctl switches the three on and off together.
            block_storage: auto.get("enabled").flag(),
            load_balancing: auto.get("enabled").flag(),
            auto_node_role: auto.get("nodeRoleARN").text(),
            node_pools: auto.get("nodePools").texts(),
            remote_network: root.get("remoteNetworkConfig").presence(),
            outpost: outpost.presence(),
            issuer: None,
        }
    }

    fn access_entries(&self, root: &Value<'_>, facts: &mut Facts) {
        for entry in root.get("accessConfig").get("accessEntries").items().items {
            let get = |key: &str| entry.value.get(key);
            facts.access_entries.push(AccessEntry {
                origin: self.origin(&entry.value, "principalARN"),
                cluster: self.name.clone(),
                principal: get("principalARN").text(),
                kind: get("type").text(),
                username: get("kubernetesUsername").text(),
                groups: get("kubernetesGroups").texts(),
                groups_list: get("kubernetesGroups").presence(),
                policies_list: get("accessPolicies").presence(),
                policies: associations(&get("accessPolicies")),
            });
        }
    }

    /// `iamIdentityMappings`: what eksctl adds to the `aws-auth` ConfigMap.
    fn identity_mappings(&self, root: &Value<'_>, facts: &mut Facts) {
        let value = root.get("iamIdentityMappings");
        let Some(key) = value.key else { return };
        let mut map = IdentityMap::new(key);
        for item in value.items().items {
            for account in item.value.get("account").text().known() {
                map.add_account(Account { text: account.clone(), quoted: account.span() != account.whole() });
            }
            let arn = item.value.get("arn").text();
            let is_user = arn.known().any(|it| it.contains(":user/") == Some(true));
            // eksctl rejects an empty one.
            if arn.is_absent() || arn.is("") == Some(true) {
                continue;
            }
            let kind = if is_user { SectionKind::Users } else { SectionKind::Roles };
            let groups = item.value.get("groups").texts();
            map.add(kind, item.value.span(), arn, item.value.get("username").text(), groups);
        }
        facts.aws_auths.push(map.finish(key.to(value.span())));
    }

    /// `iam.serviceAccounts`, which eksctl creates with the annotation, and `iam.podIdentityAssociations`.
    fn service_accounts(&self, iam: &Value<'_>, facts: &mut Facts) {
        for account in iam.get("serviceAccounts").items().items {
            let keys = ["attachPolicyARNs", "attachPolicy"];
            self.role_with(&account.value, keys, "service account", Purpose::ServiceAccount, facts);
            // Then eksctl makes the role and leaves the account to others.
            if account.value.get("roleOnly").flag().known().any(|it| it.value) {
                continue;
            }
            let metadata = account.value.get("metadata");
            let role = account.value.get("attachRoleARN");
            let annotation = role.text().only().zip(role.key).map(|(arn, key)| Annotation {
                key: Text::written(crate::iam::ROLE_ARN, key),
                value: AnnotationValue::String(arn.clone()),
                span: key.to(arn.whole()),
                is_written: true,
            });
            facts.service_accounts.push(ServiceAccount {
                is_manifest: false,
                released: None,
                meta: ObjectMeta {
                    kind: Text::written("ServiceAccount", account.value.span()),
                    version: ApiVersion::unknown(),
                    is_template: false,
                    whole: account.value.span(),
                    name: metadata.get("name").text(),
                    namespace: default_namespace(metadata.get("namespace").text()),
                    annotations: annotation.into_iter().collect(),
                    no_annotations: None,
                    labels: Box::default(),
                    stray: Box::default(),
                    built: Built::default(),
                }
                .into(),
            });
        }
        for association in iam.get("podIdentityAssociations").items().items {
            self.role_with(
                &association.value,
                OF_ASSOCIATIONS,
                "pod identity association",
                Purpose::PodIdentity,
                facts,
            );
            facts.pod_identity_associations.push(self.association(&association.value));
        }
    }

    /// The role that eksctl makes where it is told which policies to attach, by their ARNs and in a document. What else
    /// is on it, eksctl knows.
    fn role_with(&self, value: &Value<'_>, keys: [&str; 2], noun: &str, purpose: Purpose, facts: &mut Facts) {
        let [arns, document] = keys;
        let managed_policies = value.get(arns).texts();
        let inline_policies = inline_policy(&value.get(document), facts);
        if managed_policies.is_empty() && inline_policies.is_empty() {
            return;
        }
        let named = match value.get("metadata") {
            metadata if !metadata.is_absent() => self.origin(&metadata, "name"),
            _ if value.get("name").is_absent() => self.origin(value, "serviceAccountName"),
            _ => self.origin(value, "name"),
        };
        let reason = RoleUse {
            purpose,
            evidence: Evidence::Reference,
            span: named.name,
            branch: Branch::always(),
            by: named.resource.as_ref().map_or_else(|| format!("a {noun}"), |id| format!("{noun} `{id}`")).into(),
            user: named.resource.clone(),
            is_assertion: false,
        };
        facts.roles.push(Role {
            arn: None,
            origin: Origin { resource: None, ..named },
            name: Field::unknown(),
            path: Field::absent(),
            // eksctl writes the trust policy itself.
            trust: Field::unknown(),
            managed_policies,
            inline_policies,
            permissions_boundary: Field::absent(),
            declared_use: Some(Box::new(reason)),
        });
    }

    /// `capabilities`: eksctl makes their roles, and EKS their access entries.
    fn capabilities(&self, root: &Value<'_>, facts: &mut Facts) {
        for capability in root.get("capabilities").items().items {
            let value = &capability.value;
            self.role_with(value, ["attachPolicyARNs", "attachPolicy"], "capability", Purpose::Capability, facts);
            facts.capabilities.push(Capability {
                origin: self.origin(value, "name"),
                cluster: self.name.clone(),
                kind: value.get("type").text(),
                role: value.get("roleArn").text(),
            });
            let policies = value.get("accessPolicies");
            if policies.is_absent() {
                continue;
            }
            // EKS makes the entry itself, which is why only its policies are anybody's business.
            facts.access_entries.push(AccessEntry {
                origin: self.origin(value, "name"),
                cluster: Field::unknown(),
                principal: Field::unknown(),
                kind: Field::unknown(),
                username: Field::unknown(),
                groups: List::unknown(),
                groups_list: Field::absent(),
                policies_list: policies.presence(),
                policies: associations(&policies),
            });
        }
    }

    fn association(&self, value: &Value<'_>) -> PodIdentityAssociation {
        PodIdentityAssociation {
            origin: self.origin(value, "serviceAccountName"),
            addon: None,
            cluster: self.name.clone(),
            namespace: value.get("namespace").text(),
            service_account: value.get("serviceAccountName").text(),
            role: value.get("roleARN").text(),
            target_role: value.get("targetRoleARN").text(),
            disable_session_tags: value.get("disableSessionTags").flag(),
            session_policy: value.get("policy").presence(),
        }
    }

    /// A node group, and the role that eksctl makes for it where it is told which policies to attach.
    fn node_group(&self, value: &Value<'_>, managed: bool, facts: &mut Facts) {
        let origin = self.origin(value, "name");
        let iam = value.get("iam");
        facts.node_groups.push(NodeGroup {
            origin: origin.clone(),
            cluster: self.name.clone(),
            role: iam.get("instanceRoleARN").text(),
            is_managed: managed,
            ami_type: Field::unknown(),
            launch_template: Field::absent(),
        });
        let attached = iam.get("attachPolicyARNs");
        let mut policies = attached.texts();
        // Without any, eksctl attaches all that nodes need.
        if attached.is_absent() || policies.is_empty() {
            return;
        }
        if !managed {
            // To nodes that EKS does not manage, eksctl attaches this one besides what it is told (`iam_helper.go`).
            let mut pull = TextBuilder::default();
            let partition = Hole { kind: HoleKind::Partition, written: "aws".into() };
            pull.push_written("arn:", attached.span());
            pull.push_hole(partition, attached.span());
            pull.push_written(":iam::aws:policy/AmazonEC2ContainerRegistryPullOnly", attached.span());
            let pull = pull.finish(attached.span());
            policies.items.push(Item { value: pull, branch: Branch::always() });
        }
        let inline = inline_policy(&iam.get("attachPolicy"), facts);
        let purpose = if managed { Purpose::ManagedNode } else { Purpose::SelfManagedNode };
        let noun = origin.resource.as_ref().map(|id| format!("node group `{id}`"));
        let reason = RoleUse {
            purpose,
            evidence: Evidence::Reference,
            span: origin.name,
            branch: Branch::always(),
            by: noun.unwrap_or_else(|| "a node group".to_owned()).into(),
            user: origin.resource.clone(),
            is_assertion: false,
        };
        facts.roles.push(Role {
            arn: None,
            origin: Origin { resource: None, ..origin },
            name: Field::unknown(),
            path: Field::absent(),
            // eksctl writes the trust policy itself.
            trust: Field::unknown(),
            managed_policies: policies,
            // What `withAddonPolicies` adds is not spelt out here.
            inline_policies: List {
                complete: iam.get("withAddonPolicies").is_absent() && iam.get("attachPolicy").is_absent(),
                ..inline
            },
            permissions_boundary: iam.get("instanceRolePermissionsBoundary").text(),
            declared_use: Some(Box::new(reason)),
        });
    }
}

/// The policies that an access entry or a capability gets.
fn associations(value: &Value<'_>) -> List<PolicyAssociation> {
    value.items().map(|policy| PolicyAssociation {
        span: policy.span(),
        arn: policy.get("policyARN").text(),
        scope: policy.get("accessScope").get("type").text(),
        namespaces: policy.get("accessScope").get("namespaces").texts(),
    })
}

/// A policy document in the configuration. eksctl may add others of its own.
fn inline_policy(value: &Value<'_>, facts: &mut Facts) -> List<InlinePolicy> {
    if value.is_absent() {
        return List { complete: false, ..List::default() };
    }
    let document = document_field(value, facts.broken_documents.vec(), facts.policy_texts.vec());
    let policy = InlinePolicy { span: value.span(), name: Field::unknown(), document };
    List { items: vec![Item { value: policy, branch: Branch::always() }], complete: false, key: value.key }
}

/// True if a switch is on, or may be.
fn may_be_on(switch: &Value<'_>) -> bool {
    !switch.is_absent() && switch.flag().only().is_none_or(|it| it.value)
}

/// Whether an add-on says what its role may do, or asks eksctl for what AWS recommends.
///
/// A role of its own needs an OIDC provider, which another command may have made.
fn is_given_policies(addon: &Value<'_>) -> bool {
    ["attachPolicyARNs", "attachPolicy", "wellKnownPolicies"].iter().any(|key| !addon.get(key).is_absent())
        || may_be_on(&addon.get("useDefaultPodIdentityAssociations"))
}

/// eksctl's own default.
fn default_namespace(namespace: Field<Text>) -> Field<Text> {
    match namespace.key {
        None if namespace.is_absent() => Field::unknown(),
        _ => namespace,
    }
}

fn lower_case(text: Text) -> Option<Text> {
    let lower = text.as_str()?.to_ascii_lowercase();
    Some(Text::written(&lower, text.span()))
}
