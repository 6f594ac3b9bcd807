//! The files of a run by their ids.

use std::path::Path;
use std::sync::Arc;

use super::{FileId, Source, Span};

/// The number of the first view: there are fewer files.
const FIRST_VIEW: u32 = 1 << 31;

/// The files of a run, in the order of their paths. A [`FileId`] is only a name: which file comes first, this says.
#[derive(Clone, Default, Debug)]
pub struct Files {
    in_order: Vec<FileId>,
    by_id: ById,
    /// The texts of the configuration, which are few.
    texts: Vec<(FileId, Ranked)>,
    views: Vec<View>,
}

/// A file as one build sees it. Two builds make facts with equal places of one file, and are two deployments, so each has an id
/// of its own for the file.
#[derive(Clone, Debug)]
pub struct View {
    /// The file itself.
    pub of: FileId,
    /// What builds it: a file, and the place there that says so.
    pub by: Span,
    /// The names and namespaces that the build gives to objects of the file, in order: those that are not written there.
    pub names: Vec<Box<str>>,
    /// The file, with the place that its build gives it.
    pub source: Arc<Source>,
}

/// The place of a file in the order, and the file.
type Ranked = (u32, Arc<Source>);

/// Files by their ids.
#[derive(Clone, Debug)]
enum ById {
    /// By the distance from the least id. Ids without a file are of others.
    Near(u32, Vec<Option<Ranked>>),
    /// In the order of ids, where most ids between the least and the greatest are of others.
    Far(Vec<(FileId, Ranked)>),
}

impl Default for ById {
    fn default() -> Self {
        Self::Far(Vec::new())
    }
}

impl ById {
    fn new(files: Vec<(FileId, Ranked)>) -> Self {
        let first = files.iter().map(|(file, _)| file.number()).min().unwrap_or_default();
        let last = files.iter().map(|(file, _)| file.number()).max().unwrap_or_default();
        let mut files = files;
        if (last - first) as usize > 2 * files.len() {
            files.sort_unstable_by_key(|(file, _)| file.number());
            return Self::Far(files);
        }
        let mut by_id = vec![None; (last - first) as usize + 1];
        files.into_iter().for_each(|(file, ranked)| by_id[(file.number() - first) as usize] = Some(ranked));
        Self::Near(first, by_id)
    }

    fn get(&self, file: FileId) -> Option<&Ranked> {
        match self {
            Self::Near(first, files) => files.get(file.number().checked_sub(*first)? as usize)?.as_ref(),
            Self::Far(files) => {
                let at = files.binary_search_by_key(&file.number(), |(file, _)| file.number()).ok()?;
                Some(&files[at].1)
            }
        }
    }
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
        let ranked = (0..).zip(files).map(|(rank, (file, source))| (file, (rank, source)));
        let files: Vec<(FileId, Ranked)> = ranked.collect();
        let in_order = files.iter().map(|(file, _)| *file).collect();
        Self { in_order, by_id: ById::new(files), texts: Vec::new(), views: Vec::new() }
    }

    /// Puts a text of the configuration behind all files.
    pub fn push_text(&mut self, file: FileId, source: Arc<Source>) {
        self.texts.push((file, (self.in_order.len() as u32, source)));
        self.in_order.push(file);
    }

    /// Adds a view of a file. It is no file of its own: neither [`Files::iter`] nor [`Files::len`] knows of it.
    pub fn push_view(&mut self, view: View) {
        self.views.push(view);
    }

    /// The id of the view with a number: they are numbered as they are added.
    pub fn view_id(number: usize) -> FileId {
        FileId::new(FIRST_VIEW + number as u32)
    }

    /// The number of the view with an id, if it is one.
    pub fn view_number(file: FileId) -> Option<usize> {
        file.number().checked_sub(FIRST_VIEW).map(|it| it as usize)
    }

    /// The view with an id, if it is one.
    pub fn view(&self, file: FileId) -> Option<&View> {
        self.views.get(Self::view_number(file)?)
    }

    /// All views, with their ids.
    pub fn views(&self) -> impl Iterator<Item = (FileId, &View)> {
        self.views.iter().enumerate().map(|(at, it)| (Self::view_id(at), it))
    }

    /// The first line of a place.
    pub fn first_line(&self, span: Span) -> Span {
        let text = self.get(span.file).and_then(|it| it.text.get(span.range())).unwrap_or_default();
        let length = text.lines().next().map_or(0, |it| it.trim_end().len());
        Span { end: span.start + length as u32, ..span }
    }

    /// The place that somebody wrote at: a view's places are those of its file.
    pub fn written(&self, span: Span) -> Span {
        self.view(span.file).map_or(span, |it| Span { file: it.of, ..span })
    }

    fn ranked(&self, file: FileId) -> Option<&Ranked> {
        self.by_id.get(file).or_else(|| self.texts.iter().find(|it| it.0 == file).map(|it| &it.1))
    }

    /// The file with an id, if it is one of these.
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.view(file).map(|it| &*it.source).or_else(|| self.ranked(file).map(|(_, source)| &**source))
    }

    /// The place of a file in the order; behind all of them for what is none.
    pub fn rank(&self, file: FileId) -> u32 {
        let file = self.view(file).map_or(file, |it| it.of);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_near_each_other_and_far_apart() {
        for ids in [&[3, 4, 6][..], &[900, 3, 40], &[7], &[]] {
            let source = |id: u32| Arc::new(Source::new(id.to_string(), ""));
            let mut files = Files::new(ids.iter().map(|it| (FileId::new(*it), source(*it))));
            files.push_text(FileId::new(5), source(5));
            let paths: Vec<&str> = files.iter().map(|(_, it)| &*it.path).collect();
            let wanted: Vec<String> = ids.iter().chain(&[5]).map(u32::to_string).collect();
            assert_eq!(paths, wanted);
            let ranks: Vec<u32> = files.ids().map(|it| files.rank(it)).collect();
            assert_eq!(ranks, (0..wanted.len() as u32).collect::<Vec<_>>());
            assert!(files.get(FileId::new(2)).is_none() && files.get(FileId::new(1000)).is_none());
            assert_eq!(files.rank(FileId::new(41)), u32::MAX);
        }
    }
}
