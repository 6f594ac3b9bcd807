//! Edits that keep a file well formed, whatever its format: rules say what, this says how it is written there.
//!
//! Where a place is written in a way that is not known here, the answer is `None`, and the finding has no fix.

mod entries;
mod items;
mod scalars;
#[cfg(test)]
mod tests;

use crate::source::{Span, Text};

use super::Workspace;

impl Workspace {
    /// The bytes that a span stands for.
    pub fn written(&self, span: Span) -> &str {
        self.source(span.file).text.get(span.range()).unwrap_or_default()
    }

    /// A property as its author calls it.
    pub fn written_key(&self, key: Span) -> &str {
        self.written(key).trim_matches(['"', '\''])
    }

    /// True if a text is written as it is read, but for quotes: without escapes, and in one place.
    pub fn is_verbatim(&self, text: &Text) -> bool {
        self.written_key(text.whole()) == text.shown()
    }

    /// What stands in the file before a place, and behind it.
    fn around(&self, span: Span) -> (&str, &str) {
        let text = &self.source(span.file).text;
        (&text[..span.start as usize], &text[span.end as usize..])
    }
}

/// The last line of a text, as far as it goes: what stands before a place on its line.
fn last_line(before: &str) -> &str {
    &before[before.rfind('\n').map_or(0, |at| at + 1)..]
}

/// True if the rest of a line holds nothing more, or a comment.
fn ends_line(after: &str) -> bool {
    let rest = after.lines().next().unwrap_or_default().trim_start();
    rest.is_empty() || rest.starts_with('#')
}
