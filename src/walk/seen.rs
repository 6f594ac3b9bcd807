//! What a walk found and did not read: enough to search the same folder without walking it again.

use std::cmp;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ekslint::lookup::reading;
use ignore::DirEntry;

use super::folder::Out;
use super::ignored::{By, Ignored};
use super::paths;

/// Files and folders that a walk may have for a search to do without a walk of its own.
pub const MOST_SEEN: usize = 500_000;

/// A walk of a folder that came to its end.
pub struct Walked {
    /// The folder, without links.
    pub root: PathBuf,
    /// What ignore files say of the files in it.
    pub ignored: Arc<Ignored>,
    /// The files in it that are inputs, in the order of their bytes.
    pub inputs: Vec<PathBuf>,
    pub seen: Seen,
}

impl Walked {
    /// Whether a file in the folder is an input.
    pub fn has_input(&self, path: &Path) -> bool {
        self.inputs.binary_search_by(|it| in_bytes(it, path)).is_ok()
    }
}

/// The order of paths as bytes.
pub fn in_bytes(a: &Path, b: &Path) -> cmp::Ordering {
    a.as_os_str().cmp(b.as_os_str())
}

/// What a walk found and did not read, in the order of paths.
#[derive(Default)]
pub struct Seen {
    /// Files that may fill placeholders in, by their names, and are no inputs. Ignore files were not asked about them.
    pub others: Vec<PathBuf>,
    /// Files and folders that are hidden or excluded. A search looks at them. True for a folder.
    pub left_out: Vec<(PathBuf, bool)>,
    /// Folders that could not be read. `None` if the error has no path.
    pub unread: Vec<Option<PathBuf>>,
    /// How many files and folders there were.
    entries: usize,
}

impl Seen {
    /// False if there were too many files and folders to keep in mind.
    pub fn is_whole(&self) -> bool {
        self.entries <= MOST_SEEN
    }
}

/// Takes what the threads of a walk find.
#[derive(Clone, Default)]
pub struct Watch {
    seen: Arc<Mutex<Seen>>,
    entries: Arc<AtomicUsize>,
}

impl Watch {
    /// Counts an entry. False if there were too many.
    pub fn count(&self) -> bool {
        self.entries.fetch_add(1, Ordering::Relaxed) < MOST_SEEN
    }

    /// Takes an entry that is neither read nor entered.
    pub fn leave_out(&self, entry: &DirEntry, is_folder: bool, out: &Out<'_>) {
        if !self.count() {
            return;
        }
        let is_file = || entry.file_type().is_some_and(|it| it.is_file());
        let may_be_searched = || is_file() && reading(&entry.file_name().to_string_lossy()).is_some();
        match out {
            Out::NoInput if may_be_searched() => self.with(|it| it.others.push(entry.path().to_owned())),
            Out::Ignored(By::Dot) | Out::Excluded(_) if is_folder || may_be_searched() => {
                self.with(|it| it.left_out.push((entry.path().to_owned(), is_folder)));
            }
            // What a rule hides, it hides from a search.
            Out::NoInput | Out::Ignored(_) | Out::Excluded(_) => {}
        }
    }

    pub fn fail(&self, error: &ignore::Error) {
        if !paths::is_gone(error) {
            self.with(|it| it.unread.push(paths::error_path(error).map(Path::to_owned)));
        }
    }

    /// What was seen, when all threads are done.
    pub fn seen(self) -> Seen {
        let entries = self.entries.load(Ordering::Relaxed);
        let seen = std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        if entries > MOST_SEEN {
            return Seen { entries, ..Seen::default() };
        }
        let Seen { mut others, mut left_out, mut unread, .. } = seen;
        others.sort_unstable();
        left_out.sort_unstable();
        unread.sort_unstable();
        Seen { others, left_out, unread, entries }
    }

    fn with(&self, add: impl FnOnce(&mut Seen)) {
        add(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
