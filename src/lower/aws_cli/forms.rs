//! How outputs and requests of the AWS CLI are told from other documents.

use crate::lower::outline::Outline;
use crate::syntax::{Kind, Node};

/// What a document is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    Output(Output),
    Request(Request),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Output {
    Iam(IamOutput),
    Eks(EksOutput),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Request {
    Iam(IamRequest),
    Eks(EksRequest),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum IamOutput {
    Role,
    Roles,
    RolePolicy,
    AttachedPolicies,
    AccountDetails,
    Provider,
    Providers,
    PolicyVersion,
    InstanceProfile,
    InstanceProfiles,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum EksOutput {
    Cluster,
    NodeGroup,
    FargateProfile,
    AccessEntry,
    AccessPolicies,
    Association,
    Addon,
    Capability,
    IdentityProvider,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum IamRequest {
    Role,
    Trust,
    RolePolicy,
    Policy,
    Provider,
    ServiceLinkedRole,
    InstanceProfileRole,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum EksRequest {
    Cluster,
    NodeGroup,
    FargateProfile,
    AccessEntry,
    AccessPolicy,
    Association,
    Addon,
    Capability,
    IdentityProvider,
}

/// An output: the keys that it has at its top, and a key of what it describes, which is the value of the first one.
struct OutputForm {
    output: Output,
    keys: &'static [&'static str],
    /// Whether the first key has a list.
    is_list: bool,
    within: Option<&'static str>,
}

/// What outputs may have besides. The values of a chart may have `cluster`, too, but among other keys.
const BESIDE: [&str; 11] = [
    "NextToken",
    "nextToken",
    "Marker",
    "IsTruncated",
    "ResponseMetadata",
    "UserDetailList",
    "GroupDetailList",
    "Policies",
    "ThumbprintList",
    "Tags",
    "CreateDate",
];

const fn described(output: EksOutput, keys: &'static [&'static str], within: &'static str) -> OutputForm {
    OutputForm { output: Output::Eks(output), keys, is_list: false, within: Some(within) }
}

const fn listed(output: IamOutput, keys: &'static [&'static str], within: Option<&'static str>) -> OutputForm {
    OutputForm { output: Output::Iam(output), keys, is_list: true, within }
}

const fn of_iam(output: IamOutput, keys: &'static [&'static str], within: Option<&'static str>) -> OutputForm {
    OutputForm { output: Output::Iam(output), keys, is_list: false, within }
}

const OUTPUTS: &[OutputForm] = &[
    of_iam(IamOutput::Role, &["Role"], Some("RoleName")),
    listed(IamOutput::Roles, &["Roles"], Some("RoleName")),
    listed(IamOutput::AccountDetails, &["RoleDetailList"], None),
    of_iam(IamOutput::RolePolicy, &["PolicyDocument", "PolicyName", "RoleName"], Some("Statement")),
    listed(IamOutput::AttachedPolicies, &["AttachedPolicies"], Some("PolicyArn")),
    listed(IamOutput::Provider, &["ClientIDList", "Url", "CreateDate"], None),
    listed(IamOutput::Providers, &["OpenIDConnectProviderList"], Some("Arn")),
    of_iam(IamOutput::PolicyVersion, &["PolicyVersion"], Some("Document")),
    of_iam(IamOutput::InstanceProfile, &["InstanceProfile"], Some("InstanceProfileName")),
    listed(IamOutput::InstanceProfiles, &["InstanceProfiles"], Some("InstanceProfileName")),
    described(EksOutput::Cluster, &["cluster"], "arn"),
    described(EksOutput::NodeGroup, &["nodegroup"], "nodegroupArn"),
    described(EksOutput::FargateProfile, &["fargateProfile"], "fargateProfileArn"),
    described(EksOutput::AccessEntry, &["accessEntry"], "accessEntryArn"),
    described(EksOutput::Association, &["association"], "associationArn"),
    described(EksOutput::Addon, &["addon"], "addonArn"),
    described(EksOutput::Capability, &["capability"], "capabilityName"),
    described(EksOutput::IdentityProvider, &["identityProviderConfig"], "oidc"),
    OutputForm {
        output: Output::Eks(EksOutput::AccessPolicies),
        keys: &["associatedAccessPolicies", "clusterName", "principalArn"],
        is_list: true,
        within: None,
    },
];

/// A request: the members that it has to have, and those that it may have.
struct RequestForm {
    request: Request,
    required: &'static [&'static str],
    other: &'static [&'static str],
}

/// What requests of every operation may have.
const ANYWHERE: [&str; 4] = ["clientRequestToken", "tags", "Tags", "Description"];

