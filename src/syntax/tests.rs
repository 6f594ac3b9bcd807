//! Tests of the readers: places, embedded documents, limits.

use std::time::{Duration, Instant};

use super::*;
use crate::source::Span;
use crate::source::{FileId, Piece};

pub(super) mod corpus;
mod embedded;
mod hostile;
mod places;
mod structure;
mod types;

fn file(source: &str) -> Text {
    Text::of_file(FileId::new(0), source.into())
}

fn yaml(source: &str) -> Parsed {
    parse(&file(source), Hint::Yaml)
}

fn json(source: &str) -> Parsed {
    parse(&file(source), Hint::Json)
}

/// The only document of a text that has no errors.
fn one(source: &str) -> Tree {
    let mut parsed = yaml(source);
    assert_eq!(parsed.errors, [], "{source:?}");
    assert_eq!(parsed.documents.len(), 1, "{source:?}");
    parsed.documents.remove(0)
}

fn at(source: &str, span: Span) -> &str {
    &source[span.range()]
}

/// A tree as one line, to compare with. Aliases are followed.
fn shown(node: Node<'_>) -> String {
    let tag = node.tag().map_or(String::new(), |it| format!("{} ", it.name));
    let inner = match node.kind() {
        Kind::Scalar => format!("{:?}", node.str().unwrap()),
        Kind::Sequence => format!("[{}]", node.items().map(shown).collect::<Vec<_>>().join(", ")),
        Kind::Mapping => {
            let entries = node.entries().map(|(key, value)| format!("{}: {}", shown(key), shown(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    };
    tag + &inner
}

/// What is wrong with the places of a text that was parsed; nothing for all that was ever seen.
fn wrong_places(source: &str, parsed: &Parsed) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |what: &dyn std::fmt::Debug, span: Span| {
        if source.get(span.range()).is_none() {
            wrong.push(format!("{what:?} is at {}..{}", span.start, span.end));
        }
    };
    for error in &parsed.errors {
        check(&error.message, error.span);
    }
    for comment in &parsed.comments {
        check(&"a comment", comment.span);
    }
    for node in parsed.documents.iter().flat_map(Tree::nodes) {
        check(&node, node.span());
        if let Some(tag) = node.tag() {
            check(&tag.name, tag.span);
        }
    }
    for comment in &parsed.comments {
        if !source.get(comment.span.range()).is_some_and(|it| it.starts_with('#') && !it.contains('\n')) {
            wrong.push(format!("no comment: {comment:?}"));
        }
    }
    for node in parsed.documents.iter().flat_map(Tree::nodes) {
        if let Some(error) = wrong_value(source, node) {
            wrong.push(format!("{node:?}: {error}"));
        }
    }
    wrong
}

/// Why the bytes that a scalar's value is said to be written with do not give its value.
fn wrong_value(source: &str, node: Node<'_>) -> Option<String> {
    let value = node.str()?;
    let text = node.text().unwrap();
    if text.as_str() != Some(value) || text.whole() != node.span() {
        return Some(format!("the text is {text:?}"));
    }
    if node.is_verbatim() {
        return (at(source, text.span()) != value && !value.is_empty()).then(|| "not the same bytes".to_owned());
    }
    let Some(runs) = node.runs(value) else { return Some("our own reading differs".to_owned()) };
    let mut start = 0;
    for run in runs {
        let part = &value[start..start + run.len as usize];
        for (offset, char) in part.char_indices() {
            let from = start + offset;
            let place = at(source, text.slice(from..from + char.len_utf8()));
            let right = if run.is_verbatim() { place.chars().eq([char]) } else { is_written_as(char, part, place) };
            if !right {
                return Some(format!("{char:?} of the value is written as {place:?}"));
            }
        }
        start += run.len as usize;
    }
    (start != value.len()).then(|| "the runs end too early".to_owned())
}

/// True if `raw` is a way to write `char`, which is a part of `part`.
fn is_written_as(char: char, part: &str, raw: &str) -> bool {
    let breaks = || raw.replace("\r\n", "\n").matches(['\n', '\r']).count();
    let is_space = raw.chars().all(|it| matches!(it, ' ' | '\t' | '\r' | '\n'));
    match (char, raw) {
        // The break that a file's last line lacks.
        ('\n', "") => true,
        ('\'', "''") => true,
        (' ', _) if is_space => breaks() == 1,
        ('\n', _) if is_space => breaks() == part.len() || breaks() == part.len() + 1,
        ('\n', _) if raw.starts_with("\\\n") || raw.starts_with("\\\r") => breaks() == part.len() + 1,
        _ => raw.starts_with('\\') && unescape(&raw[1..]) == Some(char),
    }
}

/// One escape, read in another way than the reader does it.
fn unescape(escape: &str) -> Option<char> {
    let code = |digits: &str| u32::from_str_radix(digits, 16).ok();
    Some(match (escape.chars().next()?, &escape[1..]) {
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
