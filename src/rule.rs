//! A row of the table of rules, and the [`Report`] that a rule writes its findings into.

use crate::diagnostic::{Diagnostic, Level};
use crate::source::Span;
use crate::workspace::Workspace;

/// A rule: one function over the whole workspace, and one page.
pub struct Rule {
    /// Folder and file: `aws-auth/role-path`. What users type, suppress, search, and see in SARIF.
    pub id: &'static str,
    /// The level of its findings where it does not say otherwise.
    pub level: Level,
    pub round: Round,
    pub check: fn(&Workspace, &mut Report),
    /// The page, as it stands in the repository: what the rule is for, with examples.
    pub page: &'static str,
}

/// When a rule runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Round {
    /// A rule about the files: all but a few.
    Files,
    /// A rule about what the directives in the files suppressed, which is known when all others have run. Its file says
    /// so with a constant `ROUND`.
    Suppressions,
}

/// The findings of one rule.
pub struct Report {
    rule: &'static str,
    level: Level,
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    pub fn new(rule: &'static str, level: Level) -> Self {
        Self { rule, level, diagnostics: Vec::new() }
    }

    /// Reports that `message` holds at `span`.
    pub fn at(&mut self, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic {
            rule: self.rule,
            level: self.level,
            span,
            message: message.into(),
            labels: Vec::new(),
            help: None,
            fix: None,
        });
        self.diagnostics.last_mut().expect("one was pushed")
    }

    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }
}
