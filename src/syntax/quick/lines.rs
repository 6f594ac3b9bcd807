//! Lines for the quick reader: their ends, their indentation, and the comments on them.

use super::Reader;
use crate::syntax::Comment;

impl Reader<'_> {
    /// Reads the rest of a line, which is blank or a comment, and goes to the next one with content.
    pub(super) fn end_line(&mut self) -> Option<()> {
        self.skip_blanks();
        match self.peek() {
            None | Some(b'\n') => {}
            Some(b'#') if self.bytes[self.at - 1] == b' ' => self.comment(),
            Some(_) => return None,
        }
        self.at = (self.at + 1).min(self.bytes.len());
        self.next_line()
    }

    /// From the start of a line to the first byte of the next one with content.
    pub(super) fn next_line(&mut self) -> Option<()> {
        loop {
            self.line = self.at;
            self.skip_blanks();
            match self.peek() {
                None => {
                    self.column = None;
                    return Some(());
                }
                Some(b'\n') => {}
                Some(b'#') => self.comment(),
                Some(b'\t') => return None,
                Some(_) => {
                    let rest = &self.bytes[self.at..];
                    let is_marker = rest.starts_with(b"---") || rest.starts_with(b"...");
                    // Only the first line of all may begin the document, which is not read yet then.
                    if self.at == self.line && is_marker && (rest[0] == b'.' || self.column.is_some()) {
                        return None;
                    }
                    self.column = Some(self.at - self.line);
                    return Some(());
                }
            }
            self.at = (self.at + 1).min(self.bytes.len());
        }
    }

    pub(super) fn comment(&mut self) {
        let range = self.at..self.line_end(self.at);
        self.at = range.end;
        self.comments.push(Comment { span: self.text.slice(range.clone()), range });
    }

    pub(super) fn skip_blanks(&mut self) {
        self.at = self.blanks_end(self.at);
    }

    pub(super) fn blanks_end(&self, at: usize) -> usize {
        self.bytes[at..].iter().position(|it| *it != b' ').map_or(self.bytes.len(), |it| at + it)
    }

    pub(super) fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |it| at + it)
    }

    /// The end of a range without the spaces at it.
    pub(super) fn trim(&self, start: usize, end: usize) -> usize {
        self.bytes[start..end].iter().rposition(|it| *it != b' ').map_or(start, |it| start + it + 1)
    }

    /// True if nothing but a comment stands between here, where spaces were skipped, and the end of the line.
    pub(super) fn is_line_over(&self) -> bool {
        matches!(self.peek(), None | Some(b'\n' | b'#'))
    }

    /// True for the `-` of an item.
    pub(super) fn is_dash(&self, at: usize) -> bool {
        self.bytes.get(at) == Some(&b'-') && self.is_blank_or_end(at + 1)
    }

    pub(super) fn is_blank_or_end(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), None | Some(b' ' | b'\n' | b'\t'))
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }
}
