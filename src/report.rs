//! How findings look: one file for each format. The only place where offsets become lines and columns.

pub mod azure;
pub mod checkstyle;
pub mod concise;
pub mod full;
pub mod github;
pub mod gitlab;
pub mod grouped;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod rdjson;
pub mod sarif;
pub mod statistics;

mod changed;
mod diff;
mod lines;
mod snippet;
mod style;
#[cfg(test)]
mod tests;
mod visible;
mod xml;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::io;
use std::ops::Range;

use crate::collections::HashMap;
use crate::config::Selection;
use crate::diagnostic::{Counts, Diagnostic, Suppressed};
use crate::source::{FileId, Position, Span};
use crate::workspace::Inventory;

pub use changed::Changed;
pub use lines::{ColumnUnit, Lines, Place};
pub use visible::{visible, visible_path};

/// Where the program is at home.
const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// Everything that a report says about one run.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    pub inventory: &'a Inventory,
    /// Which rules ran, and with which levels; nothing if all did, with their own.
    pub selection: Option<&'a Selection>,
    /// Where the pages of the rules are hosted. Nothing if nowhere: then reports have no links.
    pub docs_url: Option<&'a str>,
    /// What a branch changed, if only what is new in it is reported.
    pub changed: Option<&'a Changed>,
    /// The folder the program runs in, with `/` at its end. For programs, paths below it are written relative to it.
    pub root: &'a str,
    /// The findings to show, in their order.
    pub shown: &'a [Diagnostic],
    /// Findings that somebody has decided not to hear of, in their order.
    pub suppressed: &'a [Suppressed],
    /// True if they are to be shown all the same.
    pub show_suppressed: bool,
    /// Entries of the baseline that no finding answers to any more.
    pub stale: usize,
    /// How many findings of each level there are in all, shown or not.
    pub found: Counts,
    /// What could not be read, in the order of paths.
    pub problems: &'a [Problem],
    /// How many files were read, including those that had nothing to do with EKS.
    pub files_read: usize,
    /// How many of them had something to do with EKS.
    pub recognised: usize,
    /// How many tracked files that could be inputs, and submodules, `.ignore` hides.
    pub tracked_hidden: usize,
    /// How many links were not followed because they lead out of the folder that was named, or nowhere.
    pub links_out: usize,
}

impl<'a> Run<'a> {
    /// The suppressed findings that are to be shown.
    pub fn shown_suppressed(&self) -> &'a [Suppressed] {
        if self.show_suppressed { self.suppressed } else { &[] }
    }
}

/// An input that could not be read. Not a finding: nothing is known about what is in it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Problem {
    /// The path as it is shown.
    pub path: String,
    /// Why, in lower case: `permission denied`.
    pub reason: String,
}

impl<'a> Run<'a> {
    /// A run that shows all that it found, and could read everything.
    pub fn of(inventory: &'a Inventory, shown: &'a [Diagnostic]) -> Self {
        Self {
            inventory,
            selection: None,
            docs_url: None,
            changed: None,
            root: "",
            shown,
            suppressed: &[],
            show_suppressed: false,
            stale: 0,
            found: Counts::of(shown),
            problems: &[],
            files_read: inventory.files.len(),
            recognised: inventory.recognised,
            tracked_hidden: 0,
            links_out: 0,
        }
    }

    /// A finding as services get it that show it beside the changes of a branch.
    fn beside_changes<'d>(&self, diagnostic: &'d Diagnostic) -> Cow<'d, Diagnostic> {
        self.changed.map_or(Cow::Borrowed(diagnostic), |it| it.beside(self.inventory, diagnostic))
    }

    /// Where the page of a rule can be read, if it is hosted.
    pub fn page_url(&self, rule: &str) -> Option<String> {
        self.docs_url.map(|it| page_url(it, rule))
    }

    /// A path as programs get it: relative to [`Run::root`] if it is below it.
    fn path<'p>(&self, path: &'p str) -> &'p str {
        path.strip_prefix(self.root).unwrap_or(path)
    }

    /// The findings by file, in their order.
    fn files(&self) -> impl Iterator<Item = &'a [Diagnostic]> {
        self.shown.chunk_by(|a, b| a.span.file == b.span.file)
    }

    /// The findings of a file, and the suppressed ones that are to be shown. Both are in the order of places.
    fn of_file(&self, file: FileId) -> (&'a [Diagnostic], &'a [Suppressed]) {
        let rank = |it: &Diagnostic| self.inventory.files.rank(it.span.file);
        let own = self.inventory.files.rank(file);
        let (shown, suppressed) = (self.shown, self.shown_suppressed());
        let (start, end) = (shown.partition_point(|it| rank(it) < own), shown.partition_point(|it| rank(it) <= own));
        let from = suppressed.partition_point(|it| rank(&it.finding) < own);
        let to = suppressed.partition_point(|it| rank(&it.finding) <= own);
        (&shown[start..end], &suppressed[from..to])
    }
}

