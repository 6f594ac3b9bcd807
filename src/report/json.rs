//! `json` and `json-lines`: everything there is, for programs. Fields may be added to version 1; none will change or go.
//!
//! In `json-lines` each line is an object with a `type`: a `finding` each, then, if they were asked for, a `suppressed` each,
//! then a `problem` each, then one `summary`, which says that nothing was cut off.

use std::io;

use serde::Serialize;

use super::{ColumnUnit, Each, Places, Run, in_memory, write_json, write_json_line};
use crate::diagnostic::Counts;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fingerprint::{self, Fingerprint};
use crate::source::Span;

/// The whole report.
#[derive(Serialize)]
struct Document<'a, F, S> {
    version: u32,
    findings: F,
    /// Only if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<S>,
    summary: Summary,
    /// What could not be read. If there is anything here, the exit code is 2.
    problems: Vec<Problem<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    /// `note`, `warning` or `error`.
    level: &'a str,
    /// `certain`, `likely` or `possible`: how sure ekslint is.
    certainty: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: Range<'a>,
    labels: Vec<Label<'a>>,
    help: Option<&'a str>,
    /// The first of `fixes`.
    fix: Option<Change<'a>>,
    /// Every way out that can be written: alternatives, the best one first.
    fixes: Vec<Change<'a>>,
    /// Where it is in the document, without lines: `Resources/NodeRole/Properties/…`.
    logical_place: &'a str,
    /// The same for as long as the finding is: no line is part of it.
    fingerprint: String,
    /// The page of the rule.
    url: Option<String>,
}

/// A finding that is not reported, and why not.
#[derive(Serialize)]
struct Silenced<'a> {
    #[serde(flatten)]
    finding: Finding<'a>,
    reason: Option<&'a str>,
    /// `directive`, `baseline` or `commit`.
    by: &'static str,
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
    /// Findings that somebody has said not to report, or that were there before. They are not counted above.
    suppressed: usize,
    /// Entries of the baseline that no finding answers to any more.
    stale: usize,
    files_read: usize,
    /// Files with something about EKS in them.
    files_recognised: usize,
    /// Tracked files that could be inputs, and submodules, that `.ignore` hides.
    tracked_hidden: usize,
    /// Links that were not followed.
    links_out: usize,
}

#[derive(Serialize)]
struct Problem<'a> {
    path: &'a str,
    reason: &'a str,
}

/// One line of `json-lines`.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Finding(Box<Finding<'a>>),
    Suppressed(Box<Silenced<'a>>),
    Problem(Problem<'a>),
    Summary(Summary),
}

pub fn render(run: &Run) -> String {
    in_memory(|out| write(run, out))
}

/// Writes the report, and says how many bytes it has. It may be much larger than what is known of the files.
pub fn write(run: &Run, out: &mut dyn io::Write) -> io::Result<usize> {
    let serialised = Serialised::new(run);
    let document = Document {
        version: 1,
        findings: Each(|| serialised.findings()),
        suppressed: run.show_suppressed.then_some(Each(|| serialised.suppressed())),
        summary: summary(run),
        problems: problems(run).collect(),
    };
    write_json(&document, out)
}

pub fn render_lines(run: &Run) -> String {
    in_memory(|out| write_lines(run, out))
}

/// [`write`] for `json-lines`.
pub fn write_lines(run: &Run, out: &mut dyn io::Write) -> io::Result<usize> {
    let serialised = Serialised::new(run);
    let findings = serialised.findings().map(|it| Line::Finding(Box::new(it)));
    let lines = findings.chain(serialised.suppressed().map(|it| Line::Suppressed(Box::new(it))));
    let mut lines = lines.chain(problems(run).map(Line::Problem)).chain([Line::Summary(summary(run))]);
    lines.try_fold(0, |bytes, it| Ok(bytes + write_json_line(&it, out)?))
}

/// The findings, and the suppressed ones that are to be shown. Their fingerprints are counted together, so that no two have
/// the same.
struct Serialised<'r, 'a> {
    run: &'r Run<'a>,
    places: Places<'a>,
    /// Those of the findings, then those of the suppressed ones.
    prints: Vec<Fingerprint>,
}

impl<'r, 'a> Serialised<'r, 'a> {
    fn new(run: &'r Run<'a>) -> Self {
        let suppressed = run.shown_suppressed().iter().map(|it| &it.finding);
        let all: Vec<&Diagnostic> = run.shown.iter().chain(suppressed).collect();
        let prints = fingerprint::fingerprints(run.inventory, run.root, &all);
        Self { run, places: Places::new(run.inventory), prints }
    }

    fn findings(&self) -> impl Iterator<Item = Finding<'_>> {
        self.run.shown.iter().zip(&self.prints).map(|(it, print)| finding(self.run, &self.places, it, print))
    }

    fn suppressed(&self) -> impl Iterator<Item = Silenced<'_>> {
        let prints = &self.prints[self.run.shown.len()..];
        self.run.shown_suppressed().iter().zip(prints).map(|(it, print)| Silenced {
            finding: finding(self.run, &self.places, &it.finding, print),
            reason: it.how.reason(),
            by: it.how.by(),
        })
    }
}

fn problems<'a>(run: &Run<'a>) -> impl Iterator<Item = Problem<'a>> {
    run.problems.iter().map(|it| Problem { path: &it.path, reason: &it.reason })
}

fn summary(run: &Run) -> Summary {
    Summary {
        errors: run.found.errors,
        warnings: run.found.warnings,
        notes: run.found.notes,
        held_back: run.found.without(Counts::of(run.shown)).total(),
        suppressed: run.suppressed.len(),
        stale: run.stale,
        files_read: run.files_read,
        files_recognised: run.recognised,
        tracked_hidden: run.tracked_hidden,
        links_out: run.links_out,
    }
}

