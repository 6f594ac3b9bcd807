//! What eksctl's ClusterConfig says besides what other formats say too.

use std::fmt;

use super::{Field, Spanned};
use crate::source::{Span, Text, UnitId};

/// A key that eksctl does not read.
#[derive(Clone, Debug)]
pub struct UnknownKey {
    pub key: Text,
    /// The path of the object that it stands in, as eksctl writes it: `iam.serviceAccounts[0]`. Empty at the top level.
    pub object: Box<str>,
    pub fault: KeyFault,
}

/// Why eksctl does not read a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum KeyFault {
    /// It is a known key in another case. `is_there`: the object has the known one, too.
    Case { known: &'static str, is_there: bool },
    /// It is a known key misspelled.
    Misspelled { known: &'static str, is_there: bool },
    /// It is the key of another object. `path` is where it belongs.
    Misplaced { path: Box<str> },
    /// No object has a key of this name.
    Unknown,
}

/// An item of a configuration whose keys need each other or cannot be set together: what eksctl makes a role for, or an
/// identity mapping.
#[derive(Clone, Debug)]
pub struct EksctlItem {
    pub kind: ItemKind,
    /// The configuration.
    pub unit: UnitId,
    /// Its name, or else the whole item.
    pub at: Span,
    /// The path of the object that has the keys: `iam.serviceAccounts[0]`.
    pub path: Box<str>,
    /// The keys that are written, of those that matter.
    pub keys: Vec<ItemKey>,
    /// It has keys that eksctl does not read, which may have been meant to be any of its keys.
    pub has_unknown_keys: bool,
}

impl EksctlItem {
    /// A key, if it is written.
    pub fn key(&self, name: EksctlKey) -> Option<&ItemKey> {
        self.keys.iter().find(|it| it.name == name)
    }

    /// A key that certainly has a value.
    pub fn set(&self, name: EksctlKey) -> Option<&ItemKey> {
        self.key(name).filter(|it| it.is_set == Some(true))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ItemKind {
    ServiceAccount,
    Association,
    AddonAssociation,
    Addon,
    /// The `iam` of a node group.
    NodeGroup {
        is_managed: bool,
    },
    /// What says which image the nodes of a group have.
    NodeImage,
    IdentityMapping,
}

macro_rules! eksctl_keys {
    ($($key:ident: $name:literal,)*) => {
        /// The keys of an [`EksctlItem`] that matter.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum EksctlKey {
            $($key,)*
        }

        impl EksctlKey {
            /// The key as it is written.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$key => $name,)*
                }
            }
        }
    };
}

eksctl_keys! {
    Account: "account",
    AmiFamily: "amiFamily",
    Arn: "arn",
    AttachPolicy: "attachPolicy",
    AttachPolicyArns: "attachPolicyARNs",
    AttachRoleArn: "attachRoleARN",
    Groups: "groups",
    InstanceProfileArn: "instanceProfileARN",
    InstanceRoleArn: "instanceRoleARN",
    InstanceRoleName: "instanceRoleName",
    InstanceRolePermissionsBoundary: "instanceRolePermissionsBoundary",
    Name: "name",
    Namespace: "namespace",
    PermissionPolicy: "permissionPolicy",
    PermissionPolicyArns: "permissionPolicyARNs",
    PodIdentityAssociations: "podIdentityAssociations",
    RoleArn: "roleARN",
    RoleOnly: "roleOnly",
    ServiceAccountName: "serviceAccountName",
    ServiceAccountRoleArn: "serviceAccountRoleARN",
    ServiceName: "serviceName",
    Tags: "tags",
    UseDefaultPodIdentityAssociations: "useDefaultPodIdentityAssociations",
    Username: "username",
    WellKnownPolicies: "wellKnownPolicies",
    WithAddonPolicies: "withAddonPolicies",
}

impl fmt::Display for EksctlKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A key of an [`EksctlItem`].
#[derive(Clone, Debug)]
pub struct ItemKey {
    pub name: EksctlKey,
    pub at: Span,
    /// Whether eksctl takes it for set: an empty text or list is not. `None`: only a deploy can know.
    pub is_set: Option<bool>,
    /// Its text, if it is one.
    pub text: Option<Text>,
}

/// `iam.serviceAccounts`, and the switch that they depend on.
#[derive(Clone, Debug)]
pub struct OidcSwitch {
    /// `iam.withOIDC`.
    pub with_oidc: Field<Spanned<bool>>,
    /// The key `serviceAccounts`.
    pub accounts: Span,
}

/// Pod identity associations, and the agent that they depend on.
#[derive(Clone, Debug)]
pub struct AgentNeed {
    /// The key with the first associations.
    pub associations: Span,
    /// Whether the add-on of the agent is declared.
    pub is_declared: Option<bool>,
    /// Whether the cluster uses EKS Auto Mode, which includes the agent.
    pub is_auto_mode: Option<bool>,
}
