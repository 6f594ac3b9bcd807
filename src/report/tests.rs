//! What files can hold, and what no report may make of it.

use std::time::{Duration, Instant};

use super::*;
use crate::analysis::Analysis;
use crate::diagnostic::{Certainty, Edit, Fix, Safety};
use crate::diagnostic::{Level, Suppression};
use crate::source::Source;

/// Where pages are hosted, in these tests.
const PAGES: &str = "https://pages.example/";

type Render = fn(&Run) -> String;

const FORMATS: [(&str, Render); 13] = [
    ("full", |run| {
        let style = full::Style::PLAIN;
        full::plain(run.inventory, run.shown) + &full::suppressed(run.inventory, run.shown_suppressed(), style)
    }),
    ("concise", concise::render),
    ("grouped", grouped::render),
    ("json", json::render),
    ("json-lines", json::render_lines),
    ("sarif", sarif::render),
    ("github", github::render),
    ("gitlab", gitlab::render),
    ("junit", junit::render),
    ("checkstyle", checkstyle::render),
    ("rdjson", rdjson::render),
    ("azure", azure::render),
    ("markdown", markdown::render),
];

/// What a name or a value may hold, and why somebody would write it.
const NASTY: [(&str, &str); 16] = [
    ("a\n::error file=x::y", "a command of GitHub on a line of its own"),
    ("a\r::error::y", "the same behind a carriage return"),
    ("::error::x", "the same at the start"),
    ("  ::set-output name=x::y", "the same behind spaces, which GitHub's runner skips"),
    ("b ##[error]x", "a command of GitHub's runner in the middle of a line"),
    ("c ##vso[task.setvariable variable=x]y", "a command of Azure Pipelines"),
    ("d ##VSO[task.complete result=Failed;]", "the same in capitals"),
    ("e;type=warning;]f%3Bg%0Ah%25,i:j", "the ends and escapes of commands"),
    ("f\x1B[31mred\x1B]0;title\x07", "orders to a terminal"),
    ("g\u{202E}txt\u{200B}\u{9B}31m", "what disguises its neighbours"),
    ("h ]]> --> <![CDATA[", "the ends of sections in XML"),
    ("<script>alert(1)</script>&amp;\"'", "markup"),
    ("i | j \\| k", "a border of a table"),
    ("l` **m** [n](javascript:o) ![p](https://q/r.png) `s", "Markdown"),
    ("@team #1 https://evil.example www.evil.example <b@evil.example>", "people, issues and links to services"),
    ("t\u{FFFD}\u{FFFE}\u{FFFF}\u{0}\u{8}u", "what was not UTF-8, and what XML cannot hold"),
];

fn diagnostic(level: Level, span: Span, message: &str) -> Diagnostic {
    Diagnostic {
        rule: "area/rule",
        level,
        certainty: Certainty::Certain,
        span,
        message: message.to_owned(),
        labels: Vec::new(),
        help: None,
        fixes: Vec::new(),
        build: None,
    }
}

/// Reports about a file of this name, with the value in all places where a finding has words, and in the file.
fn reports(name: &str, value: &str) -> Vec<(&'static str, String)> {
    let text = format!("# {value}\nkey: {value}\n");
    let workspace =
        Analysis::of(vec![Source::new(name, text.as_str()), Source::new(format!("{name}2"), "a: b\n")]).snapshot(&());
    let start = text.find("key").unwrap() as u32;
    let here = Span::new(FileId::new(0), start..start + 3);
    let there = Span::new(FileId::new(1), 0..1);
    let long = "word ".repeat(18);
    let shown = [Level::Error, Level::Warning, Level::Note].map(|level| {
        let mut it = diagnostic(level, here, &format!("role `{value}` and {value}"));
        it.label(here, format!("{value} is here")).label(there, value).help(format!("{long}{value}"));
        it.fixes.push(Fix::new(value, Safety::Safe, [Edit::new(here, value)]));
        it
    });
    let problems = [Problem { path: format!("{name}3"), reason: value.to_owned() }];
    let how = Suppression::InSource { reason: Some(value.to_owned()) };
    let suppressed = [Suppressed { finding: shown[0].clone(), how }];
    let run =
        Run { problems: &problems, suppressed: &suppressed, show_suppressed: true, ..Run::of(&workspace, &shown) };
    let run = Run { docs_url: Some(PAGES), ..run };
    FORMATS.iter().map(|(format, render)| (*format, render(&run))).collect()
}

fn report(format: &str, name: &str, value: &str) -> String {
    reports(name, value).into_iter().find(|it| it.0 == format).unwrap().1
}

