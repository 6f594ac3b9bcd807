//! From the bytes of a scalar to its value, with the bytes that each part of the value was written with.
//!
//! The parser library gives values without their places. Here a scalar is read once more, when its places are asked
//! for. The value must come out the same; if it does not, the places are not used.

use std::ops::Range;

use super::kinds::Style;

/// A stretch of a value, and the bytes of the text it was written with.
///
/// A scalar may have millions of them, so they are small.
#[derive(Debug)]
pub(super) struct Run {
    /// Bytes of the value.
    pub len: u32,
    start: u32,
    /// Where the bytes end that it was written with; [`Run::VERBATIM`] if they are those of the value.
    end: u32,
}

impl Run {
    /// No text is as long.
    const VERBATIM: u32 = u32::MAX;

    /// The bytes that it was written with.
    pub fn raw(&self) -> Range<usize> {
        let end = if self.is_verbatim() { self.start + self.len } else { self.end };
        self.start as usize..end as usize
    }

    /// True if the value is written byte for byte.
    pub fn is_verbatim(&self) -> bool {
        self.end == Self::VERBATIM
    }
}

/// A value and its runs.
#[derive(Default)]
pub(super) struct Reading {
    pub value: String,
    runs: Vec<Run>,
}

/// The runs of a scalar that stands in `range` and has this value; none if it reads as something else.
pub(super) fn runs(source: &str, style: Style, range: Range<usize>, body: usize, value: &str) -> Option<Vec<Run>> {
    let reading = match style {
        Style::Plain => plain(source, range),
        Style::SingleQuoted => single_quoted(source, range.start + 1..range.end - 1),
        Style::DoubleQuoted => double_quoted(source, range.start + 1..range.end - 1),
        Style::Literal => block(source, range.start, body, value, false),
        Style::Folded => block(source, range.start, body, value, true),
    };
    (reading.value == value).then_some(reading.runs)
}

/// Reads what is between double quotes: YAML's escapes, of which JSON's are a part.
///
/// Half of a surrogate pair gives U+FFFD; the YAML parser refuses it, JSON does not.
pub(super) fn double_quoted(source: &str, range: Range<usize>) -> Reading {
    let bytes = &source.as_bytes()[..range.end];
    let mut reading = Reading::default();
    let mut at = range.start;
    while at < range.end {
        match bytes[at] {
            b'\\' if at + 1 < range.end && is_break(bytes[at + 1]) => {
                let next_line = after_break(bytes, at + 1);
                let end = skip_space(bytes, next_line);
                reading.written(&"\n".repeat(breaks(bytes, next_line, end)), at..end);
                at = end;
            }
            b'\\' => {
                let (value, end) = escape(bytes, at);
                reading.written(value.encode_utf8(&mut [0; 4]), at..end);
                at = end;
            }
            byte if is_space(byte) => at = fold(source, bytes, at, &mut reading),
            _ => at = word(source, bytes, at, b'\\', &mut reading),
        }
    }
    reading
}

/// Reads what is between single quotes.
pub(super) fn single_quoted(source: &str, range: Range<usize>) -> Reading {
    let bytes = &source.as_bytes()[..range.end];
    let mut reading = Reading::default();
    let mut at = range.start;
    while at < range.end {
        match bytes[at] {
            b'\'' => {
                reading.written("'", at..(at + 2).min(range.end));
                at += 2;
            }
            byte if is_space(byte) => at = fold(source, bytes, at, &mut reading),
            _ => at = word(source, bytes, at, b'\'', &mut reading),
        }
    }
    reading
}

/// Reads text without quotes.
pub(super) fn plain(source: &str, range: Range<usize>) -> Reading {
    let bytes = &source.as_bytes()[..range.end];
    let mut reading = Reading::default();
    let mut at = range.start;
    while at < range.end {
        at = if is_space(bytes[at]) {
            fold(source, bytes, at, &mut reading)
        } else {
            word(source, bytes, at, b' ', &mut reading)
        };
    }
    reading
}

