//! A user name with `{{SessionName}}` and no colon before it.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for entry in &workspace.facts.access_entries {
        for text in workspace.values(&entry.username) {
            // A hole before the template may hold the colon.
            let Some(name) = text.as_str() else { continue };
            let Some(at) = name.find("{{SessionName}}").or_else(|| name.find("{{SessionNameRaw}}")) else { continue };
            if name[..at].contains(':') {
                continue;
            }
            let end = at + name[at..].find("}}").map_or(2, |it| it + 2);
            let span = text.slice(at..end);
            report
                .at(span, format!("no colon before `{}` in the user name", &name[at..end]))
                .label(span, "access entries ask for a colon somewhere before it")
                .fix(Safety::Suggestion, "put a colon before it", [Edit::insert(span.file, span.start, ":")]);
        }
    }
}
