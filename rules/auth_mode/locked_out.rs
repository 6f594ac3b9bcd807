//! A cluster that nobody is let into.

use crate::iam::access_policy;
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    // `aws-auth` of the project may let somebody in, and entries of clusters that nobody can tell may be of any.
    let is_unclear = |entry: &AccessEntry| workspace.clusters().of(&entry.cluster).is_none();
    if !workspace.facts.aws_auths.is_empty() || workspace.facts.access_entries.iter().any(is_unclear) {
        return;
    }
    for cluster in &workspace.facts.clusters {
        let Some(flag) = cluster.bootstrap_admin.only().filter(|it| !it.value) else { continue };
        let reads_entries = |mode: &str| matches!(mode, "API" | "API_AND_CONFIG_MAP");
        let modes = cluster.modes();
        if modes.is_empty() || !modes.iter().all(|it| reads_entries(it.name)) {
            continue;
        }
        if workspace.clusters().entries_of(cluster).any(administers) {
            continue;
        }
        let standard = workspace.clusters().entries_of(cluster).find(|it| it.kind_name() == Some("STANDARD"));
        let found = findings.at(flag.span, format!("nobody administers {}", cluster.shown()));
        found
            .why("its creator does not, and no access entry here does")
            .help("make an access entry with `AmazonEKSClusterAdminPolicy`, unless that is done elsewhere");
        if let Some(entry) = standard {
            found.label(entry.origin.name, "lets people in, and not as administrators").likely().level(Level::Warning);
        }
    }
}

/// Whether somebody may administer the cluster by an entry: by a policy for it, or by a group that may be bound so.
fn administers(entry: &AccessEntry) -> bool {
    let less = |text: &Text| {
        let name = Arn::parse(text).and_then(|arn| arn.name());
        let policy = name.as_ref().and_then(Text::as_str).and_then(access_policy);
        policy.is_some_and(|it| !matches!(it.name, "AmazonEKSClusterAdminPolicy" | "AmazonEKSAdminPolicy"))
    };
    let by_policy = entry.policies.iter().any(|it| !it.arn.only().is_some_and(less));
    !entry.is_node_type()
        && (by_policy || !entry.groups.is_empty() || !entry.policies.complete || entry.username.is_written())
}
