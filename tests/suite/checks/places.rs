//! Places: every span lies in its file, and what stands there is what the value was written with.

use ekslint::source::{Span, Text};
use ekslint::syntax::{Node, Parsed, Style, Tree};

/// What a file holds at a span. Panics if the span is not in the file, or cuts a character in two.
pub fn at(source: &str, span: Span) -> &str {
    source.get(span.range()).unwrap_or_else(|| panic!("{span:?} in a file of {} bytes", source.len()))
}

/// Checks everything that the reader says about a file.
pub fn of_file(source: &str, parsed: &Parsed) {
    for error in &parsed.errors {
        at(source, error.span);
        assert!(!error.message.is_empty(), "an error without words");
    }
    for comment in &parsed.comments {
        let written = at(source, comment.span);
        assert!(written.starts_with('#') && !written.contains('\n'), "no comment: {written:?}");
    }
    for node in parsed.documents.iter().flat_map(Tree::nodes) {
        at(source, node.span());
        if let Some(tag) = node.tag() {
            assert_eq!(at(source, tag.span), tag.name);
        }
        let (Some(text), Some(style)) = (node.text(), node.style()) else { continue };
        assert_eq!(text.as_str(), node.str(), "the text of {node:?}");
        assert_eq!(text.whole(), node.span(), "the whole of {node:?}");
        of_scalar(source, node, &text, style);
    }
}

/// Each character of a value stands where it was written, in order.
fn of_scalar(source: &str, node: Node<'_>, text: &Text, style: Style) {
    let value = text.bytes();
    let is_block = matches!(style, Style::Literal | Style::Folded);
    let mut start = 0;
    let mut before = node.span().start;
    for (part, place) in parts(text) {
        let raw = at(source, place);
        assert!(place.start >= before, "{part:?} of {node:?} stands before what precedes it");
        // The line breaks at the end of a block are behind what one would underline.
        assert!(is_block || node.span().contains(place), "{part:?} stands outside of {node:?}");
        let is_it = part == raw && is_bare(part, style) || part.chars().all(|it| is_written_as(it, part, raw, style));
        assert!(is_it, "{part:?} of {node:?}, in {style:?}, is written as {raw:?}");
        before = place.end;
        start += part.len();
    }
    assert_eq!(start, value.len(), "the parts are the whole");
}

/// The parts of a value, each with its place: single characters, or as many as were written as one.
pub fn parts(text: &Text) -> impl Iterator<Item = (&str, Span)> {
    let value = text.bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let place = |from: usize| {
            let c = value[from..].chars().next()?;
            Some((from + c.len_utf8(), text.slice(from..from + c.len_utf8())))
        };
        let (mut end, span) = place(at)?;
        while let Some((next, _)) = place(end).filter(|(_, it)| *it == span) {
            end = next;
        }
        let part = &value[at..end];
        at = end;
        Some((part, span))
    })
}

/// True if the characters may stand in a scalar as they are.
fn is_bare(part: &str, style: Style) -> bool {
    match style {
        Style::DoubleQuoted => !part.contains(['"', '\\', '\n', '\r']),
        Style::SingleQuoted => !part.contains(['\'', '\n', '\r']),
        Style::Plain => !part.contains(['\n', '\r']),
        Style::Literal | Style::Folded => !part.contains('\r'),
    }
}

/// True if `raw` is a way to write `c`, which is a character of `part`, all of which is written as `raw`.
fn is_written_as(c: char, part: &str, raw: &str, style: Style) -> bool {
    let breaks = || raw.replace("\r\n", "\n").matches(['\n', '\r']).count();
    let is_space = raw.chars().all(|it| matches!(it, ' ' | '\t' | '\r' | '\n'));
    match (style, c) {
        (Style::Literal | Style::Folded, '\n') => raw.is_empty() || is_space && breaks() == 1,
        (Style::Folded, ' ') => is_space && breaks() == 1,
        (Style::Literal | Style::Folded, _) => false,
        // Inside of quotes, and in plain scalars, one break is a space, and each further one a break.
        (_, ' ') if is_space && breaks() == 1 => true,
        (_, '\n') if is_space => breaks() == part.len() + 1,
        (Style::SingleQuoted, '\'') => raw == "''",
        (Style::DoubleQuoted, '\n') if raw.starts_with("\\\n") || raw.starts_with("\\\r") => breaks() == part.len() + 1,
        (Style::DoubleQuoted, _) => raw.strip_prefix('\\').and_then(unescape) == Some(c),
        _ => false,
    }
}

/// One escape without its backslash, read in another way than the reader does it.
fn unescape(escape: &str) -> Option<char> {
    let code = |digits: &str| u32::from_str_radix(digits, 16).ok();
    let kind = escape.chars().next()?;
    let rest = &escape[kind.len_utf8()..];
    Some(match (kind, rest) {
        ('u', pair) if pair.len() == 10 => {
            let units = [code(&pair[..4])? as u16, code(&pair[6..])? as u16];
            return char::decode_utf16(units).next()?.ok();
        }
        ('x' | 'u' | 'U', digits) => char::from_u32(code(digits)?).unwrap_or(char::REPLACEMENT_CHARACTER),
        (_, rest) if !rest.is_empty() => return None,
        ('0', _) => '\0',
        ('a', _) => '\u{7}',
        ('b', _) => '\u{8}',
        ('t' | '\t', _) => '\t',
        ('n', _) => '\n',
        ('v', _) => '\u{b}',
        ('f', _) => '\u{c}',
        ('r', _) => '\r',
        ('e', _) => '\u{1b}',
        ('N', _) => '\u{85}',
        ('_', _) => '\u{a0}',
        ('L', _) => '\u{2028}',
        ('P', _) => '\u{2029}',
        (it @ (' ' | '"' | '/' | '\\'), _) => it,
        _ => return None,
    })
}
