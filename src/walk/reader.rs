//! Finds files, and reads them by several threads. What may matter becomes facts at once, and no other text is kept.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use ekslint::analysis::ReadFile;
use ekslint::collections::{HashMap, HashSet};
use ekslint::lower;
use ekslint::report::{Problem, visible_path};
use ekslint::source::Source;
use ignore::{DirEntry, WalkState};
use rayon::prelude::*;

use super::fill::fill;
use super::folder::{Folder, Out};
use super::ignored::{Ignored, Messages, here};
use super::inside;
use super::kinds::{is_unsupported, is_utf32};
use super::paths::{error_path, reason};
use super::request::{Passed, Request, is_meant, why};
use super::seen::{Walked, Watch, in_bytes};

/// Why a file was put aside that was read.
pub const NOTHING: &str = "nothing in it about EKS";
/// Notices about ignore files that are printed.
const MOST_NOTICES: usize = 20;
/// Why the baseline is not read as an input.
const BASELINE: &str = "the baseline in use";
/// Bytes of a buffer that a thread keeps for the next file. Few files are larger.
const LARGEST_BUFFER: usize = 1 << 20;
/// Why a file cannot be decoded.
const UTF32: &str = "this is UTF-32, which ekslint does not read; save it as UTF-8";

/// What was read.
#[derive(Default)]
pub struct Walk {
    /// The files that may have something to do with EKS, in the order of their paths.
    pub files: Vec<ReadFile>,
    /// What could not be read, in the order of paths.
    pub problems: Vec<Problem>,
    /// How many files were read, with those that were put aside at once.
    pub files_read: usize,
    /// The bytes of those files.
    pub bytes_read: u64,
    /// The bytes of text of the files that may have something to do with EKS.
    pub bytes_kept: u64,
    /// True if nothing was read, and there was no problem either.
    pub nothing: bool,
    /// What was passed over, in the order of paths, if it was to be kept.
    pub passed: Vec<Passed>,
    /// Files that were named and are of a kind that is not read, in the order of paths.
    pub unsupported: Vec<String>,
    /// What is to be said about ignore files, in the order of their paths.
    pub notices: Vec<String>,
    /// How many tracked files that could be inputs, and submodules, only `.ignore` hides.
    pub tracked_hidden: usize,
    /// How many links to what could be inputs lead out of the folder that was named, or nowhere.
    pub links_out: usize,
    /// The folders that were walked.
    pub walked: Vec<Walked>,
}

/// What makes facts of a file.
pub(super) type ReadWith<'r> = dyn Fn(Source) -> ReadFile + Sync + 'r;

pub(super) struct Reader<'r> {
    pub(super) batch: Batch,
    /// The true paths of the files that were read and not found in a folder. Those that were say [`Walked::inputs`].
    opened: HashSet<OsString>,
    /// Symbolic links to files, found in folders: how they are shown, and the true path of the folder.
    pub(super) links: Vec<(String, PathBuf, PathBuf)>,
    pub(super) notices: BTreeSet<String>,
    pub(super) tracked_hidden: BTreeSet<PathBuf>,
    /// Links that lead out of the folder that was named, or nowhere, as they are shown.
    links_out: BTreeSet<String>,
    walked: Vec<Walked>,
    /// Places in `walked`, by the paths of the folders.
    walked_at: HashMap<OsString, usize>,
    pub(super) request: &'r Request,
    pub(super) read: &'r ReadWith<'r>,
    pub(super) count: &'r AtomicUsize,
}

/// How a run comes to a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// It was named on the command line: it is kept whatever is in it.
    Typed,
    /// It was come across, or a list names it.
    Found,
    /// A file of a unit refers to it. `is_known`: it was read before, and put aside.
    Referred { is_known: bool },
}

