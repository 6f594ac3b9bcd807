//! Text into trees: YAML and JSON, with the place of every key and scalar.
//!
//! This is the only module that knows a parser library. What it hands out is a [`Tree`] for each document: an arena
//! of nodes in which every node knows its bytes. A document inside a string of another one is read the same way,
//! because a [`Text`] carries its places with it.

use crate::source::Text;

mod attach;
mod builder;
mod json;
mod kinds;
mod lenient;
mod message;
mod parsed;
mod quick;
mod resolve;
mod scalar;
#[cfg(test)]
mod tests;
mod tree;
mod yaml;

pub use attach::{Attached, Comments, Standing};
pub use json::{Visitor, visit as visit_json};
pub use kinds::{Comment, Kind, MAX_ALIASED, MAX_DEPTH, MAX_MERGE_DEPTH, MAX_MERGED, MAX_NODES, Style, SyntaxError};
pub use parsed::Parsed;
pub use resolve::{Resolved, Schema, resolve_plain};
pub use tree::{Entries, Items, Node, Tag, Tree};

use kinds::ParseError;

/// What a text is said to be. The content decides how it is read; this decides whose error is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hint {
    Json,
    Yaml,
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
