//! Clusters and what the EKS API attaches to them, as custom resources.

use crate::facts::{
    AccessEntry, Addon, Capability, Cluster, Facts, FargateProfile, FargateSelector, Field, IdentityProviderConfig,
    Item, List, NodeGroup, Origin, PodIdentityAssociation, PolicyAssociation,
};
use crate::source::Text;

use super::resource::{Family, ROLE_ARN, Resource, Settings};
use crate::lower::eks_api::late;

/// Reads a resource, if it is one of these kinds.
pub(super) fn lower(kind: &str, resource: &Resource<'_, '_>, facts: &mut Facts) {
    let origin = resource.origin();
    match kind {
        "Cluster" => facts.clusters.push(cluster(origin, resource)),
        "AccessEntry" => facts.access_entries.push(access_entry(origin, resource)),
        "AccessPolicyAssociation" => facts.access_entries.push(association_of_policy(origin, resource)),
        "Nodegroup" | "NodeGroup" => {
            let template = resource.settings.block("launchTemplate");
            facts.node_groups.push(NodeGroup {
                origin,
                cluster: resource.cluster(),
                role: role(resource, &["nodeRole", "nodeRoleArn"], &["nodeRoleRef", "nodeRoleArnRef"]),
                is_managed: true,
                ami_type: late(resource.any(&["amiType"]).text()),
                launch_template: match template.get("id").text() {
                    id if id.is_absent() => template.get("name").text(),
                    id => id,
                },
            });
        }
        "FargateProfile" => {
            let selectors = resource.any(&["selectors", "selector"]);
            let selectors = selectors.value().items();
            let keys = ["podExecutionRoleARN", "podExecutionRoleArn"];
            facts.fargate_profiles.push(FargateProfile {
                origin,
                cluster: resource.cluster(),
                role: role(resource, &keys, &["podExecutionRoleRef", "podExecutionRoleArnRef"]),
                selectors: selectors
                    .map(|it| FargateSelector { span: it.span(), namespace: it.get("namespace").text() }),
            });
        }
        "PodIdentityAssociation" => facts.pod_identity_associations.push(PodIdentityAssociation {
            origin,
            addon: None,
            cluster: resource.cluster(),
            namespace: late(resource.get("namespace").text()),
            service_account: late(resource.get("serviceAccount").text()),
            role: role(resource, &["roleARN", "roleArn"], &["roleRef", "roleArnRef", "roleARNRef"]),
            target_role: optional(
                resource,
                &["targetRoleARN", "targetRoleArn"],
                &["targetRoleRef", "targetRoleArnRef"],
            ),
            disable_session_tags: resource.get("disableSessionTags").value().flag(),
            session_policy: resource.get("policy").value().presence(),
        }),
        "Addon" => addon(origin, resource, facts),
        "Capability" => facts.capabilities.push(Capability {
            origin,
            cluster: resource.cluster(),
            kind: late(resource.get("type").text()),
            role: role(resource, &["roleARN", "roleArn"], &["roleRef", "roleArnRef"]),
        }),
        "IdentityProviderConfig" => {
            let oidc = resource.settings.block("oidc");
            facts.identity_provider_configs.push(IdentityProviderConfig {
                origin,
                cluster: resource.cluster(),
                issuer: late(oidc.any(&["issuerURL", "issuerUrl"]).text()),
                username_prefix: late(oidc.get("usernamePrefix").text()),
                groups_prefix: late(oidc.get("groupsPrefix").text()),
            });
        }
        _ => {}
    }
}

fn role(resource: &Resource<'_, '_>, keys: &[&str], references: &[&str]) -> Field<Text> {
    resource.linked(&resource.settings, keys, references, ROLE_ARN)
}

/// A role that a resource may do without.
fn optional(resource: &Resource<'_, '_>, keys: &[&str], references: &[&str]) -> Field<Text> {
    let selectors: Vec<String> = keys.iter().map(|it| format!("{it}Selector")).collect();
    let selectors = selectors.iter().map(String::as_str);
    let is_written = keys.iter().chain(references).copied().chain(selectors).any(|it| !resource.get(it).is_absent());
    if is_written { role(resource, keys, references) } else { Field::absent() }
}

