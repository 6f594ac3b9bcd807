//! `sarif`: SARIF 2.1.0, for code scanning services and editors.
//!
//! Nothing here depends on the time, the machine or the folder that holds the project.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{Places, Run, Unit, to_json, visible};
use crate::diagnostic::{Diagnostic, Edit, Level};
use crate::page::Page;
use crate::rules::RULES;
use crate::source::Span;

/// Where the pages of the rules can be read.
const PAGES: &str = "https://github.com/ekslint/ekslint/blob/main/rules";
const HOME: &str = "https://github.com/ekslint/ekslint";
/// What relative paths are relative to. Who reads the log knows where that is.
const ROOT: &str = "%SRCROOT%";
/// GitHub takes no longer descriptions.
const DESCRIPTION: usize = 1000;

/// Writes a log. `here` is the folder the program runs in, with `/` at its end: absolute paths below it are written
/// relative to it.
pub fn render(run: &Run, here: &str) -> String {
    let writer = Writer { places: Places::new(run.workspace), here, rules: rules(run.shown) };
    let notifications: Vec<Notification> = run
        .problems
        .iter()
        .map(|it| Notification {
            level: "error",
            message: Message { text: escape(&format!("{}: {}.", visible(&it.path), visible(&it.reason))) },
            locations: [Location { id: None, message: None, physical: writer.file(&it.path) }],
        })
        .collect();
    let shown = run.shown.iter().map(|it| writer.result(it));
    // GitHub makes alerts of them whatever they say, so they are there on request only.
    let suppressed = run.shown_suppressed().iter().map(|it| Finding {
        suppressions: vec![SarifSuppression { kind: "inSource", justification: it.how.reason().map(visible) }],
        ..writer.result(&it.finding)
    });
    let results = shown.chain(suppressed).collect();
    let driver = Driver {
        name: "ekslint",
        full_name: "ekslint, a linter for the identity wiring of Amazon EKS",
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: HOME,
        rules: writer.rules,
    };
    let description = Message { text: "The root of the repository.".to_owned() };
    to_json(&Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [SarifRun {
            tool: Tool { driver },
            invocations: [Invocation {
                execution_successful: notifications.is_empty(),
                tool_execution_notifications: notifications,
            }],
            original_uri_base_ids: BTreeMap::from([(ROOT, Base { description })]),
            automation_details: Automation { id: "ekslint/" },
            column_kind: "utf16CodeUnits",
            results,
        }],
    })
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    version: &'a str,
    runs: [SarifRun<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifRun<'a> {
    tool: Tool<'a>,
    invocations: [Invocation; 1],
    original_uri_base_ids: BTreeMap<&'a str, Base>,
    automation_details: Automation<'a>,
    column_kind: &'a str,
    /// Always there: a log without it says that nothing was looked at.
    results: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'a str,
    full_name: &'a str,
    version: &'a str,
    semantic_version: &'a str,
    information_uri: &'a str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: String,
    /// Left out where it would only repeat the id, which the specification forbids.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    short_description: Message,
    full_description: Message,
    help: Help,
    help_uri: String,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: Vec<String>,
    /// GitHub's own scale.
    #[serde(rename = "problem.severity")]
    severity: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
    locations: [Location; 1],
}

#[derive(Serialize)]
struct Base {
    description: Message,
}

#[derive(Serialize)]
struct Automation<'a> {
    id: &'a str,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_id: &'a str,
    rule_index: usize,
    kind: &'a str,
    level: &'a str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<SarifFix>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<SarifSuppression<'a>>,
}

#[derive(Serialize)]
struct SarifSuppression<'a> {
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
    #[serde(rename = "physicalLocation")]
    physical: Physical,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifFix {
    description: Message,
    artifact_changes: Vec<ArtifactChange>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: Artifact,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Message,
}

struct Writer<'a> {
    places: Places<'a>,
    here: &'a str,
    rules: Vec<Descriptor>,
}

