//! What a walk came across and did not read: enough to search the same folder without walking it again.

use std::cmp;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ekslint::lookup::reading;
use ignore::DirEntry;

use super::folder::Out;
use super::ignored::{By, Ignored};
use super::paths;

/// A walk of a folder that came to its end.
pub struct Walked {
    /// The folder, without links.
    pub root: PathBuf,
    /// What ignore files say of the files in it.
    pub ignored: Arc<Ignored>,
    /// The files that were read, in the order of their bytes.
    pub inputs: Vec<PathBuf>,
    pub seen: Seen,
}

impl Walked {
    /// Whether a file in the folder was read.
    pub fn has_read(&self, path: &Path) -> bool {
        self.inputs.binary_search_by(|it| in_bytes(it, path)).is_ok()
    }
}

/// The order of paths as bytes.
pub fn in_bytes(a: &Path, b: &Path) -> cmp::Ordering {
    a.as_os_str().cmp(b.as_os_str())
}

/// What a walk came across and did not read.
#[derive(Default)]
pub struct Seen {
    /// Files that may fill placeholders in, by their names, and are no inputs. Nobody has asked whether they are ignored.
    pub others: Vec<PathBuf>,
    /// Files and folders that are hidden or excluded. A search looks at them. True for a folder.
    pub left_out: Vec<(PathBuf, bool)>,
    /// Folders that could not be read. `None`: nobody knows which.
    pub unread: Vec<Option<PathBuf>>,
    /// How many files and folders there were.
    pub entries: usize,
}

/// Takes what the threads of a walk come across.
#[derive(Clone, Default)]
pub struct Watch {
    seen: Arc<Mutex<Seen>>,
    entries: Arc<AtomicUsize>,
}

impl Watch {
    /// An entry that is read or entered.
    pub fn enter(&self) {
        self.entries.fetch_add(1, Ordering::Relaxed);
    }

    /// An entry that is neither read nor entered.
    pub fn leave_out(&self, entry: &DirEntry, is_folder: bool, out: &Out<'_>) {
        self.enter();
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
        let mut seen = std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        seen.entries = self.entries.load(Ordering::Relaxed);
        seen
    }

    fn with(&self, add: impl FnOnce(&mut Seen)) {
        add(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
