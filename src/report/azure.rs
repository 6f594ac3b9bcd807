//! `azure`: logging commands, which Azure Pipelines shows as the issues of a task.
//!
//! The commands are those of <https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands>. The agent
//! looks for `##vso[` anywhere in a line, and takes back the escapes of its `CommandStringConvertor`: `%AZP25` for `%`,
//! and the usual ones for `;`, `]` and line breaks. A logging command has errors and warnings only.

use super::{ColumnUnit, Places, Run, concise, statements, visible, visible_path};
use crate::diagnostic::Level;

/// Issues of each kind that the agent keeps for one task.
const SHOWN: usize = 10;

/// A command for each error and warning, a plain line for each note, and a last line where not all will be shown.
pub fn render(run: &Run) -> String {
    let places = Places::new(run.inventory);
    let mut out = String::new();
    for problem in run.problems {
        let text = format!("{}: {}", visible_path(&problem.path), visible(&problem.reason));
        let path = escape(run.path(&problem.path));
        out.push_str(&format!("##vso[task.logissue type=error;sourcepath={path};]{}\n", escape(&text)));
    }
    for diagnostic in run.shown.iter().map(|it| run.beside_changes(it)) {
        if diagnostic.level == Level::Note {
            out.push_str(&concise::line(&places, &diagnostic, ""));
            out.push('\n');
            continue;
        }
        let (start, _) = places.places(diagnostic.span, ColumnUnit::Characters);
        let (kind, code) = (diagnostic.level.name(), escape(diagnostic.rule));
        let path = escape(run.path(places.path(diagnostic.span.file)));
        let mut message = statements(run, &places, &diagnostic).join("; ");
        if let Some(url) = run.page_url(diagnostic.rule) {
            message.push_str(&format!(" ({url})"));
        }
        out.push_str(&format!(
            "##vso[task.logissue type={kind};sourcepath={path};linenumber={};columnnumber={};code={code};]{}\n",
            start.line,
            start.column,
            escape(&message)
        ));
    }
    let count = |level| run.shown.iter().filter(|it| it.level == level).count();
    let kinds = [(count(Level::Error) + run.problems.len(), "errors"), (count(Level::Warning), "warnings")];
    let more: Vec<String> =
        kinds.iter().filter(|it| it.0 > SHOWN).map(|(count, kind)| format!("{SHOWN} of {count} {kind}")).collect();
    if !more.is_empty() {
        out.push_str(&format!("ekslint: Azure Pipelines shows {} as issues; this log has them all\n", more.join(", ")));
    }
    out
}

fn escape(text: &str) -> String {
    visible(text).replace('%', "%AZP25").replace(';', "%3B").replace(']', "%5D")
}
