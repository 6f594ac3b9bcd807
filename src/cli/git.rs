//! What files held at a commit, read by the program `git`.
//!
//! Nothing is checked out, and nothing in the repository is changed. A repository can name programs for Git to run, in its
//! settings and attributes; only commands are used here that read objects and compare trees, and what they could still
//! start is switched off.

mod blobs;
mod command;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ekslint::lookup::{Answers, Reading, Search, Token, Unsearched, too_many_hits};
use ekslint::lower::{self, composite::Composites};
use ekslint::report::visible;
use ekslint::source::{Files, Source};

use super::streams::{Failure, complain};
use crate::walk::Request;
use crate::walk::ignored::here;
use crate::walk::inside;
use crate::walk::kinds::is_unsupported;
use crate::walk::past::{Filter, Reason};
use crate::walk::search::{self, Searched};

use blobs::{Blob, each, sizes};
pub use command::path_of;
use command::{line, run};

/// How a file begins whose content Git LFS keeps elsewhere.
const LFS: &[u8] = b"version https://git-lfs.github.com/spec/";

/// What was linted, as it was at a commit.
pub struct Past {
    /// The root of the repository, without links in it.
    pub root: PathBuf,
    /// Files that were renamed since then have the names of today.
    pub sources: Vec<Source>,
    /// Ignore files that kept other files of the commit from being read, because of a limit.
    pub limited_by: BTreeSet<String>,
    /// All other files of the commit that may fill placeholders in.
    pub others: Others,
}

/// Files of a commit that are read only if there is something to look for in them.
pub struct Others {
    /// With how each is searched.
    blobs: Vec<(Blob, Reading)>,
    /// Why some are missing, if any are.
    unapplied: Option<String>,
}

/// Says which files of a commit are read.
struct Filters<'a> {
    linted: Filter<'a>,
    searched: search::Filter,
}

/// The files of a commit.
#[derive(Default)]
struct Found {
    /// Those that would have been read.
    blobs: Vec<Blob>,
    /// Those that would have been read if another one refers to them, by their places.
    referred: HashMap<PathBuf, Blob>,
    /// Those that may fill placeholders in.
    others: Vec<(Blob, Reading)>,
}

/// Reads the files that a request would have found at the commit where `reference` and what is there today part.
///
/// The merge base, since a pull request is not to blame for what the other branch fixed in the meantime.
/// `today`: what was read today, which shows renames that are not committed.
pub fn past(reference: &str, request: &Request, today: &Files) -> Result<Past, Failure> {
    let shown = visible(reference);
    if reference.is_empty() || reference.starts_with('-') {
        return Err(Failure(format!("--diff-base wants a branch, tag or commit, and `{shown}` is none")));
    }
    if request.wants_stdin() {
        return Err(Failure("--diff-base compares files with a commit, and standard input is in none".to_owned()));
    }
    let root = repository(request)?;
    let shallow = run(&root, &["rev-parse", "--is-shallow-repository"]).map_err(|why| {
        let root = root.to_string_lossy();
        Failure(format!("--diff-base: git does not take {} for a repository{why}", visible(&root)))
    })?;
    let is_shallow = shallow.starts_with(b"true");
    let commit = commit(&root, reference, is_shallow)?;
    let mut filters = Filters { linted: Filter::new(request), searched: search::Filter::new(request) };
    let renamed = renamed(&root, &commit)?;
    let mut found = Found::default();
    list(&root, &commit, &renamed, &mut filters, &mut found)?;
    let sources = follow(read(&mut found, &request.composites, reference)?, today);
    let limited_by = filters.linted.limited_by();
    Ok(Past {
        root,
        sources,
        limited_by,
        others: Others { blobs: found.others, unapplied: filters.searched.unapplied() },
    })
}

