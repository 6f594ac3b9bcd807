//! Which files of another time a walk would have read, asked of their paths alone.
//!
//! What decides is what decides today: the paths of the request, its exclusions, and the ignore files as they are now.
//! So a file that was ignored then and is not today has no new findings for that alone.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use ekslint::config::Globs;

use super::ignored::Ignored;
use super::request::{Request, is_meant};

/// Answers for one request. Paths are absolute, without links.
pub struct Filter<'a> {
    request: &'a Request,
    files: HashSet<PathBuf>,
    listed: HashSet<PathBuf>,
    /// Folders, with what their ignore files say.
    folders: Vec<(PathBuf, Ignored)>,
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
        request.exclude.iter().for_each(Globs::count_anew);
        let real = |it: &PathBuf| fs::canonicalize(it).ok();
        let (mut folders, files): (Vec<_>, Vec<_>) = request.paths.iter().filter_map(real).partition(|it| it.is_dir());
        let files = files.into_iter().collect();
        let is_in = |it: &PathBuf| !request.exclude.iter().any(|by| is_meant(it, it.is_dir(), by));
        let listed = request.listed.iter().filter_map(real).filter(is_in);
        let (more, listed): (Vec<_>, Vec<_>) = listed.partition(|it| it.is_dir());
        folders.extend(more);
        let listed = listed.into_iter().collect();
        // What is to be said of these ignore files was said when today's files were read.
        let folders = folders.into_iter().map(|it| (it.clone(), Ignored::new(&it, true))).collect();
        Self { request, files, listed, folders, entered: HashMap::new() }
    }

    /// Whether a file would have been read, and why.
    pub fn reads(&mut self, file: &Path) -> Option<Reason> {
        if self.request.baseline.as_deref() == Some(file) {
            return None;
        }
        if self.files.contains(file) {
            let is_out = self.request.force_exclude && self.is_meant(file, false);
            return (!is_out).then_some(Reason::Named);
        }
        if !self.request.is_candidate(file) {
            return None;
        }
        self.comes_across(file)
    }

    /// [`Filter::reads`] for a file that another one refers to: it may be called anything.
    pub fn reads_referred(&mut self, file: &Path) -> Option<Reason> {
        if self.request.baseline.as_deref() == Some(file) {
            return None;
        }
        self.comes_across(file)
    }

    fn comes_across(&mut self, file: &Path) -> Option<Reason> {
        if self.listed.contains(file) {
            return Some(Reason::Found);
        }
        let is_in = |at: &usize| file.starts_with(&self.folders[*at].0);
        let around: Vec<usize> = (0..self.folders.len()).filter(is_in).collect();
        if around.into_iter().any(|it| self.is_found(it, file, false)) {
            return Some(Reason::Found);
        }
        fs::symlink_metadata(file).is_err().then_some(Reason::Gone)
    }

    /// The ignore files, and the places of `exclude`, that kept files of the commit from being read, because of a limit. None of them may be among those that
    /// did so for the files of today.
    pub fn limited_by(&self) -> BTreeSet<String> {
        let problems = self.folders.iter().flat_map(|(_, ignored)| ignored.messages().problems);
        let exclude = self.request.exclude.iter().filter(|it| it.are_too_much()).map(|it| it.origin.clone());
        problems.map(|it| it.path).chain(exclude).collect()
    }

    fn is_meant(&self, path: &Path, is_folder: bool) -> bool {
        self.request.exclude.iter().any(|it| is_meant(path, is_folder, it))
    }

    /// Whether a walk of a folder comes across a path.
    fn is_found(&mut self, folder: usize, path: &Path, is_folder: bool) -> bool {
        if path == self.folders[folder].0 {
            return !(self.request.force_exclude && self.is_meant(path, true));
        }
        if is_folder && let Some(known) = self.entered.get(path) {
            return *known;
        }
        let is_above = path.parent().is_some_and(|it| self.is_found(folder, it, true));
        let is_excluded = self.request.exclude.iter().any(|it| it.name(path, is_folder));
        let found = is_above && !is_excluded && self.folders[folder].1.hides(path, is_folder).is_none();
        // Of two folders that were named one may be in the other, and hidden from it only.
        if is_folder && self.folders.len() == 1 {
            self.entered.insert(path.to_owned(), found);
        }
        found
    }
}
