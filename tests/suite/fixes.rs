//! Every fix leaves a file that parses, ends its finding and makes no new ones. In every spelling.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use ekslint::Analysis;
use ekslint::diagnostic::{Diagnostic, Edit, Fix, Level, Safety};
use ekslint::edit::{self, EditSet};
use ekslint::source::{FileId, Source};
use ekslint::workspace::Workspace;

use crate::pages::{lint, pages, workspace};
use crate::random;
use crate::registry::root;
use crate::spellings::{Files, SPELLINGS};

fn read(files: &Files) -> Workspace {
    Analysis::of(files.iter().map(|(path, text)| Source::new(path.clone(), text.as_str())).collect()).snapshot(&())
}

fn texts(workspace: &Workspace) -> Vec<Source> {
    workspace.files.iter().map(|(_, it)| it.clone()).collect()
}

fn apply<'e>(workspace: &Workspace, edits: impl IntoIterator<Item = &'e Edit>) -> Workspace {
    let mut by_file: HashMap<FileId, Vec<&Edit>> = HashMap::new();
    edits.into_iter().for_each(|it| by_file.entry(it.span.file).or_default().push(it));
    let sources = workspace.files.iter().map(|(file, source)| {
        let own = by_file.remove(&file).unwrap_or_default();
        Source { text: edit::apply(&source.text, own).into(), ..source.clone() }
    });
    Analysis::of(sources.collect()).snapshot(&())
}

fn relint(sources: Vec<Source>) -> (Workspace, Vec<Diagnostic>) {
    let workspace = Analysis::of(sources).snapshot(&());
    let found = lint(&workspace);
    (workspace, found)
}

fn weight(found: &[Diagnostic]) -> usize {
    found.iter().filter(|it| it.level > Level::Note).count()
}

/// How many findings say the same: a value with two faults may have the other one left.
fn count(found: &[Diagnostic], one: &Diagnostic) -> usize {
    found.iter().filter(|it| (it.rule, &it.message) == (one.rule, &one.message)).count()
}

/// What cannot be read: documents with errors, and JSON that only YAML takes.
fn unreadable(workspace: &Workspace) -> usize {
    let is_bad =
        |it: &&Source| it.path.ends_with(".json") && serde_json::from_str::<serde::de::IgnoredAny>(&it.text).is_err();
    workspace.facts.broken_documents.len() + workspace.files.iter().map(|it| it.1).filter(is_bad).count()
}

