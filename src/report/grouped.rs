//! `grouped`: the findings of each file below its name.

use super::{Places, Run, Unit, visible, visible_path};

/// The name of each file, and below it a line for each finding, in columns. The column of the place counts characters.
pub fn render(run: &Run) -> String {
    let places = Places::new(run.workspace);
    let mut out = String::new();
    for found in run.files() {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&format!("{}\n", visible_path(places.path(found[0].span.file))));
        let starts: Vec<String> = found
            .iter()
            .map(|it| {
                let (start, _) = places.places(it.span, Unit::Characters);
                format!("{}:{}", start.line, start.column)
            })
            .collect();
        let width = starts.iter().map(String::len).max().unwrap_or(0);
        for (diagnostic, start) in found.iter().zip(&starts) {
            let (level, rule) = (diagnostic.level.name(), diagnostic.rule);
            out.push_str(&format!("  {start:>width$}  {level:7}  {rule}  {}\n", visible(&diagnostic.message)));
        }
    }
    out
}
