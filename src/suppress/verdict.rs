//! What each directive of a run did.

use crate::facts::{Directive, Tables};
use crate::source::Span;

/// What every directive of a workspace did.
#[derive(Default, Debug)]
pub struct Verdicts {
    /// One for each directive, in their order.
    pub of: Vec<Verdict>,
    /// See [`super::Settings::is_partial`].
    pub is_partial: bool,
}

/// What one directive did.
#[derive(Default, Debug)]
pub struct Verdict {
    /// One for each name in the directive.
    pub names: Vec<Name>,
    pub is_expired: bool,
    /// The rules that report something where the directive is for, whatever it names.
    pub reported: Vec<&'static str>,
}

/// What a name in a directive stands for, and did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Name {
    /// So many findings are suppressed.
    Suppresses(usize),
    /// Nothing is. `elsewhere`: a finding of the rule that is shown; it is about what the directive is for, or in its file.
    Nothing { elsewhere: Option<Elsewhere> },
    /// The rule did not run, or the file could not be read to its end.
    Unjudged,
    /// There is no such rule.
    Unknown { nearest: Option<&'static str> },
    /// It is a rule about directives, and those cannot be suppressed by one.
    Refused,
}

/// A finding that a directive does not reach.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Elsewhere {
    pub place: Span,
    /// True if a label of the finding stands where the directive is for.
    pub is_about_it: bool,
}

impl Verdicts {
    /// The directives of a run, each with what it did.
    pub fn judged<'a>(&'a self, facts: &'a Tables) -> impl Iterator<Item = (&'a Directive, &'a Verdict)> {
        facts.directives.iter().zip(&self.of)
    }
}
