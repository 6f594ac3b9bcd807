//! The services that assume roles around EKS. The table is `data/service_principals.tsv`; EC2, whose name depends on the
//! partition, is in [`super::EC2_PRINCIPALS`].

use std::sync::LazyLock;

use crate::names::{distance, folded};

/// What the names of services end with in most partitions, and in all of them for most services.
const SUFFIX: &str = ".amazonaws.com";

const TABLE: &str = include_str!("../../data/service_principals.tsv");

/// A service, as trust policies name it.
#[derive(Clone, Debug)]
pub struct ServicePrincipal {
    /// `eks.amazonaws.com`: the same in every partition.
    pub name: &'static str,
    /// Names that people write instead of it, for the same role.
    pub mistaken: Vec<&'static str>,
}

impl ServicePrincipal {
    /// True if a principal that is not the service was certainly meant to be it.
    pub fn is_meant_by(&self, written: &str) -> bool {
        let written = written.trim().to_ascii_lowercase();
        // The end is the same in all names and would make any two short ones near.
        let own = |name: &str| name.split_once(".amazonaws").map_or(name, |(own, _)| own).to_owned();
        written == self.name
            || self.mistaken.contains(&written.as_str())
            || crate::names::nearest(&own(&written), [own(self.name).as_str()]).is_some()
    }
}

/// Runs the control plane of a cluster.
pub static CLUSTER_SERVICE: LazyLock<ServicePrincipal> = LazyLock::new(|| row("cluster"));

/// Starts pods on Fargate.
pub static FARGATE_SERVICE: LazyLock<ServicePrincipal> = LazyLock::new(|| row("fargate-pods"));

/// Gives pods their roles by EKS Pod Identity.
pub static POD_IDENTITY_SERVICE: LazyLock<ServicePrincipal> = LazyLock::new(|| row("pod-identity"));

/// Systems Manager, which the agent of the EKS connector registers with.
pub static CONNECTOR_AGENT_SERVICE: LazyLock<ServicePrincipal> = LazyLock::new(|| row("connector-agent"));

/// What assumes the roles of EKS capabilities (EKS user guide, "Amazon EKS capability IAM role").
pub const CAPABILITY_SERVICE: &str = "capabilities.eks.amazonaws.com";

/// What assumes the roles of hybrid nodes: SSM hybrid activations, or IAM Roles Anywhere (EKS user guide, "Prepare
/// credentials for hybrid nodes").
pub const HYBRID_SERVICES: [&str; 2] = ["ssm.amazonaws.com", "rolesanywhere.amazonaws.com"];

/// The service that a principal was certainly meant to be, where IAM knows no service of the name that is written: one
/// of EKS, or of those that nodes and the connector's agent come as.
///
/// A name of another service is not taken for a slip, and neither is one that another partition may have, now or later.
/// AWS adds services without asking: no list of all of them could say that there is none of a name.
pub fn meant_service(written: &str) -> Option<&'static str> {
    const EC2: &str = "ec2.amazonaws.com";
    let services = [&CLUSTER_SERVICE, &FARGATE_SERVICE, &POD_IDENTITY_SERVICE, &CONNECTOR_AGENT_SERVICE];
    let mut services = services.map(|it| it.name).into_iter().chain([EC2]);
    let own = |service: &'static str| service.strip_suffix(SUFFIX).unwrap_or(service);
    let found = match written.strip_suffix(SUFFIX) {
        // One letter is much in `eks`, and two make another word of `pods`, which may be the next service below `eks`.
        Some(name) => services.find(|it| {
            let is_same = || folded(name) == folded(own(it));
            own(it).len() > 4 && (is_same() || distance(name, own(it), 1).is_some())
        }),
        None => services.find(|it| written.strip_prefix(own(it)).is_some_and(is_no_suffix)),
    };
    found.filter(|it| *it != written)
}

/// True for what is no suffix of services in any partition. Those of partitions to come have another last label.
fn is_no_suffix(suffix: &str) -> bool {
    matches!(suffix, "" | ".amazonaws" | ".amazon" | ".amazon.com" | ".aws.com" | ".aws.amazon.com")
        || suffix.ends_with(".com") && distance(suffix, SUFFIX, 2).is_some()
}

