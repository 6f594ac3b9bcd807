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
use crate::facts::UnitKind;
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
    let (written, failed) = edits(workspace, &findings);
    let mut written = written.into_iter().peekable();
    let finish = |(at, finding): (usize, Finding)| {
        let Finding { mut diagnostic, proposals, advice, .. } = finding;
        let mut obstacle = None;
        let title = proposals.first().map(|it| it.title.clone());
        for (number, Proposal { title, safety, changes: _ }) in proposals.into_iter().enumerate() {
            let mut edits: Option<Written> = None;
            while let Some((_, part)) = written.next_if(|it| it.0 == (at, number)) {
                edits = Some(match edits {
                    None => part,
                    Some(Ok(edits)) => part.map(|it| [edits, it].concat()),
                    Some(Err(why)) => Err(why),
                });
            }
            match edits.unwrap_or(Err(None)) {
                Ok(edits) => diagnostic.fixes.push(Fix { title, safety, edits }),
                Err(why) => obstacle = obstacle.or(why),
            }
        }
        diagnostic.fixes.shrink_to_fit();
        if diagnostic.fixes.is_empty() && diagnostic.help.is_none() {
            diagnostic.help = obstacle.or(advice).or(title);
        }
        // A help line that says what the fix shows is noise.
        let is_shown = |help: &String| diagnostic.fixes.iter().any(|it| it.title == *help);
        diagnostic.help = diagnostic.help.take().filter(|it| !is_shown(it));
        diagnostic
    };
    (findings.into_iter().enumerate().map(finish).collect(), failed)
}

/// Findings of one file beyond this number say in words what to do: fixes of a file are all tried out together.
const MOST_FIXED: usize = 5_000;

/// Findings say in words what to do where a fix would change a file of more bytes: its strings are read once more, and all that is
/// known of them is in memory already.
const LARGEST_FIXED: usize = 4 << 20;

/// Which proposal of which finding.
type Key = (usize, usize);

/// The edits of a proposal in one file, or why one of them cannot be made.
type Written = Result<Vec<Edit>, Obstacle>;

/// A change that is asked for.
struct Wanted<'f> {
    /// The place of its file among all files.
    file: u32,
    key: Key,
    change: &'f Change,
}

/// The edits of the proposals, in their order and for each in that of the files that it changes, and the files on which
/// ekslint itself failed.
fn edits(workspace: &Workspace, findings: &[Finding]) -> (Vec<(Key, Written)>, Vec<FileId>) {
    let wanted = wanted(workspace, findings);
    let files: Vec<&[Wanted<'_>]> = wanted.chunk_by(|a, b| a.change.file() == b.change.file()).collect();
    let ids: HashMap<FileId, usize> = files.iter().map(|it| it[0].change.file()).zip(0..).collect();
    let mut strings_of: Vec<Vec<_>> = vec![Vec::new(); files.len()];
    for (text, hint) in strings(&workspace.facts) {
        if let Some(at) = ids.get(&text.whole().file) {
            strings_of[*at].push((text, hint));
        }
    }
    // What AWS has printed is a picture: who changes it changes nothing.
    let printed = workspace.facts.units.iter().filter(|it| it.kind == UnitKind::AwsOutput);
    let printed: HashSet<FileId> = printed.map(|it| it.whole.file).collect();
    let write = |(wanted, strings): (&&[Wanted<'_>], Vec<_>)| {
        let file = wanted[0].change.file();
        if printed.contains(&file) {
            return Ok(wanted.iter().map(|it| (it.key, Err(None))).collect());
        }
        let write = || write_file(&Reading::new(workspace.source(file), file, strings.into_iter()), wanted);
        // What panics costs the fixes of its file, and nothing else.
        catch_unwind(AssertUnwindSafe(write)).map_err(|_| file)
    };
    let of_files: Vec<_> = files.par_iter().zip(strings_of).map(write).collect();
    let (mut written, mut failed) = (Vec::new(), Vec::new());
    for of_file in of_files {
        match of_file {
            Ok(edits) => written.extend(edits),
            Err(file) => failed.push(file),
        }
    }
    // What ekslint failed on is not written in part either.
    let is_failed = |it: &&Wanted<'_>| failed.contains(&it.change.file());
    let lost: Vec<_> = wanted.iter().filter(is_failed).map(|it| (it.key, Err(None))).collect();
    written.extend(lost);
    written.sort_by_key(|(key, _)| *key);
    (written, failed)
}

/// The changes that the proposals ask for, by their files.
fn wanted<'f>(workspace: &Workspace, findings: &'f [Finding]) -> Vec<Wanted<'f>> {
    let mut counts: HashMap<FileId, usize> = HashMap::default();
    let mut wanted = Vec::new();
    for (at, finding) in findings.iter().enumerate() {
        let count = counts.entry(finding.diagnostic.span.file).or_default();
        *count += usize::from(!finding.proposals.is_empty());
        if *count > MOST_FIXED {
            continue;
        }
        let is_large = |change: &Change| workspace.source(change.file()).text.len() > LARGEST_FIXED;
        for (number, proposal) in finding.proposals.iter().enumerate() {
            if proposal.changes.iter().any(is_large) {
                continue;
            }
            let changes = proposal.changes.iter();
            wanted.extend(changes.map(|change| Wanted {
                file: workspace.files.rank(change.file()),
                key: (at, number),
                change,
            }));
        }
    }
    wanted.sort_by_key(|it| (it.file, it.change.file().number(), it.key));
    wanted
}

/// The edits of each proposal in one file, as far as it can be written there.
fn write_file(reading: &Reading, wanted: &[Wanted<'_>]) -> Vec<(Key, Written)> {
    let proposals = || wanted.chunk_by(|a, b| a.key == b.key);
    let mut drafts: Vec<_> = proposals().map(|it| Draft::new(reading, it.iter().map(|it| it.change))).collect();
    verify(reading, &mut drafts);
    let edits = |draft: Result<Draft, Obstacle>| {
        draft.map(|it| {
            let mut edits = it.edits;
            edits.shrink_to_fit();
            edits
        })
    };
    proposals().zip(drafts).map(|(it, draft)| (it[0].key, edits(draft))).collect()
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