/// Reads up to white space or a byte that needs a look.
fn word(source: &str, bytes: &[u8], at: usize, stop: u8, reading: &mut Reading) -> usize {
    let end = bytes[at..].iter().position(|&it| it == stop || is_space(it)).map_or(bytes.len(), |it| at + it);
    reading.verbatim(source, at..end);
    end
}

/// Reads white space inside a scalar that is not a block. Line breaks are folded: one is a space, and each further one
/// is a line break.
fn fold(source: &str, bytes: &[u8], at: usize, reading: &mut Reading) -> usize {
    let end = skip_space(bytes, at);
    match breaks(bytes, at, end) {
        0 => reading.verbatim(source, at..end),
        1 => reading.written(" ", at..end),
        count => reading.written(&"\n".repeat(count - 1), at..end),
    }
    end
}

/// Reads a block scalar. `header` is where its `|` or `>` is, `body` where its first line with content starts.
pub(super) fn block(source: &str, header: usize, body: usize, value: &str, folded: bool) -> Reading {
    let bytes = source.as_bytes();
    let mut reading = Reading::default();
    let Some(header_end) = memchr::memchr2(b'\n', b'\r', &bytes[header..]).map(|it| header + it) else {
        return reading;
    };
    let indicators = &bytes[header + 1..header_end.min(header + 3)];
    let (strip, keep) = (indicators.contains(&b'-'), indicators.contains(&b'+'));
    // Without a line that has content there is no indentation, and every line is empty.
    let indent = if value.bytes().all(|it| it == b'\n') {
        usize::MAX
    } else {
        body - memchr::memrchr2(b'\n', b'\r', &bytes[..body]).map_or(0, |it| it + 1)
    };

    let mut at = after_break(bytes, header_end);
    // The break behind the last line with content, and those of the empty lines after it.
    let mut line_break: Option<Range<usize>> = None;
    let mut empty: Vec<Range<usize>> = Vec::new();
    let mut indented_before = false;
    let mut cut_short = false;
    loop {
        let line = at;
        while at < bytes.len() && at - line < indent && bytes[at] == b' ' {
            at += 1;
        }
        let Some(&first) = bytes.get(at) else {
            // The parser takes spaces at the end of the file, if there is nothing else, for a line.
            if keep && at > line && empty.is_empty() && reading.value.is_empty() {
                reading.written("\n", at..at);
            }
            break;
        };
        if is_break(first) {
            let end = after_break(bytes, at);
            empty.push(at..end);
            at = end;
            continue;
        }
        if at - line < indent || indent == 0 && is_document_marker(&bytes[at..]) {
            break;
        }
        let indented = matches!(first, b' ' | b'\t');
        if let Some(it) = line_break.take() {
            let folds = folded && !indented && !indented_before;
            if !folds {
                reading.line_break(source, it);
            } else if empty.is_empty() {
                reading.written(" ", it);
            }
            // With empty lines behind it, a break that folds is given up for theirs.
        }
        for it in empty.drain(..) {
            reading.line_break(source, it);
        }
        indented_before = indented;
        let end = memchr::memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |it| at + it);
        reading.verbatim(source, at..end);
        if end == bytes.len() {
            cut_short = true;
            break;
        }
        at = after_break(bytes, end);
        line_break = Some(end..at);
    }
    if cut_short && !strip {
        // The last line has a break, also when the file ends before it.
        reading.written("\n", bytes.len()..bytes.len());
    }
    if let Some(it) = line_break.filter(|_| !strip) {
        reading.line_break(source, it);
    }
    for it in empty.into_iter().filter(|_| keep) {
        reading.line_break(source, it);
    }
    reading
}

/// The end of the last line of a block scalar that is not blank.
pub(super) fn block_end(source: &str, header: usize, content: &Range<usize>) -> usize {
    let shown = source[content.clone()].trim_end_matches([' ', '\t', '\n', '\r']).len();
    if shown == 0 || content.start <= header {
        let indicators = source[header..].bytes().skip(1).take(2);
        let count = indicators.take_while(|it| it.is_ascii_digit() || b"+-".contains(it)).count();
        return (header + 1 + count).min(source.len());
    }
    let seen = content.start + shown;
    memchr::memchr2(b'\n', b'\r', &source.as_bytes()[seen..]).map_or(source.len(), |it| seen + it)
}

