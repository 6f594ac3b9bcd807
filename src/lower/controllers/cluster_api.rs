//! Clusters of Cluster API: `AWSManagedControlPlane`, and what launches nodes for it.
//!
//! The shapes are those of `controlplane.cluster.x-k8s.io` and `infrastructure.cluster.x-k8s.io` v1beta1 and v1beta2
//! (kubernetes-sigs/cluster-api-provider-aws, 2026-08). Words that are in capitals in the API of EKS are in lowercase here.

use std::sync::Arc;

use crate::facts::{
    AccessEntry, Addon, Cluster, Facts, FargateProfile, FargateSelector, Field, IdentityProviderConfig, Made,
    ObjectMeta, Origin, PolicyAssociation, Purpose, RoleNameUser, SectionKind,
};
use crate::lower::identity_map::IdentityMap;
use crate::lower::objects::ObjectApi;
use crate::lower::value::Value;
use crate::source::{Attribute, HoleKind, Reference, Text};

use crate::lower::eks_api::late;

/// What every such object holds: its kind.
pub const KEYWORDS: &[&str] = &["AWSManaged", "AWSFargateProfile"];

/// Whether an object is one of those that are read here.
pub(super) fn is_of(version: &str, kind: &str) -> bool {
    match version.split_once('/').map(|(group, _)| group) {
        Some("controlplane.cluster.x-k8s.io") => kind == "AWSManagedControlPlane",
        Some("infrastructure.cluster.x-k8s.io") => ["AWSManagedMachinePool", "AWSFargateProfile"].contains(&kind),
        _ => false,
    }
}

/// Reads an object.
pub(super) fn lower(meta: &Arc<ObjectMeta>, object: &Value<'_>, facts: &mut Facts) {
    let spec = object.get("spec");
    let origin = ObjectApi::ClusterApi.origin(meta);
    let role =
        |noun, purpose| RoleNameUser { origin: origin.clone(), noun, purpose, role: spec.get("roleName").text() };
    match meta.kind.as_str().unwrap_or_default() {
        "AWSManagedControlPlane" => {
            facts.made.push(Made {
                whole: meta.whole,
                region: spec.get("region").text(),
                credentials: credentials(&spec).map(String::into_boxed_str),
                template: None,
            });
            facts.role_users.push(role("control plane", Purpose::Cluster));
            control_plane(&origin, &spec, facts);
        }
        "AWSManagedMachinePool" => {
            facts.role_users.push(role("machine pool", Purpose::ManagedNode));
        }
        "AWSFargateProfile" => {
            facts.role_users.push(role("Fargate profile", Purpose::FargatePodExecution));
            let selectors = spec.get("selectors").items();
            facts.fargate_profiles.push(FargateProfile {
                origin: origin.clone(),
                cluster: Field::unknown(),
                role: Field::unknown(),
                selectors: selectors
                    .map(|it| FargateSelector { span: it.span(), namespace: it.get("namespace").text() }),
            });
        }
        _ => {}
    }
}

/// The identity that the controller assumes, which decides the account.
fn credentials(spec: &Value<'_>) -> Option<String> {
    let reference = spec.get("identityRef");
    let or_default = |key: &str, default: &str| {
        let text = reference.get(key).text();
        if text.is_absent() { Some(default.to_owned()) } else { text.string().map(str::to_owned) }
    };
    Some(format!("{}/{}", or_default("kind", "AWSClusterControllerIdentity")?, or_default("name", "default")?))
}

