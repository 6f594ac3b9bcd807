//! YAML by the events of `granit-parser`.
//!
//! The library tells where a node's content is, not always where the user would say the node is. What is put right
//! here: block scalars start at their `|`, collections end with their last child, and a value that is not there stands
//! behind its `:`.

use std::ops::Range;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, StructureStyle};

use super::builder::{Builder, Scalar, Value};
use super::kinds::{Comment, MAX_DEPTH, ParseError, Style, SyntaxError, spot};
use super::lenient::{self, Repair, Repaired};
use super::parsed::Parsed;
use super::resolve::CoreTag;
use super::tree::{Form, NO_TAG, RawTag, Tree};
use super::{message, scalar};
use crate::source::Text;

/// Reads all documents of a stream. One that is broken gives one error and is left out.
pub(super) fn read(text: &Text) -> Parsed {
    let (strict, mut repair) = attempt(text, text.bytes(), &[]);
    let Some(first) = repair.take() else { return strict };
    let mut repaired = Repaired::new(text.bytes());
    let mut next = Some(first);
    let mut best = strict;
    while let Some(repair) = next {
        if !repaired.apply(repair) {
            break;
        }
        let (parsed, repair) = attempt(text, &repaired.source, &repaired.quoted);
        // A repair that leads to another error was none: the error that is shown is the first.
        if parsed.errors.len() < best.errors.len() {
            best = parsed;
        }
        next = repair;
    }
    best
}

/// Reads a text, or a repaired one in its place, and says what could be repaired.
fn attempt(text: &Text, source: &str, quoted: &[Range<usize>]) -> (Parsed, Option<Repair>) {
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_comments: true,
        // A long head of comments is no attack.
        max_buffered_comment_events: usize::MAX,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut reader = Reader {
        text,
        source: text.bytes(),
        quoted,
        builder: Builder::new(text),
        at: 0,
        is_lost: false,
        index: 0,
        documents: Vec::new(),
        errors: Vec::new(),
        comments: Vec::new(),
    };
    let mut parser = Parser::new_from_str_with_options(source, options);
    // Where the last error is, if nothing was read since.
    let mut stuck: Option<usize> = None;
    let mut repair = None;
    loop {
        let error = match parser.next() {
            None => break,
            Some(Ok((event, span))) => {
                if !matches!(event, Event::Comment(..)) {
                    stuck = None;
                }
                match reader.event(event, &span) {
                    Ok(()) => continue,
                    Err(error) => error,
                }
            }
            Some(Err(error)) => {
                let at = error.marker().byte_offset().unwrap_or(source.len());
                let in_brackets = reader.builder.in_brackets();
                repair = repair.or_else(|| lenient::repair(error.kind(), source, reader.at, at, in_brackets));
                reader.scan_error(&error)
            }
        };
        let again = stuck.replace(error.at.start) == Some(error.at.start);
        let last = error.is_final || again;
        reader.errors.push(error.place(text));
        reader.builder.reset();
        reader.index += 1;
        reader.is_lost = true;
        if last {
            break;
        }
        match parser.proceed_next_document() {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                reader.errors.push(reader.scan_error(&error).place(text));
                break;
            }
        }
    }
    let Reader { documents, mut errors, mut comments, .. } = reader;
    errors.sort_by_key(|it| it.span.bounds());
    comments.sort_unstable_by_key(|it| it.span.bounds());
    (Parsed { documents, errors, comments, is_json: false }, repair)
}

