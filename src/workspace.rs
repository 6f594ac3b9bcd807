//! All facts of all files, and the questions that need more than one of them.

use crate::source::Source;

/// Everything that a run knows.
pub struct Workspace {
    /// The files, in the order of their paths; a [`crate::source::FileId`] is an index here.
    pub sources: Vec<Source>,
}

impl Workspace {
    /// Parses, lowers and links. Sources are put into the order of their paths first.
    pub fn new(mut sources: Vec<Source>) -> Self {
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        Self { sources }
    }
}
