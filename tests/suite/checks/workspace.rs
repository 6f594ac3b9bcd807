//! The whole way: files, facts, rules, and what a person sees of it.

use ekslint::Analysis;
use ekslint::diagnostic::Diagnostic;
use ekslint::lower;
use ekslint::report::full;
use ekslint::rule::{Check, Findings};
use ekslint::rules::RULES;
use ekslint::source::Source;
use ekslint::suppress::verdict::Verdicts;
use ekslint::workspace::Workspace;

use super::{places, report};

/// What a line begins with that gives the path of the file below it.
const MARK: &[u8] = b"=== ";

/// How many files one input may have.
const MOST_FILES: usize = 4;

/// Cuts the input into files at its marks, and lints them.
pub fn check(data: &[u8]) {
    let files = files(data);
    let workspace = Analysis::of(files).snapshot(&());
    // The library turns a panic into a finding. Here it is asked for what it would catch.
    for (file, source) in workspace.files.iter() {
        lower::lower(source, file, &());
    }
    for rule in RULES {
        let mut findings = Findings::new(rule);
        match rule.check {
            Check::Files(check) => check(&workspace, &mut findings),
            Check::Suppressions(check) => check(&workspace, &Verdicts::default(), &mut findings),
            Check::Limits(check) => check(&workspace, &[], &mut findings),
        }
    }
    let found = ekslint::lint(&workspace);
    spans(&workspace, &found);
    report::gives_no_orders("full", &full::plain(&workspace, &found));
}

/// The files that an input stands for. Without a mark it is one.
pub fn files(data: &[u8]) -> Vec<Source> {
    let mut files = Vec::new();
    let mut path = "a.yaml".to_owned();
    let mut text = Vec::new();
    for line in data.split_inclusive(|it| *it == b'\n') {
        match line.strip_prefix(MARK) {
            Some(name) if files.len() + 1 < MOST_FILES => {
                let name = String::from_utf8_lossy(name).trim_end_matches('\n').to_owned();
                let last = std::mem::replace(&mut path, name);
                if !text.is_empty() {
                    files.push(Source::decode(last, &std::mem::take(&mut text)));
                }
            }
            _ => text.extend_from_slice(line),
        }
    }
    files.push(Source::decode(path, &text));
    files
}

/// Everything that is underlined or changed lies in its file, on borders of characters.
pub fn spans(workspace: &Workspace, found: &[Diagnostic]) {
    for it in found {
        let labels = it.labels.iter().map(|it| it.span);
        let edits = it.fixes.iter().flat_map(|it| &it.edits).map(|it| it.span);
        for span in [it.span].into_iter().chain(labels).chain(edits) {
            places::at(&workspace.source(span.file).text, span);
        }
    }
}
