//! The lines of source that a finding shows, cut out and made safe, in the form that miette reads.
//!
//! miette's own sources count lines from the top of the file for each finding, know one file only, pass control
//! characters on to the terminal, and do not know how wide it is. Here a finding gets windows of a few lines each, from
//! any file. Each window is drawn by itself, and its lines and labels are fitted to the width beforehand.

use std::ops::Range;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::lines::{ColumnUnit, Lines, Place, floor};
use super::style::Style;
use super::{Places, visible, visible_path};
use crate::diagnostic::Diagnostic;
use crate::source::FileId;

/// Lines that are shown above and below what is underlined.
pub const CONTEXT: usize = 1;
/// Marks that are at most so many lines apart share a window: nothing would be left out between their windows.
const NEAR: usize = 2 * CONTEXT + 1;
/// A mark over more lines than this is drawn on its first line only.
const TALL: usize = 6;
/// Columns that miette draws left of a line besides its number: ` 12 │ `.
const FRAME: usize = 4;
/// Columns that miette draws left of each line of a window besides one for each mark over several lines: `│ ╭─▶ `.
const GUTTER: usize = 3;
/// Columns from the middle of an underline to the text of its label: `╰── `.
const HOOK: usize = 4;
/// Columns that the text of a label takes at most before it goes on in the next line.
const LABEL_MOST: usize = 72;
/// Columns that the text of a label gets, if it has so many: fewer, if its line can be shown from the start, than where the
/// start of the line has to be left out.
const LABEL_WANTED: (usize, usize) = (20, 36);
/// Columns that source lines and the text of labels get even on a terminal that has no room for them.
const LEAST: usize = 10;
/// Bytes of a column that are looked at on average: characters without a width are rare.
const LONGEST: usize = 16;
/// Columns of a tab.
const TAB: usize = 4;

/// Some lines of one file, and what is marked in them.
#[derive(Debug)]
pub struct Window {
    path: String,
    /// The first line, counted from zero.
    line: usize,
    /// The lines as they are shown, each with a line break.
    text: String,
    /// What is underlined, in the order of places, in bytes of `text`.
    pub labels: Vec<LabeledSpan>,
    /// Where the marks start in the file, and where they are in `text`.
    marks: Vec<(Range<usize>, Place)>,
}

/// Something to underline.
struct Mark {
    range: Range<usize>,
    messages: Vec<String>,
    primary: bool,
}

/// Marks that share a window.
struct Group {
    lines: Range<usize>,
    marks: Vec<Mark>,
}

/// How a window is fitted to the width.
struct Layout<'a> {
    lines: &'a Lines<'a>,
    style: Style,
}

/// Cuts out what a finding shows. The window with the place of the finding comes first, then the rest of its file, then
/// the other files.
pub fn windows(places: &Places, diagnostic: &Diagnostic, style: Style) -> Vec<Window> {
    let mut files: Vec<FileId> = diagnostic.labels.iter().map(|it| it.span.file).collect();
    files.sort_by_key(|it| places.rank(*it));
    files.dedup();
    files.retain(|&it| it != diagnostic.span.file);
    files.insert(0, diagnostic.span.file);
    let mut windows = Vec::new();
    for file in files {
        let layout = Layout { lines: places.lines(file), style };
        let path = visible_path(places.path(file));
        let groups = layout.groups(marks(places, diagnostic, file));
        windows.extend(groups.into_iter().map(|it| layout.window(&path, it)));
    }
    windows
}