#[test]
fn nothing_in_a_file_gives_orders() {
    for (nasty, reason) in NASTY {
        for (format, text) in reports(nasty, nasty) {
            for line in text.lines() {
                let say = || format!("{format}, {reason}: {line:?}");
                assert!(!line.chars().any(|c| visible::hidden(c) && c != '\t'), "{}", say());
                let is_ours = match format {
                    "github" => ["::error ", "::warning ", "::notice "].iter().any(|it| line.starts_with(it)),
                    "azure" => line.starts_with("##vso[task.logissue type="),
                    _ => false,
                };
                let rest = if is_ours { &line[2..] } else { line };
                assert!(!rest.trim_start().starts_with("::"), "{}", say());
                let lower = rest.to_lowercase();
                assert!(!lower.contains("##[") && !lower.contains("##vso["), "{}", say());
            }
        }
    }
}

/// A value with a backquote in it ends the code that it stands in.
#[test]
fn what_follows_a_backquote_is_no_markup() {
    let value = "R`@octocat ![x](http://e) #12 <b> ";
    let markdown = report("markdown", "a.yaml", value);
    let rdjson: serde_json::Value = serde_json::from_str(&report("rdjson", "a.yaml", value)).unwrap();
    for item in rdjson["diagnostics"].as_array().unwrap().iter().skip(1) {
        let message = item["message"].as_str().unwrap();
        assert!(message.contains("`@`octocat !\\[x\\](http://e) `#`12 \\<b\\>"), "{message}");
    }
    assert!(markdown.contains("<code>&#64;</code>octocat") && markdown.contains("<code>&#35;</code>12"), "{markdown}");
    assert!(!markdown.contains("&#96;&#64;"), "{markdown}");
}

#[test]
fn nothing_in_a_file_is_markdown() {
    for (nasty, reason) in NASTY {
        let text = report("markdown", nasty, nasty);
        for row in text.lines().filter(|it| it.starts_with('|')) {
            assert_eq!(row.matches('|').count(), 5, "{reason}: {row}");
        }
        let theirs = text.replace(&format!("({PAGES}"), "(");
        for word in ["<script", "**", "](java", "![", "@", "www.", "<b@", "://", "&amp;"] {
            assert!(!theirs.contains(word), "{reason}: {word} in {text}");
        }
    }
}

#[test]
fn a_command_has_one_line_for_each_finding() {
    for (nasty, reason) in NASTY {
        for (format, text) in reports(nasty, nasty) {
            let expected = match format {
                // A problem, an error, a warning, a note.
                "github" | "azure" => 4,
                // Three findings, and one that is suppressed.
                "concise" => 4,
                // And a problem and a summary.
                "json-lines" => 6,
                _ => continue,
            };
            assert_eq!(text.lines().count(), expected, "{format}, {reason}: {text}");
        }
    }
}

#[test]
fn what_is_read_back_is_what_was_meant() {
    for (nasty, reason) in NASTY {
        for (format, text) in reports(nasty, nasty) {
            let path = match format {
                "json" => "/findings/0/path",
                "json-lines" => "/fix/title",
                "gitlab" => "/0/location/path",
                "rdjson" => "/diagnostics/1/suggestions/0/text",
                "sarif" => "/runs/0/results/0/fixes/0/artifactChanges/0/replacements/0/insertedContent/text",
                _ => continue,
            };
            let text = if format == "json-lines" { text.lines().next().unwrap() } else { &text };
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(value.pointer(path).unwrap(), nasty, "{format}, {reason}");
        }
    }
}

/// As the runner's `ActionCommand.TryParseV2` takes commands apart.
#[test]
fn a_command_of_github_is_read_as_it_was_meant() {
    for (nasty, reason) in NASTY {
        let text = report("github", nasty, "value");
        let line = text.lines().nth(1).unwrap();
        let (head, data) = line[2..].split_once("::").unwrap();
        let (command, properties) = head.split_once(' ').unwrap();
        let properties: Vec<(&str, &str)> = properties.split(',').map(|it| it.split_once('=').unwrap()).collect();
        assert_eq!(command, "error", "{reason}");
        let names: Vec<&str> = properties.iter().map(|it| it.0).collect();
        assert_eq!(names, ["file", "line", "endLine", "col", "endColumn", "title"], "{reason}: {line}");
        let file = properties[0].1.replace("%2C", ",").replace("%3A", ":").replace("%25", "%");
        assert_eq!(file, visible(nasty), "{reason}");
        assert!(data.contains("%0Avalue is here%0A"), "{data}");
    }
}

