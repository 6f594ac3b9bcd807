//! `checkstyle`: the XML of Checkstyle, which Jenkins and many other servers read.

use super::{ColumnUnit, Places, Run, statements, visible, xml};
use crate::diagnostic::Level;

/// One `file` for each file with findings, one `error` for each finding. The column counts characters.
pub fn render(run: &Run) -> String {
    let places = Places::new(run.inventory);
    let mut out = format!("{}<checkstyle version=\"10.0\">\n", xml::HEAD);
    for problem in run.problems {
        xml::open(&mut out, "file", &[("name", run.path(&problem.path))], false);
        let reason = visible(&problem.reason);
        let attributes =
            [("line", "1"), ("severity", "error"), ("message", &*reason), ("source", "ekslint.unreadable")];
        xml::open(&mut out, "error", &attributes, true);
        out.push_str("</file>\n");
    }
    for found in run.files() {
        xml::open(&mut out, "file", &[("name", run.path(places.path(found[0].span.file)))], false);
        out.push('\n');
        for diagnostic in found {
            let (start, _) = places.places(diagnostic.span, ColumnUnit::Characters);
            let mut message = statements(run, &places, diagnostic).join("; ");
            if let Some(url) = run.page_url(diagnostic.rule) {
                message.push_str(&format!(" ({url})"));
            }
            let severity = match diagnostic.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Note => "info",
            };
            let attributes = [
                ("line", start.line.to_string()),
                ("column", start.column.to_string()),
                ("severity", severity.to_owned()),
                ("message", message),
                ("source", format!("ekslint.{}", diagnostic.rule.replace('/', "."))),
            ];
            xml::open(&mut out, "error", &attributes.each_ref().map(|(key, value)| (*key, value.as_str())), true);
            out.push('\n');
        }
        out.push_str("</file>\n");
    }
    out.push_str("</checkstyle>\n");
    out
}
