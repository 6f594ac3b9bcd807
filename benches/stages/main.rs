//! How fast each stage of a run is, on generated repositories of 10, 1,000 and 100,000 files.
//!
//! `cargo bench` prints how many files, or bytes, a stage gets through in a second. If the stage is linear, that is the
//! same for each size. `once STAGE COUNT [KIND]` does the stages up to one of them a single time, for `instructions.sh`;
//! `write FOLDER COUNT [KIND]` writes the files, so that other programs can be tried on them. KIND is a kind of
//! workspace in `dense.rs`, and COUNT how many of it; without it, COUNT files of a repository are generated. `kinds` lists
//! the kinds with the counts that the growth gate starts from.

#![allow(clippy::print_stderr, clippy::print_stdout)]

mod controllers;
mod dense;
mod generated;

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use ekslint::Analysis;
use ekslint::diagnostic::Diagnostic;
use ekslint::facts::Facts;
use ekslint::lower;
use ekslint::report::{self, Run};
use ekslint::source::{FileId, Files, Source, Text, UnitId};
use ekslint::syntax::{self, Hint, Parsed};
use ekslint::workspace::Workspace;

use dense::{KINDS, Kind};

const SIZES: [usize; 3] = [10, 1_000, 100_000];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["once", stage, count, kind @ ..] => return once(stage, files(count, kind)),
        ["write", folder, count, kind @ ..] => {
            write(Path::new(folder), files(count, kind));
            return;
        }
        ["kinds"] => return KINDS.iter().for_each(|it| println!("{it} {}", it.count)),
        _ => {}
    }
    divan::main();
    for size in SIZES {
        // Only the whole runs make a folder.
        let _ = fs::remove_dir_all(folder(size));
    }
}

/// The files that the command line asks for.
fn files(count: &str, kind: &[&str]) -> dense::Files {
    let count = count.parse().expect("the count is a number");
    let kind = KINDS.iter().find(|it| kind.first().is_none_or(|name| it.name == *name));
    (kind.expect("there is such a kind of workspace").files)(count)
}

/// Does each stage up to this one a single time.
fn once(last: &str, all: dense::Files) {
    if last == "generate" {
        return drop(black_box(all));
    }
    let kept = all.into_iter().filter(|(_, text)| lower::matters(text.as_bytes()));
    let mut sources: Vec<_> = kept.map(|(path, text)| Source::new(path, text)).collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    if last == "filter" {
        return drop(black_box(sources));
    }
    let parsed = parse_all(&sources);
    if last == "parse" {
        return drop(black_box(parsed));
    }
    let facts = lower_all(parsed);
    if last == "lower" {
        return drop(black_box(facts));
    }
    let workspace = link_all(sources, facts);
    if last == "link" {
        return drop(black_box(workspace));
    }
    let found = ekslint::lint(&workspace);
    if last == "rules" {
        return drop(black_box(found));
    }
    black_box(report(last, &workspace, &found));
}

/// Each document that is parsed, with its file and its place there.
type Documents = Vec<(FileId, u32, Parsed)>;

fn parse_all(sources: &[Source]) -> Vec<Documents> {
    let texts = sources.iter().enumerate();
    let parse_one = |(at, source): (usize, &Source)| {
        let file = FileId::new(at as u32);
        let documents = lower::documents(&Text::of_file(file, source.text.clone()));
        let parse = |(place, text): (u32, Text)| (file, place, syntax::parse(&text, lower::hint(source)));
        documents.into_iter().map(parse).collect()
    };
    texts.map(parse_one).collect()
}

fn lower_all(files: Vec<Documents>) -> Vec<Facts> {
    let lower_one = |documents: Documents| {
        let mut facts = Facts::default();
        for (file, place, parsed) in documents {
            for tree in &parsed.documents {
                lower::lower_document(tree.root(), UnitId { file, document: place + tree.index() }, &mut facts);
            }
        }
        facts
    };
    files.into_iter().map(lower_one).collect()
}

fn link_all(sources: Vec<Source>, facts: Vec<Facts>) -> Workspace {
    let files = Files::new((0..).map(FileId::new).zip(sources.into_iter().map(Arc::new)));
    Workspace::link(files, facts.into_iter().map(Arc::new).collect(), Default::default(), None)
}

const FORMATS: [&str; 13] = [
    "full",
    "concise",
    "grouped",
    "json",
    "json-lines",
    "sarif",
    "github",
    "gitlab",
    "azure",
    "junit",
    "checkstyle",
    "rdjson",
    "markdown",
];

fn report(format: &str, workspace: &Workspace, found: &[Diagnostic]) -> String {
    let run = Run::of(workspace, found);
    match format {
        "full" => report::full::plain(workspace, found),
        "concise" => report::concise::render(&run),
        "grouped" => report::grouped::render(&run),
        "json" => report::json::render(&run),
        "json-lines" => report::json::render_lines(&run),
        "sarif" => report::sarif::render(&run),
        "github" => report::github::render(&run),
        "gitlab" => report::gitlab::render(&run),
        "azure" => report::azure::render(&run),
        "junit" => report::junit::render(&run),
        "checkstyle" => report::checkstyle::render(&run),
        "rdjson" => report::rdjson::render(&run),
        "markdown" => report::markdown::render(&run),
        other => panic!("there is no format `{other}`"),
    }
}

