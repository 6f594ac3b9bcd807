//! `sarif`: SARIF 2.1.0, for code scanning services and editors.
//!
//! Nothing here depends on the time, the machine or the folder that holds the project. Columns count UTF-16 units, which
//! is what editors take them for whatever the log says.

mod line_hash;
mod model;
mod rules;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;

use self::line_hash::line_hashes;
use self::model::{
    Artifact, ArtifactChange, Automation, Base, Driver, Finding, FindingProperties, Invocation, Kind, Location, Log,
    Logical, Message, Notification, Physical, Reference, Region, Replacement, SarifFix, SarifRun, SarifSuppression,
    Tool,
};
use super::{ColumnUnit, Each, HOME, Places, Run, in_memory, visible, write_json};
use crate::INTERNAL_ERROR;
use crate::collections::HashMap;
use crate::diagnostic::Suppression;
use crate::diagnostic::{Diagnostic, Edit};
use crate::fingerprint::{self, Fingerprint};
use crate::source::{FileId, Span};

/// What relative paths are relative to. Who reads the log knows where that is.
const ROOT: &str = "%SRCROOT%";
/// Bytes of what is underlined that are repeated in the log.
const SNIPPET: usize = 1000;
/// Results that GitHub takes of one run; a log with more is refused as a whole.
const GITHUB_RESULTS: usize = 25_000;

/// The kind of notification that says what could not be done.
const INCOMPLETE: Reference<&str> = Reference { id: "incomplete", index: 0 };

/// A log.
pub fn render(run: &Run) -> String {
    in_memory(|out| write(run, out))
}

/// Writes a log, and says how many bytes it has. It may be much larger than what is known of the files.
pub fn write(run: &Run, out: &mut dyn io::Write) -> io::Result<usize> {
    // GitHub makes alerts of suppressed results whatever they say, so they are there on request only.
    let suppressed = run.shown_suppressed();
    // Suppressed findings have the same fingerprints, so all are counted together.
    let shown = most_severe(run.shown);
    let kept = suppressed.len().min(GITHUB_RESULTS - shown.len());
    let findings = shown.iter().copied().chain(suppressed[..kept].iter().map(|it| &it.finding));
    let findings: Vec<&Diagnostic> = findings.collect();
    let fingerprints = fingerprint::fingerprints(run.inventory, run.root, &findings);
    let (rules, overrides) = rules::rules(run, findings.iter().copied());
    let indices = rules.iter().enumerate().map(|(at, it)| (it.id.clone(), (at, rank(it)))).collect();
    let writer = Writer { run, places: Places::new(run.inventory), rules: indices, hashes: RefCell::default() };
    let results = || {
        findings.iter().zip(&fingerprints).enumerate().map(|(at, (diagnostic, fingerprint))| {
            let suppressed = at.checked_sub(shown.len()).map(|at| &suppressed[at].how);
            writer.result(diagnostic, fingerprint, suppressed)
        })
    };
    let unread = run.problems.iter().map(|it| Notification {
        descriptor: INCOMPLETE,
        level: "error",
        message: Message { text: escape(&format!("{}: {}.", visible(&it.path), visible(&it.reason))) },
        locations: Some([Location { id: None, message: None, physical: writer.file(&it.path), logical: Vec::new() }]),
    });
    let all = run.shown.len() + suppressed.len();
    let left_out = all - findings.len();
    let too_many = (left_out > 0).then(|| Notification {
        descriptor: INCOMPLETE,
        level: "warning",
        message: Message {
            text: format!(
                "{left_out} of {all} findings are left out, the least severe: GitHub takes no more than {GITHUB_RESULTS}. \
                 To see all, lint parts of the project, or use another format."
            ),
        },
        locations: None,
    });
    let is_whole = run.problems.is_empty() && !findings.iter().any(|it| it.rule == INTERNAL_ERROR);
    let description = Message { text: "The root of the repository.".to_owned() };
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [SarifRun {
            tool: Tool { driver: driver(rules) },
            invocations: [Invocation {
                rule_configuration_overrides: overrides,
                execution_successful: is_whole,
                tool_execution_notifications: unread.chain(too_many).collect(),
            }],
            original_uri_base_ids: BTreeMap::from([(ROOT, Base { description })]),
            automation_details: Automation { id: "ekslint/" },
            column_kind: "utf16CodeUnits",
            results: Each(results),
        }],
    };
    write_json(&log, out)
}

