//! `concise`: one line for each finding, as compilers and editors have always read them.

use super::{Places, Run, Unit, visible, visible_path};

/// `path:line:column: level[rule] message`. The column counts characters.
pub fn render(run: &Run) -> String {
    let places = Places::new(run.workspace);
    let mut out = String::new();
    for diagnostic in run.shown {
        let (start, _) = places.places(diagnostic.span, Unit::Characters);
        out.push_str(&format!(
            "{}:{}:{}: {}[{}] {}\n",
            visible_path(places.path(diagnostic.span.file)),
            start.line,
            start.column,
            diagnostic.level.name(),
            diagnostic.rule,
            visible(&diagnostic.message)
        ));
    }
    out
}
