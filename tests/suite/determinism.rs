//! The same bytes out for the same bytes in: whatever the number of threads, the order of the arguments, and the order in
//! which a file system lists its files.

use std::path::Path;

use crate::cli::Folder;
use crate::pages::pages;

/// Every example of every page, each in a folder of its own, and the test data.
fn files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for (rule, page) in pages() {
        for (at, example) in page.fails.into_iter().chain(page.passes).enumerate() {
            let folder = format!("{}/{at}", rule.id);
            files.extend(example.files.into_iter().map(|(path, text)| (format!("{folder}/{path}"), text)));
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open = vec![root.join("testdata")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(crate::registry::files(&path));
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    files
}

/// Formats as the program lists them, so that none is forgotten here.
fn formats(folder: &Folder) -> Vec<String> {
    let refused = folder.run(["check", "--output-format", "?"]).stderr;
    let list = refused.split("there are ").nth(1).and_then(|it| it.lines().next()).unwrap();
    list.split(", ").map(str::to_owned).collect()
}

/// A new order that looks like none, the same on every run.
fn shuffled<T>(mut all: Vec<T>, seed: u64) -> Vec<T> {
    let mut state = seed;
    for at in (1..all.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        all.swap(at, (state >> 33) as usize % (at + 1));
    }
    all
}

#[test]
fn the_same_bytes_for_any_threads_and_any_order() {
    let files = files();
    let folders: Vec<Folder> = [1, 2]
        .into_iter()
        .map(|seed| {
            let folder = Folder::new();
            for (path, text) in shuffled(files.clone(), seed) {
                folder.file(path, text);
            }
            folder
        })
        .collect();
    let mut areas: Vec<&str> = files.iter().filter_map(|(path, _)| path.split('/').next()).collect();
    areas.sort_unstable();
    areas.dedup();
    for (round, format) in formats(&folders[0]).iter().enumerate() {
        let run = |folder: &Folder, threads: usize, paths: &[&str]| {
            let threads = threads.to_string();
            let args = ["check", "--level", "note", "--threads", &threads, "--output-format", format];
            let run = folder.run(args.iter().chain(paths));
            assert_eq!(run.code, Some(1), "{}", run.stderr);
            run.stdout
        };
        let first = run(&folders[0], 1, &areas);
        assert!(first.len() > 10_000, "{format}: {}", first.len());
        // Each format sees other numbers of threads; together they see nearly all.
        for threads in [2 + round * 2 % 15, 16 - round * 2 % 15] {
            let paths = shuffled(areas.clone(), threads as u64);
            let again = run(&folders[(threads + round) % 2], threads, &paths);
            assert!(again == first, "{format} with {threads} threads in order {paths:?}");
        }
    }
}
