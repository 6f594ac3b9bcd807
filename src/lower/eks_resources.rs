//! The EKS and EC2 resources of a template that say who becomes whom.

use crate::facts::{
    AccessEntry, Addon, AutoScalingGroup, Capability, Cluster, Facts, FargateProfile, FargateSelector, Field,
    IdentityProviderConfig, LaunchTemplate, NodeGroup, Origin, PodIdentityAssociation, PolicyAssociation, SectionKind,
    Tag,
};

use super::eks_api;
use super::identity_map::IdentityMap;
use super::value::Value;

/// Reads a resource. False if it is none of these.
pub fn lower(kind: &str, origin: &Origin, properties: &Value<'_>, facts: &mut Facts) -> bool {
    let origin = origin.clone();
    let get = |key: &str| properties.get(key);
    match kind {
        "AWS::EKS::Cluster" => facts.clusters.push(cluster(origin, properties)),
        // The registry's type from before CloudFormation had it all. It knows no modes.
        "AWSQS::EKS::Cluster" => {
            access_of(&get("KubernetesApiAccess"), facts);
            let authentication_mode = Field::unknown();
            facts.clusters.push(Cluster { authentication_mode, ..cluster(origin, properties) });
        }
        // Resources of the CDK, which call the API with what stands in `Config`.
        // How the mode that is not written comes about depends on the CDK's version.
        "Custom::AWSCDK-EKS-Cluster" => {
            let cluster = eks_api::cluster(origin, &get("Config"));
            facts.clusters.push(Cluster { authentication_mode: eks_api::late(cluster.authentication_mode), ..cluster });
        }
        "Custom::AWSCDK-EKS-FargateProfile" => {
            facts.fargate_profiles.push(eks_api::fargate_profile(origin, &get("Config")));
        }
        "AWS::EKS::AccessEntry" => facts.access_entries.push(AccessEntry {
            origin,
            cluster: get("ClusterName").text(),
            principal: get("PrincipalArn").text(),
            kind: get("Type").text(),
            username: get("Username").text(),
            groups: get("KubernetesGroups").texts(),
            groups_list: get("KubernetesGroups").presence(),
            policies_list: get("AccessPolicies").presence(),
            policies: get("AccessPolicies").items().map(|policy| PolicyAssociation {
                span: policy.span(),
                arn: policy.get("PolicyArn").text(),
                scope: policy.get("AccessScope").get("Type").text(),
                namespaces: policy.get("AccessScope").get("Namespaces").texts(),
            }),
        }),
        "AWS::EKS::Nodegroup" => {
            let template = get("LaunchTemplate");
            facts.node_groups.push(NodeGroup {
                origin,
                cluster: get("ClusterName").text(),
                role: get("NodeRole").text(),
                is_managed: true,
                ami_type: get("AmiType").text(),
                launch_template: either(template.get("Id").text(), template.get("Name").text()),
            });
        }
        "AWS::EKS::FargateProfile" => facts.fargate_profiles.push(FargateProfile {
            origin,
            cluster: get("ClusterName").text(),
            role: get("PodExecutionRoleArn").text(),
            selectors: get("Selectors")
                .items()
                .map(|it| FargateSelector { span: it.span(), namespace: it.get("Namespace").text() }),
        }),
        "AWS::EKS::PodIdentityAssociation" => facts.pod_identity_associations.push(PodIdentityAssociation {
            origin,
            addon: None,
            cluster: get("ClusterName").text(),
            namespace: get("Namespace").text(),
            service_account: get("ServiceAccount").text(),
            role: get("RoleArn").text(),
            target_role: get("TargetRoleArn").text(),
            disable_session_tags: get("DisableSessionTags").flag(),
            session_policy: get("Policy").presence(),
        }),
        "AWS::EKS::Addon" => {
            let associations = get("PodIdentityAssociations");
            let name = get("AddonName").text();
            for item in associations.items().items {
                facts.pod_identity_associations.push(PodIdentityAssociation {
                    origin: Origin { name: item.value.span(), whole: item.value.span(), ..origin.clone() },
                    addon: Some(name.clone()),
                    cluster: get("ClusterName").text(),
                    namespace: Field::absent(),
                    service_account: item.value.get("ServiceAccount").text(),
                    role: item.value.get("RoleArn").text(),
                    target_role: Field::absent(),
                    disable_session_tags: Field::absent(),
                    session_policy: Field::absent(),
                });
            }
            facts.addons.push(Addon {
                origin,
                cluster: get("ClusterName").text(),
                name,
                role: get("ServiceAccountRoleArn").text(),
                pod_identity: associations.presence(),
            });
        }
        "AWS::EKS::Capability" => facts.capabilities.push(Capability {
            origin,
            cluster: get("ClusterName").text(),
            kind: get("Type").text(),
            role: get("RoleArn").text(),
        }),
        "AWS::EKS::IdentityProviderConfig" => {
            let oidc = get("Oidc");
            facts.identity_provider_configs.push(IdentityProviderConfig {
                origin,
                cluster: get("ClusterName").text(),
                issuer: oidc.get("IssuerUrl").text(),
                username_prefix: oidc.get("UsernamePrefix").text(),
                groups_prefix: oidc.get("GroupsPrefix").text(),
            });
        }
        "AWS::EC2::LaunchTemplate" => {
            let data = get("LaunchTemplateData");
            let profile = data.get("IamInstanceProfile");
            facts.launch_templates.push(LaunchTemplate {
                origin,
                profile_arn: profile.get("Arn").text(),
                profile_name: profile.get("Name").text(),
                takes_either: false,
                profile: profile.presence(),
                user_data: data.get("UserData").text(),
                image: data.get("ImageId").text(),
            });
        }
        "AWS::AutoScaling::LaunchConfiguration" => {
            let profile = get("IamInstanceProfile");
            facts.launch_templates.push(LaunchTemplate {
                origin,
                profile_arn: Field::absent(),
                profile_name: profile.text(),
                takes_either: true,
                profile: profile.presence(),
                user_data: get("UserData").text(),
                image: get("ImageId").text(),
            });
        }
        "AWS::AutoScaling::AutoScalingGroup" => {
            let direct = get("LaunchTemplate");
            let mixed = get("MixedInstancesPolicy").get("LaunchTemplate").get("LaunchTemplateSpecification");
            let id = |it: &Value<'_>| either(it.get("LaunchTemplateId").text(), it.get("LaunchTemplateName").text());
            facts.auto_scaling_groups.push(AutoScalingGroup {
                origin,
                launch_template: either(either(id(&direct), id(&mixed)), get("LaunchConfigurationName").text()),
                tags: get("Tags").items().map(|tag| Tag { key: tag.get("Key").text(), value: tag.get("Value").text() }),
            });
        }
        _ => return false,
    }
    true
}