#[test]
fn fixes_end_their_findings_in_every_spelling() {
    let mut wrong = Vec::new();
    let mut tried: BTreeMap<&str, usize> = BTreeMap::new();
    for (rule, page) in pages() {
        for example in &page.fails {
            for spelling in &SPELLINGS {
                let Some(files) = (spelling.write)(&example.files) else { continue };
                let before = read(&files);
                let found = lint(&before);
                let own = found.iter().filter(|it| it.rule == rule.id);
                for (one, fix) in own.flat_map(|it| it.fixes.iter().map(move |fix| (it, fix))) {
                    *tried.entry(spelling.name).or_default() += 1;
                    let place = format!("{}: `{}` in `{}`, {}", rule.id, fix.title, example.name, spelling.name);
                    let after = apply(&before, &fix.edits);
                    let left = lint(&after);
                    if unreadable(&after) > unreadable(&before) || after.recognised < before.recognised {
                        wrong.push(format!("{place}, breaks the file: {:?}", fix.edits));
                    } else if count(&left, one) >= count(&found, one) {
                        wrong.push(format!("{place}, does not end it: {:?}", fix.edits));
                    } else if weight(&left) > weight(&found) {
                        wrong.push(format!("{place}, makes new findings: {left:?}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried:?}\n{}", wrong.len(), wrong.join("\n"));
    let all: usize = tried.values().sum();
    assert!(all > 1_000 && SPELLINGS.iter().all(|it| tried.get(it.name).is_some_and(|it| *it > 10)), "{tried:?}");
}

#[test]
fn all_fixes_of_a_file_hold_together_in_every_spelling() {
    let mut wrong = Vec::new();
    for (rule, page) in pages() {
        for example in &page.fails {
            for spelling in &SPELLINGS {
                let Some(files) = (spelling.write)(&example.files) else { continue };
                let before = read(&files);
                let (old, sources) = (unreadable(&before), texts(&before));
                let fixed = edit::fix(sources, relint, |_, _| true);
                let after = Analysis::of(fixed.sources).snapshot(&());
                if !fixed.is_settled || unreadable(&after) > old || after.recognised < before.recognised {
                    wrong
                        .push(format!("{} in `{}`, {}: {} rounds", rule.id, example.name, spelling.name, fixed.rounds));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Files that belong together, from the examples, from `testdata` and from the folders that `FIXES_OVER` names.
fn trees() -> Vec<Files> {
    let mut trees: Vec<Files> = Vec::new();
    for (_, page) in pages() {
        trees.extend(page.fails.iter().chain(&page.passes).map(|it| it.files.clone()));
    }
    let mut folders: Vec<PathBuf> = vec![root().join("../testdata/environments"), root().join("../testdata/shop")];
    let more = std::env::var_os("FIXES_OVER").unwrap_or_default();
    folders.extend(std::env::split_paths(&more).filter(|it| it.is_dir()).flat_map(|it| below(&it, false)));
    for folder in folders {
        let files = below(&folder, true).into_iter().filter_map(|path| {
            let text = fs::read_to_string(&path).ok()?;
            Some((path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned(), text))
        });
        trees.push(files.collect());
    }
    trees
}

/// The files below a folder, or the folders in it.
fn below(folder: &Path, files: bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()) {
        match entry.is_dir() {
            true if files => found.extend(below(&entry, true)),
            true => found.push(entry),
            false => found.extend(Some(entry).filter(|_| files)),
        }
    }
    found.sort();
    found
}

#[test]
fn any_fixes_in_any_order_leave_files_that_can_be_read() {
    let trees: Vec<_> = trees()
        .into_iter()
        .map(|files| {
            let workspace = read(&files);
            let found = lint(&workspace);
            (workspace, found)
        })
        .filter(|(_, found)| found.iter().any(|it| !it.fixes.is_empty()))
        .collect();
    assert!(trees.len() > 100);
    random::holds(600, |random| {
        let (before, found) = &trees[random.choose_index(trees.len())?];
        if random.ratio(1, 12)? {
            // Any choice of them comes to an end.
            let keeps: u8 = random.arbitrary()?;
            let fixed =
                edit::fix(texts(before), relint, |it, _| !it.message.len().is_multiple_of(2 + usize::from(keeps % 5)));
            assert!(fixed.is_settled, "{:?}", before.files.iter().map(|(_, it)| &it.path).collect::<Vec<_>>());
            return Ok(());
        }
        let mut fixes: Vec<&Fix> = found.iter().flat_map(|it| &it.fixes).collect();
        fixes.retain(|_| random.arbitrary::<u8>().unwrap_or(0) % 3 != 0);
        // A shuffle: each changes places with one of those before it.
        for at in 1..fixes.len() {
            fixes.swap(at, random.int_in_range(0..=at)?);
        }
        let mut taken = EditSet::default();
        fixes.retain(|it| taken.add(&it.edits));
        let edits: Vec<&Edit> = fixes.iter().flat_map(|it| &it.edits).collect();
        let after = apply(before, edits.iter().copied());
        assert!(unreadable(&after) <= unreadable(before), "{edits:?}");
        for ((file, old), (_, new)) in before.files.iter().zip(after.files.iter()) {
            let own = edits.iter().filter(|it| it.span.file == file);
            assert_eq!(without_edits(&old.text, &new.text, own.copied()), Ok(()), "{}", old.path);
        }
        Ok(())
    });
}

/// Checks that a new text is the old one outside of the edits.
fn without_edits<'e>(old: &str, new: &str, edits: impl Iterator<Item = &'e Edit>) -> Result<(), String> {
    let mut edits: Vec<_> = edits.collect();
    edits.sort_by_key(|it| it.span.start);
    let (mut old, mut new, mut at) = (old, new, 0);
    for edit in edits {
        let (kept, rest) = old.split_at(edit.span.start as usize - at);
        new = new.strip_prefix(kept).ok_or_else(|| format!("before {edit:?}"))?;
        new = new.strip_prefix(edit.replacement.as_str()).ok_or_else(|| format!("at {edit:?}"))?;
        old = &rest[edit.span.range().len()..];
        at = edit.span.end as usize;
    }
    if old == new { Ok(()) } else { Err("after the last edit".to_owned()) }
}

/// Edits of one fix stand in order, and apart. The text of each is text.
#[test]
fn edits_of_a_fix_are_in_order_and_apart() {
    for (rule, page) in pages() {
        for example in &page.fails {
            let workspace = workspace(example);
            for fix in lint(&workspace).iter().flat_map(|it| &it.fixes) {
                let apart = |it: &[Edit]| it[0].span.file != it[1].span.file || it[0].span.end < it[1].span.start;
                assert!(!fix.edits.is_empty() && fix.edits.windows(2).all(apart), "{}: {fix:?}", rule.id);
            }
        }
    }
}

/// What a fix grants is looked at by a person: a change of this list is a decision.
#[test]
fn every_fix_is_of_the_class_that_was_decided() {
    let mut classes: BTreeMap<String, Vec<Safety>> = BTreeMap::new();
    for (rule, page) in pages() {
        for example in &page.fails {
            let workspace = workspace(example);
            for fix in lint(&workspace).iter().filter(|it| it.rule == rule.id).flat_map(|it| &it.fixes) {
                // What stands in backquotes is the example's own.
                let title: Vec<_> = fix.title.split('`').step_by(2).collect();
                let all = classes.entry(format!("{} {:?}", rule.id, title.join("…"))).or_default();
                all.push(fix.safety);
                all.sort_unstable();
                all.dedup();
            }
        }
    }
    let line = |(rule, classes): (&String, &Vec<Safety>)| {
        format!("{rule}: {}\n", classes.iter().map(|it| it.name()).collect::<Vec<_>>().join(", "))
    };
    let now: String = classes.iter().map(line).collect();
    let path = root().join("../tests/suite/fix_classes.txt");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &now).unwrap();
    }
    let decided = fs::read_to_string(&path).unwrap_or_default().replace('\r', "");
    assert_eq!(now, decided, "`BLESS=1 cargo test` writes the list: read what changed as a reviewer of security would");
}

/// Every place that a finding names lies in its file, on borders of characters.
#[test]
fn places_lie_in_their_files() {
    for (rule, page) in pages() {
        for example in page.fails.iter().chain(&page.passes) {
            let workspace = workspace(example);
            for found in lint(&workspace) {
                let labels = found.labels.iter().map(|it| it.span);
                let edits = found.fixes.iter().flat_map(|it| &it.edits).map(|it| it.span);
                for span in [found.span].into_iter().chain(labels).chain(edits) {
                    let text = &workspace.source(span.file).text;
                    assert!(text.get(span.range()).is_some(), "{} in `{}`: {span:?}", rule.id, example.name);
                }
            }
        }
    }
}