/// As the agent takes commands apart: up to the first `]`, then at each `;`.
#[test]
fn a_command_of_azure_is_read_as_it_was_meant() {
    for (nasty, reason) in NASTY {
        let text = report("azure", nasty, "value");
        let (head, data) = text.lines().nth(1).unwrap().split_once(']').unwrap();
        let properties = head.strip_prefix("##vso[task.logissue ").unwrap();
        let properties: Vec<(&str, &str)> =
            properties.split_terminator(';').map(|it| it.split_once('=').unwrap()).collect();
        let names: Vec<&str> = properties.iter().map(|it| it.0).collect();
        assert_eq!(names, ["type", "sourcepath", "linenumber", "columnnumber", "code"], "{reason}: {head}");
        let path = properties[1].1.replace("%3B", ";").replace("%5D", "]").replace("%AZP25", "%");
        assert_eq!(path, visible(nasty), "{reason}");
        assert!(data.contains("role `value` and value%3B value is here%3B "), "{data}");
    }
}

#[test]
fn long_messages_are_cut_where_github_would_cut_them() {
    let cut = cut_utf16(&"é😀".repeat(3000), 4096);
    assert!((4090..=4096).contains(&cut.encode_utf16().count()), "{}", cut.encode_utf16().count());
    assert!(cut.ends_with(" … (cut: the rest is in the other reports)"), "{}", cut.len());
    assert_eq!(cut_utf16("short", 4096), "short");
}

#[test]
fn annotations_that_are_not_shown_are_counted() {
    let workspace = Analysis::of(vec![Source::new("a.yaml", "a: b\n")]).snapshot(&());
    let many = vec![diagnostic(Level::Error, Span::new(FileId::new(0), 0..1), "m"); 12];
    for (count, expected) in [(10, false), (12, true)] {
        let run = Run::of(&workspace, &many[..count]);
        for text in [github::render(&run), azure::render(&run)] {
            let last = text.lines().last().unwrap();
            assert_eq!(last.starts_with("ekslint: ") && last.contains(" 10 of 12 errors "), expected, "{last}");
        }
    }
}

#[test]
fn a_summary_says_what_does_not_fit_into_it() {
    let workspace = Analysis::of(vec![Source::new("a.yaml", "a: b\n")]).snapshot(&());
    let many = vec![diagnostic(Level::Error, Span::new(FileId::new(0), 0..1), &"m".repeat(1000)); 2000];
    let text = markdown::render(&Run::of(&workspace, &many));
    assert!(text.len() < 1 << 20, "{}", text.len());
    let rows = text.lines().filter(|it| it.starts_with("| error")).count();
    assert!(text.contains(&format!("\n{} more findings are not in this table", 2000 - rows)), "{rows} rows");
}

#[test]
fn a_summary_folds_what_is_suppressed() {
    let workspace = Analysis::of(vec![Source::new("a.yaml", "a: b\n")]).snapshot(&());
    let finding = diagnostic(Level::Error, Span::new(FileId::new(0), 0..1), "m");
    let suppressed = [
        Suppressed { finding: finding.clone(), how: Suppression::InSource { reason: Some("`x` moves".to_owned()) } },
        Suppressed { finding, how: Suppression::InSource { reason: None } },
    ];
    let run = Run { suppressed: &suppressed, ..Run::of(&workspace, &[]) };
    assert!(!markdown::render(&run).contains("| error"), "only if it is asked for");
    let text = markdown::render(&Run { show_suppressed: true, ..run });
    let (_, folded) = text.split_once("<details><summary>2 suppressed</summary>\n\n| |").unwrap();
    let (rows, rest) = folded.split_once("\n\n</details>\n").unwrap();
    assert!(rows.contains("| m<br>suppressed: <code>x</code> moves |"), "{text}");
    assert!(rows.contains("| m<br>suppressed: no reason is given |"), "{text}");
    assert_eq!(rest, "");
}

/// What reads these formats makes an alarm of all that is in them.
#[test]
fn services_without_a_word_for_it_do_not_hear_of_what_is_suppressed() {
    let workspace = Analysis::of(vec![Source::new("a.yaml", "a: b\n")]).snapshot(&());
    let finding = diagnostic(Level::Error, Span::new(FileId::new(0), 0..1), "m");
    let how = Suppression::InSource { reason: None };
    let suppressed = [Suppressed { finding, how }];
    let none = Run::of(&workspace, &[]);
    let run = Run { suppressed: &suppressed, show_suppressed: true, ..none };
    for (format, render) in FORMATS {
        let is_left_out = ["github", "gitlab", "checkstyle", "rdjson", "azure"].contains(&format);
        assert_eq!(render(&run) == render(&none), is_left_out, "{format}");
    }
}

