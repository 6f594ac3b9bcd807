//! Scalars for the quick reader: plain, in quotes, as blocks; and the tags before them.

use std::ops::Range;

use super::Reader;
use crate::syntax::builder::{Scalar, Value};
use crate::syntax::resolve::CoreTag;
use crate::syntax::tree::RawTag;
use crate::syntax::{Style, scalar};

/// Where a string in quotes ends.
pub(super) struct Quoted {
    pub end: usize,
    /// True if its value does not stand between the quotes as it is.
    pub escaped: bool,
    pub is_one_line: bool,
}

/// Where plain text on a line ends.
pub(super) struct Plain {
    pub end: usize,
    /// The `:` behind it that makes a key of it.
    pub colon: Option<usize>,
}

impl Reader<'_> {
    /// Reads plain text, which may go on over the next lines.
    pub(super) fn plain(&mut self, parent: usize, tag: u32) -> Option<()> {
        let start = self.at;
        let first = self.plain_ahead(start)?;
        if first.colon.is_some() {
            return None;
        }
        let mut end = first.end;
        self.at = end;
        let mut is_one_line = true;
        loop {
            let line_end = self.line_end(self.at);
            if self.bytes[self.at..line_end].iter().any(|it| *it != b' ') {
                // A comment, behind which nothing goes on.
                break;
            }
            let Some(next) = self.continued(line_end, parent)? else { break };
            let plain = self.plain_ahead(next)?;
            if plain.colon.is_some() {
                return None;
            }
            end = plain.end;
            self.at = end;
            is_one_line = false;
        }
        let range = start..end;
        if is_one_line {
            self.emit(Style::Plain, range.clone(), Value::Range(range), tag)?;
        } else {
            let value = scalar::plain(self.source, range.clone()).value;
            self.emit(Style::Plain, range, Value::Given(&value), tag)?;
        }
        self.end_line()
    }

    /// Where plain text goes on behind the end of a line, if it does.
    fn continued(&self, line_end: usize, parent: usize) -> Option<Option<usize>> {
        let mut line = line_end;
        loop {
            if line >= self.bytes.len() {
                return Some(None);
            }
            line += 1;
            let at = self.blanks_end(line);
            match self.bytes.get(at) {
                None => return Some(None),
                Some(b'\t') => return None,
                Some(b'\n') => line = at,
                Some(b'#') => return Some(None),
                Some(_) => return Some((at - line > parent).then_some(at)),
            }
        }
    }

    /// Looks along plain text from here to its end on this line, if it is such text at all.
    pub(super) fn plain_ahead(&self, start: usize) -> Option<Plain> {
        let bytes = self.bytes;
        match bytes[start] {
            b'-' | b'?' | b':' if self.is_blank_or_end(start + 1) => return None,
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@'
            | b'`' => return None,
            _ => {}
        }
        let mut at = start;
        let (end, colon) = loop {
            match bytes.get(at) {
                None | Some(b'\n') => break (at, None),
                Some(b'\t') => return None,
                Some(b':') if self.is_blank_or_end(at + 1) => break (at, Some(at)),
                Some(b'#') if bytes[at - 1] == b' ' => break (at, None),
                Some(_) => at += 1,
            }
        };
        Some(Plain { end: self.trim(start, end), colon })
    }

    /// Reads a string in quotes. Its further lines stand further right than `parent`.
    pub(super) fn quoted(&mut self, parent: usize, tag: u32) -> Option<()> {
        let (start, quote) = (self.at, self.bytes[self.at]);
        let Quoted { end, escaped, .. } = self.quoted_ahead(start, quote, parent)?;
        self.at = end;
        let style = if quote == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted };
        self.emit_quoted(style, start..end, escaped, tag)
    }

    pub(super) fn quoted_ahead(&self, start: usize, quote: u8, parent: usize) -> Option<Quoted> {
        let mut at = start + 1;
        let (mut escaped, mut is_one_line) = (false, true);
        loop {
            at += memchr::memchr3(quote, b'\\', b'\n', self.bytes.get(at..)?)?;
            match self.bytes[at] {
                b'\n' => {
                    (escaped, is_one_line) = (true, false);
                    let line = at + 1;
                    at = self.blanks_end(line);
                    let is_blank = self.bytes.get(at) == Some(&b'\n');
                    if !is_blank && at - line <= parent || self.bytes.get(at) == Some(&b'\t') {
                        return None;
                    }
                }
                b'\\' if quote == b'\'' => at += 1,
                b'\\' => {
                    escaped = true;
                    at += self.escape_ahead(at)?;
                }
                _ if quote == b'\'' && self.bytes.get(at + 1) == Some(&b'\'') => {
                    escaped = true;
                    at += 2;
                }
                _ => return Some(Quoted { end: at + 1, escaped, is_one_line }),
            }
        }
    }

    /// How long an escape is.
    fn escape_ahead(&self, at: usize) -> Option<usize> {
        match self.bytes.get(at + 1)? {
            b'"' | b'\\' | b'/' | b'n' | b't' | b'r' | b' ' => Some(2),
            // The line break, which is not part of the value, is looked at next.
            b'\n' => Some(1),
            b'u' => {
                let digits = self.source.get(at + 2..at + 6)?;
                let code = digits.bytes().all(|it| it.is_ascii_hexdigit()).then_some(digits)?;
                // Half of a pair makes a character only together with the other half.
                char::from_u32(u32::from_str_radix(code, 16).ok()?).map(|_| 6)
            }
            _ => None,
        }
    }

    pub(super) fn emit_quoted(&mut self, style: Style, range: Range<usize>, escaped: bool, tag: u32) -> Option<()> {
        let inner = range.start + 1..range.end - 1;
        if !escaped {
            return self.emit(style, range, Value::Range(inner), tag);
        }
        let read = if style == Style::DoubleQuoted { scalar::double_quoted } else { scalar::single_quoted };
        let value = read(self.source, inner).value;
        self.emit(style, range, Value::Given(&value), tag)
    }

    /// Reads a block scalar, to the line behind it.
    pub(super) fn block(&mut self, style: Style, parent: usize, tag: u32) -> Option<()> {
        let header = self.at;
        let indicator = matches!(self.bytes.get(header + 1), Some(b'-' | b'+'));
        self.at += 1 + usize::from(indicator);
        self.skip_blanks();
        if self.peek() != Some(b'\n') {
            return None;
        }
        // Empty lines may come first. None of them may be longer than the indentation.
        let (mut first, mut most) = (self.at + 1, 0);
        let body = loop {
            let at = self.blanks_end(first);
            if self.bytes.get(at) != Some(&b'\n') {
                break at;
            }
            most = most.max(at - first);
            first = at + 1;
        };
        let indent = body - first;
        if matches!(self.bytes.get(body), None | Some(b'\t')) || indent <= parent || most > indent {
            return None;
        }
        let mut line = first;
        while line < self.bytes.len() {
            let at = self.blanks_end(line);
            if at - line < indent && !matches!(self.bytes.get(at), None | Some(b'\n')) {
                break;
            }
            line = self.line_end(at) + 1;
        }
        let line = line.min(self.bytes.len());
        let end = scalar::block_end(self.source, header, &(body..line));
        let value = scalar::block(self.source, header, body, "x", style == Style::Folded).value;
        let is_one_line = memchr::memchr(b'\n', value.as_bytes()).is_none_or(|it| it + 1 == value.len());
        let is_same = is_one_line && self.source[body..].starts_with(&value);
        let held = if is_same { Value::Range(body..body + value.len()) } else { Value::Given(&value) };
        let scalar = Scalar { style, range: header..end, body, value: held, tag, anchor: 0 };
        self.builder.scalar(scalar).ok()?;
        self.at = line;
        self.next_line()
    }

    /// Reads a tag that the document makes no shorthand of: `!Sub`.
    pub(super) fn tag(&mut self) -> Option<u32> {
        let start = self.at;
        let is_part = |it: &&u8| it.is_ascii_alphanumeric() || matches!(it, b':' | b'.' | b'-' | b'_');
        let length = self.bytes[start + 1..].iter().take_while(is_part).count();
        let end = start + 1 + length;
        if length == 0 || !self.is_blank_or_end(end) {
            return None;
        }
        self.at = end;
        Some(self.builder.tag(RawTag { start: start as u32, end: end as u32, core: CoreTag::Other }))
    }

    pub(super) fn emit(&mut self, style: Style, range: Range<usize>, value: Value<'_>, tag: u32) -> Option<()> {
        self.builder.scalar(Scalar { style, range, body: 0, value, tag, anchor: 0 }).ok()
    }
}
