//! The YAML that people write nearly always, read in one pass and without the parser library.
//!
//! That is one document of block mappings and sequences, brackets, plain, quoted and block scalars, comments, and tags
//! like `!Sub`. At anything else this reader gives up: at anchors, tabs, carriage returns, a second document, and at all
//! that may be wrong. Then the library reads the text from its start, so errors are the library's alone.
//!
//! What is read here has to be what the library reads, node by node, with each place. The tests of this module, a check of
//! `tests/suite/checks/` and a fuzz target compare the two. So where a corner is dark, giving up is the right answer: it
//! costs time and nothing else.

mod brackets;
mod lines;
mod scalars;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::builder::{Builder, Value};
use super::kinds::{Comment, Style};
use super::parsed::Parsed;
use super::tree::{Form, NO_TAG};
use crate::source::Text;

/// Levels of nesting that are read here: real files have a third of that.
const MAX_LEVELS: usize = 64;

/// Bytes of a key. YAML's limit is 1024 characters.
const MAX_KEY: usize = 1_000;

/// Reads a text, or gives up.
pub(super) fn read(text: &Text) -> Option<Parsed> {
    let source = text.bytes();
    if !is_common(source.as_bytes()) {
        return None;
    }
    let mut reader = Reader {
        text,
        source,
        bytes: source.as_bytes(),
        at: 0,
        line: 0,
        column: None,
        levels: 0,
        builder: Builder::new(text),
        comments: Vec::new(),
    };
    reader.document()?;
    let Reader { mut builder, comments, .. } = reader;
    let documents = builder.finish(0).into_iter().collect();
    Some(Parsed { documents, errors: Vec::new(), comments, is_json: false })
}

/// Whether all of a text is made of characters that have no meaning of their own to YAML, or one that is known here.
fn is_common(bytes: &[u8]) -> bool {
    let is_control = |it: &u8| *it < b' ' && !matches!(it, b'\n' | b'\t') || *it == 0x7F;
    // Without a way out in the middle the compiler makes wide comparisons of it.
    if bytes.iter().fold(false, |found, it| found | is_control(it)) {
        return false;
    }
    // Controls beyond ASCII, U+2028 and U+2029, and what is a mark at the start of a file or no character at all.
    memchr::memchr3_iter(0xC2, 0xE2, 0xEF, bytes).all(|at| match (bytes[at], bytes.get(at + 1), bytes.get(at + 2)) {
        (0xC2, Some(next), _) => *next >= 0xA0,
        (0xE2, Some(0x80), Some(last)) => !matches!(last, 0xA8 | 0xA9),
        (0xEF, Some(next), _) => !matches!(next, 0xBB | 0xBF),
        _ => true,
    })
}

/// Reads one document. Each function answers `None` where the reader gives up.
///
/// Between two nodes the reader stands at the first byte of the next line that has content, and [`Reader::column`] says
/// how far that is indented.
struct Reader<'a> {
    text: &'a Text,
    source: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Where the line starts that the reader is in.
    line: usize,
    /// The indentation of the next line with content; none at the end of the text.
    column: Option<usize>,
    levels: usize,
    builder: Builder,
    comments: Vec<Comment>,
}

/// What a value stands behind.
#[derive(Clone, Copy)]
enum Indicator {
    Colon,
    Dash,
}

/// A key that was looked at, and is not read yet.
struct Key {
    style: Style,
    range: Range<usize>,
    escaped: bool,
    colon: usize,
}