/// Turns the spans of an inventory into lines and columns. The lines of a file are counted when first asked for.
pub struct Places<'a> {
    inventory: &'a Inventory,
    /// By rank.
    lines: Vec<OnceCell<Lines<'a>>>,
}

impl<'a> Places<'a> {
    pub fn new(inventory: &'a Inventory) -> Self {
        Self { inventory, lines: inventory.files.ids().map(|_| OnceCell::new()).collect() }
    }

    /// The path of a file, undisguised: see [`visible_path`].
    pub fn path(&self, file: FileId) -> &'a str {
        self.inventory.path(file)
    }

    pub fn lines(&self, file: FileId) -> &Lines<'a> {
        self.lines[self.rank(file) as usize].get_or_init(|| Lines::new(&self.inventory.source(file).text))
    }

    /// The place of a file among all files.
    pub fn rank(&self, file: FileId) -> u32 {
        self.inventory.files.rank(file)
    }

    /// What places are sorted by.
    pub fn position(&self, span: Span) -> Position {
        self.inventory.files.position(span)
    }

    /// The bytes of a span, made to fit: inside the text, on the borders of characters, not inverted.
    pub fn range(&self, span: Span) -> Range<usize> {
        let text = self.lines(span.file).text();
        let start = lines::floor(text, span.start as usize);
        let end = lines::floor(text, span.end as usize).max(start);
        start..end
    }

    /// Where a span starts and ends, both counted from one. The end is exclusive.
    pub fn places(&self, span: Span, unit: ColumnUnit) -> (Place, Place) {
        let range = self.range(span);
        let lines = self.lines(span.file);
        (lines.place(range.start, unit), lines.place(range.end, unit))
    }
}

/// A value as indented JSON, with a line break at its end.
fn to_json(value: &impl serde::Serialize) -> String {
    in_memory(|out| write_json(value, out))
}

/// What is written, as a text.
fn in_memory(write: impl FnOnce(&mut dyn io::Write) -> io::Result<usize>) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes).expect("reports have string keys and are written to memory");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// Writes a value as indented JSON, with a line break at its end, and says how many bytes it has.
fn write_json(value: &impl serde::Serialize, out: &mut dyn io::Write) -> io::Result<usize> {
    let mut out = Escaped { out, text: String::new(), written: 0 };
    serde_json::to_writer_pretty(&mut out, value)?;
    out.text.push('\n');
    out.finish()
}

/// Writes a value as one line of JSON, with a line break at its end, and says how many bytes it has.
fn write_json_line(value: &impl serde::Serialize, out: &mut dyn io::Write) -> io::Result<usize> {
    let mut out = Escaped { out, text: String::new(), written: 0 };
    serde_json::to_writer(&mut out, value)?;
    out.text.push('\n');
    out.finish()
}

/// A value as one line of JSON, with a line break at its end.
pub(crate) fn to_json_line(value: &impl serde::Serialize) -> String {
    in_memory(|out| write_json_line(value, out))
}

/// A list whose items are made while it is written: all of them together may take more memory than what is written.
struct Each<F>(F);

impl<F, I> serde::Serialize for Each<F>
where
    F: Fn() -> I,
    I: Iterator,
    I::Item: serde::Serialize,
{
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// JSON as reports write it, passed on in large parts.
struct Escaped<'o> {
    out: &'o mut dyn io::Write,
    text: String,
    /// How many bytes were passed on.
    written: usize,
}

