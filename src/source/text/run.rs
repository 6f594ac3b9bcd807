//! The bytes that texts share, and where they come from.

use std::sync::Arc;

use crate::source::{FileId, Hole, Span};

/// Instead of a shift: the runs of the buffer say where its bytes come from.
pub(super) const BY_RUNS: i32 = i32::MIN;

/// What a text and its parts share. There are many texts, so that they have one pointer to all of it.
pub(super) struct Buffer {
    pub bytes: Arc<str>,
    /// Where the bytes come from, in pieces, if they do not stand together in one file.
    pub runs: Option<Box<Runs>>,
}

/// A text may have a run for each few of its bytes, so runs are small, and holes stand beside them.
pub(super) struct Runs {
    /// In order, without gaps.
    pub runs: Box<[Run]>,
    pub holes: Box<[Hole]>,
    /// The same bytes without runs: parts that stand together in one file need not keep the runs of all.
    pub plain: Arc<Buffer>,
}

impl Buffer {
    pub fn of(bytes: Arc<str>) -> Arc<Self> {
        Arc::new(Self { bytes, runs: None })
    }

    pub fn with_runs(bytes: Arc<str>, runs: impl Into<Box<[Run]>>, holes: impl Into<Box<[Hole]>>) -> Arc<Self> {
        let plain = Self::of(bytes.clone());
        Arc::new(Self { bytes, runs: Some(Box::new(Runs { runs: runs.into(), holes: holes.into(), plain })) })
    }
}

/// A stretch of a buffer, and what it was written with.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub start: u32,
    pub end: u32,
    pub span: Span,
    pub kind: PackedKind,
}

/// [`Kind`] in half of its bytes: a document in a string may have millions of runs.
#[derive(Clone, Copy)]
pub(super) struct PackedKind(u32);

#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Byte for byte.
    Verbatim,
    /// The whole span stands for the whole run: an escape, a folded line break.
    Written,
    /// The place of the hole among those of the buffer.
    Hole(u32),
}

impl Kind {
    pub const fn packed(self) -> PackedKind {
        match self {
            Self::Verbatim => PackedKind(0),
            Self::Written => PackedKind(1),
            Self::Hole(at) => PackedKind(at + 2),
        }
    }
}

impl Run {
    pub fn kind(&self) -> Kind {
        match self.kind.0 {
            0 => Kind::Verbatim,
            1 => Kind::Written,
            at => Kind::Hole(at - 2),
        }
    }
}

/// Where the buffer's byte is that an offset of the file stands for. Runs nearly always stand in the order of the file, and
/// `is_before` then finds the run; where they do not, all are asked.
pub(super) fn locate_in(runs: &[Run], file: FileId, offset: u32, is_before: impl Fn(&Run) -> bool) -> Option<u32> {
    let at = |run: &Run| {
        let is_in = run.span.file == file && run.span.start <= offset && offset <= run.span.end;
        match run.kind() {
            _ if !is_in => None,
            Kind::Verbatim => Some(run.start + (offset - run.span.start)),
            _ if offset == run.span.start => Some(run.start),
            _ => (offset == run.span.end).then_some(run.end),
        }
    };
    let found = runs.get(runs.partition_point(is_before)).and_then(at);
    found.or_else(|| runs.iter().find_map(at))
}