/// In a file of many lines, and in one of a single line.
#[test]
fn thousands_of_findings_are_written_at_once() {
    for separator in ["\n", " "] {
        let text = format!("x: [{separator}{}]\n", format!("{{role: é}},{separator}").repeat(5_000));
        let workspace = Analysis::of(vec![Source::new("a.yaml", text.as_str())]).snapshot(&());
        let at = |start: usize| Span::new(FileId::new(0), start as u32..start as u32 + 4);
        let found = text.match_indices("role").map(|(start, _)| diagnostic(Level::Error, at(start), "a message"));
        let shown: Vec<Diagnostic> = found.collect();
        let run = Run::of(&workspace, &shown);
        for (format, render) in FORMATS {
            let started = Instant::now();
            assert!(!render(&run).is_empty(), "{format}");
            // Quadratic work takes minutes; this holds without optimisation, on a busy machine.
            let taken = started.elapsed();
            assert!(taken < Duration::from_secs(30), "{format}: {taken:?}");
        }
    }
}

/// The other party keeps its place in every format.
#[test]
fn other_places_are_named() {
    let workspace = Analysis::of(vec![
        Source::new("a,b.yaml", "role: shop\nname: shop\n"),
        Source::new("infra/role.yaml", "a: b\nsub: é, checkout\n"),
    ])
    .snapshot(&());
    let span = |file, needle: &str| {
        let start = workspace.source(FileId::new(file)).text.find(needle).unwrap() as u32;
        Span::new(FileId::new(file), start..start + needle.len() as u32)
    };
    let mut finding = diagnostic(Level::Error, span(0, "shop"), "not trusted");
    finding.label(span(0, "shop"), "by this role").label(span(0, "name"), "seen");
    finding.label(span(1, "checkout"), "the role trusts this").label(span(1, "sub"), "seen").help("trust it");
    let mut note = diagnostic(Level::Note, span(0, "name"), "alone");
    note.label(span(0, "name"), "here");
    let shown = [finding, note];
    let run = Run::of(&workspace, &shown);
    let expected = [
        ("concise", "a,b.yaml:1:7: error[area/rule] not trusted (see a,b.yaml:2)\n"),
        ("concise", "a,b.yaml:2:1: note[area/rule] alone\n"),
        ("grouped", "  1:7  error    area/rule  not trusted (see a,b.yaml:2)\n"),
        ("markdown", "| not trusted (see <code>a,b&#46;yaml&#58;2</code>)<br>trust it |"),
        ("github", "::not trusted%0Aby this role%0Aseen (a,b.yaml:2:1, infra/role.yaml:2:1)%0A"),
        ("github", "%0Athe role trusts this (infra/role.yaml:2:9)%0Atrust it\n"),
        (
            "gitlab",
            "not trusted\\nby this role\\nseen (a,b.yaml:2:1, infra/role.yaml:2:1)\\nthe role trusts this (infra/role.yaml:2:9)",
        ),
        (
            "azure",
            "]not trusted; by this role; seen (a,b.yaml:2:1, infra/role.yaml:2:1); the role trusts this (infra/role.yaml:2:9)",
        ),
        (
            "junit",
            "not trusted&#10;by this role&#10;seen (a,b.yaml:2:1, infra/role.yaml:2:1)&#10;the role trusts this (infra/role.yaml:2:9)",
        ),
        (
            "checkstyle",
            "not trusted; by this role; seen (a,b.yaml:2:1, infra/role.yaml:2:1); the role trusts this (infra/role.yaml:2:9)",
        ),
        ("rdjson", "the role trusts this (infra/role.yaml:2:9)"),
    ];
    for (format, words) in expected {
        let text = FORMATS.iter().find(|it| it.0 == format).unwrap().1(&run);
        // Azure escapes what ends a command.
        let text = text.replace("%3B", ";");
        assert!(text.contains(words), "{format} has no {words:?}:\n{text}");
    }
}

#[test]
fn places_that_share_words_are_counted() {
    let text = "a: b\n".repeat(1_000);
    let workspace = Analysis::of(vec![Source::new("a.yaml", text)]).snapshot(&());
    let mut it = diagnostic(Level::Error, Span::new(FileId::new(0), 0..1), "duplicate");
    for line in 1..1_000 {
        it.label(Span::new(FileId::new(0), line * 5..line * 5 + 1), "also here");
    }
    let lines = statements(&Run::of(&workspace, &[]), &Places::new(&workspace), &it);
    let places = "a.yaml:2:1, a.yaml:3:1, a.yaml:4:1, a.yaml:5:1, a.yaml:6:1";
    assert_eq!(lines, ["duplicate".to_owned(), format!("also here ({places} and 994 more)")]);
}