impl Escaped<'_> {
    /// Bytes that are passed on at once.
    const PART: usize = 1 << 16;

    /// Passes on all but the last bytes.
    fn pass_on(&mut self, kept: usize) -> io::Result<()> {
        let part = self.text.len() - kept;
        self.out.write_all(&self.text.as_bytes()[..part])?;
        self.text.drain(..part);
        self.written += part;
        Ok(())
    }

    fn finish(mut self) -> io::Result<usize> {
        self.pass_on(0)?;
        Ok(self.written)
    }
}

impl io::Write for Escaped<'_> {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        // The serializer writes strings, and their parts up to an escape.
        escape_json(str::from_utf8(part).map_err(io::Error::other)?, &mut self.text);
        if self.text.len() > Self::PART {
            // What `#` becomes depends on the character before.
            self.pass_on(usize::from(self.text.ends_with('#')))?;
        }
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Characters that a terminal or a build server would obey, or that would disguise what stands beside them, become
/// escapes. They can only be inside strings, where an escape means the same.
fn escape_json(plain: &str, out: &mut String) {
    let mut rest = plain;
    // Most of a report is plain ASCII, which is copied as a whole.
    while let Some(at) = rest.bytes().position(|it| !(b' '..0x7F).contains(&it) && it != b'\n' || it == b'#') {
        out.push_str(&rest[..at]);
        let mut chars = rest[at..].chars();
        let Some(c) = chars.next() else { break };
        let is_order = c == '#' && out.ends_with('#');
        if is_order || visible::hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
}

/// Where the page of a rule is on a site.
pub fn page_url(site: &str, rule: &str) -> String {
    format!("{}/rules/{}.html", site.trim_end_matches('/'), rule.replace('-', "_"))
}

/// Places that are named behind the words which they share.
const PLACES: usize = 5;

/// All that a finding says in words, one statement a line: the message, what the labels say and where, the help. What is
/// said of the place of the finding has no place of its own.
fn statements(run: &Run, places: &Places, diagnostic: &Diagnostic) -> Vec<String> {
    let mut lines: Vec<(Cow<str>, Vec<Span>)> = vec![(visible(&diagnostic.message), Vec::new())];
    let mut known = HashMap::from_iter([(lines[0].0.clone(), 0)]);
    for label in &diagnostic.labels {
        let text = visible(&label.message);
        // The same words of several places are said once.
        let at = *known.entry(text.clone()).or_insert(lines.len());
        if at == lines.len() {
            lines.push((text, Vec::new()));
        }
        lines[at].1.extend((label.span != diagnostic.span).then_some(label.span));
    }
    let with_places = |(text, spans): (Cow<str>, Vec<Span>)| {
        let named = spans.iter().take(PLACES).map(|&it| {
            let (start, _) = places.places(it, ColumnUnit::Characters);
            format!("{}:{}:{}", visible_path(run.path(places.path(it.file))), start.line, start.column)
        });
        let named = named.collect::<Vec<_>>().join(", ");
        match spans.len() {
            0 => text.into_owned(),
            count if count > PLACES => format!("{text} ({named} and {} more)", count - PLACES),
            _ => format!("{text} ({named})"),
        }
    };
    let mut lines: Vec<String> = lines.into_iter().map(with_places).collect();
    lines.extend(diagnostic.help.iter().flat_map(|it| it.lines()).map(|it| visible(it).into_owned()));
    lines
}

/// Where the first other party of a finding is, for reports that have one line for each finding: `infra/role.yaml:18`.
/// Nothing if all is in the line of the finding.
fn elsewhere(places: &Places, diagnostic: &Diagnostic) -> Option<String> {
    let line = |span: Span| (span.file, places.places(span, ColumnUnit::Characters).0.line);
    let own = line(diagnostic.span);
    let (file, line) = diagnostic.labels.iter().map(|it| line(it.span)).find(|it| *it != own)?;
    Some(format!("{}:{line}", visible_path(places.path(file))))
}

/// At most so many UTF-16 units of a text: how most services count. What is cut off is said.
fn cut_utf16(text: &str, most: usize) -> String {
    const END: &str = " … (cut: the rest is in the other reports)";
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let mut left = most - END.encode_utf16().count();
    let fits = |c: &char| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(if fits { c.len_utf16() } else { left });
        fits
    };
    let mut out: String = text.chars().take_while(fits).collect();
    out.push_str(END);
    out
}