/// What one thread has read.
#[derive(Default)]
pub(super) struct Batch {
    /// Shown path, true path, file. The true path keeps the order fixed for paths that look the same.
    pub(super) files: Vec<(String, PathBuf, ReadFile)>,
    pub(super) problems: Vec<Problem>,
    /// How many files were read to their end.
    pub(super) read: usize,
    /// Their bytes.
    pub(super) bytes: u64,
    /// The bytes of text that facts were looked for in.
    pub(super) bytes_kept: u64,
    /// The true paths of what was found in a folder, and is to be read.
    pub(super) found: Vec<PathBuf>,
    pub(super) links: Vec<(String, PathBuf, PathBuf)>,
    pub(super) passed: Vec<Passed>,
    pub(super) unsupported: Vec<String>,
}

thread_local! {
    /// What a file is read into.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// What all threads of a walk share.
#[derive(Clone, Copy)]
struct Shared<'a> {
    request: &'a Request,
    read: &'a ReadWith<'a>,
    count: &'a AtomicUsize,
}

/// A batch of a thread of the walk, which hands over what it has when the thread is done.
struct Handed<'a> {
    batch: Batch,
    all: &'a Mutex<Batch>,
}

impl Drop for Handed<'_> {
    fn drop(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        // A thread that panicked while it held the lock is reported when the walk joins it.
        self.all.lock().unwrap_or_else(PoisonError::into_inner).append(batch);
    }
}

impl Batch {
    fn append(&mut self, other: Self) {
        self.files.extend(other.files);
        self.problems.extend(other.problems);
        self.read += other.read;
        self.bytes += other.bytes;
        self.bytes_kept += other.bytes_kept;
        self.found.extend(other.found);
        self.links.extend(other.links);
        self.passed.extend(other.passed);
        self.unsupported.extend(other.unsupported);
    }

    fn problem(&mut self, path: String, reason: String) {
        self.problems.push(Problem { path, reason });
    }

    /// Reads a file; keeps it if it may matter, or whatever is in it.
    fn file(&mut self, shown: String, path: &Path, real: &Path, how: How, shared: Shared<'_>) {
        let mut buffer = BUFFER.take();
        let source = self.source(&shown, path, real, how, shared, &mut buffer);
        if buffer.capacity() <= LARGEST_BUFFER {
            BUFFER.set(buffer);
        }
        if let Some(source) = source {
            self.keep(shown, real.to_owned(), source, shared.read);
        }
    }

    fn source(
        &mut self,
        shown: &str,
        path: &Path,
        real: &Path,
        how: How,
        shared: Shared<'_>,
        buffer: &mut Vec<u8>,
    ) -> Option<Source> {
        let passed = |reason: &str| Passed { path: shown.to_owned(), reason: reason.to_owned() };
        if shared.request.baseline.as_deref() == Some(real) {
            self.passed.push(passed(BASELINE));
            return None;
        }
        if let Err(error) = File::open(path).and_then(|it| fill(buffer, it)) {
            self.problem(shown.to_owned(), reason(&error));
            return None;
        }
        let is_claimed = shared.request.composites.claim(real);
        if how == How::Typed && !is_claimed && is_unsupported(path, buffer) {
            self.unsupported.push(shown.to_owned());
            return None;
        }
        if is_utf32(buffer) {
            self.problem(shown.to_owned(), UTF32.to_owned());
            return None;
        }
        let is_referred = matches!(how, How::Referred { .. });
        if !matches!(how, How::Referred { is_known: true }) {
            self.read += 1;
            self.bytes += buffer.len() as u64;
            shared.count.fetch_add(1, Ordering::Relaxed);
        }
        if !(how == How::Typed || is_claimed || is_referred || lower::matters(buffer)) {
            self.passed.extend(shared.request.keep_passed.then(|| passed(NOTHING)));
            return None;
        }
        Some(Source { place: real.into(), is_referred, ..Source::decode(shown, buffer) })
    }

    fn keep(&mut self, shown: String, real: PathBuf, source: Source, read: &ReadWith<'_>) {
        self.bytes_kept += source.text.len() as u64;
        self.files.push((shown, real, read(source)));
    }

