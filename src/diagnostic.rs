//! What ekslint says: findings as plain data. How they look is decided in `report`.

use crate::source::{FileId, Span};

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Worth knowing. Counted, and shown only on request.
    Note,
    /// It works, and the documentation advises against it; or it is likely that it does not: see [`Certainty::Likely`].
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

/// How sure ekslint is that what a finding says holds, which is not how bad it is: see [`Level`]. The less sure, the lower
/// the highest level that the finding may have, whatever the configuration says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Certainty {
    /// Something that the files do not show decides: what is declared elsewhere, what a script fills in, what another tool
    /// reads. A note at most.
    Possible,
    /// The files suggest it and do not prove it: a role recognised by its name or policies, a name that is nearly another
    /// one, a value that a parameter may have. A warning at most.
    Likely,
    /// The files prove it. Any level.
    Certain,
}

impl Certainty {
    pub const ALL: [Self; 3] = [Self::Certain, Self::Likely, Self::Possible];

    /// The certainty of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Possible => "possible",
        }
    }

    /// The level, or the highest one that a finding of this certainty may have if that is lower.
    pub fn cap(self, level: Level) -> Level {
        level.min(match self {
            Self::Certain => Level::Error,
            Self::Likely => Level::Warning,
            Self::Possible => Level::Note,
        })
    }
}

/// One finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// The id of the rule: `aws-auth/role-path`.
    pub rule: &'static str,
    /// Never above what the certainty allows, once the rule has written the whole finding.
    pub level: Level,
    pub certainty: Certainty,
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
    /// The file with the kustomization that builds what it is about, where not all that build the same are concerned, or where
    /// it gives the names. Two builds of one place are two findings.
    pub build: Option<FileId>,
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

    /// The class of a fix that corrects what was certainly meant: `Activating` if that is so, and else a person has to choose.
    pub fn activating_if(is_meant: bool) -> Self {
        if is_meant { Self::Activating } else { Self::Suggestion }
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

    /// Lowers the level to what the certainty allows.
    pub fn cap(&mut self) {
        self.level = self.certainty.cap(self.level);
    }

    /// The first of the fixes.
    pub fn fix(&self) -> Option<&Fix> {
        self.fixes.first()
    }
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
    /// A baseline names it.
    Baseline,
    /// It was there at a commit.
    Commit,
}

impl Suppression {
    /// Why, in the words of the file or option that decided it.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::InSource { reason } => reason.as_deref(),
            Self::Baseline => Some("it is in the baseline"),
            Self::Commit => Some("it was there before"),
        }
    }

    /// Who decided it, in one word.
    pub fn by(&self) -> &'static str {
        match self {
            Self::InSource { .. } => "directive",
            Self::Baseline => "baseline",
            Self::Commit => "commit",
        }
    }
}

/// How many findings there are of each level.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
}

impl Counts {
    pub fn of<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> Self {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certainty_caps_the_level() {
        let table = [
            (Certainty::Certain, [Level::Error, Level::Warning, Level::Note]),
            (Certainty::Likely, [Level::Warning, Level::Warning, Level::Note]),
            (Certainty::Possible, [Level::Note, Level::Note, Level::Note]),
        ];
        for (certainty, capped) in table {
            assert_eq!(Level::ALL.map(|it| certainty.cap(it)), capped, "{certainty:?}");
            assert_eq!(Certainty::parse(certainty.name()), Some(certainty));
        }
        assert_eq!(Certainty::parse("sure"), None);
    }
}
