//! `concise`: one line for each finding, as compilers and editors have always read them.

use super::{ColumnUnit, Places, Run, elsewhere, visible, visible_path};
use crate::diagnostic::Diagnostic;

/// `path:line:column: level[rule] message`, and `(see path:line)` if another place has to do with it. The column counts characters.
pub fn render(run: &Run) -> String {
    let places = Places::new(run.inventory);
    let shown = run.shown.iter().map(|it| line(&places, it, ""));
    let suppressed = run.shown_suppressed().iter().map(|it| {
        let reason = it.how.reason().map_or(String::new(), |it| format!(" ({})", visible(it)));
        format!("{}{reason}", line(&places, &it.finding, "suppressed "))
    });
    shown.chain(suppressed).map(|it| it + "\n").collect()
}

/// One finding, without its line break. `mark` stands before the level.
pub(super) fn line(places: &Places, diagnostic: &Diagnostic, mark: &str) -> String {
    let (start, _) = places.places(diagnostic.span, ColumnUnit::Characters);
    let see = elsewhere(places, diagnostic).map_or_else(String::new, |it| format!(" (see {it})"));
    format!(
        "{}:{}:{}: {mark}{}[{}] {}{see}",
        visible_path(places.path(diagnostic.span.file)),
        start.line,
        start.column,
        diagnostic.level.name(),
        diagnostic.rule,
        visible(&diagnostic.message)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::diagnostic::{Certainty, Level};
    use crate::source::{FileId, Source, Span};

    #[test]
    fn a_finding_is_one_line_that_gives_no_orders() {
        let workspace = Analysis::of(vec![Source::new("::error::x\n.yaml", "a: b\né: bad\n")]).snapshot(&());
        let shown = [Diagnostic {
            rule: "area/rule",
            level: Level::Warning,
            certainty: Certainty::Certain,
            span: Span::new(FileId::new(0), 9..12),
            message: "two\nlines".to_owned(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
            build: None,
        }];
        assert_eq!(render(&Run::of(&workspace, &shown)), "./::error::x␊.yaml:2:4: warning[area/rule] two␊lines\n");
    }
}
