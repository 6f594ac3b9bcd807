//! An access entry for nodes whose role is of another account than the cluster.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        let (Some(kind), true) = (entry.kind_name(), entry.is_node_type()) else { continue };
        let kind = workspace.access_entries().written_type(entry, kind);
        let Some(arn) = entry.principal.only().and_then(Arn::parse) else { continue };
        let (Some(account), Some(own)) = (arn.account_id(), workspace.clusters().account_of(&entry.cluster)) else {
            continue;
        };
        if own.is(account) != Some(false) {
            continue;
        }
        findings
            .at(arn.account().span(), format!("access entry of type `{kind}` for a role of account `{account}`"))
            .why("nodes have a role of the cluster's own account")
            .label(own.span(), "the cluster is in this account")
            .help("name the role of the nodes in the cluster's account; only `STANDARD` entries cross accounts");
    }
}
