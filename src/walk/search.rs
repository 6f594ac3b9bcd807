//! Reads the files that may fill placeholders in: scripts, build files, pipelines and documents of the repositories that are
//! linted.
//!
//! Only regular files are read, no links are followed, and what is read is limited. What is found does not depend on the
//! number of threads.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use ekslint::lookup::{Answers, Found, Reading, Search, Token, is_skipped_folder, reading, too_many_hits};
use ekslint::source::Source;
use ekslint::workspace::Workspace;
use ignore::{DirEntry, WalkBuilder};
use rayon::prelude::*;

use super::survey::{Stamp, stamp};
use super::{Request, paths};

/// Files that are searched.
pub const MOST_FILES: usize = 10_000;
/// Files and folders that are looked at to find them.
const MOST_ENTRIES: usize = 500_000;
/// Bytes of one file.
pub const MOST_BYTES: u64 = 16 << 20;
/// Bytes of all files.
pub const MOST_BYTES_IN_ALL: u64 = 256 << 20;

/// Looks up what a run wants to know of placeholders. Costs nothing where there are none. With standard input alone nothing is
/// searched, because nothing says where it belongs. Says whether files were searched.
pub fn answer(workspace: &mut Workspace, request: &Request) -> bool {
    if request.named().next().is_none() {
        return false;
    }
    let tokens = workspace.wanted_tokens();
    let is_wanted = !tokens.is_empty();
    workspace.set_answers(if is_wanted { search(&tokens, Files::of(request)) } else { Answers::default() });
    is_wanted
}

/// The files that would be searched, each with its stamp.
pub fn survey(request: &Request) -> BTreeMap<PathBuf, Stamp> {
    let files = Files::of(request).files.into_iter();
    files.map(|it| (stamp(&it.place), it.place)).map(|(stamp, place)| (place, stamp)).collect()
}

/// Why a search ends that has read enough.
pub fn too_many_bytes() -> String {
    format!("more than {} MiB of files that could fill placeholders in", MOST_BYTES_IN_ALL >> 20)
}

pub fn too_many_files() -> String {
    format!("more than {MOST_FILES} files that could fill placeholders in")
}

/// Why a search has not seen everything, although it went on.
pub fn too_large() -> String {
    format!("a file of more than {} MiB that could fill placeholders in", MOST_BYTES >> 20)
}

fn search(tokens: &[Token], Files { files, mut cut }: Files) -> Answers {
    let search = Search::new(tokens);
    // Each with its bytes, or nothing if it could not be read.
    let read = |it: &Candidate| contents(&it.place).map(|bytes| search.find(&it.place, it.reading, &bytes));
    let outcomes: Vec<Option<Found>> = files.par_iter().map(read).collect();
    if cut.is_none() && outcomes.iter().any(Option::is_none) {
        cut = Some("a file that could fill placeholders in and cannot be read".to_owned());
    }
    if cut.is_none() && outcomes.iter().flatten().any(|it| it.is_cut) {
        cut = Some(too_many_hits());
    }
    let found = outcomes.into_iter().flatten().flat_map(|it| it.tokens).collect();
    Answers::new(tokens, &found, cut)
}

/// The text of a file, as UTF-8. Nothing if it cannot be read to its end.
fn contents(place: &Path) -> Option<Vec<u8>> {
    let file = File::open(place).ok()?;
    // Another file may stand there by now.
    if !file.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= MOST_BYTES).then(|| utf8(bytes))
}

/// PowerShell's scripts are often UTF-16.
pub fn utf8(bytes: Vec<u8>) -> Vec<u8> {
    match bytes.as_slice() {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Source::decode("", &bytes).text.as_bytes().to_vec(),
        _ => bytes,
    }
}

/// A file to search.
struct Candidate {
    /// Its path without links.
    place: PathBuf,
    reading: Reading,
    size: u64,
}

/// What is searched.
struct Files {
    /// In an order that depends on their names alone.
    files: Vec<Candidate>,
    cut: Option<String>,
}