impl Layout<'_> {
    /// Columns that a source line has, in a window with a last line, counted from one, that holds so many marks over several lines.
    fn room(&self, last_line: usize, tall_marks: usize) -> usize {
        let number = last_line.checked_ilog10().unwrap_or(0) as usize + 1;
        let gutter = if tall_marks > 0 { GUTTER + tall_marks } else { 0 };
        self.style.width.saturating_sub(FRAME + number + gutter).max(LEAST)
    }

    /// Whether a mark goes over several lines. The line break at its end belongs to the line that it ends.
    fn is_tall(&self, mark: &Mark) -> bool {
        let last = mark.range.end.saturating_sub(1).max(mark.range.start);
        self.lines.line(mark.range.start) != self.lines.line(last)
    }

    /// Columns of a part of one line. Never more than `most`, and no more of the line is looked at than that takes.
    fn columns(&self, part: Range<usize>, most: usize) -> usize {
        let text = self.lines.text();
        let end = floor(text, part.end.min(part.start + LONGEST * most)).max(part.start);
        if end < part.end {
            return most;
        }
        let mut out = String::new();
        text[part.start..end]
            .char_indices()
            .map(|(at, _)| shown(&mut out, &text[part.start + at..], TAB))
            .sum::<usize>()
            .min(most)
    }

    /// Columns that some marks within one line take with their labels, from where the first of them starts. At most `room`.
    /// A label that is longer than `wanted` goes on in the next line.
    fn needed<'m>(&self, marks: impl Iterator<Item = &'m Mark> + Clone, wanted: usize, room: usize) -> usize {
        let Some(first) = marks.clone().map(|it| it.range.start).min() else { return 0 };
        let needed = marks.map(|it| {
            let start = self.columns(first..it.range.start, room);
            let end = start + self.columns(it.range.clone(), room).max(1);
            let label = it.messages.iter().map(|it| columns(it, wanted)).max().map_or(0, |it| it + HOOK);
            end.max(start.midpoint(end) + label)
        });
        needed.max().unwrap_or(0).min(room)
    }

    /// Sorts marks into windows. Marks that cover each other get windows of their own, because two underlines do not fit
    /// under one word, and so do marks of one line that are too far apart.
    fn groups(&self, marks: Vec<Mark>) -> Vec<Group> {
        let lines = self.lines;
        let mut groups: Vec<Group> = Vec::new();
        for mark in marks {
            let own = lines.line(mark.range.start)..lines.line(mark.range.end) + 1;
            let group = groups.iter_mut().find(|group| {
                own.start < group.lines.end + NEAR
                    && group.lines.start < own.end + NEAR
                    && !group.marks.iter().any(|it| overlap(&it.range, &mark.range))
                    && self.fit(group, &mark)
            });
            match group {
                Some(group) => {
                    group.lines = group.lines.start.min(own.start)..group.lines.end.max(own.end);
                    group.marks.push(mark);
                }
                None => groups.push(Group { lines: own, marks: vec![mark] }),
            }
        }
        if let Some((first, rest)) = groups.split_first_mut() {
            rest.sort_by_key(|it| (!overlap(&it.lines, &first.lines), it.lines.start));
        }
        // The empty line after the last line break is shown only if something points there.
        let last = lines.count() - usize::from(lines.range(lines.count() - 1).is_empty());
        let bare: Vec<Range<usize>> = groups.iter().map(|it| it.lines.clone()).collect();
        for (index, group) in groups.iter_mut().enumerate() {
            // What stands around lines that were shown already is known.
            if bare[..index].iter().any(|it| overlap(it, &group.lines)) {
                continue;
            }
            let end = (group.lines.end + CONTEXT).min(last).max(group.lines.end);
            group.lines = group.lines.start.saturating_sub(CONTEXT)..end;
        }
        groups
    }

    /// Whether a mark can be shown together with the marks of a group that are in the same line.
    fn fit(&self, group: &Group, mark: &Mark) -> bool {
        if self.is_tall(mark) {
            return true;
        }
        let line = self.lines.line(mark.range.start);
        let beside = |it: &&Mark| !self.is_tall(it) && self.lines.line(it.range.start) == line;
        let beside = group.marks.iter().filter(beside);
        if beside.clone().next().is_none() {
            return true;
        }
        let room = self.room(group.lines.end + CONTEXT, 1);
        self.needed(beside.chain([mark]), LABEL_WANTED.0, room) + 2 <= room
    }

    /// Draws up the window of a group: its lines cut to the width, its labels wrapped.
    fn window(&self, path: &str, mut group: Group) -> Window {
        group.marks.sort_by_key(|it| (it.range.start, it.range.end));
        let tall_marks = group.marks.iter().filter(|it| self.is_tall(it)).count();
        let room = self.room(group.lines.end, tall_marks);
        let mut window = Window {
            path: path.to_owned(),
            line: group.lines.start,
            text: String::new(),
            labels: Vec::new(),
            marks: Vec::new(),
        };
        // For each character that is shown, where it is in the file, where it is in the window, and its column there.
        let mut map: Vec<(usize, usize, usize)> = Vec::new();
        for line in group.lines.clone() {
            let marks = group.marks.iter().filter(|it| !self.is_tall(it) && self.lines.line(it.range.start) == line);
            self.line(line, marks, room, &mut window.text, &mut map);
        }
        let here = |offset: usize| {
            let next = map.partition_point(|&(file, ..)| file < offset);
            map.get(next).or(map.last()).map_or((0, 0), |&(_, at, column)| (at, column))
        };
        for mark in &group.marks {
            let ((start, first), (end, _)) = (here(mark.range.start), here(mark.range.end));
            window.marks.push((start..end, self.lines.place(mark.range.start, ColumnUnit::Characters)));
            // miette hangs the label on the middle of the underline, which is at least one column wide.
            let line_end = self.lines.range(self.lines.line(mark.range.start)).end;
            let last = here(mark.range.end.min(line_end)).1 + usize::from(mark.range.end > line_end);
            let hook = if self.is_tall(mark) { 0 } else { first.midpoint(last.max(first + 1)) };
            let room = room.saturating_sub(hook + HOOK).clamp(LEAST, LABEL_MOST);
            let message = mark.messages.iter().flat_map(|it| fold(it, room)).collect::<Vec<_>>().join("\n");
            let message = (!message.is_empty()).then_some(message);
            let span = SourceSpan::new(start.into(), end.max(start) - start);
            window.labels.push(match mark.primary {
                true => LabeledSpan::new_primary_with_span(message, span),
                false => LabeledSpan::new_with_span(message, span),
            });
        }
        window
    }

    /// Writes what is shown of a line, so that the marks within it and their labels have room.
    fn line<'m>(
        &self,
        line: usize,
        marks: impl Iterator<Item = &'m Mark> + Clone,
        room: usize,
        out: &mut String,
        map: &mut Vec<(usize, usize, usize)>,
    ) {
        let text = self.lines.text();
        let range = self.lines.range(line);
        let more = self.style.more();
        let more_columns = more.width();
        let mut start = range.start;
        if let Some(first) = marks.clone().map(|it| it.range.start).min() {
            // A mark may start in a byte order mark or in a line break.
            let first = first.clamp(range.start, range.end);
            let before = self.columns(range.start..first, room);
            if before + self.needed(marks.clone(), LABEL_WANTED.0, room) > room {
                // Some of what stands before, if there is room for it.
                let needed = self.needed(marks, LABEL_WANTED.1, room);
                let mut lead = room.saturating_sub(needed + 2 * more_columns).min(room / 2);
                let mut part = String::new();
                start = first;
                for (at, _) in text[range.start..first].char_indices().rev().take(LONGEST * room) {
                    let width = shown(&mut part, &text[range.start + at..], TAB);
                    if width > lead {
                        break;
                    }
                    lead -= width;
                    start = range.start + at;
                }
            }
        }
        let mut column = 0;
        if start > range.start {
            out.push_str(more);
            column = more_columns;
        }
        for (index, (at, _)) in text[start..range.end].char_indices().enumerate() {
            let offset = start + at;
            let before = out.len();
            let width = shown(out, &text[offset..range.end], TAB - column % TAB);
            let is_last = offset + text[offset..].chars().next().map_or(0, char::len_utf8) == range.end;
            let left = if is_last { 0 } else { more_columns };
            if column + width + left > room || index > LONGEST * room {
                out.truncate(before);
                map.push((offset, before, column));
                out.push_str(more);
                column += more_columns;
                break;
            }
            map.push((offset, before, column));
            column += width;
        }
        map.push((range.end, out.len(), column));
        out.push('\n');
    }
}
impl SourceCode for Window {
    /// With context: the whole window, which was cut for that. Without: the span itself, and its true place.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_before: usize,
        _context_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let range = span.offset()..span.offset() + span.len();
        let path = self.path.clone();
        let contents = if context_before > 0 {
            let all = SourceSpan::new(0.into(), self.text.len());
            let count = self.text.matches('\n').count();
            MietteSpanContents::new_named(path, self.text.as_bytes(), all, self.line, 0, count)
        } else {
            let data = self.text.as_bytes().get(range.clone()).ok_or(MietteError::OutOfBounds)?;
            let place = self.marks.iter().find(|it| it.0 == range);
            let (line, column) = place.map_or((self.line, 0), |(_, place)| (place.line - 1, place.column - 1));
            MietteSpanContents::new_named(path, data, *span, line, column, 1)
        };
        Ok(Box::new(contents))
    }
}

