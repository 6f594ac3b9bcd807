//! The policies that AWS manages, as far as their actions matter to EKS. The table is `data/managed_policies.tsv`.

use std::sync::OnceLock;

use super::Arn;
use super::evaluate::covers_action;
use crate::collections::HashMap;
use crate::names::{Candidates, distance, folded};

const TABLE: &str = include_str!("../../data/managed_policies.tsv");

/// The day of the table, as its head says.
pub const MANAGED_POLICIES_DATE: &str = "2026-08-22";

/// What `AmazonEKSWorkerNodePolicy` allows (version 3, 2023-11-27), but for [`POD_IDENTITY_ACTION`], which not everybody
/// needs. AWS publishes no smaller list.
pub const WORKER_NODE_ACTIONS: &[&str] = &[
    "ec2:DescribeInstances",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVolumes",
    "ec2:DescribeVolumesModifications",
    "ec2:DescribeVpcs",
    "eks:DescribeCluster",
];

/// What the agent of EKS Pod Identity on a node does for the pods.
pub const POD_IDENTITY_ACTION: &str = "eks-auth:AssumeRoleForPodIdentity";

/// What pulling an image takes (Amazon ECR user guide, "Private repository policy examples").
pub const ECR_PULL_ACTIONS: &[&str] = &["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/// What the VPC CNI does in an IPv6 cluster (EKS user guide, "Amazon EKS node IAM role"), but for `ec2:CreateTags`,
/// which it does to network interfaces only.
pub const CNI_IPV6_ACTIONS: &[&str] = &[
    "ec2:AssignIpv6Addresses",
    "ec2:DescribeInstances",
    "ec2:DescribeTags",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeInstanceTypes",
];

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct ManagedPolicy {
    /// The path with its slash at the end, `service-role/`; empty for most.
    pub path: &'static str,
    pub name: &'static str,
    /// Patterns of the actions it allows, of the services that matter to EKS, separated by spaces.
    actions: &'static str,
}

impl ManagedPolicy {
    pub fn grants(&self, action: &str) -> bool {
        self.actions.split(' ').any(|pattern| covers_action(pattern, action))
    }

    /// True if only the service itself can attach it, to its service-linked role.
    pub fn is_service_linked(&self) -> bool {
        self.path == "aws-service-role/"
    }
}

/// The policy of this name, whatever its path.
pub fn managed_policy(name: &str) -> Option<ManagedPolicy> {
    table().get(name).copied()
}

/// The policy that an ARN names, if its path is right too. `None` for customers' policies and for unknown names.
pub fn managed_policy_of(arn: &Arn) -> Option<ManagedPolicy> {
    if arn.account_str() != Some("aws") || !arn.is_iam("policy") {
        return None;
    }
    let policy = managed_policy(arn.name()?.as_str()?)?;
    let path = arn.path();
    let path = path.as_ref().map_or(Some(""), |path| path.as_str())?;
    (path == policy.path).then_some(policy)
}

/// The policy whose name is nearest: the same but for case, `_`, `-`, or at most two letters.
///
/// Of policies that are not about EKS there are so many that one letter has to be enough.
pub fn nearest_managed_policy(name: &str) -> Option<ManagedPolicy> {
    static NAMES: OnceLock<(Candidates<'static>, Candidates<'static>)> = OnceLock::new();
    let (about_eks, others) = NAMES.get_or_init(|| {
        let is_about_eks = |it: &&str| ["EKS", "ContainerRegistry", "CSIDriver"].iter().any(|word| it.contains(word));
        let (about_eks, others): (Vec<&str>, Vec<&str>) = table().keys().copied().partition(is_about_eks);
        let ready = |names: Vec<&'static str>| names.into_iter().collect::<Candidates<'_>>().uncounted();
        (ready(about_eks), ready(others))
    });
    let is_slip = |it: &&str| folded(name) == folded(it) || distance(name, it, 1).is_some();
    about_eks
        .nearest_where(name, |_| true)
        .or_else(|| others.nearest_by_one(name).filter(is_slip))
        .and_then(managed_policy)
}

fn table() -> &'static HashMap<&'static str, ManagedPolicy> {
    static POLICIES: OnceLock<HashMap<&'static str, ManagedPolicy>> = OnceLock::new();
    POLICIES.get_or_init(|| {
        let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
        rows.map(|row| {
            let mut columns = row.split('\t');
            let whole = columns.next().unwrap_or_default();
            let actions = columns.nth(1).unwrap_or_default();
            let name_at = whole.rfind('/').map_or(0, |at| at + 1);
            let policy = ManagedPolicy { path: &whole[..name_at], name: &whole[name_at..], actions };
            (policy.name, policy)
        })
        .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_what_nodes_need() {
        let worker = managed_policy("AmazonEKSWorkerNodePolicy").unwrap();
        assert!(worker.grants("ec2:DescribeInstances"));
        assert!(worker.grants("eks-auth:AssumeRoleForPodIdentity"));
        assert!(!worker.grants("ecr:BatchGetImage"));
        assert!(managed_policy("AmazonEC2ContainerRegistryFullAccess").unwrap().grants("ecr:BatchGetImage"));
        assert!(managed_policy("AdministratorAccess").unwrap().grants("ssmmessages:OpenDataChannel"));
        assert!(managed_policy("AmazonEKSConnectorServiceRolePolicy").unwrap().is_service_linked());
        assert_eq!(managed_policy("AmazonEBSCSIDriverPolicy").unwrap().path, "service-role/");
    }

    #[test]
    fn every_row_has_a_name_and_a_date_or_none() {
        for row in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<_> = row.split('\t').collect();
            assert_eq!(columns.len(), 3, "{row}");
            assert!(columns[1].is_empty() || columns[1].len() == 10, "{row}");
        }
    }

    #[test]
    fn the_date_is_that_of_the_table() {
        assert!(TABLE.lines().take_while(|it| it.starts_with('#')).any(|it| it.contains(MANAGED_POLICIES_DATE)));
    }

    #[test]
    fn near_names_are_found() {
        assert_eq!(nearest_managed_policy("AmazonEKSCNIPolicy").unwrap().name, "AmazonEKS_CNI_Policy");
        assert_eq!(nearest_managed_policy("AmazonEKSWorkerNodePolicies").map(|it| it.name), None);
        assert_eq!(nearest_managed_policy("AmazonEKSWorkernodePolicy").unwrap().name, "AmazonEKSWorkerNodePolicy");
        assert_eq!(
            nearest_managed_policy("AmazonSSMManagedInstancesCore").unwrap().name,
            "AmazonSSMManagedInstanceCore"
        );
        assert_eq!(nearest_managed_policy("AmazonSSMManagedInstancedCores").map(|it| it.name), None);
    }
}
