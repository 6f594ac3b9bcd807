//! [`Text`]: a string, the place of each of its bytes, and its holes.

mod run;

use std::fmt;
use std::iter;
use std::ops::Range;
use std::sync::Arc;

use super::{FileId, Hole, HoleKind, Reference, Span};
use crate::reads::count;
use run::{BY_RUNS, Buffer, Kind, PackedKind, Run, Runs, locate_in};

/// What stands in a text's bytes where a hole is. It is never shown: see [`Text::shown`].
const HOLE: char = '\u{FFFC}';

/// A string that remembers where it was written.
///
/// Cheap to clone and to cut: parts share the bytes and the map of places with the whole.
#[derive(Clone)]
pub struct Text {
    buffer: Arc<Buffer>,
    start: u32,
    end: u32,
    /// Byte `n` of the buffer is byte `n + shift` of the file of `whole`, unless this is [`BY_RUNS`].
    shift: i32,
    /// What was written to get this string, with its quotes: what to underline when the string is empty.
    whole: Span,
}

/// A part of a text between or at its holes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Piece<'a> {
    Known(&'a str),
    Hole(&'a Hole),
}

impl Text {
    /// The text of a whole file.
    pub fn of_file(file: FileId, text: Arc<str>) -> Self {
        let end = u32::try_from(text.len()).expect("the walker refuses files of 4 GiB");
        Self { buffer: Buffer::of(text), start: 0, end, shift: 0, whole: Span { file, start: 0, end } }
    }

    /// The same bytes as a text of their own: its places are offsets of these bytes, and what holes stand for is forgotten.
    pub fn alone(&self) -> Self {
        let whole = Span { file: FileId::new(0), start: 0, end: self.end - self.start };
        Self { buffer: self.buffer.clone(), start: self.start, end: self.end, shift: 0, whole }
            .shifted(whole.file, -i64::from(self.start))
    }

    /// The same bytes, which stand in a file as they are: byte `n` of the buffer is byte `n + shift` of the file.
    fn shifted(mut self, file: FileId, shift: i64) -> Self {
        match i32::try_from(shift) {
            Ok(shift) if file == self.whole.file && shift != BY_RUNS => self.shift = shift,
            _ => {
                let place = |at: u32| (i64::from(at) + shift) as u32;
                let span = Span { file, start: place(self.start), end: place(self.end) };
                let run = Run { start: self.start, end: self.end, span, kind: Kind::Verbatim.packed() };
                self.buffer = Buffer::with_runs(self.buffer.bytes.clone(), [run], []);
                self.shift = BY_RUNS;
            }
        }
        self
    }

    /// Where a byte of the buffer stands, if all of them stand in the file as they are.
    fn place(&self, at: u32) -> u32 {
        (i64::from(at) + i64::from(self.shift)) as u32
    }

    /// A text of which nothing is known, written as `span`.
    pub fn hole(kind: HoleKind, written: &str, span: Span) -> Self {
        let mut builder = TextBuilder::default();
        builder.push_hole(Hole { kind, written: written.into() }, span);
        builder.finish(span)
    }

    /// A text that stands nowhere byte for byte: all of `span` stands for all of `value`.
    pub fn written(value: &str, span: Span) -> Self {
        let mut builder = TextBuilder::default();
        builder.push_written(value, span);
        builder.finish(span)
    }

    pub fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The string, if all of it is known.
    pub fn as_str(&self) -> Option<&str> {
        if self.has_holes() { None } else { Some(self.bytes()) }
    }

    /// A part of [`Text::bytes`], if all of it is known.
    pub fn known(&self, range: Range<usize>) -> Option<&str> {
        let part = self.bytes().get(range.clone())?;
        let (start, end) = (self.start + range.start as u32, self.start + range.end as u32);
        let is_hole = |run: &Run| matches!(run.kind(), Kind::Hole(_)) && run.start < end && run.end > start;
        (!self.runs().iter().any(is_hole)).then_some(part)
    }

    /// The string with a placeholder character for each hole: for parsers of embedded documents, not for users.
    pub fn bytes(&self) -> &str {
        count();
        &self.buffer.bytes[self.start as usize..self.end as usize]
    }

    /// The string in the user's words, its holes as they are written.
    pub fn shown(&self) -> String {
        self.pieces()
            .map(|piece| match piece {
                Piece::Known(text) => text,
                Piece::Hole(hole) => &*hole.written,
            })
            .collect()
    }

    pub fn has_holes(&self) -> bool {
        self.runs().iter().any(|run| matches!(run.kind(), Kind::Hole(_)))
    }

    /// The known stretches and the holes, in order.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        count();
        let mut runs = self.runs().iter();
        let mut at = self.start;
        let mut next = None;
        iter::from_fn(move || {
            if let Some(hole) = next.take() {
                return Some(Piece::Hole(hole));
            }
            let from = at;
            let hole = runs.by_ref().find_map(|run| Some((run, self.hole_of(run)?)));
            let until = hole.map_or(self.end, |(run, _)| run.start);
            at = hole.map_or(self.end, |(run, _)| run.end);
            match hole {
                Some((_, hole)) if from >= until => Some(Piece::Hole(hole)),
                _ => {
                    next = hole.map(|(_, hole)| hole);
                    (from < until).then(|| Piece::Known(&self.buffer.bytes[from as usize..until as usize]))
                }
            }
        })
    }

    /// The pieces, each with where it begins in [`Text::bytes`].
    pub fn pieces_at(&self) -> impl Iterator<Item = (usize, Piece<'_>)> {
        self.pieces().scan(0, |next, piece| {
            let at = *next;
            *next += match piece {
                Piece::Known(known) => known.len(),
                Piece::Hole(_) => HOLE.len_utf8(),
            };
            Some((at, piece))
        })
    }

    /// Where some words stand first.
    pub fn find(&self, words: &str) -> Option<Span> {
        let at = self.bytes().find(words)?;
        Some(self.slice(at..at + words.len()))
    }

    /// The first character of the known pieces that is so: where it stands.
    pub fn find_char(&self, is_so: impl Fn(char) -> bool) -> Option<Span> {
        self.pieces_at().find_map(|(at, piece)| {
            let Piece::Known(known) = piece else { return None };
            let (offset, c) = known.char_indices().find(|(_, c)| is_so(*c))?;
            Some(self.slice(at + offset..at + offset + c.len_utf8()))
        })
    }

    /// The hole, if the text is one hole and nothing else.
    pub fn only_hole(&self) -> Option<&Hole> {
        count();
        match self.runs() {
            [run] if run.start == self.start && run.end == self.end => self.hole_of(run),
            _ => None,
        }
    }

    /// The resource that the text refers to, if it is nothing but a `Ref` or `Fn::GetAtt`.
    pub fn reference(&self) -> Option<&Reference> {
        match &self.only_hole()?.kind {
            HoleKind::Resource(reference) => Some(reference),
            _ => None,
        }
    }

    /// Where the text stands, without its quotes. An empty text stands at its quotes.
    pub fn span(&self) -> Span {
        count();
        if self.is_empty() { self.whole } else { self.slice(0..self.len()) }
    }

    /// What was written to get the text, with its quotes.
    pub fn whole(&self) -> Span {
        self.whole
    }

    /// Where a range of the text's bytes stands. A range that spans files gives what is in the first of them.
    pub fn slice(&self, range: Range<usize>) -> Span {
        let start = self.start + range.start as u32;
        let end = (self.start + range.end as u32).min(self.end).max(start);
        match self.all_runs() {
            None => Span { file: self.whole.file, start: self.place(start), end: self.place(end) },
            Some(runs) => {
                if start >= self.end && self.start < self.end {
                    return self.end_place(&runs.runs);
                }
                let runs = &runs.runs;
                let first = runs.partition_point(|run| run.end <= start);
                let Some(run) = runs.get(first) else {
                    let at = runs.last().map_or(self.whole.end, |run| run.span.end);
                    return Span { start: at, end: at, ..self.whole };
                };
                let from = match run.kind() {
                    Kind::Verbatim => run.span.start + start.saturating_sub(run.start),
                    _ => run.span.start,
                };
                let mut span = Span { file: run.span.file, start: from, end: from };
                if start == end {
                    return span;
                }
                for run in runs[first..].iter().take_while(|run| run.start < end) {
                    // What was put together from several places is underlined up to the first jump.
                    if run.span.file != span.file || run.span.start < span.end && span.end > from {
                        break;
                    }
                    span.end = match run.kind() {
                        Kind::Verbatim => run.span.start + (end.min(run.end) - run.start),
                        _ => run.span.end,
                    };
                }
                span
            }
        }
    }

    /// The bytes of the text that were written as `span`: the inverse of [`Text::slice`].
    ///
    /// `None` if the span is not part of the text, or begins or ends inside something that stands for other bytes, such
    /// as an escape.
    pub fn locate(&self, span: Span) -> Option<Range<usize>> {
        let range = match self.all_runs() {
            None => {
                let at = |offset: u32| u32::try_from(i64::from(offset) - i64::from(self.shift)).ok();
                (self.whole.file == span.file).then_some(())?;
                at(span.start)?..at(span.end)?
            }
            Some(_) => {
                let runs = self.runs();
                let start = locate_in(runs, span.file, span.start, |run| run.span.end <= span.start);
                let end = locate_in(runs, span.file, span.end, |run| run.span.end < span.end);
                match (start, end) {
                    (Some(start), Some(end)) => start..end,
                    (None, Some(end)) if span.is_empty() => end..end,
                    _ => return None,
                }
            }
        };
        let is_inside = range.start <= range.end && self.start <= range.start && range.end <= self.end;
        is_inside.then(|| (range.start - self.start) as usize..(range.end - self.start) as usize)
    }

    /// The empty place behind the last byte. What follows in the buffer may be another text, written elsewhere.
    fn end_place(&self, runs: &[Run]) -> Span {
        let last = runs.partition_point(|run| run.end < self.end);
        let Some(run) = runs.get(last) else { return Span { start: self.whole.end, ..self.whole } };
        let at = match run.kind() {
            Kind::Verbatim => run.span.start + (self.end - run.start),
            _ => run.span.end,
        };
        Span { file: run.span.file, start: at, end: at }
    }

    /// A part of the text, which remembers its own place.
    ///
    /// # Panics
    /// If the range is not on character borders inside the text.
    pub fn part(&self, range: Range<usize>) -> Text {
        assert!(self.bytes().get(range.clone()).is_some(), "a part lies inside its text, on character borders");
        let (start, end) = (self.start + range.start as u32, self.start + range.end as u32);
        // Most parts of a block scalar are on one line of it: asked for their places they need not look for their run again.
        let run = self.all_runs().filter(|_| start < end).and_then(|all| {
            let run = all.runs.get(all.runs.partition_point(|run| run.end <= start))?;
            let is_it = matches!(run.kind(), Kind::Verbatim) && run.start <= start && end <= run.end;
            is_it.then_some((*run, &all.plain))
        });
        let part = |buffer: &Arc<Buffer>| Text {
            buffer: buffer.clone(),
            start,
            end,
            shift: self.shift,
            whole: self.slice(range),
        };
        match run {
            Some((it, plain)) => part(plain).shifted(it.span.file, i64::from(it.span.start) - i64::from(it.start)),
            None => part(&self.buffer),
        }
    }

    /// The same text, said to be written as `whole`: what its quotes enclose.
    pub fn within(self, whole: Span) -> Text {
        let (file, shift) = (self.whole.file, i64::from(self.shift));
        let is_shifted = self.all_runs().is_none();
        let text = Text { whole, ..self };
        if is_shifted { text.shifted(file, shift) } else { text }
    }

    /// The parts between the separators that are written out; a separator inside a hole is not seen.
    pub fn split(&self, separator: char) -> Vec<Text> {
        self.splitn(usize::MAX, separator)
    }

    /// Like [`Text::split`], with at most `n` parts; the last holds the rest.
    pub fn splitn(&self, n: usize, separator: char) -> Vec<Text> {
        let mut start = 0;
        let mut parts = Vec::with_capacity(if n == usize::MAX { 0 } else { n });
        for part in self.bytes().splitn(n, separator) {
            parts.push(self.part(start..start + part.len()));
            start += part.len() + separator.len_utf8();
        }
        parts
    }

    /// The text without white space at its ends.
    pub fn trim(&self) -> Text {
        let bytes = self.bytes();
        let start = bytes.len() - bytes.trim_start().len();
        self.part(start..start + bytes.trim().len())
    }

    /// The runs of the buffer, if they say where its bytes come from.
    fn all_runs(&self) -> Option<&Runs> {
        // The shift first: reading the buffer may miss the cache.
        if self.shift == BY_RUNS { self.buffer.runs.as_deref() } else { None }
    }

    /// The runs that touch the text; none if it stands in its file byte for byte.
    fn runs(&self) -> &[Run] {
        let Some(all) = self.all_runs() else { return &[] };
        let runs = &all.runs;
        let first = runs.partition_point(|run| run.end <= self.start);
        let last = runs.partition_point(|run| run.start < self.end);
        &runs[first.min(last)..last]
    }

    /// The hole that a run is, if it is one.
    fn hole_of(&self, run: &Run) -> Option<&Hole> {
        match (self.all_runs(), run.kind()) {
            (Some(all), Kind::Hole(at)) => all.holes.get(at as usize),
            _ => None,
        }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}@{}..{}", self.shown(), self.span().start, self.span().end)
    }
}

