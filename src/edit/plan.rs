//! From what rules ask for to the edits of their findings.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::apply::EditSet;
use super::change::Change;
use super::draft::{Draft, Obstacle};
use super::layers::{NodeId, Reading, strings};
use super::model::{self, Effects};
use super::strings::Splice;
use crate::collections::{HashMap, HashSet};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::rule::{Finding, Proposal};
use crate::source::FileId;
use crate::workspace::Workspace;

/// Bytes that are parsed again to verify the fixes of one file: so many, and so many for each of its own. What could not
/// be verified by then is dropped, from the end of the file.
const VERIFIED: usize = 4 << 20;
const VERIFIED_OF_BYTE: usize = 16;

/// Turns what rules ask for into edits. Where no proposal can be written, or comes out as meant, the advice of the finding
/// becomes its help, or else the title of the first proposal.
///
/// Returns the findings in their order, and the files on which ekslint itself failed: their findings have no fixes.
pub fn write_fixes(workspace: &Workspace, findings: Vec<Finding>) -> (Vec<Diagnostic>, Vec<FileId>) {
    let written = Edits::new(workspace, &findings);
    let finish = |(at, finding): (usize, Finding)| {
        let Finding { mut diagnostic, proposals, advice } = finding;
        let mut obstacle = None;
        let title = proposals.first().map(|it| it.title.clone());
        for (number, Proposal { title, safety, changes: _ }) in proposals.into_iter().enumerate() {
            match written.edits(at, number) {
                Ok(edits) => diagnostic.fixes.push(Fix { title, safety, edits }),
                Err(why) => obstacle = obstacle.or(why),
            }
        }
        if diagnostic.fixes.is_empty() && diagnostic.help.is_none() {
            diagnostic.help = obstacle.or(advice).or(title);
        }
        // A help line that says what the fix shows is noise.
        let is_shown = |help: &String| diagnostic.fixes.iter().any(|it| it.title == *help);
        diagnostic.help = diagnostic.help.take().filter(|it| !is_shown(it));
        diagnostic
    };
    (findings.into_iter().enumerate().map(finish).collect(), written.failed)
}

/// Findings of one file beyond this number say in words what to do: fixes of a file are all tried out together.
const MOST_FIXED: usize = 5_000;

/// Which proposal of which finding.
type Key = (usize, usize);

/// The edits of a proposal.
type Written = Result<Vec<Edit>, Obstacle>;

/// Edits of the proposals.
struct Edits {
    /// The edits in each file that a proposal changes, or why one of them cannot be made.
    parts: HashMap<Key, Vec<Written>>,
    /// Files on which ekslint itself failed.
    failed: Vec<FileId>,
}

impl Edits {
    fn new(workspace: &Workspace, findings: &[Finding]) -> Self {
        let mut by_file: HashMap<FileId, Vec<(Key, Vec<&Change>)>> = HashMap::default();
        let mut counts: HashMap<FileId, usize> = HashMap::default();
        for (at, finding) in findings.iter().enumerate() {
            let count = counts.entry(finding.diagnostic.span.file).or_default();
            *count += usize::from(!finding.proposals.is_empty());
            if *count > MOST_FIXED {
                continue;
            }
            for (number, proposal) in finding.proposals.iter().enumerate() {
                let mut files: HashMap<FileId, Vec<&Change>> = HashMap::default();
                proposal.changes.iter().for_each(|it| files.entry(it.file()).or_default().push(it));
                for (file, changes) in files {
                    by_file.entry(file).or_default().push(((at, number), changes));
                }
            }
        }
        let mut strings_of: HashMap<FileId, Vec<_>> = HashMap::default();
        for (text, hint) in strings(&workspace.facts) {
            let file = text.whole().file;
            if by_file.contains_key(&file) {
                strings_of.entry(file).or_default().push((text, hint));
            }
        }
        let mut files: Vec<_> = by_file.into_iter().collect();
        files.sort_by_key(|(file, _)| workspace.files.rank(*file));
        let written = files.par_iter().map(|(file, wanted)| {
            let strings = strings_of.get(file).into_iter().flatten().copied();
            let write = || write_file(&Reading::new(workspace.source(*file), *file, strings), wanted);
            // What panics costs the fixes of its file, and nothing else.
            let keys = || wanted.iter().map(|it| it.0).collect::<Vec<_>>();
            catch_unwind(AssertUnwindSafe(write)).map_err(|_| (*file, keys()))
        });
        let written: Vec<_> = written.collect();
        let mut all = Self { parts: HashMap::default(), failed: Vec::new() };
        for file in written {
            match file {
                Ok(edits) => edits.into_iter().for_each(|(key, edits)| all.parts.entry(key).or_default().push(edits)),
                Err((file, keys)) => {
                    keys.into_iter().for_each(|key| all.parts.entry(key).or_default().push(Err(None)));
                    all.failed.push(file);
                }
            }
        }
        all
    }

