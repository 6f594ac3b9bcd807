//! Groups on an access entry for nodes, which gets its groups from EKS.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

/// Types for which the API refuses groups (botocore, `CreateAccessEntryRequest`).
const REFUSE: &[&str] = &["EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX"];

/// Types for which it is not documented.
const DOUBTFUL: &[&str] = &["EC2", "HYPERPOD_LINUX"];

pub fn check(workspace: &Workspace, report: &mut Report) {
    for entry in &workspace.facts.access_entries {
        let Some(kind) = entry.kind_name() else { continue };
        let Some(first) = entry.groups.iter().next() else { continue };
        let refused = REFUSE.contains(&kind);
        if !refused && !DOUBTFUL.contains(&kind) {
            continue;
        }
        let at = entry.groups.key.unwrap_or_else(|| first.span());
        let found = report.at(at, format!("groups on an access entry of type `{kind}`"));
        found.label(at, "EKS gives nodes their groups itself");
        if let Some(kind) = entry.kind.only() {
            found.label(kind.span(), "an entry for nodes");
        }
        found.help("remove the groups");
        if !refused {
            found.level(Level::Warning);
        }
    }
}
