//! JSON, strictly, into the same trees as YAML.
//!
//! Several values may stand one after another; each is a document. [`visit`] reads the same texts without making trees of them.

use std::ops::{ControlFlow, Range};

use super::builder::{Builder, Scalar, Value};
use super::kinds::{MAX_DEPTH, MAX_NODES, ParseError, Style, spot};
use super::tree::{Form, NO_TAG, Tree};
use super::{resolve, scalar};
use crate::source::Text;

const BOM: &str = "\u{FEFF}";

/// True if the text can only be JSON, or YAML in brackets.
pub(super) fn looks_like(source: &str) -> bool {
    let source = source.strip_prefix(BOM).unwrap_or(source);
    source.trim_start_matches([' ', '\t', '\n', '\r']).starts_with(['{', '['])
}

/// The comment of another language that stands at an offset, or first behind it.
pub(super) fn comment(source: &str, from: usize) -> Option<ParseError> {
    let rest = source.get(from..)?;
    let rest = rest.strip_prefix(BOM).unwrap_or(rest).trim_start_matches([' ', '\t', '\n', '\r']);
    let at = source.len() - rest.len();
    let is_comment = rest.starts_with("//") || rest.starts_with("/*");
    is_comment.then(|| ParseError::new(at..at + 2, "a comment stands here, and JSON has none"))
}

/// Reads all values of a text.
pub(super) fn read(text: &Text) -> Result<Vec<Tree>, ParseError> {
    let source = text.bytes();
    let mut trees = Trees { source, builder: Builder::new(text), documents: Vec::new() };
    Reader::new(source, &mut trees).documents()?;
    Ok(trees.documents)
}

/// Receives the events of a JSON text in its order, without building a tree. It may stop.
pub trait Visitor<'a> {
    /// A collection begins.
    fn open(&mut self, is_mapping: bool) -> ControlFlow<()>;

    /// The innermost collection ends.
    fn close(&mut self) -> ControlFlow<()>;

    /// A key, without its quotes, and with its escapes as they are written.
    fn key(&mut self, written: &'a str) -> ControlFlow<()>;

    /// A scalar as it is written: a string in its quotes, or another word.
    fn scalar(&mut self, written: &'a str) -> ControlFlow<()>;
}

/// Shows all values of a text to a visitor. False if the visitor stopped, or if [`read`] gives an error for this text. Then the
/// visitor has seen a part of it.
pub fn visit<'a>(source: &'a str, visitor: &mut impl Visitor<'a>) -> bool {
    Reader::new(source, &mut Visit { source, visitor, depth: 0, count: 0 }).documents().is_ok()
}

/// What becomes of the values of a text.
trait Sink {
    fn open(&mut self, is_mapping: bool, at: usize) -> Result<(), ParseError>;

    /// `end` is after the bracket.
    fn close(&mut self, end: usize) -> Result<(), ParseError>;

    /// `range` includes the quotes.
    fn string(&mut self, range: Range<usize>, is_escaped: bool, is_key: bool) -> Result<(), ParseError>;

    fn word(&mut self, range: Range<usize>) -> Result<(), ParseError>;

    /// A document ends.
    fn end(&mut self);
}

/// Makes a tree of each document.
struct Trees<'a> {
    source: &'a str,
    builder: Builder,
    documents: Vec<Tree>,
}

impl Sink for Trees<'_> {
    fn open(&mut self, is_mapping: bool, at: usize) -> Result<(), ParseError> {
        let form = if is_mapping { Form::Mapping { merges: false } } else { Form::Sequence };
        self.builder.open(form, at, true, NO_TAG, 0)
    }

    fn close(&mut self, end: usize) -> Result<(), ParseError> {
        self.builder.close(Some(end)).map_or(Ok(()), Err)
    }

    fn string(&mut self, range: Range<usize>, is_escaped: bool, _: bool) -> Result<(), ParseError> {
        let inner = range.start + 1..range.end - 1;
        let (style, tag) = (Style::DoubleQuoted, NO_TAG);
        if is_escaped {
            let reading = scalar::double_quoted(self.source, inner);
            let value = Value::Given(&reading.value);
            self.builder.scalar(Scalar { style, range, body: 0, value, tag, anchor: 0 })
        } else {
            self.builder.scalar(Scalar { style, range, body: 0, value: Value::Range(inner), tag, anchor: 0 })
        }
    }

    fn word(&mut self, range: Range<usize>) -> Result<(), ParseError> {
        let value = Value::Range(range.clone());
        self.builder.scalar(Scalar { style: Style::Plain, range, body: 0, value, tag: NO_TAG, anchor: 0 })
    }

    fn end(&mut self) {
        let index = self.documents.len() as u32;
        self.documents.extend(self.builder.finish(index));
    }
}

/// Tells a visitor, within the limits of a tree.
struct Visit<'a, 'v, V> {
    source: &'a str,
    visitor: &'v mut V,
    depth: usize,
    /// Nodes that a tree would have.
    count: usize,
}

impl<'a, V: Visitor<'a>> Visit<'a, '_, V> {
    /// Counts a node at an offset.
    fn node(&mut self, at: usize) -> Result<(), ParseError> {
        self.count += 1;
        if self.count > MAX_NODES { Err(ParseError::too_many(at..at)) } else { Ok(()) }
    }
}

