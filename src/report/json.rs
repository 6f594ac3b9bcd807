//! `json`: everything there is, for programs. Fields may be added to version 1; none will change or go.

use serde::Serialize;

use super::{Counts, Places, Run, Suppressed, Unit, to_json};
use crate::diagnostic::{Diagnostic, Fix};
use crate::source::Span;

/// The whole report.
#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    findings: Vec<Finding<'a>>,
    /// Only if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<Vec<Silenced<'a>>>,
    summary: Summary,
    /// What could not be read. If there is anything here, the exit code is 2.
    problems: Vec<Problem<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    /// `note`, `warning` or `error`.
    level: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: Range<'a>,
    labels: Vec<Label<'a>>,
    help: Option<&'a str>,
    fix: Option<Change<'a>>,
}

/// A finding that is not reported, and why not.
#[derive(Serialize)]
struct Silenced<'a> {
    #[serde(flatten)]
    finding: Finding<'a>,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct Label<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: Range<'a>,
}

#[derive(Serialize)]
struct Change<'a> {
    title: &'a str,
    /// `safe`, `activating` (makes a grant work that did not work so far) or `suggestion` (a person has to choose).
    safety: &'a str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    #[serde(flatten)]
    place: Range<'a>,
    replacement: &'a str,
}

/// A part of a file. The end is exclusive.
#[derive(Serialize)]
struct Range<'a> {
    path: &'a str,
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    /// Bytes from the start of the text in UTF-8.
    offset: usize,
    /// Counted from one.
    line: usize,
    /// In characters, counted from one.
    column: usize,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    notes: usize,
    /// Findings that are counted above, but were not asked for and are not in `findings`.
    held_back: usize,
    /// Findings that somebody has said not to report. They are not counted above.
    suppressed: usize,
    files_read: usize,
    /// Files with something about EKS in them.
    files_recognised: usize,
}

#[derive(Serialize)]
struct Problem<'a> {
    path: &'a str,
    reason: &'a str,
}

pub fn render(run: &Run) -> String {
    let places = Places::new(run.workspace);
    to_json(&Document {
        version: 1,
        findings: run.shown.iter().map(|it| finding(&places, it)).collect(),
        suppressed: run.show_suppressed.then(|| run.suppressed.iter().map(|it| silenced(&places, it)).collect()),
        summary: Summary {
            errors: run.found.errors,
            warnings: run.found.warnings,
            notes: run.found.notes,
            held_back: run.found.without(Counts::of(run.shown)).total(),
            suppressed: run.suppressed.len(),
            files_read: run.files_read,
            files_recognised: run.recognised,
        },
        problems: run.problems.iter().map(|it| Problem { path: &it.path, reason: &it.reason }).collect(),
    })
}

fn finding<'a>(places: &Places<'a>, diagnostic: &'a Diagnostic) -> Finding<'a> {
    Finding {
        rule: diagnostic.rule,
        level: diagnostic.level.name(),
        message: &diagnostic.message,
        place: range(places, diagnostic.span),
        labels: diagnostic
            .labels
            .iter()
            .map(|it| Label { message: &it.message, place: range(places, it.span) })
            .collect(),
        help: diagnostic.help.as_deref(),
        fix: diagnostic.fix.as_ref().map(|it| change(places, it)),
    }
}

fn silenced<'a>(places: &Places<'a>, suppressed: &'a Suppressed) -> Silenced<'a> {
    Silenced { finding: finding(places, &suppressed.finding), reason: suppressed.how.reason() }
}

fn change<'a>(places: &Places<'a>, fix: &'a Fix) -> Change<'a> {
    let edits = fix.edits.iter().map(|it| Edit { place: range(places, it.span), replacement: &it.replacement });
    Change { title: &fix.title, safety: fix.safety.name(), edits: edits.collect() }
}

fn range<'a>(places: &Places<'a>, span: Span) -> Range<'a> {
    let bytes = places.range(span);
    let (start, end) = places.places(span, Unit::Characters);
    Range {
        path: places.path(span.file),
        start: Point { offset: bytes.start, line: start.line, column: start.column },
        end: Point { offset: bytes.end, line: end.line, column: end.column },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Edit, Level, Safety};
    use crate::source::{FileId, Source};
    use crate::workspace::Workspace;

    #[test]
    fn version_1_keeps_its_shape() {
        let workspace = Workspace::new(vec![Source::new("a.yaml", "é: bad\n")]);
        let span = Span::new(FileId(0), 4..7);
        let mut it = Diagnostic {
            rule: "area/rule",
            level: Level::Error,
            span,
            message: "m\u{202E}".to_owned(),
            labels: Vec::new(),
            help: None,
            fix: None,
        };
        it.label(span, "why").fix(Safety::Suggestion, "drop it", [Edit::delete(span)]);
        let shown = [it];
        let found = Counts { notes: 2, ..Counts::of(&shown) };
        let run = Run {
            workspace: &workspace,
            shown: &shown,
            suppressed: &[],
            show_suppressed: false,
            found,
            problems: &[],
            files_read: 3,
            recognised: 1,
        };
        let text = render(&run);
        assert!(text.contains("\"m\\u202e\""), "hidden characters are escaped: {text}");
        let start = serde_json::json!({ "offset": 4, "line": 1, "column": 4 });
        let end = serde_json::json!({ "offset": 7, "line": 1, "column": 7 });
        let expected = serde_json::json!({
            "version": 1,
            "findings": [{
                "rule": "area/rule", "level": "error", "message": "m\u{202E}",
                "path": "a.yaml", "start": start, "end": end,
                "labels": [{ "message": "why", "path": "a.yaml", "start": start, "end": end }],
                "help": null,
                "fix": {
                    "title": "drop it", "safety": "suggestion",
                    "edits": [{ "path": "a.yaml", "start": start, "end": end, "replacement": "" }],
                },
            }],
            "summary": {
                "errors": 1, "warnings": 0, "notes": 2, "held_back": 2, "suppressed": 0, "files_read": 3, "files_recognised": 1,
            },
            "problems": [],
        });
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), expected);
    }
}
