//! The lines of one file, and where a byte stands in them.

use std::ops::Range;

/// How far apart the marks are that make counting columns cheap in very long lines.
const STEP: usize = 1024;

/// The lines of a text. A line ends with `\n` or `\r\n`.
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// For each step, what comes before it. Empty if the text is ASCII, where a byte is a column.
    marks: Vec<Mark>,
}

/// What a column counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ColumnUnit {
    Characters,
    Utf16,
    /// Bytes of UTF-8.
    Bytes,
}

/// A line and a column, both counted from one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

#[derive(Clone, Copy, Default)]
struct Mark {
    characters: usize,
    utf16: usize,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a str) -> Self {
        // Editors do not show a byte order mark, and do not count it.
        let first = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        let mut starts = vec![first];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        Self { text, starts, marks: if text.is_ascii() { Vec::new() } else { marks(text) } }
    }

    pub fn text(&self) -> &'a str {
        self.text
    }

    /// How many lines there are. A text that ends with a line break has an empty last line.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line, counted from zero, that holds the byte at `offset`.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// The bytes of a line, counted from zero, without what ends it.
    pub fn range(&self, line: usize) -> Range<usize> {
        let start = self.starts[line];
        let Some(&next) = self.starts.get(line + 1) else { return start..self.text.len() };
        let end = if self.text[start..next].ends_with("\r\n") { next - 2 } else { next - 1 };
        start..end
    }

    pub fn place(&self, offset: usize, unit: ColumnUnit) -> Place {
        let line = self.line(offset);
        let start = self.starts[line];
        let column = self.before(offset.max(start), unit) - self.before(start, unit);
        Place { line: line + 1, column: column + 1 }
    }

    /// How many units the text has before `offset`.
    fn before(&self, offset: usize, unit: ColumnUnit) -> usize {
        let Some(mark) = self.marks.get(offset / STEP).filter(|_| unit != ColumnUnit::Bytes) else { return offset };
        let rest = &self.text[floor(self.text, offset / STEP * STEP)..offset];
        match unit {
            ColumnUnit::Characters => mark.characters + rest.chars().count(),
            ColumnUnit::Utf16 => mark.utf16 + rest.encode_utf16().count(),
            ColumnUnit::Bytes => offset,
        }
    }
}

/// The last border between characters at or before `offset`; the end of the text if there is none so far out.
pub fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn marks(text: &str) -> Vec<Mark> {
    let mut mark = Mark::default();
    let mut marks = vec![mark];
    let mut last = 0;
    for step in 1..=text.len() / STEP {
        let next = floor(text, step * STEP);
        mark.characters += text[last..next].chars().count();
        mark.utf16 += text[last..next].encode_utf16().count();
        marks.push(mark);
        last = next;
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_from_one() {
        let long = "é".repeat(3000);
        let table = [
            ("", 0, (1, 1, 1), "an empty text has one line"),
            ("a: b\n", 3, (1, 4, 4), "the first line"),
            ("a: b\n", 5, (2, 1, 1), "behind the last line break"),
            ("a\r\nb", 3, (2, 1, 1), "a carriage return is part of the line break"),
            ("\u{FEFF}a", 3, (1, 1, 1), "a byte order mark is not counted"),
            ("\u{FEFF}a", 0, (1, 1, 1), "and a span may start before it"),
            ("é😀x", 6, (1, 3, 4), "an emoji is one character and two units"),
            (&long, 6000, (1, 3001, 3001), "far out in a long line"),
            (&long, 2050, (1, 1026, 1026), "right behind a mark"),
        ];
        for (text, offset, (line, characters, utf16), reason) in table {
            let lines = Lines::new(text);
            assert_eq!(lines.place(offset, ColumnUnit::Characters), Place { line, column: characters }, "{reason}");
            assert_eq!(lines.place(offset, ColumnUnit::Utf16), Place { line, column: utf16 }, "{reason}");
            let bytes = lines.place(offset, ColumnUnit::Bytes);
            assert_eq!(bytes.column - 1, offset.saturating_sub(lines.range(line - 1).start), "{reason}");
        }
    }

    #[test]
    fn a_line_is_cut_before_what_ends_it() {
        let lines = Lines::new("ab\r\n\ncd");
        assert_eq!((0..lines.count()).map(|it| lines.range(it)).collect::<Vec<_>>(), [0..2, 4..4, 5..7]);
    }

    #[test]
    fn columns_agree_with_counting_by_hand() {
        crate::random::holds(200, |u| {
            let text: String = u.arbitrary::<String>()?.repeat(u.int_in_range(1..=200)?);
            let lines = Lines::new(&text);
            let offset = floor(&text, u.int_in_range(0..=text.len())?);
            let place = lines.place(offset, ColumnUnit::Characters);
            let start = lines.range(place.line - 1).start;
            assert_eq!(place.column, text[start..offset.max(start)].chars().count() + 1);
            Ok(())
        });
    }
}
