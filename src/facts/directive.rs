//! Directives: what people write into their files so that a finding is not shown.

use crate::date::Date;
use crate::source::{Span, Text};

/// One directive.
#[derive(Clone, Debug)]
pub struct Directive {
    /// All of it, as it is written.
    pub span: Span,
    pub form: Form,
    pub scope: Scope,
    /// The rules and areas that it names, in their order.
    pub names: Vec<Text>,
    /// Why, in the words of its author. Empty if nothing is said.
    pub reason: String,
    pub until: Option<Until>,
    /// What of it cannot be understood. Such a directive suppresses nothing.
    pub error: Option<DirectiveError>,
}

/// How a directive is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// `# ekslint: ignore[rule] reason`, or `ignore-file`.
    Comment,
    /// `Metadata: {ekslint: {ignore: …}}` of a template or of a resource.
    Metadata,
    /// The annotation `ekslint/ignore` of a manifest.
    Annotation,
}

/// What a directive is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// The whole file.
    File,
    /// A key, an item, a resource, an object, with everything below it; and what begins on `line`.
    Place { whole: Span, line: Option<Span> },
    /// Nothing: it stands below everything, or deeper than what follows it.
    Nothing { is_too_deep: bool },
}

/// The last day on which a directive holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Until {
    pub date: Date,
    pub span: Span,
}

/// Why a directive cannot be understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DirectiveError {
    pub span: Span,
    /// What is so: a message.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// True if all that is wrong is that it names no rule.
    pub names_nothing: bool,
}

impl Scope {
    /// True if a finding that is reported there is meant.
    pub fn holds(self, place: Span) -> bool {
        let is_in = |it: Span| it.file == place.file && it.start <= place.start && place.start <= it.end;
        match self {
            Self::File => true,
            Self::Place { whole, line } => is_in(whole) || line.is_some_and(is_in),
            Self::Nothing { .. } => false,
        }
    }
}
