//! Files into facts, each alone, by any number of threads.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::facts::Facts;
use crate::lower;
use crate::lower::composite::{Claimed, Composites};
use crate::source::{FileId, Source};
use crate::stage::Observer;

/// A file, and what was read of it.
pub(super) struct File {
    pub(super) source: Arc<Source>,
    /// What is known of the file without any other.
    pub(super) facts: Arc<Facts>,
    /// What it says as part of a unit of several files.
    pub(super) claimed: Option<Box<Claimed>>,
}

/// Files by their ids, which are handed out one after another.
#[derive(Default)]
pub(super) struct ReadFiles(Vec<Option<File>>);

impl ReadFiles {
    pub(super) fn get(&self, file: FileId) -> Option<&File> {
        self.0.get(file.number() as usize)?.as_ref()
    }

    pub(super) fn insert(&mut self, id: FileId, file: File) {
        let at = id.number() as usize;
        if self.0.len() <= at {
            self.0.resize_with(at + 1, || None);
        }
        self.0[at] = Some(file);
    }

    pub(super) fn remove(&mut self, file: FileId) {
        if let Some(there) = self.0.get_mut(file.number() as usize) {
            *there = None;
        }
    }

    pub(super) fn retain(&mut self, is_kept: impl Fn(FileId) -> bool) {
        (0..).zip(&mut self.0).filter(|(id, _)| !is_kept(FileId::new(*id))).for_each(|(_, it)| *it = None);
    }
}

/// Which texts are kept after they were read into facts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Texts {
    /// All: what is read again is compared with them.
    All,
    /// Those that a finding or a directive can point into, and those of units of several files. The others are a good part of
    /// the memory in a large repository.
    Needed,
}

/// The path and the place of a file.
pub(super) type Key = (Arc<str>, Arc<Path>);

/// Ids of files by their paths and places.
pub(super) type Ids = BTreeMap<Key, FileId>;

/// Reads files into facts for an analysis, which stays as it is. Any number of threads may use it.
pub struct Reading<'a, O> {
    pub(super) ids: &'a Ids,
    /// The files that the analysis has.
    pub(super) files: &'a ReadFiles,
    pub(super) composites: &'a Composites,
    pub(super) texts: Texts,
    pub(super) observer: &'a O,
    /// The id that is handed out next.
    pub(super) next: AtomicU32,
}

/// A file that was read, for the analysis that it was read for.
pub struct ReadFile {
    pub(super) id: FileId,
    pub(super) file: File,
    texts: Texts,
}

impl<O: Observer> Reading<'_, O> {
    /// Reads a file into facts. One that is as it was keeps its facts.
    ///
    /// Ids of new files depend on which thread comes first. They are names and no more: nothing that a user sees may depend on
    /// them.
    pub fn read(&self, source: Source) -> ReadFile {
        let key = (source.path.clone(), source.place.clone());
        let id = self.ids.get(&key).copied();
        let id = id.unwrap_or_else(|| FileId::new(self.next.fetch_add(1, Ordering::Relaxed)));
        self.read_as(id, source)
    }

    pub(super) fn read_as(&self, id: FileId, source: Source) -> ReadFile {
        let known = self.files.get(id).filter(|it| it.source.holds_what(&source));
        let file = match known {
            Some(File { source: known, facts, claimed }) => {
                // The facts point into the text that is there.
                let source = Arc::new(Source { text: Arc::clone(&known.text), ..source });
                File { source, facts: Arc::clone(facts), claimed: claimed.clone() }
            }
            None => File::read(source, id, |it, id| self.lower(it, id)),
        };
        let read = ReadFile { id, file, texts: self.texts };
        // Units of several files may refer to it, which is known when all files are read.
        if self.composites.is_empty() { read.without_idle_text() } else { read }
    }

    fn lower(&self, source: &Source, id: FileId) -> (Facts, Option<Box<Claimed>>) {
        match self.composites.read(source, id) {
            Some((facts, claimed)) => (facts, Some(Box::new(claimed))),
            None => (lower::lower(source, id, self.observer), None),
        }
    }
}

impl ReadFile {
    /// The file. It may have lost its text.
    pub fn source(&self) -> &Source {
        &self.file.source
    }

    /// Says that a file of a unit refers to this one.
    pub fn set_referred(&mut self) {
        Arc::make_mut(&mut self.file.source).is_referred = true;
    }

    /// Says which repository the file is in.
    pub fn set_repository(&mut self, repository: Option<Arc<Path>>) {
        Arc::make_mut(&mut self.file.source).repository = repository;
    }

    /// The file, without its text if that is not needed. A directive is reported where it does nothing.
    pub(super) fn without_idle_text(mut self) -> Self {
        let File { source, facts, claimed } = &mut self.file;
        let is_part = claimed.is_some() || source.is_referred;
        if self.texts == Texts::Needed && !is_part && facts.is_idle() {
            Arc::make_mut(source).text = "".into();
        }
        self
    }
}

impl File {
    /// Reads a file. An internal error in one file must not cost the others.
    pub(super) fn read(
        source: Source,
        file: FileId,
        lower: impl Fn(&Source, FileId) -> (Facts, Option<Box<Claimed>>),
    ) -> Self {
        let read = catch_unwind(AssertUnwindSafe(|| lower(&source, file)));
        let (mut facts, claimed) = read.unwrap_or_else(|_| (lower::failed(file), None));
        facts.shrink();
        Self { source: Arc::new(source), facts: Arc::new(facts), claimed }
    }
}