fn finding<'f>(
    run: &Run,
    places: &'f Places<'_>,
    diagnostic: &'f Diagnostic,
    fingerprint: &'f Fingerprint,
) -> Finding<'f> {
    Finding {
        rule: diagnostic.rule,
        level: diagnostic.level.name(),
        certainty: diagnostic.certainty.name(),
        message: &diagnostic.message,
        place: range(places, diagnostic.span),
        labels: diagnostic
            .labels
            .iter()
            .map(|it| Label { message: &it.message, place: range(places, it.span) })
            .collect(),
        help: diagnostic.help.as_deref(),
        fix: diagnostic.fix().map(|it| change(places, it)),
        fixes: diagnostic.fixes.iter().map(|it| change(places, it)).collect(),
        fingerprint: fingerprint.to_string(),
        logical_place: &fingerprint.place,
        url: run.page_url(diagnostic.rule),
    }
}

fn change<'f>(places: &'f Places<'_>, fix: &'f Fix) -> Change<'f> {
    let edits = fix.edits.iter().map(|it| Edit { place: range(places, it.span), replacement: &it.replacement });
    Change { title: &fix.title, safety: fix.safety.name(), edits: edits.collect() }
}

fn range<'f>(places: &'f Places<'_>, span: Span) -> Range<'f> {
    let bytes = places.range(span);
    let (start, end) = places.places(span, ColumnUnit::Characters);
    Range {
        path: places.path(span.file),
        start: Point { offset: bytes.start, line: start.line, column: start.column },
        end: Point { offset: bytes.end, line: end.line, column: end.column },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::diagnostic::{Certainty, Edit, Fix, Level, Safety};
    use crate::diagnostic::{Suppressed, Suppression};
    use crate::source::{FileId, Source};

    #[test]
    fn version_1_keeps_its_shape() {
        let workspace = Analysis::of(vec![Source::new("a.yaml", "é: bad\n")]).snapshot(&());
        let span = Span::new(FileId::new(0), 4..7);
        let mut it = Diagnostic {
            rule: "area/rule",
            level: Level::Error,
            certainty: Certainty::Certain,
            span,
            message: "m\u{202E}".to_owned(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
            build: None,
        };
        it.label(span, "why");
        it.fixes.push(Fix::new("drop it", Safety::Suggestion, [Edit::new(span, "")]));
        let shown = [it];
        let found = Counts { notes: 2, ..Counts::of(&shown) };
        let run =
            Run { found, files_read: 3, recognised: 1, tracked_hidden: 4, links_out: 2, ..Run::of(&workspace, &shown) };
        let text = render(&run);
        assert!(text.contains("\"m\\u202e\""), "hidden characters are escaped: {text}");
        let start = serde_json::json!({ "offset": 4, "line": 1, "column": 4 });
        let end = serde_json::json!({ "offset": 7, "line": 1, "column": 7 });
        let fix = serde_json::json!({
            "title": "drop it", "safety": "suggestion",
            "edits": [{ "path": "a.yaml", "start": start, "end": end, "replacement": "" }],
        });
        let expected = serde_json::json!({
            "version": 1,
            "findings": [{
                "rule": "area/rule", "level": "error", "certainty": "certain", "message": "m\u{202E}",
                "path": "a.yaml", "start": start, "end": end,
                "labels": [{ "message": "why", "path": "a.yaml", "start": start, "end": end }],
                "help": null,
                "fix": fix,
                "fixes": [fix],
                "logical_place": "é",
                "fingerprint": "fc4f520f7e883fbd7522542e8ca4fc71:1",
                "url": null,
            }],
            "summary": {
                "errors": 1, "warnings": 0, "notes": 2, "held_back": 2, "suppressed": 0, "stale": 0, "files_read": 3,
                "files_recognised": 1, "tracked_hidden": 4, "links_out": 2,
            },
            "problems": [],
        });
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), expected);
    }

    #[test]
    fn what_is_suppressed_is_apart_from_what_is_found() {
        let workspace = Analysis::of(vec![Source::new("a.yaml", "a: bad\n")]).snapshot(&());
        let shown = [Diagnostic {
            rule: "area/rule",
            level: Level::Error,
            certainty: Certainty::Certain,
            span: Span::new(FileId::new(0), 3..6),
            message: "m".to_owned(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
            build: None,
        }];
        let reason = Some("known".to_owned());
        let suppressed = [Suppressed { finding: shown[0].clone(), how: Suppression::InSource { reason } }];
        let run = Run { suppressed: &suppressed, ..Run::of(&workspace, &shown) };
        assert_eq!(render_lines(&run).lines().count(), 2, "only if it is asked for");
        let text = render_lines(&Run { show_suppressed: true, ..run });
        let lines: Vec<serde_json::Value> = text.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
        let types: Vec<_> = lines.iter().map(|it| it["type"].as_str().unwrap()).collect();
        assert_eq!(types, ["finding", "suppressed", "summary"]);
        assert_eq!((&lines[1]["reason"], &lines[1]["by"]), (&"known".into(), &"directive".into()));
        assert_eq!(lines[1]["rule"], "area/rule");
        assert_ne!(lines[0]["fingerprint"], lines[1]["fingerprint"]);
        let whole: serde_json::Value = serde_json::from_str(&render(&Run { show_suppressed: true, ..run })).unwrap();
        assert_eq!(whole["findings"][0]["fingerprint"], lines[0]["fingerprint"]);
        assert_eq!(whole["suppressed"][0]["fingerprint"], lines[1]["fingerprint"]);
    }
}
