//! Partitions and the service principals that EKS deals with. The table is `data/partitions.tsv`.

use std::sync::LazyLock;

const TABLE: &str = include_str!("../../data/partitions.tsv");

/// A row of the table.
#[derive(Clone, Debug)]
pub struct Partition {
    pub id: &'static str,
    pub dns_suffix: &'static str,
    pub region_prefixes: Vec<&'static str>,
    pub ec2_principals: Vec<&'static str>,
}

pub static PARTITIONS: LazyLock<Vec<Partition>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let mut columns = row.split('\t').map(|column| column.split(' ').collect::<Vec<_>>());
        let mut next = || columns.next().expect("the table has four columns");
        Partition { id: next()[0], dns_suffix: next()[0], region_prefixes: next(), ec2_principals: next() }
    })
    .collect()
});

/// What `AWS::URLSuffix` may be.
pub static URL_SUFFIXES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut suffixes: Vec<_> = PARTITIONS.iter().map(|it| it.dns_suffix).collect();
    suffixes.sort_unstable();
    suffixes.dedup();
    suffixes
});

/// The name of EC2 as a principal, in any partition.
pub static EC2_PRINCIPALS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut names: Vec<_> = PARTITIONS.iter().flat_map(|it| it.ec2_principals.clone()).collect();
    names.sort_unstable();
    names.dedup();
    names
});

/// The partition with this id.
pub fn partition(id: &str) -> Option<&'static Partition> {
    PARTITIONS.iter().find(|it| it.id == id)
}

/// The partition that a region is in: that of the longest prefix which fits.
pub fn partition_of_region(region: &str) -> Option<&'static Partition> {
    let is_region = region.split('-').count() >= 3 && region.ends_with(|c: char| c.is_ascii_digit());
    let prefixes =
        PARTITIONS.iter().flat_map(|it| it.region_prefixes.iter().map(move |prefix| (prefix.len(), *prefix, it)));
    let fits = prefixes.filter(|(_, prefix, _)| is_region && region.starts_with(prefix));
    fits.max_by_key(|(length, _, _)| *length).map(|(_, _, partition)| partition)
}

const SERVICE_LINKED: &str = include_str!("../../data/service_linked_roles.tsv");

/// A row of `data/service_linked_roles.tsv`: role, service, and `only` if the service assumes no other role.
static SERVICE_LINKED_ROLES: LazyLock<Vec<[&'static str; 3]>> = LazyLock::new(|| {
    let rows = SERVICE_LINKED.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| row.split('\t').collect::<Vec<_>>().try_into().expect("the table has three columns")).collect()
});

/// The service of the EKS connector's service-linked role.
pub static CONNECTOR_SERVICE: LazyLock<&'static str> = LazyLock::new(|| {
    let mut rows = SERVICE_LINKED_ROLES.iter();
    let row = rows.find(|[role, ..]| *role == "AWSServiceRoleForAmazonEKSConnector");
    row.expect("the table has the role of the connector")[1]
});

/// True for the name of a service-linked role of EKS.
pub fn is_service_linked_role(name: &str) -> bool {
    SERVICE_LINKED_ROLES.iter().any(|[role, ..]| *role == name)
}

/// True for the services of EKS that have a service-linked role.
pub fn has_service_linked_role(service: &str) -> bool {
    SERVICE_LINKED_ROLES.iter().any(|[_, name, _]| *name == service)
}

/// True for services that assume nothing but their service-linked role. `eks.amazonaws.com` is none of them: it assumes
/// cluster roles too.
pub fn is_service_linked_service(service: &str) -> bool {
    SERVICE_LINKED_ROLES.iter().any(|[_, name, others]| *name == service && *others == "only")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_linked_roles_are_known() {
        assert!(is_service_linked_role("AWSServiceRoleForAmazonEKSConnector"));
        assert!(is_service_linked_service("eks-connector.amazonaws.com"));
        assert!(!is_service_linked_service("eks.amazonaws.com"));
    }

    #[test]
    fn the_table_is_whole() {
        assert_eq!(PARTITIONS.len(), 8);
        assert_eq!(partition("aws-cn").unwrap().dns_suffix, "amazonaws.com.cn");
        assert!(EC2_PRINCIPALS.contains(&"ec2.amazonaws.com.cn"));
    }

    #[test]
    fn regions_have_partitions() {
        let cases = [
            ("eu-west-1", Some("aws"), "commercial"),
            ("us-gov-west-1", Some("aws-us-gov"), "the longer prefix wins"),
            ("eu-isoe-west-1", Some("aws-iso-e"), "so here"),
            ("cn-north-1", Some("aws-cn"), "China"),
            ("*", None, "any region"),
            ("us-east", None, "not a region"),
        ];
        for (region, wanted, why) in cases {
            assert_eq!(partition_of_region(region).map(|it| it.id), wanted, "{region}: {why}");
        }
    }
}