/// As many findings as a log may have: the most severe, in the order that they have.
fn most_severe(shown: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut kept: Vec<(usize, &Diagnostic)> = shown.iter().enumerate().collect();
    kept.sort_by_key(|(_, it)| std::cmp::Reverse(it.level));
    kept.truncate(GITHUB_RESULTS);
    kept.sort_by_key(|(at, _)| *at);
    kept.into_iter().map(|(_, it)| it).collect()
}

fn driver(rules: Vec<model::Descriptor>) -> Driver<'static> {
    let text = || Message { text: "Something could not be read, or not be passed on.".to_owned() };
    Driver {
        name: "ekslint",
        full_name: "ekslint, a linter for the identity wiring of Amazon EKS",
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: HOME,
        rules,
        notifications: [Kind {
            id: INCOMPLETE.id,
            name: "IncompleteRun",
            short_description: text(),
            full_description: text(),
            help: Message {
                text: "Nothing is known about what could not be read: mend that, and run again.".to_owned(),
            },
            help_uri: HOME,
        }],
    }
}

/// GitLab's scale goes to 100, and has to agree with the severity of the rule.
fn rank(rule: &model::Descriptor) -> Option<f64> {
    let severity: f64 = rule.properties.security_severity.as_ref()?.parse().ok()?;
    Some((severity * 10.0).round())
}

struct Writer<'a> {
    run: &'a Run<'a>,
    places: Places<'a>,
    /// Where each rule stands in the list, and its rank.
    rules: HashMap<String, (usize, Option<f64>)>,
    /// The hashes of the lines of each file that was asked for.
    hashes: RefCell<HashMap<FileId, Vec<String>>>,
}

