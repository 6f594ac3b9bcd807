//! Text into trees: YAML and JSON, with the place of every key and scalar.
//!
//! This is the only module that knows a parser library. What it hands out is a [`Tree`] for each document: an arena
//! of nodes in which every node knows its bytes. A document inside a string of another one is read the same way,
//! because a [`Text`] carries its places with it.

use std::ops::Range;

use crate::source::{Span, Text};

mod attach;
mod builder;
mod json;
mod lenient;
mod message;
mod quick;
mod resolve;
mod scalar;
#[cfg(test)]
mod tests;
mod tree;
mod yaml;

pub use attach::{Attached, Comments, Standing};
pub use resolve::{Resolved, Schema, resolve_plain};
pub use tree::{Entries, Items, Node, Tag, Tree};

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

/// What a text was parsed into.
pub struct Parsed {
    /// The documents that could be read, in order. See [`Tree::index`] for the place of each in the stream.
    pub documents: Vec<Tree>,
    /// What is wrong with the text, in order.
    pub errors: Vec<SyntaxError>,
    /// The comments, in order.
    pub comments: Vec<Comment>,
    /// True for JSON as its standard has it: no comment can stand in it.
    pub is_json: bool,
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

/// A comment, from its `#` to the end of its line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comment {
    pub span: Span,
    /// Where it stands in the text that was parsed.
    pub range: Range<usize>,
}

/// What a text is said to be. The content decides how it is read; this decides whose error is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hint {
    Json,
    Yaml,
}

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

/// Reads all documents of a text.
pub fn parse(text: &Text, hint: Hint) -> Parsed {
    parse_with(text, hint, |text| quick::read(text).unwrap_or_else(|| yaml::read(text)))
}

/// [`parse`] with all YAML read by the parser library: what the quick reader is measured by.
pub fn parse_by_library(text: &Text, hint: Hint) -> Parsed {
    parse_with(text, hint, yaml::read)
}

fn parse_with(text: &Text, hint: Hint, read_yaml: impl Fn(&Text) -> Parsed) -> Parsed {
    let source = text.bytes();
    if let Some(at) = memchr::memchr(0, source.as_bytes()) {
        let error = ParseError::new(at..at + 1, "a NUL byte: this is not a text file");
        return Parsed::broken(error.place(text));
    }
    // To YAML a comment of other languages is a string or a part of a key, and the document none that matters.
    let comment = |from| if hint == Hint::Json { json::comment(source, from) } else { None };
    if let Some(error) = comment(0) {
        return Parsed::broken(error.place(text));
    }
    if !json::looks_like(source) {
        return read_yaml(text);
    }
    let error = match json::read(text) {
        Ok(documents) => return Parsed { documents, errors: Vec::new(), comments: Vec::new(), is_json: true },
        Err(error) => error,
    };
    if error.is_limit {
        return Parsed::broken(error.place(text));
    }
    // YAML takes what JSON does not: comments with a `#`, trailing commas, single quotes.
    let mut parsed = read_yaml(text);
    let comment = comment(error.at.start);
    if parsed.errors.is_empty()
        && let Some(error) = comment
    {
        return Parsed::broken(error.place(text));
    }
    if !parsed.errors.is_empty() && hint == Hint::Json {
        parsed.errors = vec![comment.unwrap_or(error).place(text)];
    }
    parsed
}

impl Parsed {
    /// A text of which nothing can be read.
    fn broken(error: SyntaxError) -> Self {
        Self { documents: Vec::new(), errors: vec![error], comments: Vec::new(), is_json: false }
    }
}

/// An error at a range of the bytes of the text that is read.
struct ParseError {
    at: Range<usize>,
    message: String,
    /// See [`SyntaxError::is_limit`]: no other reader would take it either.
    is_limit: bool,
    /// True if there is no sense in reading on.
    is_final: bool,
}

impl ParseError {
    fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), is_limit: false, is_final: false }
    }

    fn limit(at: Range<usize>, message: String) -> Self {
        Self { is_limit: true, ..Self::new(at, message) }
    }

    fn too_deep(at: Range<usize>) -> Self {
        Self::limit(at, format!("nested deeper than {MAX_DEPTH} levels"))
    }

    fn too_many(at: Range<usize>) -> Self {
        Self { is_final: true, ..Self::limit(at, format!("more than {MAX_NODES} values in one file")) }
    }

    fn place(self, text: &Text) -> SyntaxError {
        SyntaxError { span: text.slice(self.at), message: self.message, is_limit: self.is_limit }
    }
}

/// The character at an offset, as what to underline. At the end it is the last one that can be seen.
fn spot(source: &str, at: usize) -> Range<usize> {
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
fn floor(source: &str, at: usize) -> usize {
    (0..=at.min(source.len())).rev().find(|&it| source.is_char_boundary(it)).unwrap_or(0)
}
