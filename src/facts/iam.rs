//! Roles, policies and providers of IAM.

use std::sync::Arc;

use super::{Branch, Field, List, Origin};
use crate::diagnostic::Certainty;
use crate::iam::{CONNECTOR_SERVICE, EC2_PRINCIPALS, PolicyDocument, is_account_id, meant_service};
use crate::source::{ResourceId, Span, Text};

#[derive(Clone, Debug)]
pub struct Role {
    pub origin: Origin,
    /// The ARN, where AWS says it: of a role that there is.
    pub arn: Option<Box<Text>>,
    /// The name; absent if AWS makes one up.
    pub name: Field<Text>,
    pub path: Field<Text>,
    /// The trust policy.
    pub trust: Field<PolicyDocument>,
    /// The ARNs of the managed policies that the role itself names.
    pub managed_policies: List<Text>,
    pub inline_policies: List<InlinePolicy>,
    pub permissions_boundary: Field<Text>,
    /// What the role is for, where its own declaration says so. What else does is in [`crate::workspace::RoleLinks`].
    pub declared_use: Option<Box<RoleUse>>,
}

#[derive(Clone, Debug)]
pub struct InlinePolicy {
    pub span: Span,
    pub name: Field<Text>,
    pub document: Field<PolicyDocument>,
}

/// A policy that is a resource of its own and names the roles it is attached to.
#[derive(Clone, Debug)]
pub struct AttachedPolicy {
    pub origin: Origin,
    /// The ARN, where AWS says it: of a policy that there is.
    pub arn: Option<Box<Text>>,
    pub kind: PolicyKind,
    pub name: Field<Text>,
    pub roles: List<Text>,
    pub document: Field<PolicyDocument>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PolicyKind {
    /// `AWS::IAM::Policy` and `AWS::IAM::RolePolicy`.
    Inline,
    /// `AWS::IAM::ManagedPolicy`, which has an ARN.
    Managed,
}

/// Something that makes a role what it is.
#[derive(Clone, Debug)]
pub struct RoleUse {
    pub purpose: Purpose,
    pub evidence: Evidence,
    /// Where the role is referred to, or where the clue stands.
    pub span: Span,
    pub branch: Branch,
    /// The resource that refers to the role, in words: `node group `Workers``.
    pub by: Arc<str>,
    /// The resource itself, where it is one.
    pub user: Option<ResourceId>,
    /// True for an access entry or a mapping: it says what the role is for, and makes it no such thing.
    pub is_assertion: bool,
}

/// A place that names a role and says what it is for, whether or not the files declare the role.
#[derive(Clone, Debug)]
pub struct RoleMention {
    /// The ARN, name or reference.
    pub text: Text,
    /// The place of the role in [`crate::facts::Tables::roles`], if it is there.
    pub role: Option<usize>,
    pub role_use: RoleUse,
}

/// What a role is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Purpose {
    /// The control plane of a cluster.
    Cluster,
    /// The nodes of a managed node group.
    ManagedNode,
    /// Nodes that join by themselves: instance profile, Karpenter, an access entry of a node type.
    SelfManagedNode,
    /// Nodes of EKS Auto Mode.
    AutoModeNode,
    /// Nodes outside AWS.
    HybridNode,
    /// Starts pods on Fargate.
    FargatePodExecution,
    /// A service account's role, by web identity.
    ServiceAccount,
    /// A service account's role, by EKS Pod Identity.
    PodIdentity,
    /// An EKS capability.
    Capability,
    /// The agent of the EKS connector.
    ConnectorAgent,
    /// A person or program that an access entry or `aws-auth` lets in.
    Principal,
}

impl Purpose {
    /// Nodes that run on EC2.
    pub fn is_ec2_node(self) -> bool {
        matches!(self, Self::ManagedNode | Self::SelfManagedNode | Self::AutoModeNode)
    }
}

/// How sure a use is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Evidence {
    /// The role's name only suggests it.
    Name,
    /// The policies on the role make sense only for this.
    Policy,
    /// Something refers to a parameter whose default is the role, or to a role by a name that is the default of a parameter. A
    /// deploy may choose another.
    Default,
    /// Something refers to the role.
    Reference,
}

#[derive(Clone, Debug)]
pub struct InstanceProfile {
    pub origin: Origin,
    pub name: Field<Text>,
    pub roles: List<Text>,
}

#[derive(Clone, Debug)]
pub struct ServiceLinkedRole {
    pub origin: Origin,
    /// `AWSServiceName`: `eks-connector.amazonaws.com`.
    pub service: Field<Text>,
    pub suffix: Field<Text>,
}

/// An IAM OIDC provider.
#[derive(Clone, Debug)]
pub struct OidcProvider {
    pub origin: Origin,
    pub url: Field<Text>,
    pub client_ids: List<Text>,
    pub thumbprints: List<Text>,
}