/// The sources of this many files, sorted.
fn sorted(count: usize) -> Vec<Source> {
    let mut sources = generated::sources(count);
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

fn bytes(sources: &[Source]) -> usize {
    sources.iter().map(|it| it.text.len()).sum()
}

/// Putting aside what cannot matter.
#[divan::bench(args = SIZES, max_time = 3)]
fn filter(bencher: Bencher, count: usize) {
    let files: Vec<_> = generated::files(count).map(|(_, text)| text).collect();
    let bytes: usize = files.iter().map(String::len).sum();
    let counted = bencher.counter(ItemsCount::new(count)).counter(BytesCount::new(bytes));
    counted.bench_local(|| files.iter().filter(|it| lower::matters(it.as_bytes())).count());
}

fn parse(bencher: Bencher, count: usize, hint: Hint) {
    let mut sources = generated::sources(count);
    sources.retain(|it| lower::hint(it) == hint);
    let counted = bencher.counter(ItemsCount::new(sources.len())).counter(BytesCount::new(bytes(&sources)));
    counted.bench_local(|| parse_all(&sources));
}

#[divan::bench(args = SIZES, max_time = 3)]
fn parse_yaml(bencher: Bencher, count: usize) {
    parse(bencher, count, Hint::Yaml);
}

/// Ten files hold no JSON that matters.
#[divan::bench(args = [100, 1_000, 100_000], max_time = 3)]
fn parse_json(bencher: Bencher, count: usize) {
    parse(bencher, count, Hint::Json);
}

#[divan::bench(args = SIZES, max_time = 3)]
fn lower(bencher: Bencher, count: usize) {
    let sources = sorted(count);
    let counted = bencher.counter(ItemsCount::new(sources.len()));
    counted.with_inputs(|| parse_all(&sources)).bench_local_values(lower_all);
}

#[divan::bench(args = SIZES, max_time = 3)]
fn link(bencher: Bencher, count: usize) {
    let sources = sorted(count);
    let counted = bencher.counter(ItemsCount::new(sources.len()));
    let inputs = counted.with_inputs(|| (sources.clone(), lower_all(parse_all(&sources))));
    inputs.bench_local_values(|(sources, facts)| link_all(sources, facts));
}

#[divan::bench(args = SIZES, max_time = 3)]
fn rules(bencher: Bencher, count: usize) {
    let workspace = Analysis::of(generated::sources(count)).snapshot(&());
    let counted = bencher.counter(ItemsCount::new(workspace.files.len()));
    counted.bench_local(|| ekslint::lint(&workspace));
}

/// Counted in findings, notes among them.
#[divan::bench(args = FORMATS, consts = [1_000, 100_000], max_time = 2)]
fn report_as<const COUNT: usize>(bencher: Bencher, format: &str) {
    let workspace = Analysis::of(generated::sources(COUNT)).snapshot(&());
    let found = ekslint::lint(&workspace);
    assert!(found.len() >= COUNT / 500, "there is something to report");
    bencher.counter(ItemsCount::new(found.len())).bench_local(|| report(format, &workspace, &found));
}

/// Files in memory through all stages.
#[divan::bench(args = SIZES, max_time = 3)]
fn in_memory(bencher: Bencher, count: usize) {
    let files: Vec<_> = generated::files(count).collect();
    bencher.counter(ItemsCount::new(count)).bench_local(|| {
        let kept = files.iter().filter(|(_, text)| lower::matters(text.as_bytes()));
        let sources = kept.map(|(path, text)| Source::new(path.as_str(), text.as_str())).collect();
        let workspace = Analysis::of(sources).snapshot(&());
        let found = ekslint::lint(&workspace);
        report("concise", &workspace, &found).len()
    });
}

/// All stages on one of a kind of workspace and on four times as much.
#[divan::bench(args = KINDS, consts = [1, 4], max_time = 1)]
fn dense_workspace<const TIMES: usize>(bencher: Bencher, kind: &Kind) {
    let files = (kind.files)(TIMES * kind.count);
    let sources: Vec<_> = files.into_iter().map(|(path, text)| Source::new(path, text)).collect();
    bencher.counter(ItemsCount::new(TIMES * kind.count)).bench_local(|| {
        let workspace = Analysis::of(sources.clone()).snapshot(&());
        ekslint::lint(&workspace)
    });
}

/// The program itself, with its start and its walk, in a folder.
#[divan::bench(args = SIZES, max_time = 5)]
fn whole_run(bencher: Bencher, count: usize) {
    let folder = folder(count);
    let bytes = write(&folder, generated::files(count));
    bencher.counter(ItemsCount::new(count)).counter(BytesCount::new(bytes)).bench_local(|| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ekslint"));
        command.args(["check", "--output-format", "concise"]).current_dir(&folder).stdout(Stdio::null());
        let status = command.status().expect("the program starts");
        assert!(matches!(status.code(), Some(0 | 1)), "{status}");
    });
}

fn folder(count: usize) -> PathBuf {
    std::env::temp_dir().join(format!("ekslint-bench-{}-{count}", std::process::id()))
}

/// Writes files; says how many bytes they are.
fn write(folder: &Path, files: impl IntoIterator<Item = (String, String)>) -> usize {
    let write_one = |(path, text): (String, String)| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder can be made");
        fs::write(path, &text).expect("the file can be written");
        text.len()
    };
    files.into_iter().map(write_one).sum()
}
