//! Access policies and types of access entries. The tables are `data/access_policies.tsv` and
//! `data/access_entry_types.tsv`.

use std::sync::LazyLock;

use super::Arn;

const TABLE: &str = include_str!("../../data/access_policies.tsv");

const TYPES: &str = include_str!("../../data/access_entry_types.tsv");

/// A type of access entry. Types are compared by letter.
#[derive(Clone, Debug)]
pub struct AccessEntryType {
    pub name: &'static str,
    /// Whom it lets in: `self-managed Linux nodes`.
    pub what_for: &'static str,
    /// Whether the caller may give groups. `None`: it is not published.
    pub takes_groups: Option<bool>,
    pub takes_username: Option<bool>,
    pub takes_policies: Option<bool>,
    /// The user name that EKS gives itself, where it is published.
    pub username: Option<&'static str>,
    /// The groups that such nodes are in, as `aws-auth` has to spell them out.
    pub groups: Vec<&'static str>,
}

pub static ACCESS_ENTRY_TYPES: LazyLock<Vec<AccessEntryType>> = LazyLock::new(|| {
    let answer = |cell: &str| match cell {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let published = |cell: &'static str| (cell != "?").then_some(cell);
    let rows = TYPES.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let mut columns = row.split('\t');
        let mut next = || columns.next().expect("the table has seven columns");
        AccessEntryType {
            name: next(),
            what_for: next(),
            takes_groups: answer(next()),
            takes_username: answer(next()),
            takes_policies: answer(next()),
            username: published(next()),
            groups: published(next()).map(|it| it.split(' ').collect()).unwrap_or_default(),
        }
    })
    .collect()
});

/// The type of this name.
pub fn access_entry_type(name: &str) -> Option<&'static AccessEntryType> {
    ACCESS_ENTRY_TYPES.iter().find(|it| it.name == name)
}

/// Groups of nodes, which the entries of nodes get from EKS.
pub fn is_node_group(group: &str) -> bool {
    ACCESS_ENTRY_TYPES.iter().any(|it| it.groups.contains(&group))
}

/// An access policy.
#[derive(Clone, Copy, Debug)]
pub struct AccessPolicy {
    pub name: &'static str,
    pub audience: PolicyAudience,
}

/// Who may associate an access policy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PolicyAudience {
    Anybody,
    /// Services of AWS do; it is not documented whether others may.
    Services,
    /// EKS does, with the cluster role of a cluster in Auto Mode.
    AutoMode,
    /// Documented for service-linked roles only.
    ServiceLinkedRoles,
}

static POLICIES: LazyLock<Vec<AccessPolicy>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.split_once('\t'))
        .map(|(name, audience)| AccessPolicy {
            name,
            audience: match audience {
                "service" => PolicyAudience::Services,
                "auto-mode" => PolicyAudience::AutoMode,
                "service-linked" => PolicyAudience::ServiceLinkedRoles,
                _ => PolicyAudience::Anybody,
            },
        })
        .collect()
});

impl Arn {
    /// True if this is `arn:…:eks::aws:cluster-access-policy/…`, in whatever partition.
    pub fn is_access_policy(&self) -> bool {
        self.service_str() == Some("eks")
            && self.region().is_empty()
            && self.account_str() == Some("aws")
            && self.kind() == Some("cluster-access-policy")
    }
}

/// The access policy of this name.
pub fn access_policy(name: &str) -> Option<AccessPolicy> {
    POLICIES.iter().find(|it| it.name == name).copied()
}

/// The access policy whose name is nearest to a name that is none.
pub fn nearest_access_policy(name: &str) -> Option<AccessPolicy> {
    crate::names::nearest(name, POLICIES.iter().map(|it| it.name)).and_then(access_policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert_eq!(POLICIES.len(), 34);
        assert_eq!(ACCESS_ENTRY_TYPES.len(), 7);
        assert!(is_node_group("eks:kube-proxy-windows") && !is_node_group("system:masters"));
        assert_eq!(access_policy("AmazonEKSHybridPolicy").unwrap().audience, PolicyAudience::ServiceLinkedRoles);
        assert_eq!(nearest_access_policy("AmazonEKSClusteradminPolicy").unwrap().name, "AmazonEKSClusterAdminPolicy");
    }
}