impl<'a> Writer<'a> {
    fn result(
        &self,
        diagnostic: &Diagnostic,
        fingerprint: &Fingerprint,
        suppressed: Option<&Suppression>,
    ) -> Finding<'static> {
        let original = diagnostic;
        let moved = self.run.beside_changes(diagnostic);
        let diagnostic = moved.as_ref();
        let id = |index: usize| index + 1;
        let related = diagnostic.labels.iter().enumerate().map(|(index, it)| Location {
            id: Some(id(index)),
            message: Some(Message { text: sentence(&it.message) }),
            physical: self.physical(it.span),
            logical: Vec::new(),
        });
        let mut text = sentence(&diagnostic.message);
        for (index, label) in diagnostic.labels.iter().enumerate() {
            // Services show the other places only if the message links to them.
            text.push_str(&format!(" [{}]({}).", escape(&visible(&label.message)), id(index)));
        }
        if let Some(help) = &diagnostic.help {
            text.push_str(&format!(" {}", sentence(help)));
        }
        let (rule_index, rank) = self.rules.get(diagnostic.rule).copied().unwrap_or_default();
        let mut partial_fingerprints = BTreeMap::from([(fingerprint::SCHEME, fingerprint.to_string())]);
        if let Some(hash) = self.line_hash(diagnostic.span) {
            partial_fingerprints.insert("primaryLocationLineHash", hash);
        }
        Finding {
            rule_id: diagnostic.rule,
            rule_index,
            kind: "fail",
            level: diagnostic.level.name(),
            rank,
            message: Message { text },
            locations: [Location {
                id: None,
                message: None,
                physical: self.physical(diagnostic.span),
                // The logical place is that of the fingerprint.
                logical: if diagnostic.span == original.span { logical(&fingerprint.place) } else { Vec::new() },
            }],
            related_locations: related.collect(),
            partial_fingerprints,
            fixes: diagnostic
                .fixes
                .iter()
                .map(|it| SarifFix {
                    description: Message { text: sentence(&it.title) },
                    artifact_changes: self.changes(&it.edits),
                })
                .collect(),
            suppressions: suppressed.map(suppression).into_iter().collect(),
            properties: FindingProperties { certainty: diagnostic.certainty.name() },
        }
    }

    /// What GitHub tells an alert by. Its upload computes the same where a log has none, and complains if they differ.
    fn line_hash(&self, span: Span) -> Option<String> {
        // What was not read to its end would have other hashes.
        let source = self.run.inventory.source(span.file);
        if source.error.is_some() {
            return None;
        }
        let (start, _) = self.places.places(span, ColumnUnit::Utf16);
        let mut hashes = self.hashes.borrow_mut();
        let of_file = hashes.entry(span.file).or_insert_with(|| line_hashes(&source.text));
        of_file.get(start.line - 1).cloned()
    }

    fn changes(&self, edits: &[Edit]) -> Vec<ArtifactChange> {
        let mut edits: Vec<&Edit> = edits.iter().collect();
        edits.sort_by_key(|it| self.run.inventory.files.position(it.span));
        let files = edits.chunk_by(|a, b| a.span.file == b.span.file);
        files
            .map(|edits| ArtifactChange {
                artifact_location: self.artifact(self.places.path(edits[0].span.file)),
                replacements: edits
                    .iter()
                    .map(|it| Replacement {
                        deleted_region: self.region(it.span),
                        inserted_content: Message { text: it.replacement.clone() },
                    })
                    .collect(),
            })
            .collect()
    }

    fn physical(&self, span: Span) -> Physical {
        let range = self.places.range(span);
        let text = &self.places.lines(span.file).text()[range];
        let snippet = (text.len() <= SNIPPET).then(|| Message { text: text.to_owned() });
        Physical {
            artifact_location: self.artifact(self.places.path(span.file)),
            region: Some(Region { snippet, ..self.region(span) }),
        }
    }

    fn file(&self, path: &str) -> Physical {
        Physical { artifact_location: self.artifact(path), region: None }
    }

    fn region(&self, span: Span) -> Region {
        let (start, end) = self.places.places(span, ColumnUnit::Utf16);
        Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
            snippet: None,
        }
    }

    fn artifact(&self, path: &str) -> Artifact {
        let path = self.run.path(path);
        if path.starts_with('/') {
            // Outside of the folder the program runs in there is no other name for it.
            return Artifact { uri: format!("file://{}", encode(path)), uri_base_id: None };
        }
        Artifact { uri: encode(path), uri_base_id: Some(ROOT) }
    }
}

/// A text of ours as a sentence of a message: brackets are not links, and there is a full stop.
fn sentence(text: &str) -> String {
    let mut sentence = escape(&visible(text));
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

fn suppression(how: &Suppression) -> SarifSuppression {
    match how {
        Suppression::InSource { reason } => {
            SarifSuppression { kind: "inSource", justification: reason.as_ref().map(|it| visible(it).into_owned()) }
        }
        Suppression::Baseline | Suppression::Commit => {
            SarifSuppression { kind: "external", justification: how.reason().map(str::to_owned) }
        }
    }
}

/// A place in a document, and the last step to it.
fn logical(place: &str) -> Vec<Logical> {
    if place.is_empty() {
        return Vec::new();
    }
    let name = place.rsplit('/').next().unwrap_or(place);
    vec![Logical {
        name: visible(name).into_owned(),
        fully_qualified_name: visible(place).into_owned(),
        kind: "property",
    }]
}

/// Brackets would be links.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '[' | ']') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A path as a relative reference: everything but unreserved characters and `/` is percent-encoded.
fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
