//! From what rules ask for to the edits of their findings.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::apply::Taken;
use super::change::Change;
use super::draft::Draft;
use super::layers::{Reading, strings};
use super::model::{self, Effects};
use super::strings::Splice;
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::rule::{Finding, Proposal};
use crate::source::FileId;
use crate::workspace::Workspace;

/// How often a file is read again to verify its fixes. What could not be verified by then is dropped.
const MOST_READINGS: usize = 32;

/// Turns what rules ask for into edits. Where no proposal can be written, or comes out as meant, the advice of the finding
/// becomes its help, or else the title of the first proposal.
pub fn write_fixes(workspace: &Workspace, findings: Vec<Finding>) -> Vec<Diagnostic> {
    let written = Written::new(workspace, &findings);
    let finish = |(at, finding): (usize, Finding)| {
        let Finding { mut diagnostic, proposals, advice } = finding;
        let mut dropped = advice;
        for (number, Proposal { title, safety, changes: _ }) in proposals.into_iter().enumerate() {
            match written.edits(at, number) {
                Some(edits) => diagnostic.fixes.push(Fix { title, safety, edits }),
                None => drop(dropped.get_or_insert(title)),
            }
        }
        if diagnostic.fixes.is_empty() && diagnostic.help.is_none() {
            diagnostic.help = dropped;
        }
        // A help line that says what the fix shows is noise.
        let is_shown = |help: &String| diagnostic.fixes.iter().any(|it| it.title == *help);
        diagnostic.help = diagnostic.help.take().filter(|it| !is_shown(it));
        diagnostic
    };
    findings.into_iter().enumerate().map(finish).collect()
}

/// Which proposal of which finding.
type Key = (usize, usize);

/// What became of the proposals.
struct Written {
    /// The edits in each file that a proposal changes; `None` if one of them cannot be made.
    parts: HashMap<Key, Vec<Option<Vec<Edit>>>>,
}

impl Written {
    fn new(workspace: &Workspace, findings: &[Finding]) -> Self {
        let mut by_file: BTreeMap<FileId, Vec<(Key, Vec<&Change>)>> = BTreeMap::new();
        for (at, finding) in findings.iter().enumerate() {
            for (number, proposal) in finding.proposals.iter().enumerate() {
                let mut files: BTreeMap<FileId, Vec<&Change>> = BTreeMap::new();
                proposal.changes.iter().for_each(|it| files.entry(it.file()).or_default().push(it));
                for (file, changes) in files {
                    by_file.entry(file).or_default().push(((at, number), changes));
                }
            }
        }
        let mut strings_of: HashMap<FileId, Vec<_>> = HashMap::new();
        for (text, hint) in strings(&workspace.facts) {
            let file = text.whole().file;
            if by_file.contains_key(&file) {
                strings_of.entry(file).or_default().push((text, hint));
            }
        }
        let files: Vec<_> = by_file.into_iter().collect();
        let written = files.par_iter().flat_map_iter(|(file, wanted)| {
            let strings = strings_of.get(file).into_iter().flatten().copied();
            let reading = Reading::new(workspace.source(*file), *file, strings);
            write_file(&reading, wanted)
        });
        let written: Vec<_> = written.collect();
        let mut parts: HashMap<Key, Vec<_>> = HashMap::new();
        written.into_iter().for_each(|(key, edits)| parts.entry(key).or_default().push(edits));
        Self { parts }
    }

    fn edits(&self, finding: usize, number: usize) -> Option<Vec<Edit>> {
        let parts = self.parts.get(&(finding, number))?;
        let edits: Option<Vec<_>> = parts.iter().cloned().collect();
        Some(edits?.into_iter().flatten().collect())
    }
}

/// The edits of each proposal in one file, as far as it can be written there.
fn write_file(reading: &Reading, wanted: &[(Key, Vec<&Change>)]) -> Vec<(Key, Option<Vec<Edit>>)> {
    let mut drafts: Vec<_> = wanted.iter().map(|(_, changes)| Draft::new(reading, changes)).collect();
    verify(reading, &mut drafts);
    wanted.iter().zip(drafts).map(|((key, _), draft)| (*key, draft.map(|it| it.edits))).collect()
}

/// Drops the drafts that do not come out as meant. Those that do not touch are tried together, so that a file is read
/// again a few times and not once for each; where they do not hold together, halves of them are tried.
fn verify(reading: &Reading, drafts: &mut [Option<Draft>]) {
    let mut left = MOST_READINGS;
    let mut waiting: Vec<usize> = (0..drafts.len()).filter(|at| drafts[*at].is_some()).collect();
    // Several findings may ask for the same change.
    let mut first_of: HashMap<Vec<(u32, u32, String)>, usize> = HashMap::new();
    let mut same_as: Vec<(usize, usize)> = Vec::new();
    waiting.retain(|at| {
        let key = |it: &Edit| (it.span.start, it.span.end, it.replacement.clone());
        let edits = drafts[*at].iter().flat_map(|it| it.edits.iter().map(key)).collect();
        let first = *first_of.entry(edits).or_insert(*at);
        if first != *at {
            same_as.push((*at, first));
        }
        first == *at
    });
    waiting.sort_by_key(|at| drafts[*at].as_ref().and_then(|it| it.edits.first()).map(|it| it.span));
    while !waiting.is_empty() {
        let mut taken = Taken::default();
        let (batch, rest): (Vec<_>, Vec<_>) =
            waiting.iter().partition(|at| drafts[**at].as_ref().is_some_and(|it| taken.add(&it.edits)));
        waiting = rest;
        let mut groups = vec![batch];
        while let Some(group) = groups.pop() {
            let members: Vec<&Draft> = group.iter().filter_map(|at| drafts[*at].as_ref()).collect();
            if left > 0 && holds(reading, &members) {
                left -= 1;
                continue;
            }
            left = left.saturating_sub(1);
            match group.len() {
                0 => {}
                1 => drafts[group[0]] = None,
                count if left > 0 => {
                    let (a, b) = group.split_at(count / 2);
                    groups.push(b.to_vec());
                    groups.push(a.to_vec());
                }
                _ => group.iter().for_each(|at| drafts[*at] = None),
            }
        }
    }
    for (at, first) in same_as {
        if drafts[first].is_none() {
            drafts[at] = None;
        }
    }
}

/// True if every layer that changes is read as what is asked for.
pub(super) fn holds(reading: &Reading, drafts: &[&Draft]) -> bool {
    let mut layers: BTreeMap<usize, (Vec<Splice>, Effects)> = BTreeMap::new();
    for (layer, part) in drafts.iter().flat_map(|it| &it.layers) {
        let (splices, effects) = layers.entry(*layer).or_default();
        splices.extend(part.splices.iter().cloned());
        for (id, effect) in &part.effects {
            effects.entry(*id).or_default().push(effect.clone());
        }
    }
    layers.into_iter().all(|(layer, (mut splices, effects))| {
        splices.sort_by_key(|it| (it.range.start, it.range.end));
        let in_order = splices.windows(2).all(|it| it[0].range.end <= it[1].range.start);
        in_order && model::holds(reading.layer(layer), &splices, &effects)
    })
}
