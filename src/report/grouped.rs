//! `grouped`: the findings of each file below its name.

use super::{ColumnUnit, Places, Run, elsewhere, visible, visible_path};

/// The name of each file, and below it a line for each finding, in columns, then for each suppressed one that is to be
/// shown. The column of the place counts characters.
pub fn render(run: &Run) -> String {
    let places = Places::new(run.inventory);
    let mut out = String::new();
    for file in run.inventory.files.ids() {
        let (shown, suppressed) = run.of_file(file);
        let shown = shown.iter().map(|it| (it, it.level.name().to_owned(), String::new()));
        let suppressed = suppressed.iter().map(|it| {
            let reason = it.how.reason().map_or(String::new(), |it| format!(" ({})", visible(it)));
            (&it.finding, format!("suppressed {}", it.finding.level.name()), reason)
        });
        let rows = shown.chain(suppressed).map(|(it, level, reason)| {
            let (start, _) = places.places(it.span, ColumnUnit::Characters);
            (it, format!("{}:{}", start.line, start.column), level, reason)
        });
        let rows: Vec<_> = rows.collect();
        if rows.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&format!("{}\n", visible_path(places.path(file))));
        let width = rows.iter().map(|it| it.1.len()).max().unwrap_or(0);
        // The longest name of a level, so that most reports look the same.
        let levels = rows.iter().map(|it| it.2.len()).max().unwrap_or(0).max("warning".len());
        for (it, start, level, reason) in rows {
            let (rule, message) = (it.rule, visible(&it.message));
            let see = elsewhere(&places, it).map_or_else(String::new, |it| format!(" (see {it})"));
            out.push_str(&format!("  {start:>width$}  {level:levels$}  {rule}  {message}{see}{reason}\n"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::diagnostic::{Certainty, Diagnostic, Level};
    use crate::diagnostic::{Suppressed, Suppression};
    use crate::source::FileId;
    use crate::source::{Source, Span};

    #[test]
    fn what_is_suppressed_stands_below_what_is_found_in_the_same_file() {
        let sources = ["a.yaml", "b.yaml", "c.yaml"].map(|it| Source::new(it, "a: bad\n"));
        let workspace = Analysis::of(sources.to_vec()).snapshot(&());
        let finding = |file| Diagnostic {
            rule: "area/rule",
            level: Level::Error,
            certainty: Certainty::Certain,
            span: Span::new(FileId::new(file), 3..6),
            message: "m".to_owned(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
            build: None,
        };
        let shown = [finding(0), finding(2)];
        let reason = Some("known".to_owned());
        let suppressed = [
            Suppressed { finding: finding(0), how: Suppression::InSource { reason } },
            Suppressed { finding: finding(1), how: Suppression::InSource { reason: None } },
        ];
        let run = Run { suppressed: &suppressed, ..Run::of(&workspace, &shown) };
        let plain = "a.yaml\n  1:4  error    area/rule  m\n\nc.yaml\n  1:4  error    area/rule  m\n";
        assert_eq!(render(&run), plain);
        let expected = "a.yaml
  1:4  error             area/rule  m
  1:4  suppressed error  area/rule  m (known)

b.yaml
  1:4  suppressed error  area/rule  m

c.yaml
  1:4  error    area/rule  m
";
        assert_eq!(render(&Run { show_suppressed: true, ..run }), expected);
    }
}
