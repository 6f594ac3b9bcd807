//! A user name in `aws-auth` that belongs to Kubernetes or to AWS.

use crate::iam::{Reserved, reserved_prefix};
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for mapping in workspace.aws_auth().mappings() {
        // With the groups of nodes, what counts is that it is no name of a node.
        let Some(username) = mapping.username.only().filter(|_| mapping.has_group("system:nodes") != Some(true)) else {
            continue;
        };
        let shown = username.shown();
        let Some(Reserved { prefix, is_documented: true }) = reserved_prefix(username) else { continue };
        if prefix != "system:" {
            findings
                .at(username.span(), format!("`{shown}` cannot be the user name of an access entry"))
                .why(format!("it begins with `{prefix}`, which is fine here and reserved there"))
                .level(Level::Note);
        } else if username.starts_with("system:node:") == Some(false) {
            findings
                .at(username.span(), format!("`{shown}` is a name of Kubernetes itself"))
                .why("whatever is bound to that name is granted here too")
                .help("choose a user name without `system:`");
        }
    }
}
