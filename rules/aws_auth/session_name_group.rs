//! A group in `aws-auth` whose name the caller chooses.

use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for group in workspace.aws_auth().mappings().flat_map(|it| it.groups.iter()) {
        for variable in ["{{SessionName}}", "{{SessionNameRaw}}"] {
            let Some(place) = group.find(variable) else { continue };
            findings
                .at(place, format!("`{variable}` in a group"))
                .why("whoever assumes the role names the session, and so chooses the group")
                .help("write out the group, and keep the session name for `username`");
        }
    }
}
