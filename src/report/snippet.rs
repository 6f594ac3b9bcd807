//! The lines of source that a finding shows, cut out and made safe, in the form that miette reads.
//!
//! miette's own sources count lines from the top of the file for each finding, know one file only, and pass control
//! characters on to the terminal. Here a finding gets windows of a few lines each, from any file, joined into one
//! text that exists for miette alone. Windows are kept apart by gaps, so that miette cannot join what does not belong
//! together.

use std::ops::Range;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::lines::{Lines, Place, Unit};
use super::{Places, visible, visible_path};
use crate::diagnostic::Diagnostic;
use crate::source::FileId;

/// Lines that are shown above and below what is underlined.
pub const CONTEXT: usize = 1;
/// Marks that are at most so many lines apart share a window: nothing would be left out between their windows.
const NEAR: usize = 2 * CONTEXT + 1;
/// A mark over more lines than this is drawn on its first line only.
const TALL: usize = 6;
/// Characters of a line that are shown at most.
pub const LONG: usize = 200;
/// How many of them come before the first mark, if the start of the line has to be left out.
const LEAD: usize = 60;
/// Columns that the text of a label may take at least and at most before it goes on in the next line.
const LABEL_WIDTH: (usize, usize) = (40, 72);

/// All windows of one finding.
#[derive(Debug)]
pub struct Snippets {
    windows: Vec<Window>,
}

/// Some lines of one file.
#[derive(Debug)]
struct Window {
    path: String,
    /// The first line, counted from zero.
    line: usize,
    /// The lines as they are shown, each with a line break.
    text: String,
    /// Where the text starts among all windows.
    base: usize,
    /// Where the marks start in the file, and where they are among all windows.
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

impl Snippets {
    /// Cuts out what a finding shows. The window with the place of the finding comes first, then the rest of its
    /// file, then the other files.
    pub fn new(places: &Places, diagnostic: &Diagnostic, width: usize) -> (Self, Vec<LabeledSpan>) {
        let mut files: Vec<FileId> = diagnostic.labels.iter().map(|it| it.span.file).collect();
        files.sort_unstable();
        files.dedup();
        files.retain(|&it| it != diagnostic.span.file);
        files.insert(0, diagnostic.span.file);

        let mut snippets = Self { windows: Vec::new() };
        let mut labels = Vec::new();
        let mut base = 0;
        for file in files {
            let lines = places.lines(file);
            for group in groups(lines, marks(places, diagnostic, file, width)) {
                let mut window = Window {
                    path: visible_path(places.path(file)).into_owned(),
                    line: group.lines.start,
                    text: String::new(),
                    base,
                    marks: Vec::new(),
                };
                window.fill(lines, &group, &mut labels);
                base = window.end() + 2;
                snippets.windows.push(window);
            }
        }
        (snippets, labels)
    }
}

impl Window {
    fn end(&self) -> usize {
        self.base + self.text.len()
    }

