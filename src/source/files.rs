//! The files of a run by their ids.

use std::path::Path;
use std::sync::Arc;

use super::{FileId, Source, Span};

/// The files of a run, in the order of their paths. A [`FileId`] is only a name: which file comes first, this says.
#[derive(Clone, Default, Debug)]
pub struct Files {
    in_order: Vec<FileId>,
    /// By id: the place in the order, and the file. Ids without a file are of files that were removed.
    by_id: Vec<Option<(u32, Arc<Source>)>>,
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
        let mut all = Self::default();
        files.into_iter().for_each(|(file, source)| all.push(file, source));
        all
    }

    /// Puts a file behind all others.
    pub fn push(&mut self, file: FileId, source: Arc<Source>) {
        let (at, rank) = (file.0 as usize, self.in_order.len() as u32);
        if self.by_id.len() <= at {
            self.by_id.resize(at + 1, None);
        }
        self.by_id[at] = Some((rank, source));
        self.in_order.push(file);
    }

    /// The file with an id, if it is one of these.
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.by_id.get(file.0 as usize)?.as_ref().map(|(_, source)| &**source)
    }

    /// The place of a file in the order; behind all of them for what is none.
    pub fn rank(&self, file: FileId) -> u32 {
        self.by_id.get(file.0 as usize).and_then(Option::as_ref).map_or(u32::MAX, |(rank, _)| *rank)
    }

    /// What places are sorted by.
    pub fn position(&self, span: Span) -> Position {
        Position { rank: self.rank(span.file), start: span.start, end: span.end }
    }

    /// All files, in their order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (FileId, &Source)> + ExactSizeIterator {
        self.in_order
            .iter()
            .map(|file| (*file, &**self.by_id[file.0 as usize].as_ref().map(|it| &it.1).expect("it was put there")))
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
        let Some((a, b)) = self.repository(a).zip(self.repository(b)) else { return false };
        !Arc::ptr_eq(a, b) && !a.starts_with(b) && !b.starts_with(a)
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
