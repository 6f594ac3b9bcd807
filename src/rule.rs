//! A row of the table of rules, and the [`Report`] that a rule writes its findings into.

use crate::diagnostic::{Diagnostic, Level, Safety};
use crate::edit::Change;
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

/// A finding as its rule makes it: what is wrong, and what the rule proposes to change. [`crate::edit`] turns the proposals
/// into the fixes of the [`Diagnostic`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    pub diagnostic: Diagnostic,
    pub proposals: Vec<Proposal>,
    /// What to do, in words, where none of the proposals can be written.
    pub advice: Option<String>,
}

/// A possible fix.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// What the changes do, in the imperative: `remove the path`. It is the advice where the changes cannot be written.
    pub title: String,
    pub safety: Safety,
    pub changes: Vec<Change>,
}

/// The findings of one rule.
pub struct Report {
    rule: &'static str,
    level: Level,
    findings: Vec<Finding>,
}

impl Report {
    pub fn new(rule: &'static str, level: Level) -> Self {
        Self { rule, level, findings: Vec::new() }
    }

    /// Reports that `message` holds at `span`.
    pub fn at(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        let diagnostic = Diagnostic {
            rule: self.rule,
            level: self.level,
            span,
            message: message.into(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
        };
        self.findings.push(Finding { diagnostic, proposals: Vec::new(), advice: None });
        self.findings.last_mut().expect("one was pushed")
    }

    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}

impl Finding {
    pub fn label(&mut self, span: Span, message: impl Into<String>) -> &mut Self {
        self.diagnostic.label(span, message);
        self
    }

    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.diagnostic.help(help);
        self
    }

    pub fn level(&mut self, level: Level) -> &mut Self {
        self.diagnostic.level(level);
        self
    }

    /// Proposes a fix. Several are alternatives, the best one first.
    pub fn fix(&mut self, safety: Safety, title: impl Into<String>, changes: impl Into<Vec<Change>>) -> &mut Self {
        self.proposals.push(Proposal { title: title.into(), safety, changes: changes.into() });
        self
    }

    /// Says what to do where no proposal can be written. Without this the title of the first one does.
    pub fn otherwise(&mut self, advice: impl Into<String>) -> &mut Self {
        self.advice = Some(advice.into());
        self
    }
}
