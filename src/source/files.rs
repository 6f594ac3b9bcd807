//! The files of a run by their ids.

use std::path::Path;
use std::sync::Arc;

use super::{FileId, Source, Span};

/// The files of a run, in the order of their paths. A [`FileId`] is only a name: which file comes first, this says.
#[derive(Clone, Default, Debug)]
pub struct Files {
    in_order: Vec<FileId>,
    /// The least id of a file.
    first: u32,
    /// By id, from the least: the place in the order, and the file. Ids without a file are of others.
    by_id: Vec<Option<(u32, Arc<Source>)>>,
    /// The texts of the configuration, which are few and have ids that may be far from the others.
    texts: Vec<(FileId, (u32, Arc<Source>))>,
}

/// Where something stands among all files: compared first by the order of the files, then by the bytes in them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    pub rank: u32,
    pub start: u32,
    pub end: u32,
}

impl Files {
    /// Of files in the order in which they are to come.
    pub fn new(files: impl IntoIterator<Item = (FileId, Arc<Source>)>) -> Self {
        let files: Vec<_> = files.into_iter().collect();
        let first = files.iter().map(|(file, _)| file.0).min().unwrap_or_default();
        let end = files.iter().map(|(file, _)| file.0 + 1).max().unwrap_or(first);
        let mut by_id = vec![None; (end - first) as usize];
        let mut in_order = Vec::with_capacity(files.len());
        for (rank, (file, source)) in (0..).zip(files) {
            by_id[(file.0 - first) as usize] = Some((rank, source));
            in_order.push(file);
        }
        Self { in_order, first, by_id, texts: Vec::new() }
    }

    /// Puts a text of the configuration behind all files.
    pub fn push_text(&mut self, file: FileId, source: Arc<Source>) {
        self.texts.push((file, (self.in_order.len() as u32, source)));
        self.in_order.push(file);
    }

    fn ranked(&self, file: FileId) -> Option<&(u32, Arc<Source>)> {
        let at = file.0.checked_sub(self.first).and_then(|at| self.by_id.get(at as usize)?.as_ref());
        at.or_else(|| self.texts.iter().find(|it| it.0 == file).map(|it| &it.1))
    }

    /// The file with an id, if it is one of these.
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.ranked(file).map(|(_, source)| &**source)
    }

    /// The place of a file in the order; behind all of them for what is none.
    pub fn rank(&self, file: FileId) -> u32 {
        self.ranked(file).map_or(u32::MAX, |(rank, _)| *rank)
    }

    /// What places are sorted by.
    pub fn position(&self, span: Span) -> Position {
        Position { rank: self.rank(span.file), start: span.start, end: span.end }
    }

    /// All files, in their order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (FileId, &Source)> + ExactSizeIterator {
        self.in_order.iter().map(|file| (*file, self.get(*file).expect("it was put there")))
    }

    pub fn ids(&self) -> impl DoubleEndedIterator<Item = FileId> + ExactSizeIterator {
        self.in_order.iter().copied()
    }

    /// The repository that a file is in, if it is known to be in one.
    pub fn repository(&self, file: FileId) -> Option<&Arc<Path>> {
        self.get(file)?.repository.as_ref()
    }

    /// Whether two files are in two repositories, neither of which contains the other.
    pub fn are_of_two_repositories(&self, a: FileId, b: FileId) -> bool {
        are_apart(self.repository(a).map(|it| &**it), self.repository(b).map(|it| &**it))
    }

    pub fn first(&self) -> Option<FileId> {
        self.in_order.first().copied()
    }

    pub fn len(&self) -> usize {
        self.in_order.len()
    }

    pub fn is_empty(&self) -> bool {
        self.in_order.is_empty()
    }
}

/// Whether two repositories, as the paths of their roots, are apart: neither contains the other. What is in no known repository
/// is apart from none.
pub fn are_apart(a: Option<&Path>, b: Option<&Path>) -> bool {
    a.zip(b).is_some_and(|(a, b)| !std::ptr::eq(a, b) && !a.starts_with(b) && !b.starts_with(a))
}