impl Files {
    fn of(request: &Request) -> Self {
        let mut found: BTreeMap<PathBuf, Candidate> = BTreeMap::new();
        let mut visited: HashSet<PathBuf> = HashSet::new();
        let (mut entries, mut cut) = (0, None);
        for root in roots(request) {
            // A folder that was named, and that the repository around it does not ignore.
            if visited.contains(&root) {
                continue;
            }
            for entry in walk(&root, request.threads) {
                entries += 1;
                if entries > MOST_ENTRIES {
                    cut = Some(format!(
                        "more than {MOST_ENTRIES} files and folders to look for what fills placeholders in"
                    ));
                    break;
                }
                match entry {
                    Ok(entry) if entry.file_type().is_some_and(|it| it.is_dir()) => {
                        visited.insert(entry.into_path());
                    }
                    Ok(entry) => {
                        let candidate = candidate(&root, entry);
                        found.extend(candidate.map(|it| (it.place.clone(), it)));
                    }
                    Err(_) => cut = Some("a folder that cannot be searched for what fills placeholders in".to_owned()),
                }
            }
        }
        let mut files: Vec<Candidate> = found.into_values().collect();
        // Scripts first, if not all can be searched. Sorting keeps the order of paths.
        files.sort_by_key(|it| it.reading == Reading::Replaces);
        if files.len() > MOST_FILES {
            cut = Some(too_many_files());
            files.truncate(MOST_FILES);
        }
        if files.iter().any(|it| it.size > MOST_BYTES) {
            cut = Some(too_large());
            files.retain(|it| it.size <= MOST_BYTES);
        }
        let mut sum = 0;
        let fitting = files.iter().take_while(|it| {
            sum += it.size;
            sum <= MOST_BYTES_IN_ALL
        });
        let fitting = fitting.count();
        if fitting < files.len() {
            cut = Some(too_many_bytes());
            files.truncate(fitting);
        }
        Self { files, cut }
    }
}

fn candidate(root: &Path, entry: DirEntry) -> Option<Candidate> {
    if !entry.file_type().is_some_and(|it| it.is_file()) {
        return None;
    }
    let reading = reading(&paths::shown(entry.path().strip_prefix(root).ok()?))?;
    let size = entry.metadata().map_or(0, |it| it.len());
    Some(Candidate { place: entry.into_path(), reading, size })
}

/// The files and folders below a folder, hidden ones with them: pipelines stand in hidden folders.
fn walk(root: &Path, threads: usize) -> ignore::Walk {
    let mut walk = WalkBuilder::new(root);
    walk.hidden(false)
        .require_git(false)
        // Ignore files above the folder are none of the project's.
        .parents(false)
        // What one user ignores everywhere must not change what a project is told.
        .git_global(false)
        .follow_links(false)
        .threads(threads)
        .sort_by_file_path(Path::cmp)
        .filter_entry(|it| {
            let is_folder = it.file_type().is_some_and(|it| it.is_dir());
            it.depth() == 0 || !is_folder || !it.file_name().to_str().is_some_and(is_skipped_folder)
        });
    walk.build()
}

/// The folders to search, without links: the Git repositories of what was named, and what was named. Never a folder above.
fn roots(request: &Request) -> Vec<PathBuf> {
    let (mut repositories, mut folders) = (BTreeSet::new(), BTreeSet::new());
    for path in request.named() {
        let Ok(real) = fs::canonicalize(path) else { continue };
        let folder = if real.is_dir() { real.as_path() } else { real.parent().unwrap_or(&real) };
        match folder.ancestors().find(|it| fs::symlink_metadata(it.join(".git")).is_ok()) {
            Some(root) => {
                repositories.insert(root.to_owned());
                folders.extend(real.is_dir().then(|| folder.to_owned()));
            }
            None => {
                folders.insert(folder.to_owned());
            }
        }
    }
    // Those above others come first.
    repositories.into_iter().chain(folders).collect()
}