fn cluster(origin: Origin, resource: &Resource<'_, '_>) -> Cluster {
    let access = resource.settings.block("accessConfig");
    let compute = resource.settings.block("computeConfig");
    let network = resource.settings.block("kubernetesNetworkConfig");
    let storage = resource.settings.block("storageConfig").block("blockStorage");
    let mut node_pools = compute.get("nodePools").texts();
    node_pools.complete &= node_pools.key.is_some();
    Cluster {
        origin,
        name: resource.name(),
        region: resource.get("region").text(),
        role: role(resource, &["roleARN", "roleArn"], &["roleRef", "roleArnRef"]),
        authentication_mode: late(access.get("authenticationMode").text()),
        declared_mode: None,
        default_mode: "CONFIG_MAP",
        bootstrap_admin: late(access.get("bootstrapClusterCreatorAdminPermissions").value().flag()),
        version: late(resource.get("version").text()),
        ip_family: late(network.any(&["ipFamily"]).text()),
        compute: late(compute.get("enabled").value().flag()),
        block_storage: late(storage.get("enabled").value().flag()),
        load_balancing: late(network.block("elasticLoadBalancing").get("enabled").value().flag()),
        auto_node_role: late(resource.linked(
            &compute,
            &["nodeRoleARN", "nodeRoleArn"],
            &["nodeRoleRef", "nodeRoleArnRef"],
            ROLE_ARN,
        )),
        node_pools,
        remote_network: resource.get("remoteNetworkConfig").value().presence(),
        outpost: resource.get("outpostConfig").value().presence(),
        issuer: None,
    }
}

fn access_entry(origin: Origin, resource: &Resource<'_, '_>) -> AccessEntry {
    let policies = resource.get("accessPolicies");
    AccessEntry {
        origin,
        cluster: resource.cluster(),
        principal: role(resource, &["principalARN", "principalArn"], &["principalArnFromRoleRef", "principalArnRef"]),
        kind: resource.get("type").text(),
        username: resource.any(&["username", "userName"]).text(),
        groups: resource.get("kubernetesGroups").texts(),
        groups_list: resource.get("kubernetesGroups").value().presence(),
        policies_list: policies.value().presence(),
        policies: match resource.api.family {
            Family::Ack => policies.value().items().map(|policy| {
                let scope = policy.get("accessScope");
                PolicyAssociation {
                    span: policy.span(),
                    arn: policy.get("policyARN").text(),
                    scope: scope.get("type").text(),
                    namespaces: scope.get("namespaces").texts(),
                }
            }),
            // Each policy is a resource of its own.
            _ => List::unknown(),
        },
    }
}

/// A policy of an access entry that stands elsewhere: only the policy is this resource's business.
fn association_of_policy(origin: Origin, resource: &Resource<'_, '_>) -> AccessEntry {
    let scope = resource.settings.block("accessScope");
    let policy = PolicyAssociation {
        span: resource.meta.whole,
        arn: late(resource.any(&["policyArn", "policyARN"]).text()),
        scope: late(scope.get("type").text()),
        namespaces: scope.get("namespaces").texts(),
    };
    let branch = origin.branch.clone();
    AccessEntry {
        origin,
        cluster: Field::unknown(),
        principal: Field::unknown(),
        kind: Field::unknown(),
        username: Field::unknown(),
        groups: List::unknown(),
        groups_list: Field::unknown(),
        policies_list: Field::unknown(),
        policies: List { items: vec![Item { value: policy, branch }], complete: false, key: None },
    }
}

fn addon(origin: Origin, resource: &Resource<'_, '_>, facts: &mut Facts) {
    let associations = resource.any(&["podIdentityAssociations", "podIdentityAssociation"]);
    let name = match resource.api.family {
        Family::Ack => resource.get("name"),
        Family::Crossplane => resource.any(&["addonName", "name"]),
    };
    let name = late(name.text());
    for item in associations.items() {
        let span = item.value().span();
        facts.pod_identity_associations.push(PodIdentityAssociation {
            origin: Origin { name: span, whole: span, ..origin.clone() },
            addon: Some(name.clone()),
            cluster: resource.cluster(),
            namespace: Field::absent(),
            service_account: late(item.get("serviceAccount").text()),
            role: of_item(resource, &item),
            target_role: Field::absent(),
            disable_session_tags: Field::absent(),
            session_policy: Field::absent(),
        });
    }
    facts.addons.push(Addon {
        origin,
        cluster: resource.cluster(),
        name,
        role: optional(
            resource,
            &["serviceAccountRoleARN", "serviceAccountRoleArn"],
            &["serviceAccountRoleRef", "serviceAccountRoleArnRef", "serviceAccountRoleARNRef"],
        ),
        pod_identity: associations.value().presence(),
    });
}

fn of_item(resource: &Resource<'_, '_>, item: &Settings<'_>) -> Field<Text> {
    let reference = item.any(&["roleRef", "roleArnRef"]);
    match item.any(&["roleARN", "roleArn"]).text() {
        written if !written.is_absent() => written,
        _ => resource.reference(&reference, ROLE_ARN).map_or_else(Field::unknown, Field::of),
    }
}
