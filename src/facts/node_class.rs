//! What takes the name of a role: node classes, and resources of Cluster API.

use std::sync::Arc;

use super::{Field, ObjectMeta, Origin, Purpose};
use crate::iam::Arn;
use crate::source::Text;

/// A node class: Karpenter's `EC2NodeClass`, or the `NodeClass` of EKS Auto Mode.
#[derive(Clone, Debug)]
pub struct NodeClass {
    pub origin: Origin,
    pub meta: Arc<ObjectMeta>,
    pub maker: NodeMaker,
    /// `spec.role`: the name of a role.
    pub role: Field<Text>,
    /// `spec.instanceProfile`: the name of an instance profile.
    pub instance_profile: Field<Text>,
    /// `Windows` or `Linux`, as the family of the image says. Absent where nothing does.
    pub system: Option<NodeSystem>,
}

/// What launches the nodes of a node class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NodeMaker {
    /// Karpenter. Up to version 1.1 the name of a role is passed to IAM as it is written.
    Karpenter {
        is_before_v1: bool,
    },
    AutoMode,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NodeSystem {
    Linux,
    Windows,
}

impl NodeClass {
    /// What the role of its nodes is for.
    pub fn purpose(&self) -> Purpose {
        match self.maker {
            NodeMaker::Karpenter { .. } => Purpose::SelfManagedNode,
            NodeMaker::AutoMode => Purpose::AutoModeNode,
        }
    }

    /// The role that is meant. Karpenter takes what follows the last `/` (`pkg/providers/instanceprofile`), and an ARN is meant
    /// to be the role of that name.
    pub fn role_meant(&self) -> Field<Text> {
        self.role.clone().map(|text| match Arn::parse(&text) {
            Some(_) => Some(text),
            None => {
                let name = text.bytes().rfind('/').map_or(0, |at| at + 1);
                Some(text.part(name..text.len()))
            }
        })
    }
}

/// A resource of Cluster API that takes the name of a role, where the API of EKS takes its ARN.
#[derive(Clone, Debug)]
pub struct RoleNameUser {
    pub origin: Origin,
    /// What the resource is, in words.
    pub noun: &'static str,
    /// What the role is for.
    pub purpose: Purpose,
    /// `spec.roleName`.
    pub role: Field<Text>,
}
