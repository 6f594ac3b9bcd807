//! `--show-files`: what would be read, what it was taken for, and why something is passed over.

use std::collections::HashSet;
use std::sync::atomic::AtomicUsize;

use ekslint::analysis::Texts;
use ekslint::lower::{self, Contents};
use ekslint::report::{Problem, visible, visible_path};
use ekslint::source::Source;

use super::options::{Check, Prepared};
use super::output::Target;
use super::streams::{Failure, complain};
use crate::walk::kinds::UNSUPPORTED;
use crate::walk::{self, NOTHING, Passed};

/// A file, or something that is passed over.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    path: String,
    /// What the documents in it were taken for.
    kinds: Vec<&'static str>,
    /// Why it is passed over, or what else is to be said of it.
    reason: Option<String>,
}

/// Shows the files, and says the exit code.
pub fn show(options: &Check, targets: &[Target], prepared: &Prepared) -> Result<u8, Failure> {
    let target = options.output.list_target(targets)?;
    let mut analysis = prepared.analysis();
    let walked = walk::walk(&prepared.request, &analysis, Texts::All, &(), &AtomicUsize::default());
    walked.notices.iter().for_each(|it| complain(it));
    let is_empty = walked.nothing && prepared.request.wants_folder();
    if is_empty || walked.nothing && walked.unsupported.is_empty() {
        complain(&options.nothing(&prepared.request));
    }
    let is_whole = walked.problems.is_empty() && (!is_empty || options.allow_empty());
    analysis.add(walked.files);
    let mut entries: Vec<Entry> = analysis.contents().into_iter().map(|(source, it)| entry(&source, it)).collect();
    let passed = walked.passed.into_iter().map(|Passed { path, reason }| (path, reason));
    let problems = walked.problems.into_iter().map(|Problem { path, reason }| (path, reason));
    // What is passed over in a folder may be named besides.
    let read: HashSet<String> = entries.iter().map(|it| it.path.clone()).collect();
    let unsupported = walked.unsupported.into_iter().map(|path| (path, UNSUPPORTED.to_owned()));
    let others = passed.chain(problems).chain(unsupported).filter(|(path, _)| !read.contains(path));
    entries.extend(others.map(|(path, reason)| Entry { path, kinds: Vec::new(), reason: Some(reason) }));
    entries.sort();
    let text = if target.is_json() { json(&entries) } else { entries.iter().map(line).collect() };
    target.write(&text)?;
    Ok(if is_whole { 0 } else { 2 })
}

fn entry(source: &Source, Contents { kinds, broken }: Contents) -> Entry {
    let reason = match broken {
        Some(it) if it.is_template => Some("looks like the input of a template engine".to_owned()),
        Some(it) => Some(it.message),
        // One that was typed is read all the same, and nothing comes of it.
        None if kinds.is_empty() && !lower::matters(source.text.as_bytes()) => Some(NOTHING.to_owned()),
        None if kinds.is_empty() => Some("no kind of document that ekslint knows".to_owned()),
        None => None,
    };
    Entry { path: source.path.to_string(), kinds, reason }
}

fn line(entry: &Entry) -> String {
    let kinds = (!entry.kinds.is_empty()).then(|| entry.kinds.join(", "));
    let said: Vec<String> = kinds.into_iter().chain(entry.reason.clone()).collect();
    format!("{}: {}\n", visible_path(&entry.path), visible(&said.join("; ")))
}

fn json(entries: &[Entry]) -> String {
    let entries = entries
        .iter()
        .map(|it| serde_json::json!({ "path": it.path, "kinds": it.kinds, "reason": it.reason }))
        .collect::<Vec<_>>();
    format!("{:#}\n", serde_json::Value::from(entries))
}