/// The root of the repository that all paths are in.
fn repository(request: &Request) -> Result<PathBuf, Failure> {
    let mut roots: HashMap<PathBuf, &Path> = HashMap::new();
    for path in request.named() {
        // What is not there has been said already.
        let Ok(real) = fs::canonicalize(path) else { continue };
        // A submodule that is named is a repository of its own, with other commits.
        let Some(root) = inside::repository(&real) else {
            let shown = path.to_string_lossy();
            return Err(Failure(format!("--diff-base: {} is in no Git repository", visible(&shown))));
        };
        roots.insert(root.to_owned(), path);
    }
    let mut roots: Vec<_> = roots.into_iter().collect();
    roots.sort();
    match roots.as_slice() {
        [(root, _)] => Ok(root.clone()),
        [(_, one), (_, other), ..] => {
            let (one, other) = (one.to_string_lossy(), other.to_string_lossy());
            let (one, other) = (visible(&one), visible(&other));
            Err(Failure(format!("--diff-base: {one} and {other} are in two repositories; lint one after the other")))
        }
        [] => Err(Failure("--diff-base: none of the paths is there".to_owned())),
    }
}

/// The commit where `reference` and what is there today part.
fn commit(root: &Path, reference: &str, is_shallow: bool) -> Result<String, Failure> {
    let shown = visible(reference);
    let named = format!("{reference}^{{commit}}");
    let Ok(tip) = run(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &named]) else {
        let fetch = match is_shallow {
            true => {
                "this clone is shallow: `git fetch --unshallow` brings all commits, `git fetch --depth=100 origin \
                     BRANCH` those of one branch"
            }
            false => "`git fetch` brings what others have; the branch of a remote is called `origin/main`",
        };
        return Err(Failure(format!("--diff-base: there is no commit `{shown}` here; {fetch}")));
    };
    let tip = line(&tip);
    match run(root, &["merge-base", &tip, "HEAD"]) {
        Ok(base) => Ok(line(&base)),
        Err(_) if is_shallow => {
            let fetch = "this clone is shallow: type `git fetch --unshallow`, or `git fetch --deepen=100`";
            Err(Failure(format!("--diff-base: no commit is known that `{shown}` and HEAD have in common; {fetch}")))
        }
        Err(_) => Err(Failure(format!("--diff-base: `{shown}` and HEAD have no commit in common"))),
    }
}

/// Files that have another name today: the old one, and the new one. Trees are compared, so nothing of the working tree
/// is looked at and no filter runs.
fn renamed(root: &Path, commit: &str) -> Result<HashMap<PathBuf, PathBuf>, Failure> {
    let options = ["diff-tree", "-r", "-M", "-z", "--name-status", "--diff-filter=R", "--no-ext-diff", "--no-textconv"];
    let out = run(root, &[&options[..], &[commit, "HEAD"]].concat());
    let out = out.map_err(|why| Failure(format!("--diff-base: git cannot compare the commits{why}")))?;
    let fields: Vec<&[u8]> = out.split(|it| *it == 0).collect();
    let pairs = fields.chunks_exact(3).map(|it| (path_of(it[1]), path_of(it[2])));
    Ok(pairs.collect())
}

/// Collects the files of a commit that would have been read, and those of its submodules.
fn list(
    repository: &Path,
    commit: &str,
    renamed: &HashMap<PathBuf, PathBuf>,
    filters: &mut Filters<'_>,
    found: &mut Found,
) -> Result<(), Failure> {
    let listed = run(repository, &["ls-tree", "-r", "-z", "--full-tree", commit]);
    let listed = listed.map_err(|why| {
        let shown = repository.to_string_lossy();
        let help = "`git fetch` brings it, and `git submodule update` that of a submodule";
        Failure(format!("--diff-base: the commit {commit} of {} cannot be read{why}; {help}", visible(&shown)))
    })?;
    for entry in listed.split(|it| *it == 0) {
        let Some(tab) = entry.iter().position(|it| *it == b'\t') else { continue };
        let path = path_of(&entry[tab + 1..]);
        let head = String::from_utf8_lossy(&entry[..tab]);
        let mut words = head.split(' ');
        let (Some(mode), Some(_), Some(id)) = (words.next(), words.next(), words.next()) else { continue };
        let place = repository.join(renamed.get(&path).unwrap_or(&path));
        match mode {
            "100644" | "100755" | "100664" => {
                let blob = |reason| Blob {
                    repository: repository.to_owned(),
                    id: id.to_owned(),
                    place: place.clone(),
                    reason,
                };
                if let Some(reading) = filters.searched.reading(&place) {
                    found.others.push((blob(Reason::Found), reading));
                }
                if let Some(reason) = filters.linted.reads_referred(&place) {
                    found.referred.insert(place.clone(), blob(reason));
                }
                found.blobs.extend(filters.linted.reads(&place).map(blob));
            }
            // A submodule. One that is not there today has no files today either, and where a link stands today, another
            // repository may be there.
            "160000" if inside::is_repository(&place) && is_without_links(repository, &place) => {
                list(&place, id, &HashMap::new(), filters, found)?;
            }
            // What a link leads to is a file of its own.
            _ => {}
        }
    }
    Ok(())
}

