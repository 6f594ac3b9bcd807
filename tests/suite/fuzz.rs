//! The checks of the fuzz targets, over their seeds and over random changes to them. Needs no fuzzer.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::checks::{CHECKS, Check};
use crate::random;
use crate::registry::files;

/// How many changed seeds each check is tried on.
const CHANGES: u64 = 300;

/// What changes are made of, besides the seeds themselves.
const WORDS: &[&str] = &[
    "\n",
    " ",
    "\t",
    ":",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "|\n  ",
    ">-\n  ",
    "&a ",
    "*a",
    "<<: ",
    "!Ref ",
    "!Sub ",
    "${",
    "${!",
    "}",
    "{{",
    "}}",
    "#",
    "%",
    "\\",
    "\\u0041",
    "\\ud83d\\ude00",
    "é",
    "😀",
    "\u{FEFF}",
    "\u{FFFC}",
    "\r\n",
    "\r",
    "\x0C",
    "=",
    "null",
    "arn:",
    "::",
    "/",
    "*",
    "?",
    "---\n",
    "...\n",
    "\n=== b.yaml\n",
    "${A}",
    "${X}",
    "\u{0}",
    "\x1B",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn seeds(check: &Check) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = root().join("fuzz/seeds").join(check.name);
    files(&folder).into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

fn check(name: &str) -> &'static Check {
    CHECKS.iter().find(|it| it.name == name).unwrap()
}

#[test]
fn every_check_has_a_target_and_seeds() {
    let named: BTreeSet<String> = CHECKS.iter().map(|it| it.name.to_owned()).collect();
    for (folder, end) in [("fuzz/fuzz_targets", ".rs"), ("fuzz/seeds", "")] {
        let found = files(&root().join(folder)).into_iter();
        let found = found.map(|it| it.file_name().unwrap().to_str().unwrap().trim_end_matches(end).to_owned());
        assert_eq!(found.collect::<BTreeSet<_>>(), named, "{folder}");
    }
}

/// Over each seed, and then over random changes to them.
fn holds(name: &str) {
    let check = check(name);
    let seeds = seeds(check);
    // A failure has to say for which input.
    let run = |data: &[u8], what: &dyn Fn() -> String| {
        let result = std::panic::catch_unwind(|| (check.run)(data));
        assert!(result.is_ok(), "{}", what());
    };
    for (path, seed) in &seeds {
        run(seed, &|| path.display().to_string());
    }
    random::holds(CHANGES, |u| {
        let mut data = u.choose(&seeds)?.1.clone();
        for _ in 0..u.int_in_range(1..=4)? {
            let at = u.int_in_range(0..=data.len())?;
            let end = u.int_in_range(at..=data.len())?.min(at + 200);
            match u.int_in_range(0..=5)? {
                0 => drop(data.drain(at..end)),
                1 => data.truncate(at),
                2 => drop(data.splice(at..at, data[at..end].to_vec())),
                3 => {
                    let other = &u.choose(&seeds)?.1;
                    let from = u.int_in_range(0..=other.len())?;
                    let part = other[from..].iter().copied().take(200);
                    drop(data.splice(at..at, part.collect::<Vec<_>>()));
                }
                _ => drop(data.splice(at..at, u.choose(WORDS)?.bytes())),
            }
        }
        // What a change has cut in two is not text, and most checks would pass over it.
        let takes_bytes = matches!(name, "report" | "workspace");
        let data = if takes_bytes { data } else { String::from_utf8_lossy(&data).into_owned().into_bytes() };
        run(&data, &|| format!("{:?}", String::from_utf8_lossy(&data)));
        Ok(())
    });
}

#[test]
fn trees_of_any_text() {
    holds("tree");
}

#[test]
fn any_text_with_and_without_the_library() {
    holds("quick");
}

#[test]
fn documents_in_strings_of_any_text() {
    holds("embedded");
}

#[test]
fn substitutions_of_any_text() {
    holds("sub");
}

#[test]
fn arns_of_any_text() {
    holds("arn");
}

#[test]
fn policies_of_any_text() {
    holds("policy");
}

#[test]
fn workspaces_of_any_bytes() {
    holds("workspace");
}

#[test]
fn reports_of_any_bytes() {
    holds("report");
}

#[test]
fn ignore_files_and_indexes_of_any_bytes() {
    holds("ignored");
}

#[test]
fn configurations_of_any_text() {
    holds("config");
}
