//! JSON, strictly, into the same trees as YAML.
//!
//! Several values may stand one after another; each is a document.

use super::builder::{Builder, Scalar, Value};
use super::kinds::{ParseError, Style, spot};
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
    let at = if source.starts_with(BOM) { BOM.len() } else { 0 };
    let mut reader = Reader { source, bytes: source.as_bytes(), builder: Builder::new(text), at };
    let mut documents = Vec::new();
    reader.skip_space();
    while reader.peek().is_some() {
        if !documents.is_empty() && !matches!(reader.peek(), Some(b'{' | b'[')) {
            return Err(reader.error("more text after the end of the JSON value"));
        }
        reader.document()?;
        let index = documents.len() as u32;
        documents.extend(reader.builder.finish(index));
        reader.skip_space();
    }
    Ok(documents)
}

struct Reader<'a> {
    source: &'a str,
    bytes: &'a [u8],
    builder: Builder,
    at: usize,
}

impl Reader<'_> {
    /// Reads one value. The collections that are open are kept in a list, so that depth costs no stack.
    fn document(&mut self) -> Result<(), ParseError> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            // A value starts here.
            self.skip_space();
            match self.peek() {
                Some(bracket @ (b'{' | b'[')) => {
                    let form = if bracket == b'{' { Form::Mapping { merges: false } } else { Form::Sequence };
                    self.builder.open(form, self.at, true, NO_TAG, 0)?;
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
                    self.builder.close(Some(self.at));
                }
                Some(b'"') => self.string()?,
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
                        self.builder.close(Some(self.at));
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
        self.string()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.error("expected `:` after the key"));
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        loop {
            let Some(found) = memchr::memchr2(b'"', b'\\', &self.bytes[self.at..]).map(|it| self.at + it) else {
                return Err(ParseError::new(start..start + 1, "this quote is never closed"));
            };
            if let Some(control) = self.bytes[self.at..found].iter().position(|it| *it < b' ') {
                let at = self.at + control;
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
        let inner = start + 1..self.at - 1;
        let range = start..self.at;
        let (style, tag) = (Style::DoubleQuoted, NO_TAG);
        if escaped {
            let reading = scalar::double_quoted(self.source, inner);
            let value = Value::Given(&reading.value);
            self.builder.scalar(Scalar { style, range, body: 0, value, tag, anchor: 0 })
        } else {
            self.builder.scalar(Scalar { style, range, body: 0, value: Value::Range(inner), tag, anchor: 0 })
        }
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
        let value = Value::Range(range.clone());
        self.builder.scalar(Scalar { style: Style::Plain, range, body: 0, value, tag: NO_TAG, anchor: 0 })
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
