//! A folder that is walked.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ekslint::config::Globs;
use ignore::{DirEntry, WalkBuilder};

use super::ignored::{By, Ignored};
use super::paths::{candidate, join, shown};
use super::request::Request;

/// What leaves a file or folder out.
#[derive(Clone, Copy)]
pub enum Out<'a> {
    /// It is a file, and none that is looked at.
    NoInput,
    Ignored(&'a By),
    Excluded(&'a Globs),
}

/// A folder that was named.
pub struct Folder<'a> {
    pub shown: &'a str,
    /// Its path without links in it. The walk goes through this path: it would not enter a link.
    pub real: PathBuf,
}

impl Folder<'_> {
    /// How something inside of it is shown.
    pub fn show(&self, inside: &Path) -> String {
        join(self.shown, &shown(inside))
    }

    /// A walk through the folders and candidates in it that leaves out what is ignored or excluded, and tells why.
    pub fn walk(
        &self,
        request: &Request,
        ignored: Arc<Ignored>,
        tell: impl Fn(&DirEntry, bool, Out<'_>) + Send + Sync + 'static,
    ) -> WalkBuilder {
        let mut walk = WalkBuilder::new(&self.real);
        let exclude = request.exclude.clone();
        let composites = request.composites.clone();
        walk.filter_entry(move |entry| {
            // A folder that was named is meant, whatever is excluded.
            if entry.depth() == 0 {
                return true;
            }
            let is_folder = entry.file_type().is_some_and(|it| it.is_dir());
            if !is_folder && !candidate(entry.path()) && !composites.claim(entry.path()) {
                tell(entry, is_folder, Out::NoInput);
                return false;
            }
            if let Some(by) = ignored.hides(entry.path(), is_folder) {
                tell(entry, is_folder, Out::Ignored(&by));
                return false;
            }
            // The walk is soon over, and nothing of it is used.
            if exclude.iter().any(Globs::are_too_much) {
                return false;
            }
            let by = exclude.iter().find(|it| it.name(entry.path(), is_folder));
            by.inspect(|by| tell(entry, is_folder, Out::Excluded(by))).is_none()
        });
        // Ignore files are hostile input, and the library reads whatever they are.
        walk.standard_filters(false).follow_links(false).threads(request.threads);
        walk
    }

    /// What ignore files say after a walk by one thread, in an order that depends on names alone.
    pub fn in_order(&self, request: &Request) -> Arc<Ignored> {
        let ignored = Arc::new(Ignored::new(&self.real, true));
        let mut walk = self.walk(request, ignored.clone(), |_, _, _| {});
        walk.sort_by_file_path(Path::cmp).build().for_each(drop);
        ignored
    }
}