    /// Takes what the walk has found.
    fn entry(&mut self, entry: Result<DirEntry, ignore::Error>, folder: &Folder, request: &Request) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return self.walk_error(&error, folder),
        };
        if !request.is_candidate(entry.path()) {
            return;
        }
        let Some(kind) = entry.file_type() else { return };
        if kind.is_symlink() {
            let Ok(inside) = entry.path().strip_prefix(&folder.real) else { return };
            self.links.push((folder.show(inside), entry.into_path(), folder.real.clone()));
        } else if kind.is_file() {
            // Folders are never entered through links, so this is the true path.
            self.found.push(entry.into_path());
        }
    }

    fn walk_error(&mut self, error: &ignore::Error, folder: &Folder) {
        let path = error_path(error).and_then(|it| it.strip_prefix(&folder.real).ok());
        let shown = path.map_or_else(|| folder.shown.to_owned(), |it| folder.show(it));
        let reason = error.io_error().map_or_else(|| error.to_string(), reason);
        self.problem(if shown.is_empty() { ".".to_owned() } else { shown }, reason);
    }
}

impl<'r> Reader<'r> {
    pub(super) fn new(request: &'r Request, read: &'r ReadWith<'r>, count: &'r AtomicUsize) -> Self {
        Self {
            batch: Batch::default(),
            opened: HashSet::default(),
            links: Vec::new(),
            notices: BTreeSet::new(),
            tracked_hidden: BTreeSet::new(),
            links_out: BTreeSet::new(),
            walked: Vec::new(),
            walked_at: HashMap::default(),
            request,
            read,
            count,
        }
    }

    /// Whether a file was read. `real`: its true path.
    pub(super) fn is_opened(&self, real: &Path) -> bool {
        let is_input = |folder: &Path| {
            let at = self.walked_at.get(folder.as_os_str());
            at.is_some_and(|at| self.walked[*at].has_input(real))
        };
        self.opened.contains(real.as_os_str()) || !self.walked.is_empty() && real.ancestors().any(is_input)
    }

    /// Notes that a file is read. False if it was before.
    pub(super) fn open(&mut self, real: &Path) -> bool {
        !self.is_opened(real) && self.opened.insert(real.as_os_str().to_owned())
    }

    pub(super) fn stdin(&mut self, name: &str) {
        let mut buffer = Vec::new();
        match fill(&mut buffer, io::stdin().lock()) {
            Ok(()) if is_utf32(&buffer) => self.batch.problem(name.to_owned(), UTF32.to_owned()),
            Ok(()) if is_unsupported(Path::new(name), &buffer) => {
                // A file of another kind may be among those that a hook names; binary data in a pipe is a mistake.
                match buffer.iter().take(1 << 10).any(|it| *it == 0) {
                    true => self.batch.problem(name.to_owned(), "binary data, and not text".to_owned()),
                    false => self.batch.unsupported.push(name.to_owned()),
                }
            }
            Ok(()) => {
                let mut source = Source::decode(name, &buffer);
                source.place = std::env::current_dir().and_then(fs::canonicalize).unwrap_or_default().join(name).into();
                self.batch.keep(name.to_owned(), PathBuf::from("-"), source, self.read);
                self.batch.read += 1;
                self.batch.bytes += buffer.len() as u64;
            }
            Err(error) => self.batch.problem(name.to_owned(), reason(&error)),
        }
    }

    /// Files that were named. Those that were typed are read whatever they are called.
    pub(super) fn files(&mut self, files: &[(String, &PathBuf)], typed: bool) {
        let how = if typed { How::Typed } else { How::Found };
        let mut new = Vec::new();
        for (shown, path) in files {
            match fs::canonicalize(path) {
                Ok(real) if self.open(&real) => new.push((shown, path, real, how)),
                Ok(_) => {}
                Err(error) => self.batch.problem(shown.clone(), reason(&error)),
            }
        }
        self.read_all(new);
    }

