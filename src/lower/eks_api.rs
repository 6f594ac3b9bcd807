//! Resources of EKS under the names of its API, as the AWS CLI and the custom resources of the CDK have them.
//!
//! The shapes are those of botocore's model of EKS (`eks/2017-11-01/service-2.json`, 2026-08).

use crate::facts::{
    AccessEntry, Addon, Capability, Cluster, FargateProfile, FargateSelector, Field, IdentityProviderConfig, List,
    NodeGroup, Origin, PodIdentityAssociation, PolicyAssociation,
};

use super::value::Value;

pub fn cluster(origin: Origin, it: &Value<'_>) -> Cluster {
    let access = it.get("accessConfig");
    let compute = it.get("computeConfig");
    let network = it.get("kubernetesNetworkConfig");
    Cluster {
        origin,
        name: it.get("name").text(),
        region: Field::absent(),
        role: it.get("roleArn").text(),
        authentication_mode: access.get("authenticationMode").text(),
        declared_mode: None,
        default_mode: "CONFIG_MAP",
        bootstrap_admin: access.get("bootstrapClusterCreatorAdminPermissions").flag(),
        version: it.get("version").text(),
        ip_family: network.get("ipFamily").text(),
        compute: compute.get("enabled").flag(),
        block_storage: it.get("storageConfig").get("blockStorage").get("enabled").flag(),
        load_balancing: network.get("elasticLoadBalancing").get("enabled").flag(),
        auto_node_role: compute.get("nodeRoleArn").text(),
        node_pools: compute.get("nodePools").texts(),
        remote_network: it.get("remoteNetworkConfig").presence(),
        outpost: it.get("outpostConfig").presence(),
        issuer: None,
    }
}

pub fn node_group(origin: Origin, it: &Value<'_>) -> NodeGroup {
    let template = it.get("launchTemplate");
    let id = template.get("id").text();
    NodeGroup {
        origin,
        cluster: it.get("clusterName").text(),
        role: it.get("nodeRole").text(),
        is_managed: true,
        ami_type: it.get("amiType").text(),
        launch_template: if id.is_absent() { template.get("name").text() } else { id },
    }
}

pub fn fargate_profile(origin: Origin, it: &Value<'_>) -> FargateProfile {
    let selector = |it: Value<'_>| FargateSelector { span: it.span(), namespace: it.get("namespace").text() };
    FargateProfile {
        origin,
        cluster: it.get("clusterName").text(),
        role: it.get("podExecutionRoleArn").text(),
        selectors: it.get("selectors").items().map(selector),
    }
}

/// An access entry, without its policies: the API has them beside it.
pub fn access_entry(origin: Origin, it: &Value<'_>) -> AccessEntry {
    AccessEntry {
        origin,
        cluster: it.get("clusterName").text(),
        principal: it.get("principalArn").text(),
        kind: it.get("type").text(),
        username: it.get("username").text(),
        groups: it.get("kubernetesGroups").texts(),
        groups_list: it.get("kubernetesGroups").presence(),
        policies: List::unknown(),
        policies_list: Field::unknown(),
    }
}

/// Access policies of an entry that is not here. `policies`: each as the API has it.
pub fn policies_of_entry(
    origin: Origin,
    cluster: Field<crate::source::Text>,
    policies: List<Value<'_>>,
) -> AccessEntry {
    let policy = |it: Value<'_>| {
        let scope = it.get("accessScope");
        PolicyAssociation {
            span: it.span(),
            arn: it.get("policyArn").text(),
            scope: scope.get("type").text(),
            namespaces: scope.get("namespaces").texts(),
        }
    };
    AccessEntry {
        origin,
        cluster,
        principal: Field::unknown(),
        kind: Field::unknown(),
        username: Field::absent(),
        groups: List::default(),
        groups_list: Field::absent(),
        policies_list: Field::unknown(),
        policies: policies.map(policy),
    }
}

pub fn association(origin: Origin, it: &Value<'_>) -> PodIdentityAssociation {
    PodIdentityAssociation {
        origin,
        addon: None,
        cluster: it.get("clusterName").text(),
        namespace: it.get("namespace").text(),
        service_account: it.get("serviceAccount").text(),
        role: it.get("roleArn").text(),
        target_role: it.get("targetRoleArn").text(),
        disable_session_tags: it.get("disableSessionTags").flag(),
        session_policy: it.get("policy").presence(),
    }
}

pub fn addon(origin: Origin, it: &Value<'_>) -> Addon {
    Addon {
        origin,
        cluster: it.get("clusterName").text(),
        name: it.get("addonName").text(),
        role: it.get("serviceAccountRoleArn").text(),
        pod_identity: it.get("podIdentityAssociations").presence(),
    }
}

/// The associations that a request for an add-on has. What describes an add-on has their ARNs.
pub fn associations_of_addon(origin: &Origin, it: &Value<'_>) -> Vec<PodIdentityAssociation> {
    let items = it.get("podIdentityAssociations").items().items.into_iter().map(|it| it.value);
    let association = |item: Value<'_>| PodIdentityAssociation {
        origin: Origin { name: item.span(), whole: item.span(), ..origin.clone() },
        addon: Some(it.get("addonName").text()),
        cluster: it.get("clusterName").text(),
        namespace: Field::absent(),
        service_account: item.get("serviceAccount").text(),
        role: item.get("roleArn").text(),
        target_role: Field::absent(),
        disable_session_tags: Field::absent(),
        session_policy: Field::absent(),
    };
    items.filter(Value::is_mapping).map(association).collect()
}

pub fn capability(origin: Origin, it: &Value<'_>) -> Capability {
    Capability {
        origin,
        cluster: it.get("clusterName").text(),
        kind: it.get("type").text(),
        role: it.get("roleArn").text(),
    }
}

/// `cluster`: the name, which a request has beside the provider.
pub fn identity_provider(
    origin: Origin,
    cluster: Field<crate::source::Text>,
    oidc: &Value<'_>,
) -> IdentityProviderConfig {
    IdentityProviderConfig {
        origin,
        cluster,
        issuer: oidc.get("issuerUrl").text(),
        username_prefix: oidc.get("usernamePrefix").text(),
        groups_prefix: oidc.get("groupsPrefix").text(),
    }
}

/// A property that has a value even where none is written.
pub fn late<T: 'static>(field: Field<T>) -> Field<T> {
    if field.is_absent() { Field::unknown() } else { field }
}