/// All that an account has of something, as AWS lists it.
#[derive(Clone, Debug)]
pub struct AccountListing {
    /// The key of the list.
    pub span: Span,
    pub account: Text,
    pub what: Listed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Listed {
    Roles,
    OidcProviders,
}

/// A policy document that is a file of its own.
#[derive(Clone, Debug)]
pub struct StandaloneDocument {
    pub span: Span,
    pub kind: DocumentKind,
    pub document: PolicyDocument,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DocumentKind {
    /// Who may assume a role: statements with principals and `sts` actions.
    Trust,
    /// What may be done: statements without principals.
    Permissions,
}

/// An output of a template.
#[derive(Clone, Debug)]
pub struct Output {
    /// The output's logical id.
    pub name: Text,
    pub description: Field<Text>,
    pub value: Field<Text>,
    /// The name under which other stacks import the value.
    pub export: Field<Text>,
    pub branch: Branch,
}

impl Role {
    /// Where one would attach another policy to the role.
    pub fn policies_place(&self) -> Span {
        self.managed_policies.key.or(self.inline_policies.key).unwrap_or(self.origin.name)
    }

    /// The account that the role is in, if its ARN or its trust policy shows it: the provider of a web identity is of the same one.
    pub fn account(&self) -> Option<&str> {
        self.arn_field(4).or_else(|| self.provider_field(4)).filter(|it| is_account_id(it))
    }

    /// The partition that the role is in, if its ARN or its trust policy shows it.
    pub fn partition(&self) -> Option<&str> {
        self.arn_field(1).or_else(|| self.provider_field(1)).filter(|it| crate::iam::partition(it).is_some())
    }

    /// True for a role as AWS describes it, not as somebody declares it.
    pub fn is_described(&self) -> bool {
        self.arn.is_some()
    }

    /// A field of its own ARN.
    fn arn_field(&self, at: usize) -> Option<&str> {
        self.arn.as_ref()?.as_str()?.split(':').nth(at)
    }

    /// A field of the ARN of the first provider that the role trusts.
    fn provider_field(&self, at: usize) -> Option<&str> {
        let documents = self.trust.known();
        let statements = documents.flat_map(|document| document.statements.iter());
        let mut federated = statements.flat_map(|it| it.principals.iter()).filter(|it| it.is_kind("Federated"));
        // A hole in the field is no id and no partition, so it says nothing.
        federated.find_map(|it| it.value.bytes().split(':').nth(at))
    }

    /// Whether the role may have the path that an ARN writes: false only for another one, or none.
    pub fn may_have_path(&self, path: &Text) -> bool {
        if self.path.is_absent() {
            return false;
        }
        let own = self.path.only().and_then(Text::as_str);
        own.zip(path.as_str()).is_none_or(|(own, path)| own.trim_start_matches('/') == path)
    }

    /// False if the trust policy is meant for somebody else: a build, a pod, a person. People attach the policy of nodes
    /// to such roles too. A slip in the name of EC2 leaves it a node role.
    pub fn may_be_assumed_by_nodes(&self) -> bool {
        let Some(trust) = self.trust.only() else { return true };
        let is_near = |it: &crate::iam::Principal| {
            let service = it.value.bytes();
            it.is_kind("Service")
                && ["ec2", "eks", "autoscaling"]
                    .iter()
                    .any(|prefix| service.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(['.', '-'])))
        };
        trust.may_be_assumed_by(&EC2_PRINCIPALS) != Some(false) || trust.principals().all(is_near)
    }
}

/// A trust policy that does not let a service assume its role.
#[derive(Clone, Debug)]
pub struct Refusal<'r> {
    pub trust: &'r PolicyDocument,
    /// What to point at.
    pub place: Span,
    /// Whom the policy lets in instead, in words.
    pub says: String,
    /// The conditions under which the role has this policy, in words: see [`Branch::shown`].
    pub under: String,
}

impl Refusal<'_> {
    /// The one service that the policy lets in, if that is all that it says: the one to replace.
    pub fn instead(&self) -> Option<&Text> {
        self.trust.only_service()
    }
}

impl Role {
    /// The trust policies that certainly let none of these services assume the role.
    pub fn refusals(&self, services: &[&str]) -> Vec<Refusal<'_>> {
        let refusing = self.trust.known_under().filter(|(it, _)| it.may_be_assumed_by(services) == Some(false));
        let refusals = refusing.map(|(trust, branch)| Refusal {
            trust,
            place: trust.blame_of(services),
            says: trust.says_of(services),
            under: branch.shown(),
        });
        refusals.collect()
    }

    /// The one service that may assume the role, if that is all that its trust policy says.
    pub fn only_service(&self) -> Option<&Text> {
        self.trust.only()?.only_service()
    }

    /// True if its trust policy lets in another service of EKS, or EC2, and nobody else: who copied the policies of one role
    /// often forgot this. A service that does not exist is another finding.
    pub fn trusts_a_neighbor_only(&self) -> bool {
        let is_near = |it: &str| ["eks.", "eks-", "ec2."].iter().any(|own| it.starts_with(own));
        self.only_service().is_some_and(|it| is_near(it.bytes()) && meant_service(it.bytes()).is_none())
    }
}

impl RoleUse {
    /// How sure a finding is that rests on this use: certain where something refers to the role.
    pub fn certainty(&self) -> Certainty {
        if self.evidence == Evidence::Reference { Certainty::Certain } else { Certainty::Likely }
    }
}

impl ServiceLinkedRole {
    /// True for the role of the EKS connector.
    pub fn is_of_connector(&self) -> bool {
        self.service.is(&CONNECTOR_SERVICE) == Some(true)
    }
}
