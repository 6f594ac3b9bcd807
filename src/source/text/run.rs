//! Where the parts of a buffer come from.

use crate::source::Span;

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