    /// Writes the lines of a group into the window, and its marks into `labels`.
    fn fill(&mut self, lines: &Lines, group: &Group, labels: &mut Vec<LabeledSpan>) {
        // For each character that is shown, where it is in the file and where it is here.
        let mut map: Vec<(usize, usize)> = Vec::new();
        for line in group.lines.clone() {
            let range = lines.range(line);
            let starts = group.marks.iter().map(|it| it.range.start);
            let first = starts.filter(|it| (range.start..=range.end).contains(it)).min();
            let shown = cut(lines.text(), range.clone(), first);
            if shown.start > range.start {
                self.text.push('…');
            }
            let line = &lines.text()[shown.clone()];
            for (at, c) in line.char_indices() {
                map.push((shown.start + at, self.end()));
                if c == '\t' { self.text.push(c) } else { visible::push_first(&mut self.text, &line[at..]) }
            }
            if shown.end < range.end {
                map.push((shown.end, self.end()));
                self.text.push('…');
            }
            map.push((range.end, self.end()));
            self.text.push('\n');
        }
        let here = |offset: usize| {
            let next = map.partition_point(|&(file, _)| file < offset);
            map.get(next).or(map.last()).map_or(self.base, |&(_, at)| at)
        };
        for mark in &group.marks {
            let range = here(mark.range.start)..here(mark.range.end);
            self.marks.push((range.clone(), lines.place(mark.range.start, Unit::Characters)));
            let message = mark.messages.join("\n");
            let message = (!message.is_empty()).then_some(message);
            let span = SourceSpan::new(range.start.into(), range.len());
            labels.push(match mark.primary {
                true => LabeledSpan::new_primary_with_span(message, span),
                false => LabeledSpan::new_with_span(message, span),
            });
        }
    }
}

impl SourceCode for Snippets {
    /// With context: the whole window, which was cut for that. Without: the span itself, and its true place.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_before: usize,
        _context_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let window = self.windows.iter().find(|it| it.base <= start && end <= it.end());
        let window = window.ok_or(MietteError::OutOfBounds)?;
        let path = window.path.clone();
        let contents = if context_before > 0 {
            let all = SourceSpan::new(window.base.into(), window.text.len());
            let count = window.text.matches('\n').count();
            MietteSpanContents::new_named(path, window.text.as_bytes(), all, window.line, 0, count)
        } else {
            let data = &window.text.as_bytes()[start - window.base..end - window.base];
            let place = window.marks.iter().find(|(range, _)| *range == (start..end));
            let (line, column) = place.map_or((window.line, 0), |(_, place)| (place.line - 1, place.column - 1));
            MietteSpanContents::new_named(path, data, *span, line, column, 1)
        };
        Ok(Box::new(contents))
    }
}

/// What to underline in one file: the place of the finding first. Labels at the same place become one.
fn marks(places: &Places, diagnostic: &Diagnostic, file: FileId, width: usize) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    if diagnostic.span.file == file {
        marks.push(Mark { range: places.range(diagnostic.span), messages: Vec::new(), primary: true });
    }
    let mut labels: Vec<_> = diagnostic.labels.iter().filter(|it| it.span.file == file).collect();
    labels.sort_by_key(|it| it.span);
    for label in labels {
        let range = places.range(label.span);
        // The text starts below the middle of the underline, behind the line number and the hook.
        let (start, end) = places.places(label.span, Unit::Characters);
        let middle = if start.line == end.line { start.column.midpoint(end.column) } else { start.column };
        let room = width.saturating_sub(middle + 12).clamp(LABEL_WIDTH.0, LABEL_WIDTH.1);
        let message = super::full::wrap(&visible(&label.message), room, 0).join("\n");
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

/// Sorts marks into windows. Marks that cover each other get windows of their own: two underlines do not fit under
/// one word.
fn groups(lines: &Lines, marks: Vec<Mark>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for mark in marks {
        let own = lines.line(mark.range.start)..lines.line(mark.range.end) + 1;
        let group = groups.iter_mut().find(|group| {
            own.start < group.lines.end + NEAR
                && group.lines.start < own.end + NEAR
                && !group.marks.iter().any(|it| overlap(&it.range, &mark.range))
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
    // The empty line behind the last line break is shown only if something points there.
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

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end.max(b.start + 1) && b.start < a.end.max(a.start + 1)
}

/// The part of a line that is shown. `mark` is the first place in it that has to be seen.
fn cut(text: &str, line: Range<usize>, mark: Option<usize>) -> Range<usize> {
    let all = &text[line.clone()];
    if all.len() <= LONG || all.chars().nth(LONG).is_none() {
        return line;
    }
    let before = mark.map_or("", |it| &text[line.start..it]);
    let start = match before.char_indices().nth(LONG - LEAD) {
        Some(_) => before.char_indices().rev().nth(LEAD - 1).map_or(line.start, |(at, _)| line.start + at),
        None => line.start,
    };
    let rest = &text[start..line.end];
    start..rest.char_indices().nth(LONG).map_or(line.end, |(at, _)| start + at)
}
