//! Clusters and what the EKS API attaches to them.

use super::{Branch, Field, List, Origin, Spanned, Value};
use crate::iam::{Arn, PrincipalId, is_node_group};
use crate::source::{Span, Text};

/// The add-on that pod identity associations need, where EKS Auto Mode is off.
pub const POD_IDENTITY_AGENT: &str = "eks-pod-identity-agent";

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
    pub declared_mode: Option<Text>,
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
    /// Its OIDC issuer without the scheme, where AWS describes the cluster.
    pub issuer: Option<Box<Text>>,
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

/// A mode that a cluster may be in.
#[derive(Clone, Copy, Debug)]
pub struct Mode<'c> {
    pub name: &'c str,
    /// Where it is written; nothing is written for the default.
    pub place: Option<&'c Text>,
    pub branch: &'c Branch,
    /// True if it is the default of a parameter: a deploy that chooses another mode may choose other conditions, too.
    pub is_default: bool,
    cluster: &'c Cluster,
}

impl Mode<'_> {
    /// True if there is certainly a deploy in which the cluster is in this mode and a branch holds.
    pub fn surely_meets(&self, branch: &Branch) -> bool {
        if self.is_default { branch.is_always() } else { branch.surely_meets(self.branch) }
    }

    /// Where it shows that the cluster reads no access entries, and how.
    pub fn shows_no_entries(&self) -> (Span, &'static str) {
        match self.place {
            Some(place) => (place.span(), "only the `aws-auth` ConfigMap is read"),
            None => (self.cluster.origin.name, "without an `AuthenticationMode` it is `CONFIG_MAP`"),
        }
    }
}

impl Cluster {
    /// The modes that the cluster may be in. Empty if one of them cannot be known.
    pub fn modes(&self) -> Vec<Mode<'_>> {
        let mut modes = Vec::new();
        for case in self.authentication_mode.cases.iter() {
            let written = match &case.value {
                Value::Known(text) => text.as_str().map(|name| (name, Some(text))),
                Value::Absent => Some((self.default_mode, None)),
                Value::Unknown => None,
            };
            let declared = self.declared_mode.as_ref().and_then(|text| Some((text.as_str()?, Some(text))));
            let Some((name, place)) = written.or(declared) else { return Vec::new() };
            modes.push(Mode { name, place, branch: &case.branch, is_default: false, cluster: self });
        }
        modes
    }

    /// The mode that the default of a parameter says, where the mode is that parameter.
    pub fn mode_by_default<'c>(&'c self, default: &'c Text) -> Option<Mode<'c>> {
        let name = default.as_str()?;
        Some(Mode { name, place: Some(default), branch: &self.origin.branch, is_default: true, cluster: self })
    }

    /// The cluster's name in its file, in backquotes where it has one.
    pub fn shown(&self) -> String {
        match &self.origin.resource {
            Some(resource) => format!("cluster `{resource}`"),
            None => {
                self.name.known().next().map_or_else(|| "cluster".to_owned(), |it| format!("cluster `{}`", it.shown()))
            }
        }
    }

    /// Whether the cluster reads its access entries, `aws-auth`, or both: true if that holds of all modes it may have.
    pub fn is_certainly_in(&self, modes: &[&str]) -> bool {
        let found = self.modes();
        !found.is_empty() && found.iter().all(|mode| modes.contains(&mode.name))
    }

    /// Where the mode is written, or else the cluster's name.
    pub fn mode_place(&self) -> Span {
        self.authentication_mode.known().next().map_or(self.origin.name, Text::span)
    }
}

impl AccessEntry {
    /// The types that the entry may have, with the branch each holds under. What cannot be known is left out.
    pub fn kinds_under(&self) -> impl Iterator<Item = (&str, &Branch)> {
        self.kind.cases.iter().filter_map(|case| match &case.value {
            Value::Known(text) => Some((text.as_str()?, &case.branch)),
            Value::Absent => Some(("STANDARD", &case.branch)),
            Value::Unknown => None,
        })
    }

    /// Whom the entry is for, if its ARN is written out.
    pub fn principal_id(&self) -> Option<PrincipalId> {
        Arn::parse(self.principal.only()?)?.principal()
    }

    /// True if the entry is certainly of a type for nodes.
    pub fn is_node_type(&self) -> bool {
        self.kind_name().is_some_and(|kind| crate::iam::access_entry_type(kind).is_some() && kind != "STANDARD")
    }

    /// Where a standard entry shows that it was meant for nodes: a group or a user name that only nodes have.
    pub fn meant_for_nodes(&self) -> Option<&Text> {
        if self.kind_name() != Some("STANDARD") {
            return None;
        }
        let group = self.groups.iter().find(|it| it.as_str().is_some_and(is_node_group));
        group.or_else(|| self.username.known().find(|it| it.starts_with("system:node:") == Some(true)))
    }

    /// Whether the entry is for people and programs, and was not meant for nodes.
    pub fn is_for_people(&self) -> Option<bool> {
        match self.kind_name() {
            Some("STANDARD") => Some(self.meant_for_nodes().is_none()),
            _ if self.is_node_type() => Some(false),
            _ => None,
        }
    }

    /// The type, where it is certain: `STANDARD` if nothing is written.
    pub fn kind_name(&self) -> Option<&str> {
        if self.kind.is_absent() { Some("STANDARD") } else { self.kind.string() }
    }
}

impl LaunchTemplate {
    /// True if the machines make themselves nodes of a cluster when they start.
    pub fn joins_a_cluster(&self) -> bool {
        const COMMANDS: [&str; 3] = ["/etc/eks/bootstrap.sh", "nodeadm", "Start-EKSBootstrap"];
        // A comment may speak of what is not done.
        let mut lines = self.user_data.known().flat_map(|data| data.bytes().lines());
        lines.any(|line| !line.trim_start().starts_with('#') && COMMANDS.iter().any(|it| line.contains(it)))
    }

    /// True if the user data can be read, or a part of it.
    pub fn shows_how_it_starts(&self) -> bool {
        self.user_data.known().any(|data| data.only_hole().is_none())
    }
}