fn control_plane(origin: &Origin, spec: &Value<'_>, facts: &mut Facts) {
    let access = spec.get("accessConfig");
    // Its entries and add-ons belong to it whatever it is called.
    let cluster = origin.resource.clone().map_or_else(Field::unknown, |resource| {
        let kind = HoleKind::Resource(Reference { resource: resource.clone(), attribute: Attribute::Ref });
        Field::of(Text::hole(kind, &resource.name, origin.name))
    });
    facts.clusters.push(Cluster {
        origin: origin.clone(),
        // Without a name it is made of namespace and name.
        name: late(spec.get("eksClusterName").text()),
        region: spec.get("region").text(),
        // A name, and not an ARN: see `RoleNameUser`.
        role: Field::unknown(),
        authentication_mode: late(access.get("authenticationMode").text().map(in_capitals)),
        declared_mode: None,
        default_mode: "CONFIG_MAP",
        bootstrap_admin: late(access.get("bootstrapClusterCreatorAdminPermissions").flag()),
        version: late(spec.get("version").text().map(minor_version)),
        ip_family: Field::unknown(),
        compute: Field::absent(),
        block_storage: Field::absent(),
        load_balancing: Field::absent(),
        auto_node_role: Field::absent(),
        node_pools: crate::facts::List::default(),
        remote_network: Field::absent(),
        outpost: Field::absent(),
        issuer: None,
    });
    for entry in spec.get("accessEntries").items().items {
        let get = |key: &str| entry.value.get(key);
        let principal = get("principalARN").text();
        let name = principal.place().unwrap_or_else(|| entry.value.span());
        facts.access_entries.push(AccessEntry {
            origin: Origin { name, whole: entry.value.span(), resource: None, ..origin.clone() },
            cluster: cluster.clone(),
            principal,
            kind: get("type").text().map(in_capitals),
            username: get("username").text(),
            groups: get("kubernetesGroups").texts(),
            groups_list: get("kubernetesGroups").presence(),
            policies_list: get("accessPolicies").presence(),
            policies: get("accessPolicies").items().map(|policy| PolicyAssociation {
                span: policy.span(),
                arn: policy.get("policyARN").text(),
                scope: late(policy.get("accessScope").get("type").text()),
                namespaces: policy.get("accessScope").get("namespaces").texts(),
            }),
        });
    }
    for addon in spec.get("addons").items().items {
        let name = addon.value.get("name").text();
        let place = name.place().unwrap_or_else(|| addon.value.span());
        facts.addons.push(Addon {
            origin: Origin { name: place, whole: addon.value.span(), resource: None, ..origin.clone() },
            cluster: cluster.clone(),
            name,
            role: addon.value.get("serviceAccountRoleARN").text(),
            pod_identity: Field::absent(),
        });
    }
    let oidc = spec.get("oidcIdentityProviderConfig");
    if oidc.is_mapping() {
        facts.identity_provider_configs.push(IdentityProviderConfig {
            origin: Origin { name: oidc.key.unwrap_or(origin.name), resource: None, ..origin.clone() },
            cluster,
            issuer: oidc.get("issuerUrl").text(),
            username_prefix: oidc.get("usernamePrefix").text(),
            groups_prefix: oidc.get("groupsPrefix").text(),
        });
    }
    identity_mappings(&spec.get("iamAuthenticatorConfig"), facts);
}

/// `iamAuthenticatorConfig`: what the controller writes into `aws-auth`.
fn identity_mappings(config: &Value<'_>, facts: &mut Facts) {
    let Some(key) = config.key else { return };
    let mut map = IdentityMap::new(key);
    for kind in [SectionKind::Roles, SectionKind::Users] {
        for item in config.get(kind.key()).items().items {
            let get = |key: &str| item.value.get(key);
            let groups = get("groups").texts();
            map.add(kind, item.value.span(), get(kind.arn_key()).text(), get("username").text(), groups);
        }
    }
    facts.aws_auths.push(map.finish(key.to(config.span())));
}

/// The part of `v1.31.2` that EKS knows: `1.31`.
fn minor_version(text: Text) -> Option<Text> {
    let written = text.as_str()?;
    let start = usize::from(written.starts_with('v'));
    let patch = written.match_indices('.').nth(1).map_or(written.len(), |(at, _)| at);
    Some(text.part(start..patch.max(start)))
}

/// `ec2_linux` is passed to EKS as `EC2_LINUX`.
fn in_capitals(text: Text) -> Option<Text> {
    let capitals = text.as_str()?.to_ascii_uppercase();
    Some(Text::written(&capitals, text.span()))
}