impl<'a, V: Visitor<'a>> Sink for Visit<'a, '_, V> {
    fn open(&mut self, is_mapping: bool, at: usize) -> Result<(), ParseError> {
        self.node(at)?;
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(ParseError::too_deep(at..at)) } else { go_on(self.visitor.open(is_mapping)) }
    }

    fn close(&mut self, _: usize) -> Result<(), ParseError> {
        self.depth -= 1;
        go_on(self.visitor.close())
    }

    fn string(&mut self, range: Range<usize>, _: bool, is_key: bool) -> Result<(), ParseError> {
        self.node(range.start)?;
        go_on(match is_key {
            true => self.visitor.key(&self.source[range.start + 1..range.end - 1]),
            false => self.visitor.scalar(&self.source[range]),
        })
    }

    fn word(&mut self, range: Range<usize>) -> Result<(), ParseError> {
        self.node(range.start)?;
        go_on(self.visitor.scalar(&self.source[range]))
    }

    fn end(&mut self) {}
}

/// Ends the reading where a visitor stops.
fn go_on(flow: ControlFlow<()>) -> Result<(), ParseError> {
    if flow.is_break() { Err(ParseError::new(0..0, "")) } else { Ok(()) }
}

struct Reader<'a, 's, S> {
    source: &'a str,
    bytes: &'a [u8],
    sink: &'s mut S,
    at: usize,
}

impl<'a, 's, S: Sink> Reader<'a, 's, S> {
    fn new(source: &'a str, sink: &'s mut S) -> Self {
        let at = if source.starts_with(BOM) { BOM.len() } else { 0 };
        Self { source, bytes: source.as_bytes(), sink, at }
    }

    fn documents(&mut self) -> Result<(), ParseError> {
        let mut is_first = true;
        self.skip_space();
        while let Some(byte) = self.peek() {
            if !is_first && !matches!(byte, b'{' | b'[') {
                return Err(self.error("more text after the end of the JSON value"));
            }
            is_first = false;
            self.document()?;
            self.sink.end();
            self.skip_space();
        }
        Ok(())
    }

    /// Reads one value. The collections that are open are kept in a list, so that depth costs no stack.
    fn document(&mut self) -> Result<(), ParseError> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            // A value starts here.
            self.skip_space();
            match self.peek() {
                Some(bracket @ (b'{' | b'[')) => {
                    self.sink.open(bracket == b'{', self.at)?;
                    self.at += 1;
                    self.skip_space();
                    let closing = bracket + 2;
                    if self.peek() != Some(closing) {
                        open.push(closing);
                        if bracket == b'{' {
                            self.key()?;
                        }
                        continue;
                    }
                    self.at += 1;
                    self.sink.close(self.at)?;
                }
                Some(b'"') => self.string(false)?,
                _ => self.word()?,
            }
            // A value ended here. What is around it goes on or ends too.
            loop {
                let Some(&closing) = open.last() else { return Ok(()) };
                self.skip_space();
                match self.peek() {
                    Some(b',') => {
                        self.at += 1;
                        if closing == b'}' {
                            self.key()?;
                        }
                        break;
                    }
                    Some(it) if it == closing => {
                        self.at += 1;
                        self.sink.close(self.at)?;
                        open.pop();
                    }
                    Some(_) => return Err(self.error(format!("expected `,` or `{}`", closing as char))),
                    None => return Err(self.error(format!("the text ends before a closing `{}`", closing as char))),
                }
            }
        }
    }

    /// Reads a key and its colon.
    fn key(&mut self) -> Result<(), ParseError> {
        self.skip_space();
        if self.peek() != Some(b'"') {
            return Err(self.error("expected a key in double quotes"));
        }
        self.string(true)?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.error("expected `:` after the key"));
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self, is_key: bool) -> Result<(), ParseError> {
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        loop {
            let Some(found) = memchr::memchr2(b'"', b'\\', &self.bytes[self.at..]).map(|it| self.at + it) else {
                return Err(ParseError::new(start..start + 1, "this quote is never closed"));
            };
            let part = &self.bytes[self.at..found];
            // No early exit, so that the loop is vectorised.
            if part.iter().fold(false, |is_bad, it| is_bad | (*it < b' ')) {
                let at = self.at + part.iter().position(|it| *it < b' ').unwrap_or_default();
                let message = if matches!(self.bytes[at], b'\n' | b'\r') {
                    "this string goes on past the end of its line"
                } else {
                    "this string has a control character that must be escaped"
                };
                return Err(ParseError::new(start..at, message));
            }
            self.at = found;
            if self.bytes[found] == b'"' {
                break;
            }
            escaped = true;
            self.escape()?;
        }
        self.at += 1;
        self.sink.string(start..self.at, escaped, is_key)
    }

    /// Steps over an escape that JSON has; YAML has more.
    fn escape(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        self.at += match self.bytes.get(start + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') => {
                let digits = self.bytes.get(start + 2..start + 6).unwrap_or_default();
                if digits.len() != 4 || !digits.iter().all(u8::is_ascii_hexdigit) {
                    return Err(ParseError::new(start..start + 2, "`\\u` needs four hexadecimal digits"));
                }
                6
            }
            _ => return Err(ParseError::new(start..start + 1, "JSON has no such escape")),
        };
        Ok(())
    }

    /// Reads `true`, `false`, `null` or a number.
    fn word(&mut self) -> Result<(), ParseError> {
        let rest = &self.bytes[self.at..];
        let is_part = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'-' | b'.');
        let len = rest.iter().position(|it| !is_part(it)).unwrap_or(rest.len());
        let range = self.at..self.at + len;
        let word = &self.source[range.clone()];
        if word.is_empty() {
            let message = if rest.is_empty() { "the text ends before a value" } else { "expected a value" };
            return Err(self.error(message));
        }
        if !matches!(word, "true" | "false" | "null") && !resolve::is_number(word) {
            return Err(ParseError::new(range, "not a JSON value"));
        }
        self.at = range.end;
        self.sink.word(range)
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn error(&self, message: impl Into<String>) -> ParseError {
        ParseError::new(spot(self.source, self.at), message)
    }
}
