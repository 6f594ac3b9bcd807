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
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Note];

    /// The level of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

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
    /// The changes that would end the finding, each on its own. The first is the one to offer.
    pub fixes: Vec<Fix>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    pub span: Span,
    pub message: String,
}

/// A change that would end the finding. Its edits are in the order of their places and do not touch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What the change does, in the imperative: `remove the path`.
    pub title: String,
    pub safety: Safety,
    pub edits: Vec<Edit>,
}

/// Who may apply a fix.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Safety {
    /// What is deployed today keeps its meaning; or it was rejected, and once it is accepted it grants nothing new.
    Safe,
    /// A grant works that does not work today, including one whose deployment is rejected today.
    Activating,
    /// A person has to choose.
    Suggestion,
}

impl Safety {
    pub const ALL: [Self; 3] = [Self::Safe, Self::Activating, Self::Suggestion];

    /// The class of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Activating => "activating",
            Self::Suggestion => "suggestion",
        }
    }
}

/// Replaces the bytes of a span. Only [`crate::edit`] makes one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    pub span: Span,
    pub replacement: String,
}

impl Fix {
    pub fn new(title: impl Into<String>, safety: Safety, edits: impl Into<Vec<Edit>>) -> Self {
        Self { title: title.into(), safety, edits: edits.into() }
    }
}

impl Edit {
    pub fn new(span: Span, replacement: impl Into<String>) -> Self {
        Self { span, replacement: replacement.into() }
    }
}

impl Diagnostic {
    pub fn label(&mut self, span: Span, message: impl Into<String>) -> &mut Self {
        if self.labels.is_empty() {
            // Most findings have one.
            self.labels.reserve_exact(1);
        }
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

    /// The first of the fixes.
    pub fn fix(&self) -> Option<&Fix> {
        self.fixes.first()
    }
}
