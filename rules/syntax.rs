//! A file that cannot be read as YAML or JSON.

use crate::collections::HashMap;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    // A chart has dozens of such files, and they are so for one reason: the first of a folder speaks for all.
    let mut templates: HashMap<&str, usize> = HashMap::default();
    let of_engines = workspace.facts.broken_documents.iter().filter(|it| it.is_template);
    of_engines.for_each(|it| *templates.entry(workspace.folder(it.span)).or_default() += 1);
    for broken in &workspace.facts.broken_documents {
        if broken.is_template {
            let Some(count) = templates.remove(workspace.folder(broken.span)) else { continue };
            let is_json = workspace.path(broken.span.file).ends_with(".json");
            let language = if is_json { "JSON" } else { "YAML" };
            let others = match count {
                1 => String::new(),
                2 => ", like another file of this folder".to_owned(),
                _ => format!(", like {} other files of this folder", count - 1),
            };
            findings
                .at(broken.span, format!("this is not {language} as it stands, and is skipped{others}"))
                .why(broken.message.clone())
                .help("it looks like the input of a template engine: run ekslint on what the engine writes")
                .possible();
            continue;
        }
        let found = findings.at(broken.span, broken.message.clone());
        found.why("nothing in this document is checked");
        // Whether anything in it is about identity cannot be known, and nothing shows that it is.
        if !broken.is_about_identity {
            found.level(Level::Note);
        }
    }
}
