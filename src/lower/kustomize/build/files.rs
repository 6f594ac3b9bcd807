//! The files that a kustomization names.

use crate::source::Text;

/// What a kustomization needs of other files.
pub trait Files {
    /// The text of a file that it names, by its path.
    fn patch(&mut self, path: &str) -> Patch;

    /// A file as a whole, if its text is known.
    fn whole(&mut self, path: &str) -> Option<Text>;

    /// Says that a patch of a file is for no object that is known.
    fn misses(&mut self, path: &str);
}

/// A file with a patch.
pub enum Patch {
    Known(Text),
    /// It holds nothing about identity, or it would have been read.
    Unread,
    /// It stands outside of what is read, or cannot be read.
    Outside,
}
