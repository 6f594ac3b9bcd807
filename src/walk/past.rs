//! Which files of another time a walk would have read, asked of their paths alone.
//!
//! What decides is what decides today: the paths of the request, its exclusions, and the ignore files as they are now.
//! So a file that was ignored then and is not today has no new findings for that alone.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::{Request, candidate, is_meant};

/// Files that say what is ignored, the strongest first. The last one is at the root of a repository only.
const IGNORE_FILES: [&str; 3] = [".ignore", ".gitignore", ".git/info/exclude"];

/// Answers for one request. Paths are absolute, without links.
pub struct Filter<'a> {
    request: &'a Request,
    files: HashSet<PathBuf>,
    listed: HashSet<PathBuf>,
    folders: Vec<PathBuf>,
    ignores: HashMap<(PathBuf, &'static str), Gitignore>,
    roots: HashMap<PathBuf, bool>,
    entered: HashMap<PathBuf, bool>,
}

/// Why a file would have been read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// It is named: it is linted whatever is in it.
    Named,
    /// It is come across.
    Found,
    /// It is not there today, and would not have been read; under another name it may be.
    Gone,
}

impl<'a> Filter<'a> {
    pub fn new(request: &'a Request) -> Self {
        let real = |it: &PathBuf| fs::canonicalize(it).ok();
        let (mut folders, files): (Vec<_>, Vec<_>) = request.paths.iter().filter_map(real).partition(|it| it.is_dir());
        let files = files.into_iter().collect();
        let is_in = |it: &PathBuf| !request.exclude.iter().any(|by| is_meant(it, it.is_dir(), by));
        let listed = request.listed.iter().filter_map(real).filter(is_in);
        let (more, listed): (Vec<_>, Vec<_>) = listed.partition(|it| it.is_dir());
        folders.extend(more);
        let listed = listed.into_iter().collect();
        let (ignores, roots, entered) = Default::default();
        Self { request, files, listed, folders, ignores, roots, entered }
    }

    /// Whether a file would have been read, and why.
    pub fn reads(&mut self, file: &Path) -> Option<Reason> {
        if self.files.contains(file) {
            let is_out = self.request.force_exclude && self.is_meant(file, false);
            return (!is_out).then_some(Reason::Named);
        }
        if !candidate(file) {
            return None;
        }
        if self.listed.contains(file) {
            return Some(Reason::Found);
        }
        let folders = self.folders.clone();
        if folders.iter().any(|it| file.starts_with(it) && self.is_found(it, file, false)) {
            return Some(Reason::Found);
        }
        fs::symlink_metadata(file).is_err().then_some(Reason::Gone)
    }

    fn is_meant(&self, path: &Path, is_folder: bool) -> bool {
        self.request.exclude.iter().any(|it| is_meant(path, is_folder, it))
    }

    /// Whether a walk of `folder` comes across a path.
    fn is_found(&mut self, folder: &Path, path: &Path, is_folder: bool) -> bool {
        if path == folder {
            return !(self.request.force_exclude && self.is_meant(path, true));
        }
        if is_folder && let Some(known) = self.entered.get(path) {
            return *known;
        }
        let is_above = path.parent().is_some_and(|it| self.is_found(folder, it, true));
        let is_excluded = self.request.exclude.iter().any(|it| it.name(path, is_folder));
        let found = is_above && !is_excluded && !self.is_ignored(path, is_folder);
        // Of two folders that were named one may be in the other, and hidden from it only.
        if is_folder && self.folders.len() == 1 {
            self.entered.insert(path.to_owned(), found);
        }
        found
    }

    fn is_ignored(&mut self, path: &Path, is_folder: bool) -> bool {
        for name in IGNORE_FILES {
            for folder in path.ancestors().skip(1) {
                let found = self.ignores(folder, name).matched(path, is_folder);
                if !found.is_none() {
                    return found.is_ignore();
                }
                if self.is_root(folder) {
                    break;
                }
            }
        }
        path.file_name().is_some_and(|it| it.as_encoded_bytes().starts_with(b"."))
    }

    fn ignores(&mut self, folder: &Path, name: &'static str) -> &Gitignore {
        self.ignores.entry((folder.to_owned(), name)).or_insert_with(|| {
            let mut builder = GitignoreBuilder::new(folder);
            // Most folders have none, and a line that is no pattern costs that line.
            let _ = builder.add(folder.join(name));
            builder.build().unwrap_or_else(|_| Gitignore::empty())
        })
    }

    fn is_root(&mut self, folder: &Path) -> bool {
        let look = || fs::symlink_metadata(folder.join(".git")).is_ok();
        *self.roots.entry(folder.to_owned()).or_insert_with(look)
    }
}
