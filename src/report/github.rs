//! `github`: workflow commands, which GitHub Actions shows as annotations beside the lines of a pull request.
//!
//! How a command is written and escaped is that of `actions/runner`, `src/Runner.Common/ActionCommand.cs`; what a command
//! may say is that of `src/Runner.Worker/ActionCommandManager.cs` (2025). The unit of columns is documented nowhere, so
//! characters are taken, as in the other reports.

use super::{ColumnUnit, Places, Run, cut_utf16, statements, visible, visible_path};
use crate::diagnostic::{Diagnostic, Level};

/// Units of a message that the runner keeps (`_maxIssueMessageLength` in `ExecutionContext.cs`).
const MESSAGE: usize = 4096;
/// Annotations of each kind that GitHub shows for one step.
const SHOWN: usize = 10;

/// A command for each finding, in their order, and a last line where GitHub will not show them all.
pub fn render(run: &Run) -> String {
    let places = Places::new(run.inventory);
    let mut out = String::new();
    for problem in run.problems {
        let text = format!("{}: {}", visible_path(&problem.path), visible(&problem.reason));
        out.push_str(&format!("::error file={},title=ekslint::{}\n", property(run.path(&problem.path)), data(&text)));
    }
    for diagnostic in run.shown {
        out.push_str(&command(run, &places, &run.beside_changes(diagnostic)));
    }
    let count = |level| run.shown.iter().filter(|it| it.level == level).count();
    let errors = count(Level::Error) + run.problems.len();
    let kinds = [(errors, "errors"), (count(Level::Warning), "warnings"), (count(Level::Note), "notices")];
    let more: Vec<String> =
        kinds.iter().filter(|it| it.0 > SHOWN).map(|(count, kind)| format!("{SHOWN} of {count} {kind}")).collect();
    if !more.is_empty() {
        out.push_str(&format!("ekslint: GitHub shows {} as annotations; this log has them all\n", more.join(", ")));
    }
    out
}

fn command(run: &Run, places: &Places, diagnostic: &Diagnostic) -> String {
    let kind = match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let path = places.path(diagnostic.span.file);
    let (start, end) = places.places(diagnostic.span, ColumnUnit::Characters);
    let mut place = format!("file={},line={},endLine={}", property(run.path(path)), start.line, end.line);
    // The runner drops columns if the lines differ.
    if start.line == end.line {
        place.push_str(&format!(",col={},endColumn={}", start.column, end.column));
    }
    let mut message = statements(run, places, diagnostic).join("\n");
    if let Some(url) = run.page_url(diagnostic.rule) {
        message.push_str(&format!("\n{url}"));
    }
    let title = property(&format!("ekslint {}", diagnostic.rule));
    format!("::{kind} {place},title={title}::{}\n", data(&cut_utf16(&message, MESSAGE)))
}

/// The text of a command. Its line breaks are escaped, so it is one line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    // A name with a control character in it finds no file either way.
    data(&visible(text)).replace(':', "%3A").replace(',', "%2C")
}