impl Reading {
    fn verbatim(&mut self, source: &str, raw: Range<usize>) {
        if raw.is_empty() {
            return;
        }
        self.value.push_str(&source[raw.clone()]);
        if let Some(last) = self.runs.last_mut().filter(|it| it.is_verbatim() && it.raw().end == raw.start) {
            last.len += raw.len() as u32;
        } else {
            self.runs.push(Run { len: raw.len() as u32, start: raw.start as u32, end: Run::VERBATIM });
        }
    }

    fn written(&mut self, value: &str, raw: Range<usize>) {
        if !value.is_empty() {
            self.value.push_str(value);
            self.runs.push(Run { len: value.len() as u32, start: raw.start as u32, end: raw.end as u32 });
        }
    }

    fn line_break(&mut self, source: &str, raw: Range<usize>) {
        if &source[raw.clone()] == "\n" { self.verbatim(source, raw) } else { self.written("\n", raw) }
    }
}

/// One escape, and where it ends. A parser has read the text before, so what is broken is only kept from panicking.
fn escape(bytes: &[u8], at: usize) -> (char, usize) {
    let Some(&kind) = bytes.get(at + 1) else { return (char::REPLACEMENT_CHARACTER, bytes.len()) };
    let simple = match kind {
        b'0' => '\0',
        b'a' => '\x07',
        b'b' => '\x08',
        b't' => '\t',
        b'n' => '\n',
        b'v' => '\x0B',
        b'f' => '\x0C',
        b'r' => '\r',
        b'e' => '\x1B',
        b'N' => '\u{85}',
        b'_' => '\u{A0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        b'x' => return code(bytes, at + 2, 2),
        b'u' => return unicode(bytes, at),
        b'U' => return code(bytes, at + 2, 8),
        // A space, a tab, a quote, `/` and `\` stand for themselves.
        it => it as char,
    };
    (simple, at + 2)
}

/// `\uXXXX`, or two of them that are one character.
fn unicode(bytes: &[u8], at: usize) -> (char, usize) {
    let (value, end) = hex(bytes, at + 2, 4);
    if (0xD800..0xDC00).contains(&value) && bytes.get(end..end + 2) == Some(b"\\u") {
        let (low, low_end) = hex(bytes, end + 2, 4);
        if (0xDC00..0xE000).contains(&low) {
            let value = 0x1_0000 + ((value - 0xD800) << 10) + (low - 0xDC00);
            return (char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER), low_end);
        }
    }
    (char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER), end)
}

fn code(bytes: &[u8], at: usize, digits: usize) -> (char, usize) {
    let (value, end) = hex(bytes, at, digits);
    (char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER), end)
}

fn hex(bytes: &[u8], at: usize, digits: usize) -> (u32, usize) {
    let end = (at + digits).min(bytes.len());
    let digits = bytes.get(at..end).unwrap_or_default();
    let value = digits.iter().fold(0_u32, |value, &it| (value << 4) | (it as char).to_digit(16).unwrap_or(0));
    (value, end)
}

fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn skip_space(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|&it| !is_space(it)).map_or(bytes.len(), |it| at + it)
}

/// Where the line after the break at `at` starts.
fn after_break(bytes: &[u8], at: usize) -> usize {
    if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') { at + 2 } else { at + 1 }
}

/// How many lines end between two offsets.
fn breaks(bytes: &[u8], start: usize, end: usize) -> usize {
    let mut count = 0;
    let mut at = start;
    while at < end {
        if is_break(bytes[at]) {
            count += 1;
            at = after_break(bytes, at);
        } else {
            at += 1;
        }
    }
    count
}

fn is_document_marker(line: &[u8]) -> bool {
    (line.starts_with(b"---") || line.starts_with(b"...")) && line.get(3).is_none_or(|&it| is_space(it))
}
