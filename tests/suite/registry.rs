//! The table of rules is what is in the folder `rules`: this test writes it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// The rules in the folder: area to names, as the files spell them. The area of a rule at the top is empty.
pub fn folder() -> BTreeMap<String, Vec<String>> {
    let mut areas: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add = |area: &str, folder: &Path| {
        for path in files(folder) {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if path.extension().is_some_and(|it| it == "rs") && name != "mod" {
                areas.entry(area.to_owned()).or_default().push(name);
            }
        }
    };
    add("", &root());
    for path in files(&root()).into_iter().filter(|it| it.is_dir()) {
        add(path.file_name().unwrap().to_str().unwrap(), &path);
    }
    areas
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Writes a file of the project anew if it is not what it should be, and fails then.
pub fn hold(path: &Path, wanted: &str) {
    if fs::read_to_string(path).unwrap_or_default() != wanted {
        fs::write(path, wanted).unwrap();
        panic!("{} was out of date and has been written anew: run the tests again, and commit it", path.display());
    }
}

/// Each former id means one rule, and is no name of today.
#[test]
fn former_ids_are_of_one_rule() {
    let rules = ekslint::rules::RULES.iter().map(|it| it.id);
    let today: Vec<&str> = ekslint::selector::areas().chain(rules).chain(["all"]).collect();
    let mistakes = ekslint::former::mistakes(ekslint::rules::FORMER_IDS, &today);
    assert!(mistakes.is_empty(), "{mistakes:?}");
}

#[test]
fn the_table_of_rules_is_the_folder() {
    let areas = folder();
    let mut table = String::from(
        "//! The table of rules. Written by `cargo test` from the files in this folder: do not edit.\n\nuse crate::diagnostic::Certainty;\nuse crate::rule::{Check, Rule};\n\n",
    );
    for (area, names) in &areas {
        if area.is_empty() {
            continue;
        }
        writeln!(table, "pub mod {area} {{").unwrap();
        for name in names {
            writeln!(table, "    pub mod {name};").unwrap();
        }
        table.push_str("}\n");
    }
    for name in areas.get("").into_iter().flatten() {
        writeln!(table, "pub mod {name};").unwrap();
    }
    table.push_str("\n/// Every rule, in the order of the ids.\n#[rustfmt::skip]\npub static RULES: &[Rule] = &[\n");
    let mut rows = Vec::new();
    let mut former = String::new();
    for (area, names) in &areas {
        for name in names {
            let (path, module) = match area.as_str() {
                "" => (name.clone(), name.clone()),
                area => (format!("{area}/{name}"), format!("{area}::{name}")),
            };
            let id = path.replace('_', "-");
            let code = fs::read_to_string(root().join(format!("{path}.rs"))).unwrap();
            let about = match () {
                () if code.contains("verdicts: &Verdicts") => "Suppressions",
                () if code.contains("cuts: &[Cut]") => "Limits",
                () => "Files",
            };
            if code.contains("pub const FORMER_IDS: ") {
                writeln!(former, "    (\"{id}\", {module}::FORMER_IDS),").unwrap();
            }
            let certainty = match code.contains("pub const CERTAINTY: ") {
                true => format!("{module}::CERTAINTY"),
                false => "Certainty::Certain".to_owned(),
            };
            rows.push(format!(
                "    Rule {{ id: \"{id}\", level: {module}::LEVEL, certainty: {certainty}, check: Check::{about}({module}::check), page: include_str!(\"{path}.md\") }},\n"
            ));
        }
    }
    rows.sort();
    table.push_str(&rows.concat());
    table.push_str("];\n\n/// The ids that rules had before: see [`crate::former`].\n");
    match former.is_empty() {
        true => table.push_str("pub static FORMER_IDS: &crate::rule::FormerIds = &[];\n"),
        false => writeln!(table, "#[rustfmt::skip]\npub static FORMER_IDS: &crate::rule::FormerIds = &[\n{former}];")
            .unwrap(),
    }
    hold(&root().join("mod.rs"), &table);
}
