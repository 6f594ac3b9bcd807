//! What a walk would read, asked of the file system without reading it: enough to tell whether anything has changed.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use ekslint::config::Globs;

use super::folder::Folder;
use super::ignored::Ignored;
use super::request::{Named, Request};

/// When a file was written last, in nanoseconds since 1970, and how long it is. Nothing of a file that is not there.
pub type Stamp = Option<(u128, u64)>;

/// The files that a walk would open, each with its stamp.
pub fn survey(request: &Request) -> BTreeMap<PathBuf, Stamp> {
    request.exclude.iter().for_each(Globs::count_anew);
    let named = Named::of(request);
    let mut found = BTreeMap::new();
    for (_, path) in named.typed.iter().chain(&named.listed) {
        found.insert(real(path), stamp(path));
    }
    // What is named and is not there may come.
    for problem in named.problems {
        let path = PathBuf::from(problem.path);
        found.insert(real(&path), stamp(&path));
    }
    // One thread: the others are somebody else's while nothing happens.
    let request = Request { threads: 1, ..request.clone() };
    for (shown, path) in &named.folders {
        let folder = Folder { shown, real: real(path) };
        let ignored = Arc::new(Ignored::new(&folder.real, true));
        for entry in folder.walk(&request, ignored, |_, _, _| {}).build().flatten() {
            let Some(kind) = entry.file_type() else { continue };
            if kind.is_file() {
                found.insert(entry.path().to_owned(), entry.metadata().ok().and_then(|it| of(&it)));
            } else if kind.is_symlink() && real(entry.path()).starts_with(&folder.real) {
                found.insert(entry.path().to_owned(), stamp(entry.path()));
            }
        }
    }
    found.retain(|it, _| request.baseline.as_ref() != Some(it));
    found
}

/// The stamp of one file.
pub fn stamp(path: &Path) -> Stamp {
    fs::metadata(path).ok().and_then(|it| of(&it))
}

/// A path without links in it, or as it is if there is none such.
pub fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn of(meta: &Metadata) -> Stamp {
    let changed = meta.modified().ok().and_then(|it| it.duration_since(UNIX_EPOCH).ok());
    meta.is_file().then(|| (changed.map_or(0, |it| it.as_nanos()), meta.len()))
}
