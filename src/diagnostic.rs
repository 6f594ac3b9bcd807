//! What ekslint says: findings as plain data. How they look is decided in `report`.

use crate::source::Span;

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Worth knowing. Counted, and shown only on request.
    Note,
    /// The documentation advises against it, or it is very likely wrong.
    Warning,
    /// AWS or Kubernetes rejects it, or it cannot work.
    Error,
}

impl Level {
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// The id of the rule: `aws-auth/role-path`.
    pub rule: &'static str,
    pub level: Level,
    /// What one would edit, or would read first.
    pub span: Span,
    /// What is wrong, in the user's own names: lower case, no full stop.
    pub message: String,
    /// Why it matters, and the other parties where they stand; they may be in other files.
    pub labels: Vec<Label>,
    /// What to do, where the message alone does not say it.
    pub help: Option<String>,
    pub fix: Option<Fix>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    pub span: Span,
    pub message: String,
}

/// A change that would end the finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What the change does, as an order: `remove the path`.
    pub title: String,
    pub safety: Safety,
    pub edits: Vec<Edit>,
}

/// Who may apply a fix.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Safety {
    /// Mechanical, and keeps the meaning.
    Safe,
    /// Mechanical, but makes a grant work that did not work so far.
    Activating,
    /// A person has to choose; shown, never applied unasked.
    Suggestion,
}

impl Safety {
    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Activating => "activating",
            Self::Suggestion => "suggestion",
        }
    }
}

/// Replaces the bytes of a span.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    pub span: Span,
    pub replacement: String,
}

impl Edit {
    pub fn replace(span: Span, replacement: impl Into<String>) -> Self {
        Self { span, replacement: replacement.into() }
    }

    pub fn delete(span: Span) -> Self {
        Self::replace(span, "")
    }

    pub fn insert(file: crate::source::FileId, at: u32, text: impl Into<String>) -> Self {
        Self::replace(Span { file, start: at, end: at }, text)
    }
}

impl Diagnostic {
    pub fn label(&mut self, span: Span, message: impl Into<String>) -> &mut Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    pub fn level(&mut self, level: Level) -> &mut Self {
        self.level = level;
        self
    }

    pub fn fix(&mut self, safety: Safety, title: impl Into<String>, edits: impl Into<Vec<Edit>>) -> &mut Self {
        self.fix = Some(Fix { title: title.into(), safety, edits: edits.into() });
        self
    }
}