/// What to underline in one file: the place of the finding first. Labels at the same place become one.
fn marks(places: &Places, diagnostic: &Diagnostic, file: FileId) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    if diagnostic.span.file == file {
        marks.push(Mark { range: places.range(diagnostic.span), messages: Vec::new(), primary: true });
    }
    let mut labels: Vec<_> = diagnostic.labels.iter().filter(|it| it.span.file == file).collect();
    labels.sort_by_key(|it| it.span.bounds());
    for label in labels {
        let range = places.range(label.span);
        let message = visible(&label.message).into_owned();
        match marks.iter_mut().find(|it| it.range == range) {
            Some(mark) => mark.messages.push(message),
            None => marks.push(Mark { range, messages: vec![message], primary: false }),
        }
    }
    let lines = places.lines(file);
    for mark in &mut marks {
        let first = lines.line(mark.range.start);
        if lines.line(mark.range.end) >= first + TALL {
            mark.range.end = lines.range(first).end.max(mark.range.start);
        }
    }
    marks
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end.max(b.start + 1) && b.start < a.end.max(a.start + 1)
}

/// Writes the first character of `rest` as it is shown, a tab as spaces, and returns its columns.
fn shown(out: &mut String, rest: &str, tab: usize) -> usize {
    if rest.starts_with('\t') {
        out.extend(std::iter::repeat_n(' ', tab));
        return tab;
    }
    let before = out.len();
    visible::push_first(out, rest);
    // miette, too, adds up the widths of single characters.
    out[before..].chars().map(|it| it.width().unwrap_or(0)).sum()
}

/// Columns that the text of a label should have, if so many are enough for a sentence.
fn columns(message: &str, wanted: usize) -> usize {
    let longest = message.split(' ').map(UnicodeWidthStr::width).max().unwrap_or(0);
    message.width().min(longest.max(wanted)).min(LABEL_MOST)
}

/// Wraps a text as [`wrap`](super::full::wrap) does, and breaks words that are too long for a line.
pub fn fold(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for (index, word) in text.split(' ').enumerate() {
        let space = usize::from(index > 0);
        if used > 0 && used + space + word.width() > width {
            lines.push(String::new());
            used = 0;
        } else if index > 0 {
            lines.last_mut().expect("there is a first line").push(' ');
            used += 1;
        }
        for c in word.chars() {
            let columns = c.width().unwrap_or(0);
            if used > 0 && used + columns > width {
                lines.push(String::new());
                used = 0;
            }
            lines.last_mut().expect("there is a first line").push(c);
            used += columns;
        }
    }
    lines.iter_mut().skip(1).for_each(visible::harmless);
    lines
}
