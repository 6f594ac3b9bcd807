//! What a run is asked to read.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use ekslint::config::Globs;
use ekslint::lower::composite::Composites;
use ekslint::report::Problem;

use super::paths::{candidate, reason, shown};

/// A file or folder that was passed over, and why.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Passed {
    pub path: String,
    pub reason: String,
}

/// What to read.
#[derive(Clone, Debug)]
pub struct Request {
    /// Files, folders, and `-` for standard input, which somebody typed.
    pub paths: Vec<PathBuf>,
    /// Files and folders that a list names. They are treated like the files of a folder: excluded files are skipped, and so are files
    /// with other names, such as a README that has changed.
    pub listed: Vec<PathBuf>,
    /// What standard input is called.
    pub stdin_name: String,
    pub threads: usize,
    /// What is skipped in folders.
    pub exclude: Vec<Globs>,
    /// Skip what is excluded even if it is named.
    pub force_exclude: bool,
    /// Keep what was skipped, with the reason.
    pub keep_passed: bool,
    /// The baseline in use, without links. It is not an input.
    pub baseline: Option<PathBuf>,
    /// The kinds of unit that are written in several files. They claim files by their paths, and refer to others.
    pub composites: Composites,
}

impl Request {
    /// Whether a file that is come across is looked at.
    pub fn is_candidate(&self, path: &Path) -> bool {
        candidate(path) || self.composites.claim(path)
    }

    /// All files and folders that are named, by somebody or by a list.
    pub fn named(&self) -> impl Iterator<Item = &PathBuf> {
        self.paths.iter().filter(|it| !is_stdin(it)).chain(&self.listed)
    }

    /// Whether somebody named a folder, and so expects files in it.
    pub fn wants_folder(&self) -> bool {
        self.named().any(|it| it.is_dir())
    }

    /// Whether standard input is to be read.
    pub fn wants_stdin(&self) -> bool {
        self.paths.iter().any(|it| is_stdin(it))
    }
}

/// Whether a path that somebody typed means standard input.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What a request names, told apart.
#[derive(Default)]
pub(super) struct Named<'r> {
    /// How it is shown, and where it is.
    pub typed: Vec<(String, &'r PathBuf)>,
    pub listed: Vec<(String, &'r PathBuf)>,
    pub folders: Vec<(String, &'r PathBuf)>,
    pub problems: Vec<Problem>,
    pub passed: Vec<Passed>,
}

impl<'r> Named<'r> {
    pub fn of(request: &'r Request) -> Self {
        let mut named = Self::default();
        // Each once, however often it is named.
        let mut seen = HashSet::new();
        for path in request.paths.iter().filter(|it| !is_stdin(it)) {
            if seen.insert((path, true)) {
                named.add(path, request, true);
            }
        }
        for path in &request.listed {
            if seen.insert((path, false)) {
                named.add(path, request, false);
            }
        }
        // Short names first, so that a file that was named twice has the name that reads best.
        for found in [&mut named.typed, &mut named.listed, &mut named.folders] {
            found.sort_by(|a, b| (a.0.len(), &a.0).cmp(&(b.0.len(), &b.0)));
        }
        named
    }

    fn add(&mut self, path: &'r PathBuf, request: &Request, is_typed: bool) {
        let shown = shown(path);
        let meta = match fs::metadata(path) {
            Ok(meta) => meta,
            Err(error) => return self.problems.push(Problem { path: shown, reason: reason(&error) }),
        };
        if (request.force_exclude || !is_typed)
            && let Some(reason) = excluded(path, &request.exclude)
        {
            self.passed.push(Passed { path: shown, reason });
        } else if meta.is_dir() {
            self.folders.push((shown, path));
        } else if !meta.is_file() {
            let reason = "not a regular file; standard input is read if it is named `-`".to_owned();
            self.problems.push(Problem { path: shown, reason });
        } else if is_typed {
            self.typed.push((shown, path));
        } else if request.is_candidate(path) {
            self.listed.push((shown, path));
        } else {
            self.passed
                .push(Passed { path: shown, reason: "not named *.yaml, *.yml, *.json or *.template".to_owned() });
        }
    }
}

/// Why something that was named is excluded, if it is: by itself, or by a folder that it is in.
pub(super) fn excluded(path: &Path, exclude: &[Globs]) -> Option<String> {
    let real = fs::canonicalize(path).ok()?;
    let is_folder = real.is_dir();
    let by = exclude.iter().find(|it| is_meant(&real, is_folder, it))?;
    Some(why(by, &real, is_folder))
}

/// Says which pattern excludes something.
pub(super) fn why(by: &Globs, path: &Path, is_folder: bool) -> String {
    let pattern = by.pattern(path, is_folder).unwrap_or_default();
    format!("excluded by `{pattern}` of {}", by.origin)
}

pub(super) fn is_meant(real: &Path, is_folder: bool, exclude: &Globs) -> bool {
    exclude.hold(real) || is_folder && exclude.name(real, true)
}
