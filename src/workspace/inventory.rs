//! The files of a run and what was read of them: all that a report needs.

use crate::facts::Tables;
use crate::source::{FileId, Files, Source, Span};

/// The files, and the facts in them.
pub struct Inventory {
    /// The files, and behind them the texts of the configuration.
    pub files: Files,
    pub facts: Tables,
    /// How many files hold something that ekslint knows.
    pub recognised: usize,
}

impl Inventory {
    pub fn source(&self, file: FileId) -> &Source {
        self.files.get(file).expect("places are in files of the run")
    }

    pub fn path(&self, file: FileId) -> &str {
        &self.source(file).path
    }

    /// The bytes that a span stands for.
    pub fn written(&self, span: Span) -> &str {
        self.source(span.file).text.get(span.range()).unwrap_or_default()
    }
}
