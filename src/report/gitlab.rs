//! `gitlab`: GitLab's code quality report, which a merge request shows as a widget and beside its lines.
//!
//! The format is that of <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>. GitLab shows the
//! description alone, so the rule is in it, and takes two entries with one fingerprint for one.

use std::io;

use serde::Serialize;

use super::{ColumnUnit, Each, Places, Problem, Run, in_memory, statements, visible, write_json};
use crate::diagnostic::Level;
use crate::fingerprint::{self, Fingerprint};

#[derive(Serialize)]
struct Issue<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    check_name: &'a str,
    description: String,
    content: Content,
    categories: [&'a str; 1],
    fingerprint: String,
    /// `info`, `minor`, `major`, `critical` or `blocker`.
    severity: &'a str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Content {
    body: String,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

pub fn render(run: &Run) -> String {
    in_memory(|out| write(run, out))
}

/// Writes the report, and says how many bytes it has.
pub fn write(run: &Run, out: &mut dyn io::Write) -> io::Result<usize> {
    let places = Places::new(run.inventory);
    let fingerprints = fingerprint::fingerprints(run.inventory, run.root, run.shown);
    let issue = |diagnostic, fingerprint: &Fingerprint| {
        let diagnostic = run.beside_changes(diagnostic);
        let (start, end) = places.places(diagnostic.span, ColumnUnit::Characters);
        let mut body = statements(run, &places, &diagnostic);
        body.extend(run.page_url(diagnostic.rule));
        let body = body.join("\n");
        Issue {
            kind: "issue",
            check_name: diagnostic.rule,
            description: format!("{}: {}", diagnostic.rule, visible(&diagnostic.message)),
            content: Content { body },
            categories: ["Security"],
            fingerprint: fingerprint.to_string(),
            severity: match diagnostic.level {
                Level::Error => "critical",
                Level::Warning => "major",
                Level::Note => "info",
            },
            location: Location {
                path: run.path(places.path(diagnostic.span.file)),
                lines: Lines { begin: start.line, end: end.line },
            },
        }
    };
    let issues = || run.shown.iter().zip(&fingerprints).map(|(it, fingerprint)| issue(it, fingerprint));
    // Nothing else in the report would say that it is not whole.
    let unread = || run.problems.iter().map(|it| unreadable(run, it));
    write_json(&Each(|| issues().chain(unread())), out)
}

fn unreadable<'a>(run: &Run<'a>, it: &'a Problem) -> Issue<'a> {
    let path = run.path(&it.path);
    // As for findings, the description begins with what would be the rule.
    let text = format!("unreadable: {}", visible(&it.reason));
    Issue {
        kind: "issue",
        check_name: "unreadable",
        description: text.clone(),
        content: Content { body: text },
        categories: ["Security"],
        fingerprint: format!("unreadable:{path}"),
        severity: "critical",
        location: Location { path, lines: Lines { begin: 1, end: 1 } },
    }
}