/// `KubernetesApiAccess`: what the handler of the registry's type writes into `aws-auth`.
fn access_of(access: &Value<'_>, facts: &mut Facts) {
    let Some(key) = access.key else { return };
    let mut map = IdentityMap::new(key);
    for (kind, name) in [(SectionKind::Roles, "Roles"), (SectionKind::Users, "Users")] {
        // What stands under a condition may have another mapping beside it.
        for item in access.get(name).items().items.into_iter().filter(|it| it.branch.is_always()) {
            let get = |key: &str| item.value.get(key);
            map.add(kind, item.value.span(), get("Arn").text(), get("Username").text(), get("Groups").texts());
        }
    }
    facts.aws_auths.push(map.finish(key.to(access.span())));
}

fn cluster(origin: Origin, properties: &Value<'_>) -> Cluster {
    let access = properties.get("AccessConfig");
    let compute = properties.get("ComputeConfig");
    let network = properties.get("KubernetesNetworkConfig");
    Cluster {
        origin,
        name: properties.get("Name").text(),
        region: Field::absent(),
        role: properties.get("RoleArn").text(),
        authentication_mode: access.get("AuthenticationMode").text(),
        declared_mode: None,
        default_mode: "CONFIG_MAP",
        bootstrap_admin: access.get("BootstrapClusterCreatorAdminPermissions").flag(),
        version: properties.get("Version").text(),
        ip_family: network.get("IpFamily").text(),
        compute: compute.get("Enabled").flag(),
        block_storage: properties.get("StorageConfig").get("BlockStorage").get("Enabled").flag(),
        load_balancing: network.get("ElasticLoadBalancing").get("Enabled").flag(),
        auto_node_role: compute.get("NodeRoleArn").text(),
        node_pools: compute.get("NodePools").texts(),
        remote_network: properties.get("RemoteNetworkConfig").presence(),
        outpost: properties.get("OutpostConfig").presence(),
        issuer: None,
    }
}

/// The first of two properties of which only one is written.
fn either<T: 'static>(first: Field<T>, second: Field<T>) -> Field<T> {
    if first.is_absent() { second } else { first }
}
