//! What nodes and comments are, what can be wrong with a text, and the limits of what is read.

use std::ops::Range;

use crate::source::{Span, Text};

/// Levels of nesting that a document may have, with its aliases followed.
pub const MAX_DEPTH: usize = 200;

/// Values that one text may hold: some 30 MB of JSON.
pub const MAX_NODES: usize = 4_000_000;

/// Values that the aliases of one document may stand for. So no walk of a tree is much longer than the file.
pub const MAX_ALIASED: usize = 1_000_000;

/// Values that one mapping may get through merge keys, each mapping on the way to them counted as one more. So no mapping
/// is much larger than it looks.
pub const MAX_MERGED: usize = 10_000;

/// Mappings that may be merged into each other.
pub const MAX_MERGE_DEPTH: usize = 32;

/// What a node is. A value that is not there is an empty plain scalar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Scalar,
    Sequence,
    Mapping,
}

/// How a scalar is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// A block after `|`.
    Literal,
    /// A block after `>`.
    Folded,
}

/// A comment, from its `#` to the end of its line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comment {
    pub span: Span,
    /// Where it stands in the text that was parsed.
    pub range: Range<usize>,
}

/// Something that keeps a document, or a part of it, from being read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    pub span: Span,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// True if nothing is wrong but the size of the text: it is beyond a limit of ours, which the message names.
    pub is_limit: bool,
}

/// An error at a range of the bytes of the text that is read.
pub(super) struct ParseError {
    pub(super) at: Range<usize>,
    pub(super) message: String,
    /// See [`SyntaxError::is_limit`]: no other reader would take it either.
    pub(super) is_limit: bool,
    /// True if there is no sense in reading on.
    pub(super) is_final: bool,
}

impl ParseError {
    pub(super) fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), is_limit: false, is_final: false }
    }

    pub(super) fn limit(at: Range<usize>, message: String) -> Self {
        Self { is_limit: true, ..Self::new(at, message) }
    }

    pub(super) fn too_deep(at: Range<usize>) -> Self {
        Self::limit(at, format!("nested deeper than {MAX_DEPTH} levels"))
    }

    pub(super) fn too_many(at: Range<usize>) -> Self {
        Self { is_final: true, ..Self::limit(at, format!("more than {MAX_NODES} values in one file")) }
    }

    pub(super) fn place(self, text: &Text) -> SyntaxError {
        SyntaxError { span: text.slice(self.at), message: self.message, is_limit: self.is_limit }
    }
}

/// The character at an offset, as what to underline. At the end it is the last one that can be seen.
pub(super) fn spot(source: &str, at: usize) -> Range<usize> {
    let mut at = floor(source, at);
    if source[at..].trim_start().is_empty() {
        at = source.trim_end().char_indices().next_back().map_or(0, |(at, _)| at);
    }
    match source[at..].chars().next() {
        Some(it) if !matches!(it, '\n' | '\r') => at..at + it.len_utf8(),
        _ => at..at,
    }
}

/// The border of a character at or before an offset.
pub(super) fn floor(source: &str, at: usize) -> usize {
    (0..=at.min(source.len())).rev().find(|&it| source.is_char_boundary(it)).unwrap_or(0)
}
