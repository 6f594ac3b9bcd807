//! A subject with a template of the authenticator in its name.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for binding in &workspace.facts.role_bindings {
        for (_, text) in binding.subjects.iter().flat_map(|it| it.name.strings()) {
            let mut templates = TEMPLATE_VARIABLES.iter().map(|it| format!("{{{{{it}}}}}"));
            let Some((place, template)) = templates.find_map(|it| Some((text.find(&it)?, it))) else { continue };
            findings
                .at(place, format!("`{template}` in a subject is taken literally"))
                .why("only `aws-auth` and access entries have templates; no user is called this")
                .help("bind a group, and give that group to the role in its mapping or access entry");
        }
    }
}
