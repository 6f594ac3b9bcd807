//! How a string is spelled where it stands: quotes, escapes, block scalars.

use std::ops::Range;

use crate::source::Text;
use crate::syntax::{Kind, Node, Resolved, Schema, Style, resolve_plain};

/// What stands around a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Context {
    /// In JSON as its standard has it.
    pub json: bool,
    /// Between brackets or braces, as all of JSON is.
    pub flow: bool,
    /// A key of a mapping.
    pub key: bool,
    /// The document stands in double quotes, so that single quotes read better in it.
    pub in_quotes: bool,
}

/// A part of a string's value, and what is written there instead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Splice {
    /// Bytes of the value, or of the text of a layer.
    pub range: Range<usize>,
    pub text: String,
    /// The text holds `${…}` that CloudFormation has to replace, and no string around it does so yet.
    pub is_pattern: bool,
}

impl Splice {
    pub fn new(range: Range<usize>, text: impl Into<String>) -> Self {
        Self { range, text: text.into(), is_pattern: false }
    }
}

/// What type a scalar has to have once it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ScalarType {
    /// A string, or what it was before: a date stays a date.
    Same,
    /// A string.
    String,
    /// A number or boolean may be written.
    Any,
}

/// A text with parts of it replaced. The splices are in order and do not overlap.
pub(super) fn spliced(text: &str, splices: &[Splice]) -> String {
    let mut out = String::with_capacity(text.len() + splices.iter().map(|it| it.text.len()).sum::<usize>());
    let mut at = 0;
    for splice in splices {
        out.push_str(&text[at..splice.range.start]);
        out.push_str(&splice.text);
        at = splice.range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// How the text of a layer changes when parts of a scalar's value do.
///
/// `source` is the layer's text, `value` the scalar's value at offsets of it. `None` if the scalar cannot be written so.
pub(super) fn spell(
    source: &str,
    node: Node<'_>,
    value: &Text,
    context: Context,
    splices: &[Splice],
    wanted: ScalarType,
) -> Option<Vec<Splice>> {
    let style = node.style()?;
    let written = node.range();
    let is_whole = splices.iter().any(|it| it.range == (0..value.len()));
    let parts = match style {
        Style::DoubleQuoted => between_quotes(source, value, splices, |it| Some(escaped(it))),
        Style::SingleQuoted => between_quotes(source, value, splices, in_single_quotes),
        Style::Plain => in_plain(node, value, context, splices, wanted),
        Style::Literal | Style::Folded => in_block(source, node, value, splices),
    };
    let is_plain_style = style == Style::Plain;
    if let Some(parts) = parts.filter(|_| is_plain_style || wanted != ScalarType::Any) {
        return Some(parts);
    }
    let new = spliced(value.bytes(), splices);
    if wanted == ScalarType::Any {
        // A number in quotes may be meant as a string: only the whole of it is written without them.
        let is_bare = is_whole && is_plain(&new, context.flow);
        return is_bare.then(|| vec![at_value(source, written, new)]);
    }
    let like = match style {
        Style::Plain => return Some(vec![at_value(source, written, scalar(&new, context))]),
        Style::SingleQuoted => Some('\''),
        Style::DoubleQuoted => Some('"'),
        Style::Literal | Style::Folded => {
            // A comment after the `|` would be lost.
            let header = source[written.start..].lines().next().unwrap_or_default();
            if header.contains('#') {
                let is_chomped = new == value.bytes().trim_end_matches('\n');
                return is_chomped.then(|| vec![chomp(header, written.start)]);
            }
            if new.trim_end_matches('\n').contains('\n') {
                return block(source, node, &new);
            }
            return Some(vec![Splice::new(written, scalar(&new, context))]);
        }
    };
    Some(vec![Splice::new(written, quoted(&new, context, like))])
}

/// A scalar in the place of another one. What was not written at all needs a space after the `:` before it.
fn at_value(source: &str, written: Range<usize>, text: String) -> Splice {
    let is_tight = written.is_empty() && source[..written.start].ends_with([':', '-']);
    Splice::new(written, if is_tight { format!(" {text}") } else { text })
}

/// A string as a scalar of its own: without quotes where that is the same string.
pub(super) fn scalar(value: &str, context: Context) -> String {
    if !context.json && is_plain(value, context.flow) && is_string(value) {
        return value.to_owned();
    }
    quoted(value, context, None)
}

/// A string in quotes, in the kind of another one where that can hold it.
pub(super) fn quoted(value: &str, context: Context, like: Option<char>) -> String {
    let is_simple = !value.chars().any(|c| is_special(c) || c == '\n');
    let single = match like {
        Some(quote) => quote == '\'',
        None => context.in_quotes && !value.contains('\''),
    };
    match single && is_simple && !context.json {
        true => format!("'{}'", value.replace('\'', "''")),
        false => format!("\"{}\"", escaped(value)),
    }
}

/// True if YAML takes a text without quotes for a string, by the rules of both versions.
fn is_string(value: &str) -> bool {
    let resolved = |schema| resolve_plain(value, schema);
    resolved(Schema::Yaml11) == Resolved::String && resolved(Schema::Core) == Resolved::String
}

/// True if a text can stand without quotes and is then read as it is (YAML 1.2, section 7.3.3).
pub(super) fn is_plain(value: &str, flow: bool) -> bool {
    let Some(first) = value.chars().next() else { return false };
    let mut rest = value.chars().skip(1);
    let next = rest.next();
    let starts_well = match first {
        '-' | '?' | ':' => next.is_some_and(|it| !(it.is_whitespace() || flow && is_flow_indicator(it))),
        ',' | '[' | ']' | '{' | '}' | '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => false,
        _ => true,
    };
    let is_marker = value.starts_with("---") || value.starts_with("...");
    starts_well
        && !is_marker
        && value.trim() == value
        && !value.contains(": ")
        && !value.contains(":\t")
        && !value.contains(" #")
        && !value.contains("\t#")
        && !value.ends_with(':')
        && !matches!(value, "<<" | "=")
        && !value.chars().any(|c| is_special(c) || c == '\n' || flow && is_flow_indicator(c))
}

fn is_flow_indicator(c: char) -> bool {
    matches!(c, ',' | '[' | ']' | '{' | '}')
}

/// Characters that YAML lets stand in double quotes only, as escapes.
fn is_special(c: char) -> bool {
    let is_break = matches!(c, '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    is_break || c == '\u{FEFF}' || c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// A text as it stands between double quotes, in JSON as in YAML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_special(c) => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out
}

/// Where a part of a value is written, if the bytes there stand for the part and nothing else.
fn raw(value: &Text, range: &Range<usize>) -> Option<Range<usize>> {
    let span = value.slice(range.clone());
    (value.locate(span)? == *range).then(|| span.range())
}

/// [`raw`] between quotes, where an empty value stands between them.
fn in_quotes(value: &Text, range: &Range<usize>) -> Option<Range<usize>> {
    if value.is_empty() {
        let at = value.whole().range().start + 1;
        return Some(at..at);
    }
    raw(value, range)
}

/// Line breaks in quotes are folded together with the white space around them, so nothing is changed beside them.
fn is_beside_a_fold(source: &str, raw: &Range<usize>, text: &str) -> bool {
    let is_space = |c: char| matches!(c, ' ' | '\t');
    let before = source[..raw.start].trim_end_matches(is_space);
    let after = source[raw.end..].trim_start_matches(is_space);
    let is_break = |c: char| matches!(c, '\n' | '\r');
    let is_folded = source[raw.clone()].contains(is_break);
    let ends = text.is_empty() || text.starts_with(is_space) || text.ends_with(is_space);
    is_folded || (before.ends_with(is_break) || after.starts_with(is_break)) && ends
}

/// Parts between quotes, each spelled as these quotes have it.
fn between_quotes(
    source: &str,
    value: &Text,
    splices: &[Splice],
    spelled: impl Fn(&str) -> Option<String>,
) -> Option<Vec<Splice>> {
    let part = |splice: &Splice| {
        let raw = in_quotes(value, &splice.range)?;
        let text = spelled(&splice.text).filter(|_| !is_beside_a_fold(source, &raw, &splice.text))?;
        Some(Splice::new(raw, text))
    };
    splices.iter().map(part).collect()
}

/// A part of a text in single quotes, if they can hold it.
fn in_single_quotes(text: &str) -> Option<String> {
    let is_simple = !text.chars().any(|c| is_special(c) || c == '\n');
    is_simple.then(|| text.replace('\'', "''"))
}

fn in_plain(
    node: Node<'_>,
    value: &Text,
    context: Context,
    splices: &[Splice],
    wanted: ScalarType,
) -> Option<Vec<Splice>> {
    let old = value.bytes();
    let new = spliced(old, splices);
    // A scalar over several lines is folded: only parts of its lines are replaced, and only by what is as plain.
    let lines: Option<Vec<_>> = splices.iter().map(|it| raw(value, &it.range)).collect();
    let raws = lines.filter(|_| !value.is_empty())?;
    let is_one_line = raws.iter().all(|_| node.range().len() == old.len());
    let inside = splices.iter().all(|it| {
        let is_edge = |c: Option<char>| c.is_none_or(char::is_whitespace);
        !it.text.is_empty() && !is_edge(it.text.chars().next()) && !is_edge(it.text.chars().next_back())
    });
    if !is_one_line && !inside || !is_plain(&new, context.flow) || context.json && wanted != ScalarType::Any {
        return None;
    }
    let is_tagged = node.tag().is_some();
    let same_type = |schema| {
        let (before, after) = (resolve_plain(old, schema), resolve_plain(&new, schema));
        std::mem::discriminant(&before) == std::mem::discriminant(&after)
    };
    let fits = match wanted {
        ScalarType::Any => true,
        ScalarType::String => is_string(&new),
        ScalarType::Same => is_tagged || is_string(&new) || same_type(Schema::Yaml11) && same_type(Schema::Core),
    };
    fits.then(|| splices.iter().zip(raws).map(|(it, raw)| Splice::new(raw, it.text.clone())).collect())
}

/// Parts of lines of a block scalar, and whole lines of a literal one.
fn in_block(source: &str, node: Node<'_>, value: &Text, splices: &[Splice]) -> Option<Vec<Splice>> {
    let bytes = value.bytes();
    let kept = bytes.trim_end_matches('\n').len();
    let is_literal = node.style() == Some(Style::Literal);
    let indent = indentation(source, node)?;
    let part = |splice: &Splice| {
        let Range { mut start, mut end } = splice.range.clone();
        if end == bytes.len() && kept + 1 == end && splice.text.is_empty() && bytes[..start].ends_with('\n') {
            // The last lines go with the line break before them, and the one at the end stays.
            (start, end) = (start - 1, kept);
        }
        if end > kept || splice.text.chars().any(is_special) {
            return None;
        }
        let text = splice.text.as_str();
        let is_line_start = start == 0 || bytes[..start].ends_with('\n');
        if !is_literal {
            // A folded block has rules for line breaks, and for white space beside them.
            let is_line_end = end == kept || bytes[end..].starts_with('\n');
            let is_clean = !text.contains('\n') && !bytes[start..end].contains('\n');
            let is_space = |c: char| c.is_whitespace();
            let edges = text.starts_with(is_space) || text.ends_with(is_space);
            if !is_clean || edges || text.is_empty() && (is_line_start || is_line_end) {
                return None;
            }
        }
        // The first line says how deep the block is.
        let is_first = is_line_start && bytes[..start].trim_matches('\n').is_empty();
        let first = if text.is_empty() { &bytes[end..] } else { text };
        if is_first && (first.is_empty() || first.starts_with([' ', '\t', '\n'])) {
            return None;
        }
        // The place of the start of a line is after its indentation.
        let place = |at: usize| value.slice(at..at).range().start;
        let text = indented(text, indent, line_break(source, node));
        Some(Splice::new(place(start)..place(end), text))
    };
    splices.iter().map(part).collect()
}

/// Strips the line breaks at the end of a block scalar: `|` becomes `|-`, and `|2+` becomes `|2-`.
fn chomp(header: &str, start: usize) -> Splice {
    let indicators = 1 + header[1..].bytes().take_while(u8::is_ascii_digit).count();
    let is_kept = header[indicators..].starts_with('+');
    let at = start + indicators;
    Splice::new(at..at + usize::from(is_kept), "-")
}

/// A block scalar written anew.
fn block(source: &str, node: Node<'_>, value: &str) -> Option<Vec<Splice>> {
    if value.chars().any(is_special) || value.starts_with([' ', '\t', '\n']) {
        return None;
    }
    let indent = indentation(source, node)?;
    let line_break = line_break(source, node);
    let kept = value.trim_end_matches('\n');
    let chomping = match value.len() - kept.len() {
        0 => "-",
        1 => "",
        _ => return None,
    };
    let lines = indented(kept, indent, line_break);
    let text = format!("|{chomping}{line_break}{}{lines}", " ".repeat(indent));
    Some(vec![Splice::new(node.range(), text)])
}

/// A text whose lines after the first are indented. Empty lines need no indentation.
fn indented(text: &str, indent: usize, line_break: &str) -> String {
    let mut lines = text.split('\n');
    let mut out = lines.next().unwrap_or_default().to_owned();
    let count = lines.clone().count();
    for (at, line) in lines.enumerate() {
        out.push_str(line_break);
        // What follows a line break at the end is a line that is there already.
        if !line.is_empty() || at + 1 == count {
            out.push_str(&" ".repeat(indent));
        }
        out.push_str(line);
    }
    out
}

/// How deep the lines of a block scalar are.
fn indentation(source: &str, node: Node<'_>) -> Option<usize> {
    let before = source.get(..node.body())?;
    let indent = before.len() - before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    (node.kind() == Kind::Scalar && indent > 0 && before.ends_with(' ')).then_some(indent)
}

/// How the lines of a block scalar end.
fn line_break(source: &str, node: Node<'_>) -> &'static str {
    let rest = &source.as_bytes()[node.range().start..];
    let at = memchr::memchr(b'\n', rest);
    if at.is_some_and(|at| at > 0 && rest[at - 1] == b'\r') { "\r\n" } else { "\n" }
}
