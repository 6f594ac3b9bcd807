//! What is deployed together.

use std::iter;

use crate::source::{Span, UnitId};

/// Something that is deployed as one: a template, a configuration of eksctl, a document of a stream of manifests, or what
/// several files say together.
#[derive(Clone, Debug)]
pub struct Unit {
    pub id: UnitId,
    pub kind: UnitKind,
    /// The document in which it is written, or the first of several files.
    pub whole: Span,
    /// The other files in which it is written.
    pub others: Vec<Span>,
}

impl Unit {
    /// A unit that is one document.
    pub fn of_document(id: UnitId, kind: UnitKind, whole: Span) -> Self {
        Self { id, kind, whole, others: Vec::new() }
    }

    /// All that it is written in: a document, or several files.
    pub fn parts(&self) -> impl Iterator<Item = Span> {
        iter::once(self.whole).chain(self.others.iter().copied())
    }
}

/// What a unit is written as.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum UnitKind {
    Eksctl,
    Kubernetes,
    /// Objects as an API server gives them out.
    Objects,
    /// A custom resource of ACK.
    Ack,
    /// A custom resource of Crossplane.
    Crossplane,
    /// An object of Cluster API.
    ClusterApi,
    CloudFormation,
    /// A policy document in a file of its own.
    PolicyDocument,
    /// What may be the values of a chart.
    ChartValues,
    /// What the AWS CLI prints.
    AwsOutput,
    /// A request for the AWS CLI.
    AwsRequest,
}

impl UnitKind {
    /// True for what somebody or something has made, as AWS or an API server describes it.
    pub fn is_described(self) -> bool {
        matches!(self, Self::AwsOutput | Self::Objects)
    }

    /// The kind in words: `CloudFormation template`.
    pub fn shown(self) -> &'static str {
        match self {
            Self::CloudFormation => "CloudFormation template",
            Self::Eksctl => "eksctl configuration",
            Self::Objects => "objects of a cluster",
            Self::Kubernetes | Self::Ack | Self::Crossplane | Self::ClusterApi => "Kubernetes manifests",
            Self::PolicyDocument => "IAM policy document",
            Self::ChartValues => "perhaps values of a chart",
            Self::AwsOutput => "output of the AWS CLI",
            Self::AwsRequest => "request for the AWS CLI",
        }
    }
}

impl UnitKind {
    /// The key of a custom resource that refers to an object, in place of a property with the value: `roleRef` for `roleARN` of ACK.
    pub fn reference_key(self, property: &str) -> Option<String> {
        match self {
            Self::Ack => Some(format!("{}Ref", property.trim_end_matches("ARN"))),
            Self::Crossplane => Some(format!("{property}Ref")),
            _ => None,
        }
    }
}

/// A property that several formats have, each under a name of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Property {
    AccessPolicies,
    AuthenticationMode,
    EntryType,
    Groups,
    Namespaces,
}

impl Property {
    /// How a format spells it, for messages to its users. Where a format does not have it, its users know that of CloudFormation.
    pub fn spelled(self, kind: UnitKind) -> &'static str {
        let (cloudformation, eksctl) = match self {
            Self::AccessPolicies => ("AccessPolicies", "accessPolicies"),
            Self::AuthenticationMode => ("AccessConfig.AuthenticationMode", "accessConfig.authenticationMode"),
            Self::EntryType => ("Type", "type"),
            Self::Groups => ("KubernetesGroups", "kubernetesGroups"),
            Self::Namespaces => ("Namespaces", "namespaces"),
        };
        match kind {
            UnitKind::Ack | UnitKind::ClusterApi => match self {
                Self::AuthenticationMode => "spec.accessConfig.authenticationMode",
                _ => eksctl,
            },
            UnitKind::Crossplane => match self {
                Self::AuthenticationMode => "spec.forProvider.accessConfig.authenticationMode",
                Self::AccessPolicies => "AccessPolicyAssociation",
                _ => eksctl,
            },
            UnitKind::AwsOutput if self == Self::AccessPolicies => "associatedAccessPolicies",
            UnitKind::Eksctl | UnitKind::AwsOutput | UnitKind::AwsRequest => eksctl,
            UnitKind::CloudFormation
            | UnitKind::Kubernetes
            | UnitKind::Objects
            | UnitKind::PolicyDocument
            | UnitKind::ChartValues => cloudformation,
        }
    }
}
