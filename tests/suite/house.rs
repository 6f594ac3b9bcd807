//! The house rules that a program can check.

use std::fs;
use std::path::{Path, PathBuf};

/// Lines that a file may have and still be read in one sitting.
const MOST_LINES: usize = 600;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in crate::registry::files(folder) {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
}

fn all() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["src", "rules", "tests", "benches", "fuzz/src", "fuzz/fuzz_targets"] {
        sources(&root.join(folder), &mut paths);
    }
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(root).unwrap().to_owned(), text)
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn every_file_says_what_it_is() {
    for (path, text) in all() {
        assert!(text.starts_with("//! "), "{} does not begin with `//! `", path.display());
    }
}

#[test]
fn files_can_be_read_in_one_sitting() {
    for (path, text) in all() {
        let lines = text.lines().count();
        assert!(lines <= MOST_LINES || path.ends_with("rules/mod.rs"), "{}: {lines} lines", path.display());
    }
}

#[test]
fn only_the_edge_touches_the_world() {
    let edge = ["src/walk.rs", "src/cli.rs", "src/main.rs"];
    for (path, text) in all() {
        let inside = path.starts_with("src") || path.starts_with("rules");
        if !inside
            || edge.iter().any(|it| path == Path::new(it))
            || path.starts_with("src/walk")
            || path.starts_with("src/cli")
        {
            continue;
        }
        for word in ["std::fs", "std::env::var", "std::process", "std::net"] {
            assert!(!text.contains(word), "{} uses {word}", path.display());
        }
    }
}

/// The library has no clock: whoever wants to know how long a stage takes watches it from outside.
#[test]
fn only_the_edge_has_a_clock() {
    for (path, text) in all() {
        let is_inside = path.starts_with("src") || path.starts_with("rules");
        let is_test = path.components().any(|it| it.as_os_str() == "tests") || path.ends_with("tests.rs");
        if !is_inside || is_test || path.starts_with("src/cli") || path.starts_with("src/cli.rs") {
            continue;
        }
        for word in ["Instant", "SystemTime"] {
            assert!(!text.contains(word), "{} uses {word}", path.display());
        }
    }
}

#[test]
fn only_the_readers_know_a_parser() {
    for (path, text) in all() {
        if !path.starts_with("src/syntax") && !path.starts_with("src/syntax.rs") && !path.starts_with("tests") {
            assert!(!text.contains("granit_parser"), "{} names the parser", path.display());
        }
    }
}

/// Rules read facts: neither trees nor formats.
#[test]
fn rules_know_no_formats() {
    for (path, text) in all() {
        if !path.starts_with("rules") {
            continue;
        }
        for word in ["crate::syntax", "crate::lower", "crate::report"] {
            assert!(!text.contains(word), "{} uses {word}", path.display());
        }
    }
}

/// Rules say what is to change, and the edit layer writes it: no rule makes an edit of bytes.
#[test]
fn rules_write_no_bytes() {
    for (path, text) in all().into_iter().filter(|(path, _)| path.starts_with("rules")) {
        for word in ["Edit", "Fix::", "Fix {", "replacement"] {
            assert!(!text.contains(word), "{} uses `{word}`", path.display());
        }
    }
}

/// Nothing in the engine names a rule.
#[test]
fn the_engine_names_no_rule() {
    for (path, text) in all() {
        let is_test = path.components().any(|it| it.as_os_str() == "tests") || path.ends_with("tests.rs");
        if !path.starts_with("src") || is_test {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for rule in ekslint::rules::RULES {
            assert!(!code.contains(&format!("\"{}\"", rule.id)), "{} names {}", path.display(), rule.id);
        }
    }
}
