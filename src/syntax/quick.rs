//! The YAML that people write nearly always, read in one pass and without the parser library.
//!
//! That is one document of block mappings and sequences, brackets, plain, quoted and block scalars, comments, and tags
//! like `!Sub`. At anything else this reader gives up: at anchors, tabs, carriage returns, a second document, and at all
//! that may be wrong. Then the library reads the text from its start, so errors are the library's alone.
//!
//! What is read here has to be what the library reads, node by node, with each place. The tests of this module, a check of
//! `tests/suite/checks/` and a fuzz target compare the two. So where a corner is dark, giving up is the right answer: it
//! costs time and nothing else.

use std::ops::Range;

use super::builder::{Builder, Scalar, Value};
use super::tree::{CoreTag, Form, NO_TAG, RawTag};
use super::{Comment, Parsed, Style, scalar};
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

/// Where a string in quotes ends.
struct Quoted {
    end: usize,
    /// True if its value does not stand between the quotes as it is.
    escaped: bool,
    is_one_line: bool,
}

/// Where plain text on a line ends.
struct Plain {
    end: usize,
    /// The `:` behind it that makes a key of it.
    colon: Option<usize>,
}

impl<'a> Reader<'a> {
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

    /// Reads plain text, which may go on over the next lines.
    fn plain(&mut self, parent: usize, tag: u32) -> Option<()> {
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
    fn plain_ahead(&self, start: usize) -> Option<Plain> {
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

    /// Reads a string in quotes. Its further lines stand further right than `parent`.
    fn quoted(&mut self, parent: usize, tag: u32) -> Option<()> {
        let (start, quote) = (self.at, self.bytes[self.at]);
        let Quoted { end, escaped, .. } = self.quoted_ahead(start, quote, parent)?;
        self.at = end;
        let style = if quote == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted };
        self.emit_quoted(style, start..end, escaped, tag)
    }

    fn quoted_ahead(&self, start: usize, quote: u8, parent: usize) -> Option<Quoted> {
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

    fn emit_quoted(&mut self, style: Style, range: Range<usize>, escaped: bool, tag: u32) -> Option<()> {
        let inner = range.start + 1..range.end - 1;
        if !escaped {
            return self.emit(style, range, Value::Range(inner), tag);
        }
        let read = if style == Style::DoubleQuoted { scalar::double_quoted } else { scalar::single_quoted };
        let value = read(self.source, inner).value;
        self.emit(style, range, Value::Given(&value), tag)
    }

    /// Reads a block scalar, to the line behind it.
    fn block(&mut self, style: Style, parent: usize, tag: u32) -> Option<()> {
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
        let (mut line, mut end) = (first, body);
        while line < self.bytes.len() {
            let at = self.blanks_end(line);
            let line_end = self.line_end(at);
            if at < line_end {
                if at - line < indent {
                    break;
                }
                end = line_end;
            }
            line = line_end + 1;
        }
        let value = scalar::block(self.source, header, body, "x", style == Style::Folded).value;
        let is_one_line = memchr::memchr(b'\n', value.as_bytes()).is_none_or(|it| it + 1 == value.len());
        let is_same = is_one_line && self.source[body..].starts_with(&value);
        let held = if is_same { Value::Range(body..body + value.len()) } else { Value::Given(&value) };
        let scalar = Scalar { style, range: header..end, body, value: held, tag, anchor: 0 };
        self.builder.scalar(scalar).ok()?;
        self.at = line.min(self.bytes.len());
        self.next_line()
    }

    /// Reads a collection in brackets, over as many lines as it has. They stand further right than `parent`, but for one
    /// that begins with the closing bracket.
    fn brackets(&mut self, parent: usize, tag: u32) -> Option<()> {
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
                // The library wants a blank before a bracket or a comma.
                b':' if is_edge(at + 1) => return None,
                b'#' if bytes[at - 1] == b' ' => return None,
                _ => at += 1,
            }
        };
        Some(self.trim(start, end))
    }

    /// Reads a tag that the document makes no shorthand of: `!Sub`.
    fn tag(&mut self) -> Option<u32> {
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

    fn emit(&mut self, style: Style, range: Range<usize>, value: Value<'_>, tag: u32) -> Option<()> {
        self.builder.scalar(Scalar { style, range, body: 0, value, tag, anchor: 0 }).ok()
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

    /// Reads the rest of a line, which is blank or a comment, and goes to the next one with content.
    fn end_line(&mut self) -> Option<()> {
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
    fn next_line(&mut self) -> Option<()> {
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

    fn comment(&mut self) {
        let range = self.at..self.line_end(self.at);
        self.at = range.end;
        self.comments.push(Comment { span: self.text.slice(range.clone()), range });
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

    fn skip_blanks(&mut self) {
        self.at = self.blanks_end(self.at);
    }

    fn blanks_end(&self, at: usize) -> usize {
        self.bytes[at..].iter().position(|it| *it != b' ').map_or(self.bytes.len(), |it| at + it)
    }

    fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |it| at + it)
    }

    /// The end of a range without the blanks at it.
    fn trim(&self, start: usize, end: usize) -> usize {
        self.bytes[start..end].iter().rposition(|it| *it != b' ').map_or(start, |it| start + it + 1)
    }

    /// True if nothing but a comment stands between here, where blanks were skipped, and the end of the line.
    fn is_line_over(&self) -> bool {
        matches!(self.peek(), None | Some(b'\n' | b'#'))
    }

    /// True for the `-` of an item.
    fn is_dash(&self, at: usize) -> bool {
        self.bytes.get(at) == Some(&b'-') && self.is_blank_or_end(at + 1)
    }

    fn is_blank_or_end(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), None | Some(b' ' | b'\n' | b'\t'))
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }
}
