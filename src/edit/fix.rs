//! Fixes applied until none is left: each round is read again before the next one begins.

use super::apply::{EditSet, apply};
use crate::collections::{HashMap, HashSet};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::source::{FileId, Source};
use crate::workspace::Workspace;

/// Maximum rounds: fixes that trigger each other would loop forever.
const MOST_ROUNDS: usize = 10;
/// Maximum times that the files are read again.
const MOST_READINGS: usize = 200;

/// The files after their fixes.
pub struct Fixed {
    /// In the order of their paths.
    pub sources: Vec<Source>,
    /// How many fixes were applied.
    pub applied: usize,
    /// How many rounds it took.
    pub rounds: usize,
    /// True if no wanted fix is left that holds.
    pub is_settled: bool,
}

/// What tells a fix apart from others over several rounds: the file, the rule, the message with what is underlined, the
/// title.
type Name = (String, &'static str, String, String);

/// A finding and the fix that was chosen for it.
type Chosen<'f> = (&'f Diagnostic, &'f Fix);

/// Applies the wanted fixes. Of those that overlap the first is applied, and the others wait for the next round. A fix after
/// which a file no longer parses, or its finding is still reported, is undone.
///
/// `lint` reads the files and returns their findings.
pub fn fix(
    sources: Vec<Source>,
    lint: impl Fn(Vec<Source>) -> (Workspace, Vec<Diagnostic>),
    wanted: impl Fn(&Diagnostic, &Fix) -> bool,
) -> Fixed {
    let (mut workspace, mut found) = lint(sources);
    let mut refused: HashSet<Name> = HashSet::default();
    let (mut applied, mut rounds, mut readings) = (0, 0, 0);
    let mut is_settled = false;
    while rounds < MOST_ROUNDS && readings < MOST_READINGS {
        let mut taken = EditSet::default();
        let candidates = found.iter().filter_map(|it| {
            let fix = it.fixes.iter().find(|fix| wanted(it, fix) && !refused.contains(&name(&workspace, it, fix)))?;
            Some((it, fix))
        });
        let chosen: Vec<Chosen<'_>> = candidates.filter(|(_, fix)| taken.add(&fix.edits)).collect();
        if chosen.is_empty() {
            is_settled = true;
            break;
        }
        rounds += 1;
        // Those that hold together. A group that does not is split, and its halves are tried on top of what holds.
        let mut held: Vec<Chosen<'_>> = Vec::new();
        let mut outcome = None;
        let mut groups = vec![chosen];
        while let Some(group) = groups.pop() {
            if readings >= MOST_READINGS {
                break;
            }
            let together: Vec<_> = held.iter().chain(&group).copied().collect();
            let after = lint(edited(&workspace, &together));
            readings += 1;
            if holds(&workspace, &found, &after.0, &after.1, &together) {
                (held, outcome) = (together, Some(after));
            } else if let [(it, fix)] = group.as_slice() {
                refused.insert(name(&workspace, it, fix));
            } else {
                let (a, b) = group.split_at(group.len() / 2);
                groups.push(b.to_vec());
                groups.push(a.to_vec());
            }
        }
        applied += held.len();
        if let Some(after) = outcome {
            (workspace, found) = after;
        }
    }
    Fixed { sources: files(&workspace).map(|(_, it)| it.clone()).collect(), applied, rounds, is_settled }
}

/// The files of a run, without the texts of its configuration.
fn files(workspace: &Workspace) -> impl Iterator<Item = (FileId, &Source)> {
    workspace.files.iter().filter(|(file, _)| !workspace.environments().is_configuration(*file))
}

fn edited(workspace: &Workspace, chosen: &[Chosen<'_>]) -> Vec<Source> {
    let mut edits: HashMap<FileId, Vec<&Edit>> = HashMap::default();
    for edit in chosen.iter().flat_map(|(_, fix)| &fix.edits) {
        edits.entry(edit.span.file).or_default().push(edit);
    }
    let sources = files(workspace).map(|(file, source)| match edits.remove(&file) {
        Some(own) => Source { text: apply(&source.text, own).into(), ..source.clone() },
        None => source.clone(),
    });
    sources.collect()
}

/// True if every finding that was to be fixed is gone, and every file parses as far as before.
fn holds(
    before: &Workspace,
    found: &[Diagnostic],
    after: &Workspace,
    left: &[Diagnostic],
    chosen: &[Chosen<'_>],
) -> bool {
    let broken = |workspace: &Workspace| {
        let mut counts: HashMap<FileId, usize> = HashMap::default();
        workspace.facts.broken_documents.iter().for_each(|it| *counts.entry(it.span.file).or_default() += 1);
        counts
    };
    let old = broken(before);
    let parses = broken(after).iter().all(|(file, count)| old.get(file).is_some_and(|it| count <= it));
    fn counts(all: &[Diagnostic]) -> HashMap<(FileId, &str, &str), usize> {
        let mut counts = HashMap::default();
        all.iter().for_each(|it| *counts.entry((it.span.file, it.rule, it.message.as_str())).or_default() += 1);
        counts
    }
    let (found, left) = (counts(found), counts(left));
    let is_gone = |(it, _): &Chosen<'_>| {
        let key = (it.span.file, it.rule, it.message.as_str());
        left.get(&key).unwrap_or(&0) < found.get(&key).unwrap_or(&0)
    };
    parses && after.recognised >= before.recognised && chosen.iter().all(is_gone)
}

fn name(workspace: &Workspace, finding: &Diagnostic, fix: &Fix) -> Name {
    let place = workspace.written(finding.span);
    let path = workspace.path(finding.span.file);
    (path.to_owned(), finding.rule, format!("{} {place}", finding.message), fix.title.clone())
}
