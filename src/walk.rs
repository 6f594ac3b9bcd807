//! Paths into sources: what the user named, and what lies in the folders that the user named.
//!
//! The result depends on the files alone, not on the order of the arguments or on how many threads read.

mod fill;
mod folder;
pub mod ignored;
pub mod inside;
pub mod kinds;
pub mod nothing;
pub mod past;
mod paths;
mod reader;
pub mod referred;
mod request;
#[cfg(test)]
pub mod scratch;
pub mod search;
pub mod seen;
pub mod survey;

use std::fs;
use std::sync::atomic::AtomicUsize;

pub use fill::{LIMIT, fill};
pub use paths::reason;
pub use reader::{NOTHING, Walk};
pub use request::{Passed, Request, is_stdin};

use ekslint::Analysis;
use ekslint::analysis::Texts;
use ekslint::collections::HashSet;
use ekslint::config::Globs;
use ekslint::stage::{Observer, Stage};
use reader::{ReadWith, Reader};
use request::Named;

/// Reads everything into facts for an analysis, which is then to take them. `count` goes up with each file, for somebody who waits.
pub fn walk(
    request: &Request,
    analysis: &Analysis,
    texts: Texts,
    observer: &impl Observer,
    count: &AtomicUsize,
) -> Walk {
    let reading = analysis.reading(texts, observer);
    observer.stage(Stage::Read, || walk_with(request, &|it| reading.read(it), count))
}

fn walk_with(request: &Request, read: &ReadWith<'_>, count: &AtomicUsize) -> Walk {
    request.exclude.iter().for_each(Globs::count_anew);
    let mut reader = Reader::new(request, read, count);
    if request.wants_stdin() {
        reader.stdin(&request.stdin_name);
    }
    let Named { typed, listed, folders, problems, passed } = Named::of(request);
    reader.batch.problems.extend(problems);
    reader.batch.passed.extend(passed);
    reader.files(&typed, true);
    reader.files(&listed, false);
    let mut walked = HashSet::default();
    for (shown, path) in &folders {
        // A folder may be named in many ways, and is walked once.
        if fs::canonicalize(path).is_ok_and(|it| !walked.insert(it)) {
            continue;
        }
        reader.folder(shown, path);
    }
    reader.links();
    // What a list names may have taken it.
    reader.batch.problems.extend(reader::too_much(request));
    if reader.batch.files.iter().any(|it| request.composites.may_refer(it.2.source())) {
        referred::read(&mut reader, &folders);
    }
    reader.finish()
}
