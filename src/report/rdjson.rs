//! `rdjson`: the format of reviewdog, which comments on merge requests of many services.
//!
//! It is described in reviewdog's `proto/rdf/reviewdog.proto` (2025): columns count bytes of UTF-8 from one, and the end
//! of a range is exclusive.

use std::io;

use serde::Serialize;

use super::{ColumnUnit, Each, HOME, Places, Problem, Run, in_memory, statements, visible, write_json};
use crate::diagnostic::{Diagnostic, Level};
use crate::source::Span;

#[derive(Serialize)]
struct Document<'a, D: Serialize> {
    source: Link<'a>,
    diagnostics: D,
}

#[derive(Serialize)]
struct Link<'a> {
    name: &'a str,
    url: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    message: String,
    location: Location<'a>,
    severity: &'a str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

#[derive(Serialize)]
struct Related<'a> {
    message: String,
    location: Location<'a>,
}

pub fn render(run: &Run) -> String {
    in_memory(|out| write(run, out))
}

/// Writes the report, and says how many bytes it has.
pub fn write(run: &Run, out: &mut dyn io::Write) -> io::Result<usize> {
    let places = Places::new(run.inventory);
    let of_problem = |it| unreadable(run, it);
    let of_finding = |it| item(run, &places, &run.beside_changes(it));
    let diagnostics = Each(|| run.problems.iter().map(of_problem).chain(run.shown.iter().map(of_finding)));
    write_json(&Document { source: Link { name: "ekslint", url: HOME }, diagnostics }, out)
}

fn unreadable<'a>(run: &Run<'a>, it: &'a Problem) -> Item<'a> {
    Item {
        message: visible(&it.reason).into_owned(),
        location: Location { path: run.path(&it.path), range: None },
        severity: "ERROR",
        code: Code { value: "unreadable", url: Some(HOME.to_owned()) },
        suggestions: Vec::new(),
        related_locations: Vec::new(),
    }
}

fn item<'a>(run: &Run<'a>, places: &Places<'a>, diagnostic: &Diagnostic) -> Item<'a> {
    let location = |span| location(run, places, span);
    // Readers that do not show related locations have the labels and their places in the message.
    let elsewhere = diagnostic.labels.iter().filter(|it| it.span != diagnostic.span);
    Item {
        message: inert(&statements(run, places, diagnostic).join("\n")),
        location: location(diagnostic.span),
        severity: match diagnostic.level {
            Level::Error => "ERROR",
            Level::Warning => "WARNING",
            Level::Note => "INFO",
        },
        code: Code { value: diagnostic.rule, url: run.page_url(diagnostic.rule) },
        suggestions: suggestions(places, diagnostic),
        related_locations: elsewhere
            .map(|it| Related { message: inert(&visible(&it.message)), location: location(it.span) })
            .collect(),
    }
}

/// Several suggestions are alternatives, and each is about the file of the finding: a fix fits if it is one edit there.
/// The text as reviewdog's reporters post it, which is Markdown: what stands in backquotes stays code, and nothing else
/// becomes markup, a mention or a link to an issue, even where a value holds backquotes.
fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let parts: Vec<&str> = text.split('`').collect();
    for (index, part) in parts.iter().enumerate() {
        let is_code = index % 2 == 1 && index + 1 < parts.len();
        if index > 0 {
            // A last backquote without its other half is a character like others.
            out.push_str(if index % 2 == 1 && !is_code { "\\`" } else { "`" });
        }
        for c in part.chars() {
            match c {
                c if is_code => out.push(c),
                '@' | '#' => out.push_str(&format!("`{c}`")),
                '[' | ']' | '<' | '>' | '*' | '|' | '\\' => out.extend(['\\', c]),
                c => out.push(c),
            }
        }
    }
    out
}

fn suggestions(places: &Places, diagnostic: &Diagnostic) -> Vec<Suggestion> {
    let Some(fix) = diagnostic.fix() else { return Vec::new() };
    let [edit] = fix.edits.as_slice() else { return Vec::new() };
    if edit.span.file != diagnostic.span.file {
        return Vec::new();
    }
    vec![Suggestion { range: range(places, edit.span), text: edit.replacement.clone() }]
}

fn location<'a>(run: &Run<'a>, places: &Places<'a>, span: Span) -> Location<'a> {
    Location { path: run.path(places.path(span.file)), range: Some(range(places, span)) }
}

fn range(places: &Places, span: Span) -> Range {
    let (start, end) = places.places(span, ColumnUnit::Bytes);
    let position = |it: super::Place| Position { line: it.line, column: it.column };
    Range { start: position(start), end: position(end) }
}
