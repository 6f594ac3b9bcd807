//! Each library that ekslint depends on stands in CONTRIBUTING.md, with the reason why.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The names of the libraries in the tables of a manifest whose title ends like this.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut is_list = false;
    for line in manifest.lines() {
        if let Some(title) = line.strip_prefix('[') {
            is_list = title.trim_end_matches(']').ends_with("dependencies");
        } else if let (true, Some((name, _))) = (is_list, line.split_once('=')) {
            names.insert(name.trim().to_owned());
        }
    }
    names
}

#[test]
fn each_library_stands_in_the_table_with_its_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap();
    let page = read("CONTRIBUTING.md");
    let section = page.split("\n## Libraries\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let mut named = BTreeSet::new();
    for row in section.lines().filter(|it| it.starts_with("| `")) {
        let [_, crates, reason, _] = row.split('|').collect::<Vec<_>>()[..] else { panic!("{row}") };
        assert!(reason.trim().len() > 20, "no reason: {row}");
        named.extend(crates.split('`').skip(1).step_by(2).map(str::to_owned));
    }
    assert_eq!(dependencies(&read("Cargo.toml")), named, "Cargo.toml, and the table in CONTRIBUTING.md");
}
