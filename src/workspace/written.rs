//! What stands in the files, byte for byte.

use crate::source::Span;

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
}
