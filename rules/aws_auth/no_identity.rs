//! An entry of `aws-auth` without a user name or without groups.

use crate::prelude::*;
use crate::workspace::Names;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let users = workspace.rbac().bound("User");
    for mapping in workspace.aws_auth().mappings() {
        // What names no one is dropped, and entries of nodes have to have more than any user name.
        if !mapping.arn.is_written() || mapping.is_damaged || mapping.is_for_nodes() == Some(true) {
            continue;
        }
        let is_unnamed = mapping.username.is_absent() || mapping.username.string() == Some("");
        let nameless = is_unnamed && !mapping.misspells("username");
        let groupless = mapping.groups.is_empty() && !mapping.misspells("groups");
        let at = mapping.at();
        match (nameless, groupless) {
            (true, true) => {
                findings
                    .at(at, "entry of `aws-auth` gives neither a user name nor groups")
                    .why("this principal signs in and may do nothing")
                    .help("add `username` and `groups`, or remove the entry");
            }
            (true, false) => {
                findings
                    .at(at, "entry of `aws-auth` gives no user name")
                    .why("`kubectl top` and other aggregated APIs answer `Unauthorized`")
                    .help("add `username`, for a role with `{{SessionName}}` in it");
            }
            (false, true) if is_bound(mapping, &users) => {}
            (false, true) => {
                findings
                    .at(at, "entry of `aws-auth` gives no groups")
                    .why("only bindings to the user name grant anything")
                    .possible();
            }
            (false, false) => {}
        }
    }
}

/// True if a binding grants to the user name, or if a service brings the bindings to its role: EMR and Batch do.
fn is_bound(mapping: &Mapping, users: &Names<'_>) -> bool {
    let of_service = |arn: Arn| arn.name().is_some_and(|it| it.starts_with("AWSServiceRoleFor") == Some(true));
    mapping.username.strings().any(|(name, _)| users.contain(name) == Some(true))
        || mapping.arn.known().filter_map(Arn::parse).any(of_service)
}