/// Whether a path below a folder, which is without links, is without links too.
fn is_without_links(folder: &Path, path: &Path) -> bool {
    inside::within(folder, folder, path).is_ok_and(|it| it == path)
}

/// Reads files, those of one repository by one process, and then what they refer to.
fn read(found: &mut Found, composites: &Composites, reference: &str) -> Result<Vec<(Source, Reason)>, Failure> {
    let mut sources = Vec::new();
    let mut blobs = std::mem::take(&mut found.blobs);
    let mut is_referred = false;
    while !blobs.is_empty() {
        let from = sources.len();
        for of_one in blobs.chunk_by(|a, b| a.repository == b.repository) {
            let is_wanted = |blob: &Blob, bytes: &[u8]| {
                let is_read = || blob.reason == Reason::Named || lower::matters(bytes);
                let is_part = is_referred || composites.claim(&blob.place);
                is_part || !is_unsupported(&blob.place, bytes) && is_read()
            };
            read_some(&of_one[0].repository, of_one, reference, &is_wanted, &mut sources)
                .map_err(|it| Failure(format!("--diff-base: git cannot read the files of the commit: {it}")))?;
        }
        // Each once, and none that was read because of what is in it.
        sources.iter().for_each(|(it, _)| _ = found.referred.remove(&*it.place));
        let referred: BTreeSet<PathBuf> =
            sources[from..].iter().flat_map(|(it, _)| composites.referred_places(it)).collect();
        blobs = referred.iter().filter_map(|it| found.referred.remove(it)).collect();
        blobs.sort_by(|a, b| (&a.repository, &a.place).cmp(&(&b.repository, &b.place)));
        is_referred = true;
    }
    // Those that were read because of what is in them, or that were named, may be referred to besides.
    let referred: HashSet<PathBuf> = sources.iter().flat_map(|(it, _)| composites.referred_places(it)).collect();
    sources.iter_mut().for_each(|(it, _)| it.is_referred = referred.contains(&*it.place));
    Ok(sources)
}

fn read_some(
    repository: &Path,
    blobs: &[Blob],
    reference: &str,
    is_wanted: &dyn Fn(&Blob, &[u8]) -> bool,
    sources: &mut Vec<(Source, Reason)>,
) -> io::Result<()> {
    let blobs: Vec<&Blob> = blobs.iter().collect();
    each(repository, &blobs, |blob, bytes| {
        let shown = blob.place.to_string_lossy();
        let shown = visible(&shown);
        let unknown = |why: &str| {
            if blob.reason == Reason::Gone {
                return;
            }
            let reference = visible(reference);
            complain(&format!("{shown}: what it held at `{reference}` is {why}, so all findings in it are new"));
        };
        match bytes {
            None => unknown("too large to be read"),
            Some(bytes) if bytes.starts_with(LFS) => unknown("kept by Git LFS"),
            Some(bytes) if !is_wanted(blob, &bytes) => {}
            Some(bytes) => {
                let mut source = Source::decode(blob.place.to_string_lossy(), &bytes);
                source.place = blob.place.as_path().into();
                source.repository = Some(repository.into());
                sources.push((source, blob.reason));
            }
        }
        true
    })
}

