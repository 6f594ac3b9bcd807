//! Files that are not whole yet: each goes away if it does not become whole, whatever ends the program.
//!
//! A signal ends a program anywhere, also between the making of a file and its renaming. So there is a list of those files, and
//! a thread that waits for the signals that end a program: it takes the list, removes what is on it, and lets the signal do
//! what it does. Files are made, renamed and removed only while the list is held, so none is missed. Where a file system does not
//! answer, that may be forever: a second signal ends the program without the list. Only the signal handler of `signal-hook`
//! runs in the signal itself: it writes one byte into a pipe.
//!
//! Nothing can be done about SIGKILL and power that fails: then a file `.ekslint-….tmp` is left, and no other file is half.

mod unfinished;

use std::collections::hash_map::RandomState;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use unfinished::unfinished;

/// Names that are tried, if others are taken.
const TRIES: usize = 16;

/// A file that goes away unless it gets a name.
pub struct Temporary {
    pub file: File,
    path: PathBuf,
    has_name: bool,
}

impl Temporary {
    /// A new file in a folder, which is a path without links. `is_private`: nobody else may read it.
    pub fn new(folder: &Path, is_private: bool) -> io::Result<Self> {
        signals::await_them();
        let mut options = OpenOptions::new();
        // Never an existing file, and so never through a link.
        options.write(true).create_new(true);
        #[cfg(unix)]
        if is_private {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        #[cfg(not(unix))]
        let _ = is_private;
        let mut list = unfinished();
        let mut last = None;
        for _ in 0..TRIES {
            // Short, so that it is possible wherever a name is, and not to be guessed.
            let path = folder.join(format!(".ekslint-{:016x}.tmp", RandomState::new().build_hasher().finish()));
            match options.open(&path) {
                Ok(file) => {
                    list.push(path.clone());
                    return Ok(Self { file, path, has_name: false });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(last.unwrap_or_else(|| io::Error::other("no name is free for a temporary file")))
    }

    /// Puts it at a path, in the place of what is there.
    pub fn name(mut self, path: &Path) -> io::Result<()> {
        let mut list = unfinished();
        fs::rename(&self.path, path)?;
        self.has_name = true;
        list.retain(|it| *it != self.path);
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if self.has_name {
            return;
        }
        let mut list = unfinished();
        // Nothing more can be done about it; what went wrong first is what is said.
        let _ = fs::remove_file(&self.path);
        list.retain(|it| *it != self.path);
    }
}

#[cfg(unix)]
pub mod signals;

#[cfg(not(unix))]
pub mod signals {
    //! No signals: Ctrl-C at the wrong moment may leave a temporary file.

    pub fn survive_limits() {}

    pub(super) fn await_them() {}
}
