//! `mapRoles` as YAML, where a string with YAML in it is asked for.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for section in workspace.aws_auth().sections() {
        let Content::Collection(content) = section.content else { continue };
        let key = section.key.span();
        let found = findings.at(key, format!("`{}` is not a string", section.kind.key()));
        found.why("values of a ConfigMap are strings: the API server rejects this one");
        found
            .fix(Safety::Activating, "make it a string", Change::stringify(content))
            .otherwise(format!("write `{}: |` and the entries below it, indented", section.kind.key()));
    }
}