impl Reader<'_> {
    fn document(&mut self) -> Option<()> {
        self.next_line()?;
        if self.bytes[self.at..].starts_with(b"---") && self.line == self.at {
            self.at += 3;
            self.end_line()?;
        }
        let column = self.column?;
        // A scalar alone is seldom, and what may follow it is another matter.
        let is_collection = self.is_dash(self.at) || self.key_ahead()?.is_some();
        if !is_collection {
            return None;
        }
        self.node(column, 0, NO_TAG)?;
        self.column.is_none().then_some(())
    }

    /// Reads a node that starts here, where a block collection may start. Its further lines stand further right than
    /// `parent`.
    fn node(&mut self, column: usize, parent: usize, tag: u32) -> Option<()> {
        if self.is_dash(self.at) {
            return self.sequence(column, tag);
        }
        match self.key_ahead()? {
            Some(key) => self.mapping(column, key, tag),
            None => self.value(parent, tag),
        }
    }

    fn mapping(&mut self, column: usize, first: Key, tag: u32) -> Option<()> {
        self.open(Form::Mapping { merges: false }, false, tag)?;
        let mut key = first;
        loop {
            self.at = key.colon + 1;
            self.emit_key(&key)?;
            self.behind(Indicator::Colon, column)?;
            match self.column {
                Some(next) if next > column => return None,
                Some(next) if next == column && !self.is_dash(self.at) => key = self.key_ahead()??,
                _ => break,
            }
        }
        self.close(None)
    }

    fn sequence(&mut self, column: usize, tag: u32) -> Option<()> {
        self.open(Form::Sequence, false, tag)?;
        loop {
            self.at += 1;
            self.behind(Indicator::Dash, column)?;
            match self.column {
                Some(next) if next > column => return None,
                Some(next) if next == column && self.is_dash(self.at) => {}
                _ => break,
            }
        }
        self.close(None)
    }

    /// Reads the value behind the `:` of a key or the `-` of an item. `column` is where the key or the `-` stands.
    fn behind(&mut self, indicator: Indicator, column: usize) -> Option<()> {
        let mut end = self.at;
        self.skip_blanks();
        let mut tag = NO_TAG;
        if self.peek() == Some(b'!') {
            tag = self.tag()?;
            end = self.at;
            self.skip_blanks();
        }
        if !self.is_line_over() {
            // Behind a `-`, a collection may start on the same line.
            return match indicator {
                Indicator::Dash if tag == NO_TAG => self.node(self.at - self.line, column, NO_TAG),
                _ => self.value(column, tag),
            };
        }
        let has_comment = self.peek() == Some(b'#');
        self.end_line()?;
        match (self.column, indicator) {
            (Some(next), _) if next > column => self.node(next, column, tag),
            // The items of a list may stand as far left as its key.
            (Some(next), Indicator::Colon) if next == column && self.is_dash(self.at) => self.sequence(column, tag),
            // The library finds the missing item somewhere behind the comment.
            (_, Indicator::Dash) if has_comment => None,
            _ => self.emit(Style::Plain, end..end, Value::Range(end..end), tag),
        }
    }

    /// Reads a node that is no block collection, but for one on the lines behind a tag.
    fn value(&mut self, parent: usize, tag: u32) -> Option<()> {
        match self.bytes[self.at] {
            b'!' if tag == NO_TAG => {
                let tag = self.tag()?;
                self.skip_blanks();
                if !self.is_line_over() {
                    return self.value(parent, tag);
                }
                self.end_line()?;
                let column = self.column.filter(|it| *it > parent)?;
                self.node(column, parent, tag)
            }
            b'"' | b'\'' => {
                self.quoted(parent, tag)?;
                self.end_line()
            }
            b'[' | b'{' => {
                self.brackets(parent, tag)?;
                self.end_line()
            }
            b'|' => self.block(Style::Literal, parent, tag),
            b'>' => self.block(Style::Folded, parent, tag),
            _ => self.plain(parent, tag),
        }
    }

    /// Looks whether the line goes on with a key. Nothing is read yet.
    fn key_ahead(&self) -> Option<Option<Key>> {
        let start = self.at;
        let key = match self.bytes[start] {
            quote @ (b'"' | b'\'') => {
                let quoted = self.quoted_ahead(start, quote, 0)?;
                let colon = self.blanks_end(quoted.end);
                let is_key = self.bytes.get(colon) == Some(&b':') && quoted.is_one_line;
                if is_key && !self.is_blank_or_end(colon + 1) {
                    return None;
                }
                let style = if quote == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted };
                is_key.then_some(Key { style, range: start..quoted.end, escaped: quoted.escaped, colon })
            }
            b'[' | b'{' | b'|' | b'>' | b'!' => None,
            _ => {
                let plain = self.plain_ahead(start)?;
                let key = |colon| Key { style: Style::Plain, range: start..plain.end, escaped: false, colon };
                plain.colon.map(key)
            }
        };
        if key.as_ref().is_some_and(|it| it.colon - start > MAX_KEY) {
            return None;
        }
        Some(key)
    }

    fn emit_key(&mut self, key: &Key) -> Option<()> {
        match key.style {
            Style::Plain => self.emit(Style::Plain, key.range.clone(), Value::Range(key.range.clone()), NO_TAG),
            style => self.emit_quoted(style, key.range.clone(), key.escaped, NO_TAG),
        }
    }

    fn open(&mut self, form: Form, has_bracket: bool, tag: u32) -> Option<()> {
        self.levels += 1;
        if self.levels > MAX_LEVELS {
            return None;
        }
        self.builder.open(form, self.at, has_bracket, tag, 0).ok()
    }

    fn close(&mut self, end: Option<usize>) -> Option<()> {
        self.levels -= 1;
        // What merges too much is the library's to say.
        self.builder.close(end).is_none().then_some(())
    }
}
