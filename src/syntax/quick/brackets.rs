//! Collections in brackets for the quick reader, over as many lines as they have.

use super::{MAX_KEY, Reader};
use crate::syntax::Style;
use crate::syntax::builder::Value;
use crate::syntax::tree::{Form, NO_TAG};

impl Reader<'_> {
    /// Reads a collection in brackets, over as many lines as it has. They stand further right than `parent`, but for one
    /// that begins with the closing bracket.
    pub(super) fn brackets(&mut self, parent: usize, tag: u32) -> Option<()> {
        let is_mapping = self.bytes[self.at] == b'{';
        let form = if is_mapping { Form::Mapping { merges: false } } else { Form::Sequence };
        let closing = if is_mapping { b'}' } else { b']' };
        self.open(form, true, tag)?;
        self.at += 1;
        self.skip_space(parent)?;
        while self.peek() != Some(closing) {
            if is_mapping {
                self.key_in_brackets(parent)?;
                self.skip_space(parent)?;
            }
            self.in_brackets(parent, NO_TAG)?;
            self.skip_space(parent)?;
            match self.peek()? {
                b',' => {
                    self.at += 1;
                    self.skip_space(parent)?;
                }
                it if it == closing => {}
                _ => return None,
            }
        }
        self.at += 1;
        self.close(Some(self.at))
    }

    /// Reads a node inside brackets.
    fn in_brackets(&mut self, parent: usize, tag: u32) -> Option<()> {
        match self.peek()? {
            b'!' if tag == NO_TAG => {
                let tag = self.tag()?;
                self.skip_blanks();
                self.in_brackets(parent, tag)
            }
            b'"' | b'\'' => self.quoted(parent, tag),
            b'[' | b'{' => self.brackets(parent, tag),
            _ => {
                let range = self.at..self.plain_in_brackets(self.at)?;
                self.at = range.end;
                self.emit(Style::Plain, range.clone(), Value::Range(range), tag)
            }
        }
    }

    /// Reads a key inside brackets and its `:`.
    fn key_in_brackets(&mut self, parent: usize) -> Option<()> {
        let start = self.at;
        if matches!(self.peek()?, b'"' | b'\'') {
            let line = self.line_end(start);
            self.quoted(parent, NO_TAG)?;
            if self.at > line {
                return None;
            }
        } else {
            let range = start..self.plain_in_brackets(start)?;
            self.at = range.end;
            self.emit(Style::Plain, range.clone(), Value::Range(range), NO_TAG)?;
        }
        self.skip_blanks();
        if self.peek() != Some(b':') || self.at - start > MAX_KEY {
            return None;
        }
        self.at += 1;
        Some(())
    }

    /// Where plain text inside brackets ends on this line.
    fn plain_in_brackets(&self, start: usize) -> Option<usize> {
        let bytes = self.bytes;
        let is_edge = |at: usize| self.is_blank_or_end(at) || matches!(bytes[at], b',' | b'[' | b']' | b'{' | b'}');
        match bytes[start] {
            b'-' | b'?' | b':' if is_edge(start + 1) => return None,
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@'
            | b'`' => return None,
            _ => {}
        }
        let mut at = start;
        let end = loop {
            match bytes.get(at)? {
                b'\n' | b',' | b'[' | b']' | b'{' | b'}' => break at,
                b'\t' => return None,
                b':' if self.is_blank_or_end(at + 1) => break at,
                // The library wants a space before a bracket or a comma.
                b':' if is_edge(at + 1) => return None,
                b'#' if bytes[at - 1] == b' ' => return None,
                _ => at += 1,
            }
        };
        Some(self.trim(start, end))
    }

    /// Skips white space and comments inside brackets.
    fn skip_space(&mut self, parent: usize) -> Option<()> {
        loop {
            self.skip_blanks();
            match self.peek()? {
                b'\n' => {
                    self.at += 1;
                    self.line = self.at;
                    self.skip_blanks();
                    let is_out = match self.peek()? {
                        b'\n' | b'#' => false,
                        b']' | b'}' => self.at - self.line < parent,
                        _ => self.at - self.line <= parent,
                    };
                    if is_out {
                        return None;
                    }
                }
                b'#' if matches!(self.bytes[self.at - 1], b' ' | b'\n') => self.comment(),
                b'\t' | b'#' => return None,
                _ => return Some(()),
            }
        }
    }
}