fn row(purpose: &str) -> ServicePrincipal {
    let mut rows = TABLE.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect::<Vec<_>>());
    let row = rows.find(|row| row[0] == purpose).expect("the table has a row for each service that is asked for");
    ServicePrincipal { name: row[1], mistaken: row[2].split(' ').filter(|it| !it.is_empty()).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_services() {
        let cases = [
            (&FARGATE_SERVICE, "eks-fargate.amazonaws.com", true, "the service of the service-linked role"),
            (&FARGATE_SERVICE, "eks-fargate-pod.amazonaws.com", true, "a letter is missing"),
            (&CLUSTER_SERVICE, "EKS.amazonaws.com", true, "services are in small letters"),
            (&CLUSTER_SERVICE, "ecs.amazonaws.com", false, "another service, a letter away"),
            (&POD_IDENTITY_SERVICE, "eks.amazonaws.com", false, "the service of the cluster"),
            (&CONNECTOR_AGENT_SERVICE, "sns.amazonaws.com", false, "another service, a letter away"),
        ];
        for (service, written, wanted, why) in cases {
            assert_eq!(service.is_meant_by(written), wanted, "{written} for {}: {why}", service.name);
        }
    }

    #[test]
    fn services_that_iam_does_not_know() {
        let cases = [
            ("eks.amazonaws.com", None, "right"),
            ("eks.amazon.com", Some("eks.amazonaws.com"), "the suffix of the shop"),
            ("eks.aws.com", Some("eks.amazonaws.com"), "another suffix"),
            ("eks", Some("eks.amazonaws.com"), "no suffix"),
            ("eks.amazonaws.com.cn", None, "China may know it"),
            ("ecs.amazonaws.com", None, "another service"),
            ("eks-fargate.amazonaws.com", None, "another service"),
            ("eks-nodegroup.amazonaws.com", None, "another service"),
            ("capabilities.eks.amazonaws.com", None, "another service"),
            ("pod.eks.amazonaws.com", Some("pods.eks.amazonaws.com"), "a letter is missing"),
            ("pods-eks.amazonaws.com", Some("pods.eks.amazonaws.com"), "another separator"),
            ("eks-fargate-pod.amazonaws.com", Some("eks-fargate-pods.amazonaws.com"), "a letter is missing"),
            ("eks.example.com", None, "of somebody else"),
            ("ec2.amazon.com", Some("ec2.amazonaws.com"), "the suffix of the shop"),
            ("ec2.amazonaws.com.cn", None, "the name in China"),
            ("ssm.amazonaws", Some("ssm.amazonaws.com"), "cut off"),
            ("ssm-incidents.amazonaws.com", None, "another service"),
            ("nodes.eks.amazonaws.com", None, "perhaps a service to come"),
            ("jobs.eks.amazonaws.com", None, "so is this"),
            ("eks-fargate-nodes.amazonaws.com", None, "and this"),
            ("ec2.us-east-1.amazonaws.com", None, "of a region"),
            ("ec2.amazonaws.eu", None, "the name in the European partition"),
            ("ec2.amazonaws.zz", None, "a partition to come"),
            ("ec2.aws.internal", None, "a name inside AWS"),
            ("eks.amazonws.com", Some("eks.amazonaws.com"), "a letter is missing in the suffix"),
        ];
        for (written, wanted, why) in cases {
            assert_eq!(meant_service(written), wanted, "{written}: {why}");
        }
    }

    #[test]
    fn every_row_is_whole_and_is_asked_for() {
        let asked = [&CLUSTER_SERVICE, &FARGATE_SERVICE, &POD_IDENTITY_SERVICE, &CONNECTOR_AGENT_SERVICE];
        let rows: Vec<_> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(rows.len(), asked.len(), "a row that no code asks for, or the other way round");
        for service in asked {
            assert!(service.name.ends_with(".amazonaws.com"), "{}", service.name);
            assert!(!service.mistaken.contains(&service.name), "{} is mistaken for itself", service.name);
        }
    }
}
