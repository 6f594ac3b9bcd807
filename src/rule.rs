//! A row of the table of rules, and the [`Findings`] that a rule writes.

use crate::collections::HashMap;
use crate::diagnostic::{Certainty, Diagnostic, Level, Safety};
use crate::edit::{Change, Target};
use crate::facts::Thin;
use crate::names::Candidates;
use crate::source::{FileId, Files, Span};
use crate::suppress::verdict::Verdicts;
use crate::workspace::Workspace;

/// A table of ids of today, each with those that the rule had before.
pub type FormerIds = [(&'static str, &'static [&'static str])];

/// A rule: one function over the whole workspace, and one page.
pub struct Rule {
    /// Folder and file: `aws-auth/role-path`. What users type, suppress, search, and see in SARIF.
    pub id: &'static str,
    /// The level of its findings where it does not say otherwise.
    pub level: Level,
    /// How sure its findings are where it does not say otherwise. Its file says so with a constant `CERTAINTY` if they are not
    /// certain.
    pub certainty: Certainty,
    pub check: Check,
    /// The page, as it stands in the repository: what the rule is for, with examples.
    pub page: &'static str,
}

/// What a rule is about, and its function. The table is written from the signatures in the files of the rules.
#[derive(Clone, Copy)]
pub enum Check {
    /// The files: all but a few.
    Files(fn(&Workspace, &mut Findings)),
    /// What the directives in the files suppressed, which is known when all others have run.
    Suppressions(fn(&Workspace, &Verdicts, &mut Findings)),
    /// What was not checked, and what limits keep out of the report. It runs after those about the files, and once more at the
    /// end if findings of the run were left out, with that cut alone.
    Limits(fn(&Workspace, &[Cut], &mut Findings)),
}

impl Rule {
    /// True for a rule about directives, which no directive can suppress.
    pub fn is_about_suppressions(&self) -> bool {
        matches!(self.check, Check::Suppressions(_))
    }
}

/// Findings of one rule with one level in one file beyond this number are left out, the later ones; and so are those of all
/// rules in one file, the least severe ones. See [`Cut`].
pub const MOST_FINDINGS: usize = 20_000;

/// The same for the findings in all files.
pub const MOST_FINDINGS_OF_RUN: usize = 30_000;

/// Bytes of a message, a label or a help text beyond this number are left out.
const LONGEST_MESSAGE: usize = 2_000;

/// Labels of one finding beyond this number are left out.
const MOST_LABELS: usize = 100;

/// Cuts a message off where it is too long, and says so.
fn shorten(message: &mut String) {
    if message.len() > LONGEST_MESSAGE {
        let end = (0..=LONGEST_MESSAGE).rev().find(|at| message.is_char_boundary(*at)).unwrap_or(0);
        message.truncate(end);
        message.push('…');
        message.shrink_to_fit();
    }
}

/// What a limit keeps out of the findings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cut {
    pub kind: CutKind,
    /// Where the first of it is.
    pub span: Span,
    /// How much there is of it.
    pub count: usize,
    /// The most severe level of it.
    pub level: Level,
    /// The greatest certainty of it.
    pub certainty: Certainty,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CutKind {
    /// Findings: there are too many in one file.
    Findings,
    /// Findings: there are too many in all files.
    FindingsOfRun,
    /// Comparisons of a name with those that it may have been meant to be.
    Names,
    /// Questions to all that has one name, such as whether it is of one cluster.
    Namesakes,
    /// Comparisons of files with the paths of overrides.
    Overrides,
}

impl Cut {
    /// That no override is known for a file and those after it.
    pub fn overrides(file: FileId) -> Self {
        let span = Span { file, start: 0, end: 0 };
        let (level, certainty) = (Level::Warning, Certainty::Certain);
        Self { kind: CutKind::Overrides, span, count: 1, level, certainty }
    }

    /// A finding that is left out.
    pub fn of(finding: &Diagnostic, kind: CutKind) -> Self {
        let Diagnostic { span, level, certainty, .. } = *finding;
        Self { kind, span, count: 1, level, certainty }
    }

    /// Counts more of the same file.
    fn add(&mut self, other: &Self) {
        self.span = if other.span.bounds() < self.span.bounds() { other.span } else { self.span };
        self.count(other);
    }

    /// Counts more, whatever file it is in.
    fn count(&mut self, other: &Self) {
        self.level = self.level.max(other.level);
        self.certainty = self.certainty.max(other.certainty);
        self.count += other.count;
    }
}

/// What is left out, of each kind and in each file.
#[derive(Default)]
pub struct Cuts(HashMap<(FileId, CutKind), Cut>);

impl Cuts {
    pub fn add(&mut self, cut: Cut) {
        self.0.entry((cut.span.file, cut.kind)).and_modify(|it| it.add(&cut)).or_insert(cut);
    }

    /// All of it, in no order.
    pub fn into_cuts(self) -> impl Iterator<Item = Cut> {
        self.0.into_values()
    }

    pub fn append(&mut self, other: Self) {
        other.0.into_values().for_each(|it| self.add(it));
    }

    /// Takes out what is left out of the run, as one: it is about no file, and stands where the first of it is.
    pub fn take_of_run(&mut self, files: &Files) -> Option<Cut> {
        let of_run = self.0.extract_if(|(_, kind), _| *kind == CutKind::FindingsOfRun).map(|it| it.1);
        of_run.reduce(|a, b| {
            let (mut first, other) = if files.position(a.span) <= files.position(b.span) { (a, b) } else { (b, a) };
            first.count(&other);
            first
        })
    }

    /// All of it, in the order of the files.
    pub fn into_sorted(self, files: &Files) -> Vec<Cut> {
        let mut cuts: Vec<_> = self.0.into_values().collect();
        cuts.sort_by_key(|it| (files.position(it.span), it.kind as u8));
        cuts
    }
}

/// A finding as its rule makes it: what is wrong, and what the rule proposes to change. [`crate::edit`] turns the proposals
/// into the fixes of the [`Diagnostic`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    pub diagnostic: Diagnostic,
    pub proposals: Vec<Proposal>,
    /// What to do, in words, where none of the proposals can be written.
    pub advice: Option<String>,
    /// The builds in which it was found, as views of the files that it points to. Empty for what is deployed as it is written.
    pub views: Thin<FileId>,
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
pub struct Findings {
    rule: &'static str,
    level: Level,
    certainty: Certainty,
    findings: Vec<Finding>,
    /// How many findings of each level there are in each file, without the last one, which its rule may still be writing.
    in_files: HashMap<(FileId, Level), usize>,
    /// The same for all files.
    in_run: HashMap<Level, usize>,
    cuts: Cuts,
}

impl Findings {
    pub fn new(rule: &Rule) -> Self {
        Self {
            rule: rule.id,
            level: rule.level,
            certainty: rule.certainty,
            findings: Vec::new(),
            in_files: HashMap::default(),
            in_run: HashMap::default(),
            cuts: Cuts::default(),
        }
    }

    /// Reports that `message` holds at `span`.
    pub fn at(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        let diagnostic = Diagnostic {
            rule: self.rule,
            level: self.level,
            certainty: self.certainty,
            span,
            message: message.into(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
            build: None,
        };
        self.settle();
        let finding = Finding { diagnostic, proposals: Vec::new(), advice: None, views: Thin::new() };
        self.findings.push(finding);
        self.findings.last_mut().expect("one was pushed")
    }

    /// The candidate that the name at `span` was surely meant to be: see [`Candidates::nearest`].
    pub fn nearest<'a>(&mut self, candidates: &Candidates<'a>, name: &str, span: Span) -> Option<&'a str> {
        let near = candidates.nearest(name);
        self.compared(candidates, span);
        near
    }

    /// Keeps in mind that the name at `span` was not compared with all that are near it, if that is so.
    pub fn compared(&mut self, candidates: &Candidates<'_>, span: Span) {
        if candidates.is_exhausted() {
            self.not_asked(CutKind::Names, span);
        }
    }

    /// Keeps in mind that what stands at `span` was not compared with all that has its name.
    pub fn not_compared(&mut self, span: Span) {
        self.not_asked(CutKind::Namesakes, span);
    }

    fn not_asked(&mut self, kind: CutKind, span: Span) {
        self.cuts.add(Cut { kind, span, count: 1, level: Level::Warning, certainty: Certainty::Certain });
    }

    /// The findings, and what is left out.
    pub fn into_findings(mut self) -> (Vec<Finding>, Cuts) {
        self.settle();
        self.findings.iter_mut().for_each(|it| it.diagnostic.cap());
        self.findings.shrink_to_fit();
        (self.findings, self.cuts)
    }

    /// Counts the last finding, now that its level is known, and leaves it out where there are too many of its level.
    fn settle(&mut self) {
        let Some(last) = self.findings.last_mut() else { return };
        let level = last.diagnostic.level;
        let (in_file, in_run) = (
            self.in_files.entry((last.diagnostic.span.file, level)).or_default(),
            self.in_run.entry(level).or_default(),
        );
        let kind = if *in_file == MOST_FINDINGS {
            CutKind::Findings
        } else if *in_run == MOST_FINDINGS_OF_RUN {
            CutKind::FindingsOfRun
        } else {
            *in_file += 1;
            *in_run += 1;
            last.shorten();
            last.shrink();
            return;
        };
        last.diagnostic.cap();
        let cut = Cut::of(&last.diagnostic, kind);
        self.findings.pop();
        self.cuts.add(cut);
    }
}

impl Finding {
    pub fn label(&mut self, span: Span, message: impl Into<String>) -> &mut Self {
        self.diagnostic.label(span, message);
        self
    }

    /// Says at the place of the finding why it matters.
    pub fn why(&mut self, reason: impl Into<String>) -> &mut Self {
        self.label(self.diagnostic.span, reason)
    }

    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.diagnostic.help(help);
        self
    }

    /// Says how bad the finding is, where that differs from other findings of the rule. A finding that is less sure says so
    /// with [`Finding::likely`] or [`Finding::possible`], which lower its level too.
    pub fn level(&mut self, level: Level) -> &mut Self {
        self.diagnostic.level(level);
        self
    }

    pub fn certainty(&mut self, certainty: Certainty) -> &mut Self {
        self.diagnostic.certainty = certainty;
        self
    }

    /// The files suggest it and do not prove it: see [`Certainty::Likely`].
    pub fn likely(&mut self) -> &mut Self {
        self.certainty(Certainty::Likely)
    }

    /// Something that the files do not show decides: see [`Certainty::Possible`].
    pub fn possible(&mut self) -> &mut Self {
        self.certainty(Certainty::Possible)
    }

    /// Cuts off what a hostile file can make as long as it likes: each finding may speak of the same long name, or of all
    /// names there are.
    fn shorten(&mut self) {
        let Diagnostic { message, labels, help, .. } = &mut self.diagnostic;
        labels.truncate(MOST_LABELS);
        let labels = labels.iter_mut().map(|it| &mut it.message);
        let texts = [message].into_iter().chain(help).chain(labels).chain(&mut self.advice);
        texts.for_each(shorten);
    }

    /// Gives back the memory that was taken for more labels and proposals: there may be many findings.
    fn shrink(&mut self) {
        self.diagnostic.labels.shrink_to_fit();
        self.proposals.shrink_to_fit();
        self.proposals.iter_mut().for_each(|it| it.changes.shrink_to_fit());
    }

    /// Proposes a fix. Several are alternatives, the best one first.
    pub fn fix(&mut self, safety: Safety, title: impl Into<String>, changes: impl Into<Vec<Change>>) -> &mut Self {
        self.proposals.push(Proposal { title: title.into(), safety, changes: changes.into() });
        self
    }

    /// [`Finding::fix`] if there is something to change.
    pub fn fix_if(
        &mut self,
        safety: Safety,
        title: impl Into<String>,
        changes: Option<impl Into<Vec<Change>>>,
    ) -> &mut Self {
        match changes {
            Some(changes) => self.fix(safety, title, changes),
            None => self,
        }
    }

    /// [`Finding::fix`] if there is something to change, and else what to do in words.
    pub fn fix_or_help(
        &mut self,
        safety: Safety,
        title: impl Into<String>,
        changes: Option<impl Into<Vec<Change>>>,
        help: impl Into<String>,
    ) -> &mut Self {
        match changes {
            Some(changes) => self.fix(safety, title, changes),
            None => self.help(help),
        }
    }

    /// Proposes to write a string where another stands.
    pub fn fix_to(&mut self, safety: Safety, at: impl Into<Target>, right: &str) -> &mut Self {
        self.fix(safety, format!("write `{right}`"), Change::write(at, right))
    }

    /// Says what to do where no proposal can be written. Without this the title of the first one does.
    pub fn otherwise(&mut self, advice: impl Into<String>) -> &mut Self {
        self.advice = Some(advice.into());
        self
    }
}
