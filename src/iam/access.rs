//! Access policies and types of access entries. The table of policies is `data/access_policies.tsv`.

use std::sync::LazyLock;

const TABLE: &str = include_str!("../../data/access_policies.tsv");

/// The types of access entries (botocore `eks`, `CreateAccessEntry`, 2026-08-07). They are compared by letter.
pub const ACCESS_ENTRY_TYPES: &[&str] =
    &["STANDARD", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "EC2", "HYBRID_LINUX", "HYPERPOD_LINUX"];

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
                "service-linked" => PolicyAudience::ServiceLinkedRoles,
                _ => PolicyAudience::Anybody,
            },
        })
        .collect()
});

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
        assert_eq!(access_policy("AmazonEKSHybridPolicy").unwrap().audience, PolicyAudience::ServiceLinkedRoles);
        assert_eq!(nearest_access_policy("AmazonEKSClusteradminPolicy").unwrap().name, "AmazonEKSClusterAdminPolicy");
    }
}