const REQUESTS: &[RequestForm] = &[
    RequestForm {
        request: Request::Iam(IamRequest::Role),
        required: &["RoleName", "AssumeRolePolicyDocument"],
        other: &["Path", "MaxSessionDuration", "PermissionsBoundary"],
    },
    RequestForm { request: Request::Iam(IamRequest::Trust), required: &["RoleName", "PolicyDocument"], other: &[] },
    RequestForm {
        request: Request::Iam(IamRequest::RolePolicy),
        required: &["RoleName", "PolicyName", "PolicyDocument"],
        other: &[],
    },
    RequestForm {
        request: Request::Iam(IamRequest::Policy),
        required: &["PolicyName", "PolicyDocument"],
        other: &["Path"],
    },
    RequestForm {
        request: Request::Iam(IamRequest::Provider),
        required: &["Url", "ClientIDList"],
        other: &["ThumbprintList"],
    },
    RequestForm {
        request: Request::Iam(IamRequest::ServiceLinkedRole),
        required: &["AWSServiceName"],
        other: &["CustomSuffix"],
    },
    RequestForm {
        request: Request::Iam(IamRequest::InstanceProfileRole),
        required: &["InstanceProfileName", "RoleName"],
        other: &[],
    },
    RequestForm {
        request: Request::Eks(EksRequest::Cluster),
        required: &["name", "roleArn", "resourcesVpcConfig"],
        other: &[
            "version",
            "kubernetesNetworkConfig",
            "logging",
            "encryptionConfig",
            "outpostConfig",
            "accessConfig",
            "bootstrapSelfManagedAddons",
            "upgradePolicy",
            "zonalShiftConfig",
            "remoteNetworkConfig",
            "computeConfig",
            "storageConfig",
            "deletionProtection",
            "controlPlaneScalingConfig",
        ],
    },
    RequestForm {
        request: Request::Eks(EksRequest::NodeGroup),
        required: &["clusterName", "nodegroupName", "nodeRole"],
        other: &[
            "subnets",
            "scalingConfig",
            "diskSize",
            "instanceTypes",
            "amiType",
            "remoteAccess",
            "labels",
            "taints",
            "launchTemplate",
            "updateConfig",
            "nodeRepairConfig",
            "capacityType",
            "version",
            "releaseVersion",
            "warmPoolConfig",
        ],
    },
    RequestForm {
        request: Request::Eks(EksRequest::FargateProfile),
        required: &["fargateProfileName", "clusterName", "podExecutionRoleArn"],
        other: &["subnets", "selectors"],
    },
    RequestForm {
        request: Request::Eks(EksRequest::AccessPolicy),
        required: &["clusterName", "principalArn", "policyArn", "accessScope"],
        other: &[],
    },
    RequestForm {
        request: Request::Eks(EksRequest::AccessEntry),
        required: &["clusterName", "principalArn"],
        other: &["kubernetesGroups", "username", "type"],
    },
    RequestForm {
        request: Request::Eks(EksRequest::Association),
        required: &["clusterName", "namespace", "serviceAccount", "roleArn"],
        other: &["disableSessionTags", "targetRoleArn", "policy"],
    },
    RequestForm {
        request: Request::Eks(EksRequest::Addon),
        required: &["clusterName", "addonName"],
        other: &[
            "addonVersion",
            "serviceAccountRoleArn",
            "resolveConflicts",
            "configurationValues",
            "podIdentityAssociations",
            "namespaceConfig",
        ],
    },
    RequestForm {
        request: Request::Eks(EksRequest::Capability),
        required: &["capabilityName", "clusterName", "type", "roleArn"],
        other: &["configuration", "deletePropagationPolicy"],
    },
    RequestForm { request: Request::Eks(EksRequest::IdentityProvider), required: &["clusterName", "oidc"], other: &[] },
];

impl OutputForm {
    fn is(&self, root: Node<'_>) -> bool {
        let Some(first) = root.get(self.keys[0]) else { return false };
        let has = |node: Node<'_>| node.kind() == Kind::Mapping && self.within.is_none_or(|it| node.get(it).is_some());
        let is_own = |key: &str| self.keys.contains(&key) || BESIDE.contains(&key);
        self.keys.iter().all(|it| root.get(it).is_some())
            && root.entries().all(|(key, _)| key.str().is_some_and(is_own))
            && match first.kind() {
                Kind::Mapping => !self.is_list && has(first),
                Kind::Sequence if self.is_list => self.within.is_none() || first.items().next().is_none_or(has),
                // A policy document as the API has it, encoded.
                Kind::Scalar => {
                    !self.is_list && self.keys.len() > 1 && first.str().is_some_and(|it| it.starts_with('%'))
                }
                Kind::Sequence => false,
            }
    }

    fn may_be(&self, outline: &Outline<'_>) -> bool {
        self.keys.iter().all(|it| outline.has(it)) && (!self.is_list || outline.has_sequence(self.keys[0]))
    }
}

impl RequestForm {
    fn is(&self, root: Node<'_>) -> bool {
        let is_filled = |key: &&str| {
            root.get(key).is_some_and(|it| it.kind() != Kind::Scalar || it.str().is_some_and(|it| !it.is_empty()))
        };
        self.required.iter().all(is_filled) && root.entries().all(|(key, _)| key.str().is_some_and(|it| self.has(it)))
    }

    fn may_be(&self, outline: &Outline<'_>) -> bool {
        self.required.iter().all(|it| outline.has(it)) && outline.entries.iter().all(|(key, _)| self.has(key))
    }

    fn has(&self, key: &str) -> bool {
        self.required.contains(&key) || self.other.contains(&key) || ANYWHERE.contains(&key)
    }
}

impl Form {
    pub(super) fn of(root: Node<'_>) -> Option<Self> {
        let output = OUTPUTS.iter().find(|it| it.is(root)).map(|it| Self::Output(it.output));
        output.or_else(|| REQUESTS.iter().find(|it| it.is(root)).map(|it| Self::Request(it.request)))
    }
}

/// Whether a document with this outline may be output or a request.
pub(super) fn may_be_form(outline: &Outline<'_>) -> bool {
    OUTPUTS.iter().any(|it| it.may_be(outline)) || REQUESTS.iter().any(|it| it.may_be(outline))
}
