//! A file that cannot be read as YAML or JSON.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for broken in &workspace.facts.broken_documents {
        if broken.is_template {
            report
                .at(broken.span, "this is not YAML as it stands, and is passed over")
                .label(broken.span, broken.message.clone())
                .help("it looks like the input of a template engine: run ekslint on what the engine writes")
                .level(Level::Note);
            continue;
        }
        let found = report.at(broken.span, broken.message.clone());
        found.label(broken.span, "nothing in this document is checked");
        // Whether anything in it is about identity cannot be known, and nothing shows that it is.
        if !broken.is_about_identity {
            found.level(Level::Note);
        }
    }
}
