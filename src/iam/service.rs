//! The services that assume roles around EKS. The table is `data/service_principals.tsv`; EC2, whose name depends on the
//! partition, is in [`super::EC2_PRINCIPALS`].

use std::sync::LazyLock;

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
