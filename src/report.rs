//! How findings look: one file for each format. The only place where offsets become lines and columns.

pub mod concise;
pub mod full;
pub mod json;
pub mod sarif;

mod diff;
mod lines;
mod snippet;
mod visible;

use std::cell::OnceCell;
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Level};
use crate::source::{FileId, Span};
use crate::workspace::Workspace;

pub use lines::{Lines, Place, Unit};
pub use visible::{visible, visible_path};

/// Everything that a report says about one run.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    pub workspace: &'a Workspace,
    /// The findings to show, in their order.
    pub shown: &'a [Diagnostic],
    /// Findings that somebody has decided not to hear of, in their order.
    pub suppressed: &'a [Suppressed],
    /// True if they are to be shown all the same.
    pub show_suppressed: bool,
    /// How many findings of each level there are in all, shown or not.
    pub found: Counts,
    /// What could not be read, in the order of paths.
    pub problems: &'a [Problem],
    /// How many files were read, including those that had nothing to do with EKS.
    pub files_read: usize,
    /// How many of them had something to do with EKS.
    pub recognised: usize,
}

/// A finding that is not reported, and why not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suppressed {
    pub finding: Diagnostic,
    pub how: Suppression,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Suppression {
    /// A comment or an annotation in the file says so, perhaps with a reason.
    InSource { reason: Option<String> },
}

impl Run<'_> {
    /// The suppressed findings that are to be shown.
    pub fn shown_suppressed(&self) -> &[Suppressed] {
        if self.show_suppressed { self.suppressed } else { &[] }
    }
}

impl Suppression {
    /// Why, in the words of whoever decided it.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::InSource { reason } => reason.as_deref(),
        }
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

/// How many findings there are of each level.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
}

impl Counts {
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let mut counts = Self::default();
        for diagnostic in diagnostics {
            match diagnostic.level {
                Level::Error => counts.errors += 1,
                Level::Warning => counts.warnings += 1,
                Level::Note => counts.notes += 1,
            }
        }
        counts
    }

    /// Those of `self` that are not in `other`.
    pub fn without(self, other: Self) -> Self {
        Self {
            errors: self.errors.saturating_sub(other.errors),
            warnings: self.warnings.saturating_sub(other.warnings),
            notes: self.notes.saturating_sub(other.notes),
        }
    }

    pub fn total(self) -> usize {
        self.errors + self.warnings + self.notes
    }
}

/// Turns the spans of a workspace into lines and columns. The lines of a file are counted when first asked for.
pub struct Places<'a> {
    workspace: &'a Workspace,
    lines: Vec<OnceCell<Lines<'a>>>,
}

impl<'a> Places<'a> {
    pub fn new(workspace: &'a Workspace) -> Self {
        Self { workspace, lines: workspace.sources.iter().map(|_| OnceCell::new()).collect() }
    }

    /// The path of a file, undisguised: see [`visible_path`].
    pub fn path(&self, file: FileId) -> &'a str {
        &self.workspace.sources[file.0 as usize].path
    }

    pub fn lines(&self, file: FileId) -> &Lines<'a> {
        let index = file.0 as usize;
        self.lines[index].get_or_init(|| Lines::new(&self.workspace.sources[index].text))
    }

    /// The bytes of a span, made to fit: inside the text, on the borders of characters, not inverted.
    pub fn range(&self, span: Span) -> Range<usize> {
        let text = self.lines(span.file).text();
        let start = lines::floor(text, span.start as usize);
        let end = lines::floor(text, span.end as usize).max(start);
        start..end
    }

    /// Where a span starts and ends, both counted from one. The end is exclusive.
    pub fn places(&self, span: Span, unit: Unit) -> (Place, Place) {
        let range = self.range(span);
        let lines = self.lines(span.file);
        (lines.place(range.start, unit), lines.place(range.end, unit))
    }
}

/// A value as indented JSON, with a line break at its end.
///
/// Characters that a terminal would obey, or that would disguise what stands beside them, are written as escapes.
/// They can only be inside strings, where an escape means the same.
fn to_json(value: &impl serde::Serialize) -> String {
    let plain = serde_json::to_string_pretty(value).expect("reports have string keys and are written to memory");
    let mut out = String::with_capacity(plain.len() + 1);
    for c in plain.chars() {
        if c == '\n' || !visible::hidden(c) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    }
    out.push('\n');
    out
}
