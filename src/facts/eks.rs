//! Clusters and what the EKS API attaches to them.

use super::{Field, List, Origin, Spanned};
use crate::source::{Span, Text};

#[derive(Clone, Debug)]
pub struct Cluster {
    pub origin: Origin,
    /// The name; absent if AWS makes one up.
    pub name: Field<Text>,
    /// The region, where the file that declares the cluster says it: `metadata.region` of eksctl.
    pub region: Field<Text>,
    /// `RoleArn`: the role that the control plane assumes.
    pub role: Field<Text>,
    /// `AccessConfig.AuthenticationMode`.
    pub authentication_mode: Field<Text>,
    /// The mode that the configuration says, for where the files do not show it.
    pub given_mode: Option<Text>,
    /// The mode where it is absent: `CONFIG_MAP` for the API and CloudFormation, another for eksctl.
    pub default_mode: &'static str,
    pub bootstrap_admin: Field<Spanned<bool>>,
    pub version: Field<Text>,
    /// `KubernetesNetworkConfig.IpFamily`: `ipv4` or `ipv6`.
    pub ip_family: Field<Text>,
    /// EKS Auto Mode: `ComputeConfig.Enabled`.
    pub compute: Field<Spanned<bool>>,
    /// `StorageConfig.BlockStorage.Enabled`.
    pub block_storage: Field<Spanned<bool>>,
    /// `KubernetesNetworkConfig.ElasticLoadBalancing.Enabled`.
    pub load_balancing: Field<Spanned<bool>>,
    /// `ComputeConfig.NodeRoleArn`: the role of Auto Mode nodes.
    pub auto_node_role: Field<Text>,
    pub node_pools: List<Text>,
    /// The key `RemoteNetworkConfig`: hybrid nodes.
    pub remote_network: Field<Span>,
    /// The key `OutpostConfig`: a local cluster on an Outpost.
    pub outpost: Field<Span>,
}

#[derive(Clone, Debug)]
pub struct AccessEntry {
    pub origin: Origin,
    pub cluster: Field<Text>,
    pub principal: Field<Text>,
    /// `Type`; absent means `STANDARD`.
    pub kind: Field<Text>,
    pub username: Field<Text>,
    pub groups: List<Text>,
    /// The whole list of groups, as it is written.
    pub groups_list: Field<Span>,
    pub policies: List<PolicyAssociation>,
    pub policies_list: Field<Span>,
}

/// An access policy of an access entry, and its scope.
#[derive(Clone, Debug)]
pub struct PolicyAssociation {
    pub span: Span,
    pub arn: Field<Text>,
    /// `AccessScope.Type`: `cluster` or `namespace`.
    pub scope: Field<Text>,
    pub namespaces: List<Text>,
}

/// A node group.
#[derive(Clone, Debug)]
pub struct NodeGroup {
    pub origin: Origin,
    pub cluster: Field<Text>,
    pub role: Field<Text>,
    /// False for groups whose machines eksctl launches itself.
    pub is_managed: bool,
    pub ami_type: Field<Text>,
    /// The launch template, by id or by name.
    pub launch_template: Field<Text>,
}

#[derive(Clone, Debug)]
pub struct FargateProfile {
    pub origin: Origin,
    pub cluster: Field<Text>,
    /// The pod execution role.
    pub role: Field<Text>,
    pub selectors: List<FargateSelector>,
}

#[derive(Clone, Debug)]
pub struct FargateSelector {
    pub span: Span,
    pub namespace: Field<Text>,
}

#[derive(Clone, Debug)]
pub struct PodIdentityAssociation {
    pub origin: Origin,
    /// The add-on that holds the association, if it is not a resource of its own.
    pub addon: Option<Field<Text>>,
    pub cluster: Field<Text>,
    /// Absent inside an add-on, which knows its own namespace.
    pub namespace: Field<Text>,
    pub service_account: Field<Text>,
    pub role: Field<Text>,
    pub target_role: Field<Text>,
    pub disable_session_tags: Field<Spanned<bool>>,
    pub session_policy: Field<Span>,
}

#[derive(Clone, Debug)]
pub struct Addon {
    pub origin: Origin,
    pub cluster: Field<Text>,
    pub name: Field<Text>,
    /// `ServiceAccountRoleArn`.
    pub role: Field<Text>,
    /// The key `PodIdentityAssociations`.
    pub pod_identity: Field<Span>,
}

/// `AWS::EKS::Capability`: a controller that AWS runs for the cluster.
#[derive(Clone, Debug)]
pub struct Capability {
    pub origin: Origin,
    pub cluster: Field<Text>,
    pub kind: Field<Text>,
    pub role: Field<Text>,
}

/// An OIDC provider for people who log in to the cluster.
#[derive(Clone, Debug)]
pub struct IdentityProviderConfig {
    pub origin: Origin,
    pub cluster: Field<Text>,
    pub issuer: Field<Text>,
    pub username_prefix: Field<Text>,
    pub groups_prefix: Field<Text>,
}

/// A launch template or launch configuration: how self-managed nodes get their instance profile.
#[derive(Clone, Debug)]
pub struct LaunchTemplate {
    pub origin: Origin,
    /// An instance profile by its ARN, where an ARN is asked for.
    pub profile_arn: Field<Text>,
    /// An instance profile by its name. A launch configuration takes both here.
    pub profile_name: Field<Text>,
    /// A launch configuration takes name or ARN in one property.
    pub takes_either: bool,
    /// The whole `IamInstanceProfile` property.
    pub profile: Field<Span>,
    pub user_data: Field<Text>,
    /// `ImageId`, which may tell the operating system.
    pub image: Field<Text>,
}

#[derive(Clone, Debug)]
pub struct AutoScalingGroup {
    pub origin: Origin,
    /// The launch template or launch configuration, by id or name.
    pub launch_template: Field<Text>,
    pub tags: List<Tag>,
}

#[derive(Clone, Debug)]
pub struct Tag {
    pub key: Field<Text>,
    pub value: Field<Text>,
}
