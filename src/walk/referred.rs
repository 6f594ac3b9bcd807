//! Files that other files refer to: parts of a unit that is written in several files.
//!
//! They are read whatever they are called and whatever is in them, if they are in what the run was asked to read. What lies
//! elsewhere, or is ignored or excluded, stays unread: a reference in a file is the word of its author, not of the user.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use ekslint::report::Problem;
use ekslint::source::Source;

use super::past::Filter;
use super::paths::{join, shown};
use super::survey::real;
use super::{How, NOTHING, Reader, inside};

/// References that are followed in a run, and files of folders that are looked at for them.
const MOST_REFERENCES: usize = 100_000;

/// Reads what the files that were read refer to, and what those refer to in turn. `folders`: those that were named, as they
/// are shown and where they are.
pub(super) fn read(reader: &mut Reader<'_>, folders: &[(String, &PathBuf)]) {
    let request = reader.request;
    let mut filter = Filter::new(request);
    let folders: Vec<(&str, PathBuf)> = folders.iter().map(|(shown, path)| (shown.as_str(), real(path))).collect();
    let listed: HashMap<PathBuf, &PathBuf> = request.listed.iter().map(|it| (real(it), it)).collect();
    let show = |real: &Path| {
        let inside = |(folder, at): &(&str, PathBuf)| {
            let inside = real.strip_prefix(at).ok()?;
            Some(join(if *folder == "." { "" } else { folder }, &shown(inside)))
        };
        folders.iter().find_map(inside).or_else(|| listed.get(real).map(|it| shown(it)))
    };
    let mut left = MOST_REFERENCES;
    let mut followed = HashSet::new();
    let mut from = 0;
    while from < reader.batch.sources.len() {
        let mut found = BTreeSet::new();
        for (shown, _, source) in &reader.batch.sources[from..] {
            for path in request.composites.references(source) {
                let Some(rest) = left.checked_sub(1) else {
                    let reason =
                        format!("more than {MOST_REFERENCES} references to other files: the others are not read");
                    reader.batch.problems.push(Problem { path: shown.clone(), reason });
                    break;
                };
                left = rest;
                let Some(real) = place(source, &path).filter(|it| followed.insert(it.clone())) else { continue };
                match real.is_dir() {
                    true => found.extend(claimed_in(&real, reader, &mut left)),
                    false => _ = found.insert(real),
                }
            }
        }
        from = reader.batch.sources.len();
        let read: HashMap<PathBuf, usize> =
            reader.batch.sources.iter().enumerate().map(|(at, (_, real, _))| (real.clone(), at)).collect();
        let mut new = Vec::new();
        for real in found {
            if let Some(at) = read.get(&real) {
                reader.batch.sources[*at].2.is_referred = true;
            } else if real.is_file()
                && filter.reads_referred(&real).is_some()
                && let Some(shown) = show(&real)
            {
                let is_known = !reader.claimed.insert(real.clone());
                new.push((shown, real.clone(), real, How::Referred { is_known }));
            }
        }
        let again: HashSet<&String> = new.iter().map(|(shown, ..)| shown).collect();
        reader.batch.passed.retain(|it| it.reason != NOTHING || !again.contains(&it.path));
        reader.read_all(new.iter().map(|(shown, path, real, how)| (shown, path, real.clone(), *how)).collect());
    }
}

/// Where a reference leads, without links, if that is in the repository of the file that holds it.
fn place(source: &Source, path: &str) -> Option<PathBuf> {
    let folder = source.place.parent()?;
    inside::within(inside::root(folder), folder, Path::new(path)).ok()
}

/// The files of a folder that are part of a unit because of their paths.
fn claimed_in(folder: &Path, reader: &Reader<'_>, left: &mut usize) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.take(*left).map(|it| it.path()).inspect(|_| *left -= 1);
    files.filter(|it| reader.request.composites.claim(it)).collect()
}
