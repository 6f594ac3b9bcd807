//! An entry of `aws-auth` with the group `system:masters`.

use crate::prelude::*;

pub const LEVEL: Level = Level::Note;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for mapping in workspace.aws_auth().mappings() {
        for group in mapping.groups.iter().filter(|it| it.is("system:masters") == Some(true)) {
            let for_nodes = mapping.is_for_nodes() == Some(true);
            // Where only the groups are those of nodes, it may be an administrator: `node-mapping` says what to take out.
            let is_named = mapping.is_named_like_nodes();
            if for_nodes && !is_named && mapping.mixes_nodes_and_administrators() {
                continue;
            }
            if for_nodes && is_named {
                findings
                    .at(group.span(), "nodes are in `system:masters`")
                    .why("each node, and each pod that reaches its credentials, may do everything")
                    .help("remove it: `system:bootstrappers` and `system:nodes` are all that nodes need")
                    .level(Level::Warning);
                continue;
            }
            findings
                .at(group.span(), "`system:masters` may do everything")
                .why("Kubernetes asks no binding and no policy about this group")
                .help("bind a group to the roles that are needed, or use an access entry with an access policy");
        }
    }
}
