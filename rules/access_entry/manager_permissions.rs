//! A policy that lets somebody make access entries and not manage them.

use crate::prelude::*;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

/// What the user guide asks of whoever manages access entries.
const NEEDED: &[&str] =
    &["eks:ListAccessEntries", "eks:DescribeAccessEntry", "eks:UpdateAccessEntry", "eks:DeleteAccessEntry"];

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for grant in workspace.policies().granting("eks:CreateAccessEntry") {
        let missing: Vec<_> = NEEDED.iter().filter(|it| grant.also(it) == Some(false)).copied().collect();
        if missing.is_empty() {
            continue;
        }
        findings
            .at(grant.span, "may create access entries, and not manage them")
            .why(format!("without {}", missing.join(", ")))
            .help("allow them too, and `eks:AssociateAccessPolicy` with its like for access policies");
    }
}