    fn edits(&self, finding: usize, number: usize) -> Written {
        let parts = self.parts.get(&(finding, number)).ok_or(None)?;
        let mut edits = Vec::new();
        for part in parts {
            edits.extend(part.clone()?);
        }
        Ok(edits)
    }
}

/// The edits of each proposal in one file, as far as it can be written there.
fn write_file(reading: &Reading, wanted: &[(Key, Vec<&Change>)]) -> Vec<(Key, Written)> {
    let mut drafts: Vec<_> = wanted.iter().map(|(_, changes)| Draft::new(reading, changes)).collect();
    verify(reading, &mut drafts);
    wanted.iter().zip(drafts).map(|((key, _), draft)| (*key, draft.map(|it| it.edits))).collect()
}

/// Drops the drafts that do not come out as meant. Those that do not touch are tried together, so that a file is read
/// again a few times and not once for each; where they do not hold together, halves of them are tried.
fn verify(reading: &Reading, drafts: &mut [Result<Draft, Obstacle>]) {
    let mut left = VERIFIED + VERIFIED_OF_BYTE * reading.len();
    let mut waiting: Vec<usize> = (0..drafts.len()).filter(|at| drafts[*at].is_ok()).collect();
    // Several findings may ask for the same change.
    let mut first_of: HashMap<Vec<(u32, u32, String)>, usize> = HashMap::default();
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
    // Two fixes that write one key into one mapping would make it twice: the second one waits until the first is applied.
    let mut keys: HashSet<(usize, NodeId, String)> = HashSet::default();
    waiting.retain(|at| {
        let own = drafts[*at].as_ref().map_or(&[][..], |it| &it.keys);
        let is_new = own.iter().all(|it| !keys.contains(it));
        keys.extend(own.iter().cloned());
        if !is_new {
            drafts[*at] = Err(None);
        }
        is_new
    });
    waiting.sort_by_key(|at| drafts[*at].as_ref().ok().and_then(|it| it.edits.first()).map(|it| it.span.bounds()));
    while !waiting.is_empty() {
        let mut taken = EditSet::default();
        let (batch, rest): (Vec<_>, Vec<_>) =
            waiting.iter().partition(|at| drafts[**at].as_ref().is_ok_and(|it| taken.add(&it.edits)));
        waiting = rest;
        let mut groups = vec![batch];
        while let Some(group) = groups.pop() {
            let members: Vec<&Draft> = group.iter().filter_map(|at| drafts[*at].as_ref().ok()).collect();
            let cost = cost(reading, &members);
            if cost <= left && holds(reading, &members) {
                left -= cost;
                continue;
            }
            left = left.saturating_sub(cost);
            if let [one] = group.as_slice() {
                drafts[*one] = Err(None);
            } else if left == 0 {
                group.iter().for_each(|at| drafts[*at] = Err(None));
            } else {
                let (a, b) = group.split_at(group.len() / 2);
                groups.push(b.to_vec());
                groups.push(a.to_vec());
            }
        }
    }
    for (at, first) in same_as {
        if drafts[first].is_err() {
            drafts[at] = Err(None);
        }
    }
}

/// How many bytes are parsed to verify some drafts.
fn cost(reading: &Reading, drafts: &[&Draft]) -> usize {
    let layers: BTreeSet<usize> = drafts.iter().flat_map(|it| it.layers.keys().copied()).collect();
    layers.into_iter().map(|it| reading.layer(it).text.len()).sum()
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
    // What cannot be read yet has no tree to compare with, so each change of it has to help by itself.
    if drafts.len() > 1 && layers.keys().any(|it| !reading.layer(*it).parsed().errors.is_empty()) {
        return false;
    }
    layers.into_iter().all(|(layer, (mut splices, effects))| {
        splices.sort_by_key(|it| (it.range.start, it.range.end));
        let in_order = splices.windows(2).all(|it| it[0].range.end <= it[1].range.start);
        in_order && model::holds(reading.layer(layer), &splices, &effects)
    })
}