impl<'a> Writer<'a> {
    fn result(&self, diagnostic: &'a Diagnostic) -> Finding<'a> {
        let id = |index: usize| index + 1;
        let related = diagnostic.labels.iter().enumerate().map(|(index, it)| Location {
            id: Some(id(index)),
            message: Some(Message { text: sentence(&it.message) }),
            physical: self.physical(it.span),
        });
        let mut text = sentence(&diagnostic.message);
        for (index, label) in diagnostic.labels.iter().enumerate() {
            // Services show the other places only if the message links to them.
            text.push_str(&format!(" [{}]({}).", escape(&visible(&label.message)), id(index)));
        }
        if let Some(help) = &diagnostic.help {
            text.push_str(&format!(" {}", sentence(help)));
        }
        Finding {
            rule_id: diagnostic.rule,
            rule_index: self.rules.binary_search_by(|it| it.id.as_str().cmp(diagnostic.rule)).unwrap_or_default(),
            kind: "fail",
            level: diagnostic.level.name(),
            message: Message { text },
            locations: [Location { id: None, message: None, physical: self.physical(diagnostic.span) }],
            related_locations: related.collect(),
            fixes: diagnostic
                .fix
                .iter()
                .map(|it| SarifFix {
                    description: Message { text: sentence(&it.title) },
                    artifact_changes: self.changes(&it.edits),
                })
                .collect(),
            suppressions: Vec::new(),
        }
    }

    fn changes(&self, edits: &[Edit]) -> Vec<ArtifactChange> {
        let mut edits: Vec<&Edit> = edits.iter().collect();
        edits.sort_by_key(|it| it.span);
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
        Physical { artifact_location: self.artifact(self.places.path(span.file)), region: Some(self.region(span)) }
    }

    fn file(&self, path: &str) -> Physical {
        Physical { artifact_location: self.artifact(path), region: None }
    }

    fn region(&self, span: Span) -> Region {
        let (start, end) = self.places.places(span, Unit::Utf16);
        Region { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column }
    }

    fn artifact(&self, path: &str) -> Artifact {
        let path = path.strip_prefix(self.here).unwrap_or(path);
        if path.starts_with('/') {
            // Outside of the folder the program runs in there is no other name for it.
            return Artifact { uri: format!("file://{}", encode(path)), uri_base_id: None };
        }
        Artifact { uri: encode(path), uri_base_id: Some(ROOT) }
    }
}

/// All rules that ran, and those that findings name besides.
fn rules(diagnostics: &[Diagnostic]) -> Vec<Descriptor> {
    let mut descriptors: Vec<Descriptor> =
        RULES.iter().map(|it| descriptor(it.id, it.level, Page::parse(it.page).ok())).collect();
    for diagnostic in diagnostics {
        if !descriptors.iter().any(|it| it.id == diagnostic.rule) {
            descriptors.push(descriptor(diagnostic.rule, diagnostic.level, None));
        }
    }
    descriptors.sort_by(|a, b| a.id.cmp(&b.id));
    descriptors
}

fn descriptor(id: &str, level: Level, page: Option<Page>) -> Descriptor {
    let (summary, description) = match page {
        Some(page) => (page.summary, page.description),
        None => (id.to_owned(), id.to_owned()),
    };
    let area = id.split('/').next().unwrap_or(id);
    Descriptor {
        id: id.to_owned(),
        name: Some(name(id)).filter(|name| !name.eq_ignore_ascii_case(id)),
        short_description: Message { text: cut(&summary) },
        full_description: Message { text: cut(&description) },
        help: Help { text: description.clone(), markdown: description },
        help_uri: format!("{PAGES}/{}.md", id.replace('-', "_")),
        default_configuration: Configuration { level: level.name() },
        properties: Properties {
            tags: vec!["security".to_owned(), "eks".to_owned(), area.to_owned()],
            severity: match level {
                Level::Note => "recommendation",
                Level::Warning | Level::Error => level.name(),
            },
        },
    }
}

/// `aws-auth/role-path` as `AwsAuthRolePath`.
fn name(id: &str) -> String {
    let words = id.split(['/', '-', '_']).map(|word| {
        let mut chars = word.chars();
        chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
    });
    words.collect()
}

/// The start of a text, up to the last paragraph or word that fits.
fn cut(text: &str) -> String {
    if text.chars().count() <= DESCRIPTION {
        return text.to_owned();
    }
    let part: String = text.chars().take(DESCRIPTION).collect();
    match (part.rfind("\n\n"), part.rfind(' ')) {
        (Some(end), _) => part[..end].to_owned(),
        (None, Some(end)) => format!("{}…", &part[..end]),
        (None, None) => part,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Safety;
    use crate::report::{Counts, Problem};
    use crate::source::{FileId, Source};
    use crate::workspace::Workspace;

    #[test]
    fn a_log_has_what_services_need() {
        let workspace = Workspace::new(vec![Source::new("a b/ä.yaml", "a: 😀bad\n"), Source::new("z.yaml", "x: y\n")]);
        let span = Span::new(FileId(0), 7..10);
        let mut it = Diagnostic {
            rule: "area/a-rule",
            level: Level::Note,
            span,
            message: "a [link](1) \\ here".to_owned(),
            labels: Vec::new(),
            help: None,
            fix: None,
        };
        it.label(Span::new(FileId(1), 0..1), "there").fix(Safety::Safe, "drop it", [Edit::delete(span)]);
        let shown = [it];
        let problems = [Problem { path: "/home/me/p/x.yaml".to_owned(), reason: "permission denied".to_owned() }];
        let run = Run {
            workspace: &workspace,
            shown: &shown,
            suppressed: &[],
            show_suppressed: false,
            found: Counts::of(&shown),
            problems: &problems,
            files_read: 2,
            recognised: 2,
        };
        let log: serde_json::Value = serde_json::from_str(&render(&run, "/home/me/p/")).unwrap();
        let run = &log["runs"][0];
        let result = &run["results"][0];
        assert_eq!(result["message"]["text"], "a \\[link\\](1) \\\\ here. [there](1).");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b/%C3%A4.yaml");
        assert_eq!(place["region"]["startColumn"], 6);
        assert_eq!(place["region"]["endColumn"], 9);
        assert_eq!(result["relatedLocations"][0]["id"], 1);
        assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "");
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert_eq!(run["invocations"][0]["executionSuccessful"], false);
        let notified = &run["invocations"][0]["toolExecutionNotifications"][0]["locations"][0]["physicalLocation"];
        assert_eq!(notified["artifactLocation"]["uri"], "x.yaml");
    }

    #[test]
    fn no_results_are_said_to_be_none() {
        let workspace = Workspace::new(Vec::new());
        let run = Run {
            workspace: &workspace,
            shown: &[],
            suppressed: &[],
            show_suppressed: false,
            found: Counts::default(),
            problems: &[],
            files_read: 0,
            recognised: 0,
        };
        let log: serde_json::Value = serde_json::from_str(&render(&run, "/")).unwrap();
        assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    }
}
