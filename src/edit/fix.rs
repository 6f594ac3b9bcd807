//! Fixes applied until none is left: each round is read again before the next one begins.

use std::collections::HashSet;

use super::apply::{Taken, apply};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::source::{FileId, Source};
use crate::workspace::Workspace;

/// More rounds are not made: fixes that always leave something to fix would go on for ever.
const MOST_ROUNDS: usize = 10;
/// More often the files are not read. Half of the fixes of a round are given up each time one of them does not hold.
const MOST_READINGS: usize = 100;

/// What became of some files.
pub struct Fixed {
    /// The files with the fixes made, in the order of their paths.
    pub sources: Vec<Source>,
    /// How many fixes were made.
    pub applied: usize,
    /// How many rounds it took.
    pub rounds: usize,
    /// True if no wanted fix is left that holds.
    pub is_settled: bool,
}

/// What tells a finding apart from others over several rounds.
type Name = (String, &'static str, String, String);

/// Makes the fixes that are wanted. Of those that overlap the first is made, and the others wait for the next round. A fix
/// after which a file can no longer be read, or its finding is still there, is undone.
///
/// `lint` reads the files and finds what is wrong with them.
pub fn fix(
    sources: Vec<Source>,
    lint: impl Fn(Vec<Source>) -> (Workspace, Vec<Diagnostic>),
    wanted: impl Fn(&Diagnostic, &Fix) -> bool,
) -> Fixed {
    let (mut workspace, mut found) = lint(sources);
    let mut refused: HashSet<Name> = HashSet::new();
    let (mut applied, mut rounds, mut readings) = (0, 0, 0);
    let mut is_settled = false;
    while rounds < MOST_ROUNDS && readings < MOST_READINGS {
        let mut taken = Taken::default();
        let candidates = found.iter().filter_map(|it| {
            let fix = it.fixes.iter().find(|fix| wanted(it, fix) && !refused.contains(&name(&workspace, it, fix)))?;
            Some((it, fix))
        });
        let mut chosen: Vec<_> = candidates.filter(|(_, fix)| taken.add(&fix.edits)).collect();
        if chosen.is_empty() {
            is_settled = true;
            break;
        }
        rounds += 1;
        let next = loop {
            let edits: Vec<&Edit> = chosen.iter().flat_map(|(_, fix)| &fix.edits).collect();
            let (new, left) = lint(edited(&workspace, &edits));
            readings += 1;
            if holds(&workspace, &found, &new, &left, &chosen) {
                applied += chosen.len();
                break Some((new, left));
            }
            if let [(it, fix)] = chosen.as_slice() {
                refused.insert(name(&workspace, it, fix));
                rounds -= 1;
                break None;
            }
            if readings >= MOST_READINGS {
                break None;
            }
            chosen.truncate(chosen.len() / 2);
        };
        if let Some(next) = next {
            (workspace, found) = next;
        }
    }
    Fixed { sources: files(&workspace).cloned().collect(), applied, rounds, is_settled }
}

/// The files of a run, without the texts of its configuration.
fn files(workspace: &Workspace) -> impl Iterator<Item = &Source> {
    let ids = (0..workspace.sources.len() as u32).map(FileId);
    ids.filter(|it| !workspace.is_configuration(*it)).map(|it| workspace.source(it))
}

fn edited(workspace: &Workspace, edits: &[&Edit]) -> Vec<Source> {
    let sources = files(workspace).enumerate().map(|(at, source)| {
        let own: Vec<&Edit> = edits.iter().copied().filter(|it| it.span.file.0 as usize == at).collect();
        if own.is_empty() {
            return source.clone();
        }
        Source { text: apply(&source.text, own).into(), ..source.clone() }
    });
    sources.collect()
}

/// True if every finding that was to be fixed is gone, and every file can be read as far as before.
fn holds(
    before: &Workspace,
    found: &[Diagnostic],
    after: &Workspace,
    left: &[Diagnostic],
    chosen: &[(&Diagnostic, &Fix)],
) -> bool {
    let count = |all: &[Diagnostic], one: &Diagnostic| {
        all.iter()
            .filter(|it| it.rule == one.rule && it.span.file == one.span.file && it.message == one.message)
            .count()
    };
    let is_readable = after.recognised >= before.recognised
        && after.facts.broken_documents.len() <= before.facts.broken_documents.len();
    is_readable && chosen.iter().all(|(it, _)| count(left, it) < count(found, it))
}

fn name(workspace: &Workspace, finding: &Diagnostic, fix: &Fix) -> Name {
    let place = workspace.written(finding.span);
    let path = workspace.path(finding.span.file);
    (path.to_owned(), finding.rule, format!("{} {place}", finding.message), fix.title.clone())
}
