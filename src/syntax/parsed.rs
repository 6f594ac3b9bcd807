//! What came of a text.

use super::kinds::{Comment, SyntaxError};
use super::tree::Tree;

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

impl Parsed {
    /// A text of which nothing can be read.
    pub(super) fn broken(error: SyntaxError) -> Self {
        Self { documents: Vec::new(), errors: vec![error], comments: Vec::new(), is_json: false }
    }
}