struct Reader<'a> {
    text: &'a Text,
    source: &'a str,
    /// The quoted strings whose values the parser does not know.
    quoted: &'a [Range<usize>],
    builder: Builder,
    /// The end of what was read last.
    at: usize,
    /// True behind a document that could not be read to its end.
    is_lost: bool,
    index: u32,
    documents: Vec<Tree>,
    errors: Vec<SyntaxError>,
    comments: Vec<Comment>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: &Span) -> Result<(), ParseError> {
        let range = self.range(span);
        match event {
            Event::DocumentStart(explicit, _) => self.document_start(explicit, range),
            Event::DocumentEnd => {
                self.documents.extend(self.builder.finish(self.index));
                self.index += 1;
            }
            Event::Comment(..) => self.comments.push(Comment { span: self.text.slice(range.clone()), range }),
            Event::Scalar(value, style, anchor, tag) => {
                let tag = self.tag(span, tag.as_deref());
                self.scalar(&value, style, range, tag, anchor)?;
            }
            Event::SequenceStart(style, anchor, tag) => {
                let tag = self.tag(span, tag.as_deref());
                self.open(Form::Sequence, style, range, tag, anchor)?;
            }
            Event::MappingStart(style, anchor, tag) => {
                let tag = self.tag(span, tag.as_deref());
                self.open(Form::Mapping { merges: false }, style, range, tag, anchor)?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                // The end of a block, and of a pair inside brackets, is an empty place somewhere behind it.
                let end = (!range.is_empty()).then_some(range.end);
                if let Some(error) = self.builder.close(end) {
                    self.errors.push(error.place(self.text));
                }
                self.at = end.unwrap_or(self.at);
            }
            Event::Alias(anchor) => self.alias(anchor, range)?,
            // No anchor has the number zero.
            Event::UnresolvedAlias(_) => self.alias(0, range)?,
            _ => {}
        }
        Ok(())
    }

    fn document_start(&mut self, explicit: bool, range: Range<usize>) {
        if explicit {
            self.at = range.end;
        } else if self.is_lost {
            // Behind a broken document, one without `---` comes after `...`.
            let ends = ["\n...", "\r..."].map(|it| self.source[..range.start].rfind(it));
            self.at = ends.into_iter().max().flatten().map_or(range.start, |it| it + 4);
        }
        self.is_lost = false;
    }

    fn open(
        &mut self,
        form: Form,
        style: StructureStyle,
        range: Range<usize>,
        tag: u32,
        anchor: usize,
    ) -> Result<(), ParseError> {
        // A pair inside brackets has the style of the brackets, but none of its own.
        let has_bracket = style == StructureStyle::Flow && !range.is_empty();
        self.builder.open(form, range.start, has_bracket, tag, anchor)?;
        if has_bracket {
            self.at = range.end;
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize, range: Range<usize>) -> Result<(), ParseError> {
        self.at = range.end;
        if let Some(error) = self.builder.alias(anchor, range)? {
            self.errors.push(error.place(self.text));
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        range: Range<usize>,
        tag: u32,
        anchor: usize,
    ) -> Result<(), ParseError> {
        let source = self.source;
        let raw = &source[range.clone()];
        let end = range.end;
        let given = || Value::Given(value);
        let scalar = match style {
            ScalarStyle::Plain if raw.is_empty() => {
                let at = self.absent(range.start);
                Scalar { style: Style::Plain, range: at..at, body: 0, value: Value::Range(at..at), tag, anchor }
            }
            ScalarStyle::Plain => {
                let held = if value == raw { Value::Range(range.clone()) } else { given() };
                Scalar { style: Style::Plain, range, body: 0, value: held, tag, anchor }
            }
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let single = style == ScalarStyle::SingleQuoted;
                let style = if single { Style::SingleQuoted } else { Style::DoubleQuoted };
                let inner = range.start + 1..range.end.saturating_sub(1);
                let own = self.quoted.contains(&range).then(|| {
                    let read = if single { scalar::single_quoted } else { scalar::double_quoted };
                    read(source, inner.clone()).value
                });
                if let Some(value) = own {
                    let value = Value::Given(&value);
                    self.at = self.at.max(end);
                    return self.builder.scalar(Scalar { style, range, body: 0, value, tag, anchor });
                }
                let held = if source.get(inner.clone()) == Some(value) { Value::Range(inner) } else { given() };
                Scalar { style, range, body: 0, value: held, tag, anchor }
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let style = if style == ScalarStyle::Literal { Style::Literal } else { Style::Folded };
                let header = self.block_header().unwrap_or(range.start);
                let body = range.start;
                let one_line = memchr::memchr(b'\n', value.as_bytes()).is_none_or(|it| it + 1 == value.len());
                let same = one_line && !value.is_empty() && source[body..].starts_with(value);
                let held = if same { Value::Range(body..body + value.len()) } else { given() };
                Scalar {
                    style,
                    range: header..scalar::block_end(source, header, &range),
                    body,
                    value: held,
                    tag,
                    anchor,
                }
            }
        };
        self.builder.scalar(scalar)?;
        self.at = self.at.max(end);
        Ok(())
    }

    /// Where a value is missing: behind its `:` or `-`, tag or anchor.
    fn absent(&self, at: usize) -> usize {
        if self.builder.at_value() && self.source.as_bytes().get(at) == Some(&b':') {
            return at + 1;
        }
        let trimmed = self.source[..at].trim_end_matches([' ', '\t']).len();
        if trimmed >= self.at { trimmed } else { at }
    }

    /// The `|` or `>` of the block scalar that comes next. The library tells only where its content starts.
    fn block_header(&self) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let mut at = self.at;
        loop {
            let rest = bytes.get(at..)?;
            let until = |stop: fn(&u8) -> bool| rest.iter().position(stop).unwrap_or(rest.len());
            at += match rest.first()? {
                b'|' | b'>' => return Some(at),
                b' ' | b'\t' | b'\n' | b'\r' | b':' | b'-' | b'?' | b'.' => 1,
                b'#' | b'%' => until(|it| matches!(it, b'\n' | b'\r')),
                // A tag or an anchor.
                b'!' | b'&' => until(u8::is_ascii_whitespace),
                _ if rest.starts_with("\u{FEFF}".as_bytes()) => 3,
                _ => return None,
            };
        }
    }

    fn tag(&mut self, span: &Span, tag: Option<&granit_parser::Tag>) -> u32 {
        let (Some(tag), Some(span)) = (tag, span.tag_span()) else { return NO_TAG };
        let range = self.range(&span);
        let core = match tag.suffix_in_namespace("tag:yaml.org,2002:").as_deref() {
            Some("str" | "binary") => CoreTag::Str,
            Some("int") => CoreTag::Int,
            Some("float") => CoreTag::Float,
            Some("bool") => CoreTag::Bool,
            Some("null") => CoreTag::Null,
            Some("timestamp") => CoreTag::Timestamp,
            Some("merge") => CoreTag::Merge,
            _ => CoreTag::Other,
        };
        self.builder.tag(RawTag { start: range.start as u32, end: range.end as u32, core })
    }

    fn scan_error(&self, error: &ScanError) -> ParseError {
        let at = error.marker().byte_offset().unwrap_or(self.source.len());
        let at_spot = spot(self.source, at);
        if *error.kind() == ErrorKind::RecursionLimitExceeded {
            return ParseError::too_deep(at_spot);
        }
        ParseError::new(at_spot, message::of(error.kind(), self.source, at))
    }

    /// The bytes of a span, always inside the text and on the borders of characters.
    fn range(&self, span: &Span) -> Range<usize> {
        let end = self.source.len();
        span.byte_range().filter(|it| self.source.get(it.clone()).is_some()).unwrap_or(end..end)
    }
}