/// Puts a [`Text`] together from parts.
#[derive(Clone, Default)]
pub struct TextBuilder {
    value: String,
    runs: Vec<Run>,
    holes: Vec<Hole>,
}

impl TextBuilder {
    /// Makes room for a text of so many bytes that were written in so many parts.
    pub fn reserve(&mut self, bytes: usize, parts: usize) {
        self.value.reserve_exact(bytes);
        self.runs.reserve_exact(parts);
    }

    /// How many bytes there are so far.
    pub fn len(&self) -> usize {
        self.value.len()
    }

    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }

    /// Appends a text with its places and holes.
    pub fn push(&mut self, text: &Text) {
        if text.is_empty() {
            return;
        }
        let at = self.value.len() as u32;
        self.value.push_str(text.bytes());
        match text.all_runs() {
            None => {
                let span = text.slice(0..text.len());
                self.push_run(Run { start: at, end: self.value.len() as u32, span, kind: Kind::Verbatim.packed() });
            }
            Some(_) => {
                self.runs.reserve(text.runs().len());
                for run in text.runs() {
                    let start = run.start.max(text.start);
                    let end = run.end.min(text.end);
                    let span = match run.kind() {
                        Kind::Verbatim => Span {
                            file: run.span.file,
                            start: run.span.start + (start - run.start),
                            end: run.span.start + (end - run.start),
                        },
                        _ => run.span,
                    };
                    let shift = |it: u32| it - text.start + at;
                    let kind = text.hole_of(run).map_or(run.kind, |it| self.keep(it.clone()));
                    self.push_run(Run { start: shift(start), end: shift(end), span, kind });
                }
            }
        }
    }

    /// Appends characters that all of `span` stands for.
    pub fn push_written(&mut self, value: &str, span: Span) {
        if value.is_empty() {
            return;
        }
        let start = self.value.len() as u32;
        self.value.push_str(value);
        self.push_run(Run { start, end: self.value.len() as u32, span, kind: Kind::Written.packed() });
    }

    pub fn push_hole(&mut self, hole: Hole, span: Span) {
        let start = self.value.len() as u32;
        self.value.push(HOLE);
        let kind = self.keep(hole);
        self.push_run(Run { start, end: self.value.len() as u32, span, kind });
    }

    fn keep(&mut self, hole: Hole) -> PackedKind {
        // What is written again and again is kept once.
        if self.holes.last() != Some(&hole) {
            self.holes.push(hole);
        }
        Kind::Hole(self.holes.len() as u32 - 1).packed()
    }

    /// The text, which was written as `whole`.
    pub fn finish(self, whole: Span) -> Text {
        let end = self.value.len() as u32;
        let bytes = self.value.into();
        match self.runs.as_slice() {
            [run] if matches!(run.kind(), Kind::Verbatim) => {
                let text = Text { buffer: Buffer::of(bytes), start: 0, end, shift: 0, whole };
                text.shifted(run.span.file, i64::from(run.span.start))
            }
            _ => {
                let buffer = Buffer::with_runs(bytes, self.runs, self.holes);
                Text { buffer, start: 0, end, shift: BY_RUNS, whole }
            }
        }
    }

    /// [`TextBuilder::finish`], with each place in the file that `file` says instead of its own.
    pub fn finish_in(mut self, whole: Span, file: impl Fn(FileId) -> FileId) -> Text {
        self.runs.iter_mut().for_each(|it| it.span.file = file(it.span.file));
        self.finish(Span { file: file(whole.file), ..whole })
    }

    /// Appends a run, or makes the last one longer if the two stand side by side in the file too.
    fn push_run(&mut self, run: Run) {
        if let Some(last) = self.runs.last_mut() {
            let both_verbatim = matches!((last.kind(), run.kind()), (Kind::Verbatim, Kind::Verbatim));
            if both_verbatim && last.span.file == run.span.file && last.span.end == run.span.start {
                last.end = run.end;
                last.span.end = run.span.end;
                return;
            }
        }
        self.runs.push(run);
    }
}

impl Text {
    /// True if the text is the URL of a cluster's issuer, taken from the cluster.
    pub fn is_issuer_of_cluster(&self) -> bool {
        self.reference().is_some_and(|it| it.attribute == super::Attribute::Other(super::ISSUER_URL.into()))
    }
}

#[cfg(test)]
mod tests;
