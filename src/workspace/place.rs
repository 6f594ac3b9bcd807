//! Where an entry can be written into a file beside another one.

use crate::diagnostic::Edit;
use crate::source::{Span, Text};

use super::Workspace;

impl Workspace {
    /// The bytes that a span stands for.
    pub fn written(&self, span: Span) -> &str {
        self.source(span.file).text.get(span.range()).unwrap_or_default()
    }

    /// The blanks before a key, if nothing else stands before it on its line.
    pub fn indentation(&self, key: &Text) -> Option<&str> {
        let text = &self.source(key.whole().file).text;
        let start = key.whole().start as usize;
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let before = &text[line..start];
        before.bytes().all(|byte| byte == b' ').then_some(before)
    }

    /// True if a key stands inside brackets, as all keys of JSON do.
    pub fn is_in_brackets(&self, key: &Text) -> bool {
        let text = &self.source(key.whole().file).text;
        text[..key.whole().start as usize].trim_end().ends_with(['{', ','])
    }

    /// Writes an entry before another one of the same mapping. `None` where the key is not written as it is read, as in
    /// a document inside a string with escapes.
    pub fn insert_before(&self, key: &Text, new_key: &str, value: &str) -> Option<Edit> {
        let written = self.written(key.whole());
        if written.trim_matches(['"', '\'']) != key.shown() || written.contains('\\') {
            return None;
        }
        let quote = written.strip_suffix(['"', '\'']).map_or("", |rest| &written[rest.len()..]);
        let indent = self.indentation(key);
        let entry = if self.is_in_brackets(key) {
            let break_line = indent.map_or(" ".to_owned(), |indent| format!("\n{indent}"));
            format!("{quote}{new_key}{quote}: {quote}{value}{quote},{break_line}")
        } else {
            format!("{quote}{new_key}{quote}: {value}\n{}", indent?)
        };
        Some(Edit::insert(key.whole().file, key.whole().start, entry))
    }
}
