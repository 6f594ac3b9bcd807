//! Which versions of Kubernetes on EKS have access entries. The table is `data/platform_versions.tsv`.

use std::sync::LazyLock;

const TABLE: &str = include_str!("../../data/platform_versions.tsv");

/// A minor version of Kubernetes: `1.31`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct KubernetesVersion {
    pub major: u32,
    pub minor: u32,
}

/// The oldest version of Kubernetes that has access entries on some platform version.
pub static OLDEST_WITH_ACCESS_ENTRIES: LazyLock<KubernetesVersion> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    let versions = rows.filter_map(|row| KubernetesVersion::parse(row.split('\t').next()?));
    versions.min().expect("the table has rows")
});

impl KubernetesVersion {
    /// Reads `1.31`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?;
        Some(Self { major: number(major)?, minor: number(minor)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers_and_not_texts() {
        assert!(KubernetesVersion::parse("1.9") < KubernetesVersion::parse("1.10"));
        assert_eq!(*OLDEST_WITH_ACCESS_ENTRIES, KubernetesVersion { major: 1, minor: 23 });
        for (text, why) in [("1", "no minor"), ("1.", "an empty minor"), ("v1.23", "a letter"), ("1.23.4", "a patch")] {
            assert_eq!(KubernetesVersion::parse(text), None, "{why}");
        }
    }
}
