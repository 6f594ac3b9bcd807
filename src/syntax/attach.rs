//! What a comment stands on: the key, item or document that somebody who wrote it there meant.
//!
//! - Behind something on its line it is for what begins on this line, with everything below it; where nothing begins
//!   there, for what ends there (`]`).
//! - On a line of its own it is for what begins on the next line that holds something, other comments and empty lines
//!   aside. Above the first key of a document that is the whole document: nothing else could stand for it. Above `---`
//!   it is the document below.
//! - One that is deeper than what comes next is the rest of something that has gone, and is for nothing.

use std::ops::Range;

use super::kinds::{Comment, Kind};
use super::parsed::Parsed;
use crate::source::{Span, Text};

/// What a comment is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    On(Attached),
    /// Nothing follows in this text. If it is part of a stream, the next document may be meant.
    Last,
    /// It is set in deeper than what follows it.
    TooDeep,
}

/// What a comment is attached to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Attached {
    /// All of what begins on the line.
    pub scope: Span,
    /// The line itself: its own, or the next that holds something.
    pub line: Span,
}

/// The comments of one text, ready to be asked what they stand on.
pub struct Comments<'p> {
    text: &'p Text,
    /// By their starts, and the larger first.
    units: Vec<Unit>,
    /// Indices of the units by their ends, and the smaller last.
    by_end: Vec<u32>,
}

/// Something that a comment can be for: an entry of a mapping, an item of a list, a document.
#[derive(Clone, Copy)]
struct Unit {
    start: usize,
    end: usize,
    is_first: bool,
    is_document: bool,
}

impl<'p> Comments<'p> {
    pub fn new(text: &'p Text, parsed: &Parsed) -> Self {
        let mut units = Vec::new();
        for tree in &parsed.documents {
            let root = tree.root().range();
            let is_block = !text.bytes()[root.clone()].starts_with(['{', '[']);
            // A list without brackets has its items, and what is above the first of them is for that one.
            if !(is_block && tree.root().kind() == Kind::Sequence) {
                let is_document = is_block && tree.root().kind() == Kind::Mapping;
                units.push(Unit { start: root.start, end: root.end, is_first: true, is_document });
            }
            for node in tree.nodes() {
                let whole = node.range();
                let mut add = |range: Range<usize>| {
                    let is_first = range.start == whole.start || text.bytes()[whole.clone()].starts_with(['{', '[']);
                    units.push(Unit { start: range.start, end: range.end, is_first, is_document: false });
                };
                for (key, value) in node.written() {
                    let (key, value) = (key.range(), value.range());
                    // The value of an alias stands elsewhere.
                    let end = if value.start >= key.end && value.end <= whole.end { value.end } else { key.end };
                    if key.start >= whole.start && key.end <= whole.end {
                        add(key.start..end);
                    }
                }
                for item in node.items().map(|it| it.range()) {
                    if item.start >= whole.start && item.end <= whole.end {
                        add(item);
                    }
                }
            }
        }
        units.sort_by_key(|it| (it.start, std::cmp::Reverse(it.end), !it.is_document));
        let mut by_end: Vec<u32> = (0..units.len() as u32).collect();
        by_end.sort_by_key(|&it| (units[it as usize].end, units[it as usize].start));
        Self { text, units, by_end }
    }

    /// What a comment stands on.
    pub fn standing(&self, comment: &Comment) -> Standing {
        let line = self.line(comment.range.start);
        let before = self.text.bytes()[line.start..comment.range.start].trim_start_matches('\u{FEFF}').trim();
        if !matches!(before, "" | "---" | "...") {
            let begins = self.units_from(line.start..comment.range.start);
            let begins: Vec<_> = begins.iter().filter(|it| !it.is_document).collect();
            if let Some(first) = begins.first() {
                let end = begins.iter().map(|it| it.end).max().unwrap_or(first.end);
                return self.on(first.start..end, line);
            }
            // The smallest of those that end last on this line.
            let after = self.by_end.partition_point(|&it| self.units[it as usize].end <= comment.range.start);
            let last = self.by_end[..after].last().map(|&it| self.units[it as usize]);
            if let Some(unit) = last.filter(|it| it.end > line.start) {
                return self.on(unit.start..unit.end, line);
            }
        }
        let depth = if before.is_empty() { comment.range.start - line.start } else { 0 };
        let at = self.units.partition_point(|it| it.start < comment.range.end);
        let is_first = self.by_end.first().is_none_or(|&it| self.units[it as usize].end > comment.range.start);
        let Some(next) = self.units.get(at) else {
            return if depth > 0 && !is_first { Standing::TooDeep } else { Standing::Last };
        };
        let below = self.line(next.start);
        let indent = self.text.bytes()[below.clone()].len()
            - self.text.bytes()[below.clone()].trim_start_matches([' ', '\t', '\u{FEFF}']).len();
        if depth > indent && (next.is_document || !next.is_first) && !is_first {
            return Standing::TooDeep;
        }
        if next.is_document {
            return self.on(next.start..next.end, below);
        }
        let end = self.units_from(next.start..below.end).iter().map(|it| it.end).max();
        self.on(next.start..end.unwrap_or(next.end), below)
    }

    fn on(&self, scope: Range<usize>, line: Range<usize>) -> Standing {
        Standing::On(Attached { scope: self.text.slice(scope), line: self.text.slice(line) })
    }

    /// The units that begin in a range.
    fn units_from(&self, range: Range<usize>) -> &[Unit] {
        let first = self.units.partition_point(|it| it.start < range.start);
        let count = self.units[first..].partition_point(|it| it.start < range.end);
        &self.units[first..first + count]
    }

    /// The line around an offset, without its end.
    fn line(&self, at: usize) -> Range<usize> {
        let bytes = self.text.bytes().as_bytes();
        let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |it| it + 1);
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |it| at + it);
        start..end
    }
}
