//! An entry of `aws-auth` with the group `system:masters`.

use crate::prelude::*;

pub const LEVEL: Level = Level::Note;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for mapping in workspace.mappings() {
        for group in mapping.groups.iter().filter(|it| it.is("system:masters") == Some(true)) {
            report
                .at(group.span(), "`system:masters` may do everything")
                .label(group.span(), "Kubernetes asks no binding and no policy about this group")
                .help("bind a group to the roles that are needed, or use an access entry with an access policy");
        }
    }
}
