//! An access policy on an access entry for nodes.

use crate::iam::{AccessEntryType, access_entry_type};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        for (kind, under) in entry.kinds_under() {
            let Some(kind) = access_entry_type(kind) else { continue };
            let policies = entry.policies.items.iter().filter(|it| it.branch.surely_meets(under));
            if kind.takes_policies == Some(false) && policies.clone().next().is_some() {
                refused(workspace, entry, kind, findings);
                break;
            }
            // Nodes of Auto Mode with a node class of one's own need one policy, and no other.
            for policy in policies.filter(|_| kind.name == "EC2") {
                let Some(text) = policy.value.arn.only() else { continue };
                let name = Arn::parse(text).and_then(|arn| arn.name());
                if name.and_then(|it| it.is("AmazonEKSAutoNodePolicy")) == Some(false) {
                    findings
                        .at(text.span(), "access policy for people on an access entry for nodes")
                        .why("nodes of Auto Mode need `AmazonEKSAutoNodePolicy`, and nothing else")
                        .level(Level::Note);
                }
            }
        }
    }
}

fn refused(workspace: &Workspace, entry: &AccessEntry, kind: &AccessEntryType, findings: &mut Findings) {
    let Some(key) = entry.policies.key else { return };
    let found = findings.at(
        key,
        format!(
            "access policies on an access entry of type `{}`",
            workspace.access_entries().written_type(entry, kind.name)
        ),
    );
    found.why("nodes take no access policies");
    if let Some(text) = entry.kind.only() {
        found.label(text.span(), format!("for {}", kind.what_for));
    }
    let change = entry.policies_list.only().map(|list| Change::remove(key.to(*list)));
    found.otherwise("remove the policies").fix_if(Safety::Suggestion, "remove the policies", change);
}
