//! What go-yaml reads and the YAML parser refuses: two habits of real manifests.
//!
//! go-yaml, and so `kubectl`, lets the further lines of a quoted string stand as far left as its key, and takes tabs as
//! indentation inside brackets. A text with such a place is read once more with the place made harmless. A repair
//! changes no length, so all places stay what they are.

use std::ops::Range;

use granit_parser::ErrorKind;

/// How many bytes may be read again for the repairs of one text.
const MAX_REREAD: usize = 32 << 20;

/// How many repairs one text may have.
const MAX_REPAIRS: usize = 100;

/// What to change before the next try.
pub(super) enum Repair {
    /// A quoted string over several lines: its line breaks become spaces, and its value is read by us.
    Quoted(Range<usize>),
    /// The indentation of lines inside brackets: its tabs become spaces.
    Tabs(Vec<Range<usize>>),
}

/// A text with the repairs it had so far.
pub(super) struct Repaired {
    pub source: String,
    /// The quoted strings whose values the parser does not see as they are.
    pub quoted: Vec<Range<usize>>,
    tries: usize,
}

impl Repaired {
    pub(super) fn new(source: &str) -> Self {
        Self { source: source.to_owned(), quoted: Vec::new(), tries: 0 }
    }

    /// Makes a repair. False if there were too many.
    pub(super) fn apply(&mut self, repair: Repair) -> bool {
        self.tries += 1;
        if self.tries > MAX_REPAIRS || self.tries.saturating_mul(self.source.len()) > MAX_REREAD {
            return false;
        }
        let (ranges, spaces): (_, &[char]) = match repair {
            Repair::Quoted(range) => {
                self.quoted.push(range.clone());
                (vec![range], &['\n', '\r'])
            }
            Repair::Tabs(ranges) => (ranges, &['\t']),
        };
        for range in ranges {
            let changed = self.source[range.clone()].replace(spaces, " ");
            self.source.replace_range(range, &changed);
        }
        true
    }
}

/// The repair for an error. `read` is where the last event ended, `in_brackets` whether a bracket was open there.
pub(super) fn repair(kind: &ErrorKind, source: &str, read: usize, at: usize, in_brackets: bool) -> Option<Repair> {
    match kind {
        ErrorKind::InvalidQuotedScalarIndent => quoted(source, read, at).map(Repair::Quoted),
        ErrorKind::TabInIndentation
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabInPlainScalar => {
            let opened = source.get(read..at)?.contains(['{', '[']);
            if in_brackets || opened { tabs(source, at).map(Repair::Tabs) } else { None }
        }
        _ => None,
    }
}

/// The quoted string around an offset, looked for from the end of the last event on.
fn quoted(source: &str, read: usize, at: usize) -> Option<Range<usize>> {
    let bytes = source.as_bytes();
    let mut start = read;
    while start < at {
        let rest = &bytes[start..];
        let until = |stop: fn(&u8) -> bool| rest.iter().position(stop).unwrap_or(rest.len());
        start += match rest[0] {
            b' ' | b'\t' | b'\n' | b'\r' | b':' | b'-' | b'?' | b',' | b'[' | b'{' => 1,
            b'#' => until(|it| matches!(it, b'\n' | b'\r')),
            b'!' | b'&' => until(u8::is_ascii_whitespace),
            quote @ (b'"' | b'\'') => {
                let end = start + closing(rest, quote)? + 1;
                if at < end {
                    return Some(start..end);
                }
                end - start
            }
            _ => return None,
        };
    }
    None
}

/// Where the quote that opens `rest` is closed.
fn closing(rest: &[u8], quote: u8) -> Option<usize> {
    let mut at = 1;
    loop {
        match *rest.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            b'\'' if quote == b'\'' && rest.get(at + 1) == Some(&b'\'') => at += 2,
            it if it == quote => return Some(at),
            _ => at += 1,
        }
    }
}

/// The white space at the start of the lines from an offset on: the first line that has a tab there, which may be the
/// one behind it, and all that follow with one.
fn tabs(source: &str, at: usize) -> Option<Vec<Range<usize>>> {
    let mut start = source.get(..at)?.rfind('\n').map_or(0, |it| it + 1);
    let mut found = Vec::new();
    for (count, line) in source[start..].split_inclusive('\n').enumerate() {
        let len = line.len() - line.trim_start_matches([' ', '\t']).len();
        if line[..len].contains('\t') {
            found.push(start..start + len);
        } else if count > 0 {
            break;
        }
        start += line.len();
    }
    (!found.is_empty()).then_some(found)
}