    pub(super) fn folder(&mut self, shown: &str, path: &Path) {
        let real = match fs::canonicalize(path) {
            Ok(real) => real,
            Err(error) => return self.batch.problem(shown.to_owned(), reason(&error)),
        };
        let folder = Folder { shown: if shown == "." { "" } else { shown }, real };
        let all = Mutex::new(Batch::default());
        let (sender, passed) = mpsc::channel();
        let keep_passed = self.request.keep_passed;
        let watch = Watch::default();
        let watching = watch.clone();
        let tell = move |entry: &DirEntry, is_folder: bool, out: Out<'_>| {
            watching.leave_out(entry, is_folder, &out);
            // What Git keeps is no part of what is linted.
            if keep_passed && entry.file_name() != ".git" {
                let reason = match out {
                    Out::NoInput => return,
                    Out::Excluded(by) => why(by, entry.path(), is_folder),
                    Out::Ignored(by) => by.short_reason(),
                };
                // Nobody listens any more only where the walk is over.
                let _ = sender.send((entry.path().to_owned(), reason));
            }
        };
        let ignored = Arc::new(Ignored::new(&folder.real, true));
        folder.walk(self.request, ignored.clone(), tell).build_parallel().run(|| {
            let mut handed = Handed { batch: Batch::default(), all: &all };
            let (folder, request, watch) = (&folder, self.request, &watch);
            Box::new(move |entry| {
                match &entry {
                    Ok(_) => _ = watch.count(),
                    Err(error) => watch.fail(error),
                }
                handed.batch.entry(entry, folder, request);
                WalkState::Continue
            })
        });
        let mut batch = all.into_inner().unwrap_or_else(PoisonError::into_inner);
        if ignored.is_too_much() {
            let Messages { notices, problems, .. } = folder.in_order(self.request).messages();
            self.notices.extend(notices);
            return self.batch.problems.extend(problems);
        }
        if let Some(problem) = too_much(self.request) {
            return self.batch.problems.push(problem);
        }
        let Messages { notices, problems, unread } = ignored.messages();
        self.notices.extend(notices);
        batch.problems.extend(problems.into_iter().chain(unread));
        let is_in = |it: &PathBuf| !self.request.exclude.iter().any(|by| is_meant(it, it.is_dir(), by));
        self.tracked_hidden.extend(ignored.tracked_hidden().into_iter().filter(is_in));
        for (path, reason) in passed.try_iter() {
            let Ok(inside) = path.strip_prefix(&folder.real) else { continue };
            batch.passed.push(Passed { path: folder.show(inside), reason });
        }
        self.links.append(&mut batch.links);
        let mut found = std::mem::take(&mut batch.found);
        self.batch.append(batch);
        // Neighbours are read one after another, so that their facts, which are asked together, lie side by side.
        found.sort_unstable_by(|a, b| in_bytes(a, b));
        let new: Vec<&PathBuf> = found.iter().filter(|it| !self.is_opened(it)).collect();
        self.read_each(&new, |batch, real, shared| {
            if let Ok(inside) = real.strip_prefix(&folder.real) {
                batch.file(folder.show(inside), real, real, How::Found, shared);
            }
        });
        self.walked_at.insert(folder.real.as_os_str().to_owned(), self.walked.len());
        self.walked.push(Walked { root: folder.real, ignored, inputs: found, seen: watch.seen() });
    }

    /// Links to files that were not found otherwise, and that are in the folder where the link was found. The others are
    /// counted: what they lead to may be deployed.
    pub(super) fn links(&mut self) {
        let mut links = std::mem::take(&mut self.links);
        links.sort();
        let mut new = Vec::new();
        for (shown, path, root) in &links {
            match fs::canonicalize(path) {
                Ok(real) if real.starts_with(root) => {
                    if fs::metadata(&real).is_ok_and(|it| it.is_file()) && self.open(&real) {
                        new.push((shown, path, real, How::Found));
                    }
                }
                Ok(real) if self.is_opened(&real) => {}
                // Which of the two it is is not told: the answer would say what exists outside.
                Ok(_) | Err(_) => _ = self.links_out.insert(shown.clone()),
            }
        }
        self.read_all(new);
    }

    pub(super) fn read_all(&mut self, files: Vec<(&String, impl AsRef<Path> + Send + Sync, PathBuf, How)>) {
        self.read_each(&files, |batch, (shown, path, real, how), shared| {
            batch.file((*shown).clone(), path.as_ref(), real, *how, shared);
        });
    }

    fn read_each<T: Sync>(&mut self, files: &[T], read: impl Fn(&mut Batch, &T, Shared<'_>) + Sync) {
        let shared = Shared { request: self.request, read: self.read, count: self.count };
        let batches: Vec<Batch> = files
            .par_iter()
            .fold(Batch::default, |mut batch, file| {
                read(&mut batch, file, shared);
                batch
            })
            .collect();
        for batch in batches {
            self.batch.append(batch);
        }
    }

    pub(super) fn finish(self) -> Walk {
        let Batch { mut files, mut problems, mut passed, mut unsupported, read, bytes, bytes_kept, .. } = self.batch;
        unsupported.sort();
        files.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        problems.sort();
        problems.dedup();
        passed.sort();
        passed.dedup();
        Walk {
            files: inside::with_repositories(files.into_iter().map(|(_, _, file)| file)),
            nothing: read == 0 && problems.is_empty(),
            problems,
            files_read: read,
            bytes_read: bytes,
            bytes_kept,
            passed,
            unsupported,
            notices: few(self.notices)
                .into_iter()
                .chain(hidden(&self.tracked_hidden))
                .chain(not_followed(&self.links_out))
                .collect(),
            tracked_hidden: self.tracked_hidden.len(),
            links_out: self.links_out.len(),
            walked: self.walked,
        }
    }
}