impl Others {
    /// Looks up what was wanted of placeholders, as [`search::answers`] does for the files of today.
    pub fn answers(&self, tokens: &[Token]) -> Result<Option<Answers>, Failure> {
        if tokens.is_empty() {
            return Ok(Some(Answers::default()));
        }
        let mut search = Search::new(tokens);
        let mut found = BTreeSet::new();
        let failed = |it| Failure(format!("--diff-base: git cannot read the files of the commit: {it}"));
        let mut blobs: Vec<&(Blob, Reading)> = self.blobs.iter().collect();
        let may_fill = search::may_fill(tokens);
        let mut wanted: HashMap<&Path, bool> = HashMap::new();
        blobs.retain(|it| *wanted.entry(&it.0.repository).or_insert_with_key(|it| may_fill(Some(&Arc::from(*it)))));
        blobs.sort_by(|a, b| a.0.place.cmp(&b.0.place));
        let mut sized: Vec<(&Blob, Searched)> = Vec::new();
        for of_one in blobs.chunk_by(|a, b| a.0.repository == b.0.repository) {
            let repository: Option<Arc<Path>> = of_one.first().map(|(it, _)| it.repository.as_path().into());
            let sizes = sizes(of_one).map_err(failed)?;
            sized.extend(of_one.iter().zip(sizes).map(|((blob, reading), size)| {
                (blob, Searched { reading: *reading, size, repository: repository.clone() })
            }));
        }
        let mut unsearched = Unsearched::default();
        search::limit(&mut sized, |it| &it.1, &mut unsearched);
        if let Some(what) = self.unapplied.clone() {
            search::add(&mut unsearched, None, what);
        }
        for of_one in sized.chunk_by(|a, b| a.0.repository == b.0.repository) {
            let mut searched = of_one.iter().map(|it| &it.1);
            let files: Vec<&Blob> = of_one.iter().map(|(it, _)| *it).collect();
            let taken = each(&files[0].repository, &files, |blob, bytes| {
                let Some(Searched { reading, repository, .. }) = searched.next() else { return false };
                let mut leave_out = |what| search::add(&mut unsearched, repository.clone(), what);
                let Some(bytes) = bytes else {
                    let place = here(&blob.place);
                    leave_out(format!("a file that could fill placeholders in and cannot be read: {place}"));
                    return true;
                };
                let of_file = search.find(&blob.place, repository.as_ref(), *reading, &search::utf8(&bytes));
                if !of_file.tokens.is_empty() {
                    search.leave_out(&of_file.tokens);
                    found.extend(of_file.tokens);
                }
                if of_file.is_cut {
                    leave_out(too_many_hits());
                }
                true
            });
            taken.map_err(failed)?;
        }
        Ok(Some(Answers::new(tokens, &found, unsearched)))
    }
}

/// Gives files that are gone the names of new files with the same text: renames that are not committed.
fn follow(mut then: Vec<(Source, Reason)>, today: &Files) -> Vec<Source> {
    let names: HashSet<&Path> = then.iter().map(|(it, _)| &*it.place).collect();
    let mut new: HashMap<&str, Vec<&Source>> = HashMap::new();
    for source in today.iter().rev().map(|(_, it)| it).filter(|it| !names.contains(&*it.place)) {
        new.entry(&source.text).or_default().push(source);
    }
    for (source, reason) in then.iter_mut().filter(|(it, _)| fs::symlink_metadata(&it.place).is_err()) {
        if let Some(same) = new.get_mut(&*source.text).and_then(Vec::pop) {
            source.place.clone_from(&same.place);
            source.path = source.place.to_string_lossy().into();
            *reason = Reason::Found;
        }
    }
    then.into_iter().filter(|(_, reason)| *reason != Reason::Gone).map(|(it, _)| it).collect()
}
