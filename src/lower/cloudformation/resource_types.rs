//! What the resources of EKS and IAM have to have, and of which type, as far as facts are made of it.
//!
//! The types are those of CloudFormation's resource reference (2026-08).

use crate::facts::{Facts, MissingProperty, MisspeltType, Origin, Type};
use crate::lower::types::{self, Row};
use crate::lower::value::Value;
use crate::names::nearest;
use crate::syntax::Node;

use Type::{List, Mapping, String};

/// A type of resource.
struct ResourceType {
    name: &'static str,
    /// The properties without which nobody knows who becomes whom.
    required: &'static [&'static str],
    properties: &'static [Row],
}

const TYPES: &[ResourceType] = &[
    ResourceType {
        name: "AWS::EKS::Cluster",
        required: &["RoleArn"],
        properties: &[
            ("Name", String),
            ("RoleArn", String),
            ("Version", String),
            ("AccessConfig", Mapping),
            ("AccessConfig.AuthenticationMode", String),
            ("ComputeConfig", Mapping),
            ("ComputeConfig.NodeRoleArn", String),
            ("ComputeConfig.NodePools", List),
            ("KubernetesNetworkConfig", Mapping),
        ],
    },
    ResourceType {
        name: "AWS::EKS::AccessEntry",
        required: &["ClusterName", "PrincipalArn"],
        properties: &[
            ("ClusterName", String),
            ("PrincipalArn", String),
            ("Type", String),
            ("Username", String),
            ("KubernetesGroups", List),
            ("KubernetesGroups[]", String),
            ("AccessPolicies", List),
            ("AccessPolicies[]", Mapping),
            ("AccessPolicies[].PolicyArn", String),
            ("AccessPolicies[].AccessScope", Mapping),
            ("AccessPolicies[].AccessScope.Type", String),
            ("AccessPolicies[].AccessScope.Namespaces", List),
        ],
    },
    ResourceType {
        name: "AWS::EKS::Nodegroup",
        required: &["ClusterName", "NodeRole"],
        properties: &[("ClusterName", String), ("NodeRole", String), ("AmiType", String), ("LaunchTemplate", Mapping)],
    },
    ResourceType {
        name: "AWS::EKS::FargateProfile",
        required: &["ClusterName", "PodExecutionRoleArn"],
        properties: &[
            ("ClusterName", String),
            ("PodExecutionRoleArn", String),
            ("Selectors", List),
            ("Selectors[].Namespace", String),
        ],
    },
    ResourceType {
        name: "AWS::EKS::PodIdentityAssociation",
        required: &["ClusterName", "Namespace", "ServiceAccount", "RoleArn"],
        properties: &[
            ("ClusterName", String),
            ("Namespace", String),
            ("ServiceAccount", String),
            ("RoleArn", String),
            ("TargetRoleArn", String),
        ],
    },
    ResourceType {
        name: "AWS::EKS::Addon",
        required: &["ClusterName", "AddonName"],
        properties: &[
            ("ClusterName", String),
            ("AddonName", String),
            ("ServiceAccountRoleArn", String),
            ("PodIdentityAssociations", List),
            ("PodIdentityAssociations[].RoleArn", String),
            ("PodIdentityAssociations[].ServiceAccount", String),
        ],
    },
    ResourceType {
        name: "AWS::EKS::Capability",
        required: &["ClusterName", "RoleArn"],
        properties: &[("ClusterName", String), ("Type", String), ("RoleArn", String)],
    },
    ResourceType {
        name: "AWS::EKS::IdentityProviderConfig",
        required: &["ClusterName"],
        properties: &[("ClusterName", String), ("Oidc", Mapping)],
    },
    ResourceType {
        name: "AWS::IAM::Role",
        required: &[],
        properties: &[
            ("RoleName", String),
            ("Path", String),
            ("PermissionsBoundary", String),
            ("ManagedPolicyArns", List),
            ("ManagedPolicyArns[]", String),
            ("Policies", List),
            ("Policies[].PolicyName", String),
        ],
    },
    ResourceType {
        name: "AWS::IAM::Policy",
        required: &[],
        properties: &[("PolicyName", String), ("Roles", List), ("Roles[]", String)],
    },
    ResourceType {
        name: "AWS::IAM::ManagedPolicy",
        required: &[],
        properties: &[("ManagedPolicyName", String), ("Roles", List), ("Roles[]", String)],
    },
    ResourceType {
        name: "AWS::IAM::RolePolicy",
        required: &[],
        properties: &[("RoleName", String), ("PolicyName", String)],
    },
    ResourceType {
        name: "AWS::IAM::InstanceProfile",
        required: &[],
        properties: &[("InstanceProfileName", String), ("Roles", List), ("Roles[]", String)],
    },
    ResourceType {
        name: "AWS::IAM::OIDCProvider",
        required: &[],
        properties: &[("Url", String), ("ClientIdList", List), ("ThumbprintList", List)],
    },
];

const OF_EKS: &str = "AWS::EKS::";

/// Finds what is missing in a resource, and what is of another type than it has to be.
pub(super) fn check(kind: Node<'_>, origin: &Origin, properties: &Value<'_>, facts: &mut Facts) {
    let Some(written) = kind.text() else { return };
    let Some(known) = TYPES.iter().find(|it| it.name == written.bytes()) else {
        // The other types of EKS have the names of none of these.
        let is_of_eks = written.bytes().get(..OF_EKS.len()).is_some_and(|it| it.eq_ignore_ascii_case(OF_EKS));
        let of_eks = TYPES.iter().map(|it| it.name).filter(|it| it.starts_with(OF_EKS));
        let right = is_of_eks.then(|| nearest(written.bytes(), of_eks)).flatten();
        facts.misspelt_types.extend(right.map(|right| MisspeltType { written, right }));
        return;
    };
    types::add(properties, known.properties, facts);
    for property in known.required {
        if properties.get(property).is_absent() {
            // `NodeRoleArn`, `ServiceAccountName`: what other formats call it.
            let is_longer = |key: &str| key.len() > property.len() && key.starts_with(property);
            let is_other = |key: &str| known.properties.iter().any(|(it, _)| *it == key);
            let is_near = |key: &str| !is_other(key) && (nearest(key, [*property]).is_some() || is_longer(key));
            let near = properties.keys(is_near).find(|it| is_near(it.bytes()));
            facts.missing_properties.push(MissingProperty { resource: origin.name, kind: known.name, property, near });
        }
    }
}