/// That the patterns of `exclude` take too much work, if they do.
pub(super) fn too_much(request: &Request) -> Option<Problem> {
    let by = request.exclude.iter().find(|it| it.are_too_much())?;
    let reason = "the patterns of `exclude` take too much work, so nothing in the folder that was named is read";
    Some(Problem { path: by.origin.clone(), reason: reason.to_owned() })
}

/// The first of many notices, and how many there are besides.
fn few(notices: BTreeSet<String>) -> Vec<String> {
    let more = notices.len().saturating_sub(MOST_NOTICES);
    let mut notices: Vec<String> = notices.into_iter().take(MOST_NOTICES).collect();
    if more > 0 {
        notices.push(format!("{more} more notices about ignore files"));
    }
    notices
}

/// Says that `.ignore` hides tracked files: nothing else may say it, and a pull request may bring an `.ignore`.
fn hidden(tracked: &BTreeSet<PathBuf>) -> Option<String> {
    let first = here(tracked.first()?);
    let first = visible_path(&first);
    // What a link leads to says nothing, and is not told.
    let is_submodule = |it: &PathBuf| it.symlink_metadata().is_ok_and(|it| it.is_dir());
    let what = match (tracked.len(), tracked.iter().any(is_submodule)) {
        (1, true) => "submodule is",
        (1, false) => "tracked file is",
        (_, true) => "tracked files and submodules are",
        (_, false) => "tracked files are",
    };
    Some(match tracked.len() {
        1 => format!("1 {what} hidden by .ignore: {first}"),
        count => format!("{count} {what} hidden by .ignore, such as {first}"),
    })
}

/// Says that links are not followed.
fn not_followed(links: &BTreeSet<String>) -> Option<String> {
    let first = visible_path(links.first()?);
    Some(match links.len() {
        1 => format!("1 link leads out of the folder that was named, or nowhere, and is not read: {first}"),
        count => format!(
            "{count} links lead out of the folder that was named, or nowhere, and are not read, such as {first}"
        ),
    })
}
