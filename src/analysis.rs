//! The owner of a run: the files, what was read of them, and the configuration.
//!
//! Every command that lints is a caller of [`Analysis`]: it hands over files, and takes an [`Outcome`]. Nothing here touches
//! the world. What a run has to know of other files, it asks its caller.

mod check;

use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::{Configuration, Selection};
use crate::diagnostic::{Counts, Diagnostic, Suppressed};
use crate::facts::Facts;
use crate::former::{self, FormerId};
use crate::lookup::{Answers, Token};
use crate::lower;
use crate::rules::RULES;
use crate::source::{FileId, Files, Source};
use crate::stage::{Observer, Stage};
use crate::suppress::verdict::Verdicts;
use crate::suppress::{self, Judged, Settings};
use crate::workspace::Workspace;

use check::Runner;

pub use check::FAULT;

/// The files of a run, and what was read of them.
///
/// Facts are kept with their files: a file that is set anew is read anew, and all others are not.
#[derive(Default)]
pub struct Analysis {
    configuration: Configuration,
    selection: Selection,
    /// The ids of the configuration's texts.
    texts: Vec<FileId>,
    /// Every file that was ever set, with the id that it has for good. Paths as they are shown come first, because they say
    /// the order of files; two files may be shown alike, if their names are not UTF-8.
    ids: BTreeMap<(String, PathBuf), FileId>,
    /// The files that are there, by their ids.
    files: HashMap<FileId, File>,
    /// The id that is handed out next.
    next: u32,
}

/// A file, and what was read of it.
struct File {
    source: Arc<Source>,
    facts: Arc<Facts>,
}

/// What came of a run.
#[derive(Default, Debug)]
pub struct Outcome {
    /// What is to be reported, of all levels, in the order of places.
    pub findings: Vec<Diagnostic>,
    /// What directives suppress, in the order of places.
    pub suppressed: Vec<Suppressed>,
    /// What each directive did.
    pub verdicts: Verdicts,
    /// Says that findings were left out, if the run had too many. It is about the run, not about its place: no directive
    /// suppresses it, and no baseline is to hold it.
    pub left_out: Option<Diagnostic>,
    /// How many findings there are of each level, with the one that says that others were left out.
    pub counts: Counts,
}

impl Analysis {
    /// Without files.
    pub fn new(configuration: Configuration) -> Self {
        let mut analysis = Self { selection: Selection::new(&configuration), ..Self::default() };
        analysis.texts = configuration.texts().map(|_| analysis.next_id()).collect();
        Self { configuration, ..analysis }
    }

    /// Of some files, without a configuration: every rule runs. All texts are kept.
    pub fn of(sources: Vec<Source>) -> Self {
        let mut analysis = Self::default();
        analysis.read_with(sources, &(), |it| it);
        analysis
    }

    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// Which rules run, and where.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Reads a file into facts, in the place of what was known of its path.
    pub fn set(&mut self, source: Source) {
        self.read(vec![source], &());
    }

    /// [`Analysis::set`] for many files, several at once.
    ///
    /// A file without facts or directives loses its text: nothing can point into it, and in a large repository such texts are
    /// a good part of the memory.
    pub fn read(&mut self, sources: Vec<Source>, observer: &impl Observer) {
        self.read_with(sources, observer, File::without_idle_text);
    }

    fn read_with(&mut self, mut sources: Vec<Source>, observer: &impl Observer, keep: fn(File) -> File) {
        sources.sort_by(|a, b| (&a.path, &a.place).cmp(&(&b.path, &b.place)));
        let named: Vec<(FileId, Source)> = sources.into_iter().map(|it| (self.id(&it), it)).collect();
        let read = |(id, source)| (id, keep(File::read(source, id, |it, id| lower::lower(it, id, observer))));
        let files: Vec<_> = observer.stage(Stage::Files, || named.into_par_iter().map(read).collect());
        self.files.extend(files);
    }

    /// Forgets the file with this path and place.
    pub fn remove(&mut self, path: &str, place: &Path) {
        if let Some(file) = self.ids.get(&(path.to_owned(), place.to_owned())) {
            self.files.remove(file);
        }
    }

    fn id(&mut self, source: &Source) -> FileId {
        let key = (source.path.clone(), source.place.clone());
        if let Some(known) = self.ids.get(&key) {
            return *known;
        }
        let id = self.next_id();
        self.ids.insert(key, id);
        id
    }

    fn next_id(&mut self) -> FileId {
        let id = FileId(self.next);
        self.next += 1;
        id
    }

    /// Links the facts of all files.
    pub fn snapshot(&self, observer: &impl Observer) -> Workspace {
        let there = || self.ids.values().filter_map(|it| Some((*it, self.files.get(it)?)));
        let files = Files::new(there().map(|(file, it)| (file, Arc::clone(&it.source))));
        let facts = there().map(|(_, it)| Arc::clone(&it.facts)).collect();
        let given = self.configuration.given(&self.texts);
        observer.stage(Stage::Link, || Workspace::link(files, facts, &self.configuration, given))
    }

    /// Links the facts of all files, asks what fills placeholders in, runs the rules, and heeds the directives.
    ///
    /// `search` is asked once what fills the tokens in that the files do not explain; there may be none. It answers nothing if
    /// nobody can look, and its error ends the run.
    pub fn run<E>(
        &self,
        settings: &Settings,
        search: impl FnOnce(&[Token]) -> Result<Option<Answers>, E>,
        observer: &impl Observer,
    ) -> Result<(Workspace, Outcome), E> {
        let mut workspace = self.snapshot(observer);
        let answers = observer.stage(Stage::Search, || search(&workspace.wanted_tokens()))?;
        workspace.set_answers(answers);
        let outcome = check(&workspace, &self.selection, settings, observer);
        Ok((workspace, outcome))
    }
}

/// Runs the rules that a configuration selects over a workspace, and heeds the directives in it.
pub fn check(workspace: &Workspace, selection: &Selection, settings: &Settings, observer: &impl Observer) -> Outcome {
    let runner = Runner { rules: RULES, workspace, selection, observer };
    let (found, beyond) = observer.stage(Stage::Rules, || runner.about_files());
    // What a directive suppresses may be left out.
    let settings = Settings { is_partial: settings.is_partial || beyond.is_some(), ..*settings };
    let Judged { mut findings, suppressed, verdicts } = suppress::judge(workspace, selection, found, &settings);
    let (about, beyond_too) = runner.about_suppressions(&verdicts);
    findings.extend(about);
    check::sort(workspace, &mut findings);
    let left_out = runner.about_what_is_left_out([beyond, beyond_too]);
    Outcome { counts: Counts::of(findings.iter().chain(&left_out)), findings, suppressed, verdicts, left_out }
}

/// What to say about the former ids of rules that the configuration and the directives of a run use.
pub fn former_ids(configuration: &Configuration, workspace: &Workspace) -> Vec<String> {
    let names = workspace.facts.directives.iter().flat_map(|it| &it.names);
    let in_files = names.filter_map(|it| FormerId::find(it.as_str()?));
    former::notices(configuration.former_ids().into_iter().chain(in_files))
}

/// What all rules about the files find, whatever directives say.
pub fn lint(workspace: &Workspace) -> Vec<Diagnostic> {
    lint_with(workspace, &Selection::default())
}

/// [`lint`], with the rules that a configuration selects.
pub fn lint_with(workspace: &Workspace, selection: &Selection) -> Vec<Diagnostic> {
    let runner = Runner { rules: RULES, workspace, selection, observer: &() };
    let (mut found, beyond) = runner.about_files();
    found.extend(runner.about_what_is_left_out([beyond, None]));
    check::sort(workspace, &mut found);
    found
}

impl File {
    /// A fault of ours in one file must not cost the others.
    fn read(source: Source, file: FileId, lower: impl Fn(&Source, FileId) -> Facts) -> Self {
        let facts = catch_unwind(AssertUnwindSafe(|| lower(&source, file)));
        let mut facts = facts.unwrap_or_else(|_| lower::failed(file));
        facts.shrink();
        Self { source: Arc::new(source), facts: Arc::new(facts) }
    }

    /// The file, without its text if nothing can point into that. A directive is reported where it does nothing.
    fn without_idle_text(self) -> Self {
        let facts = &self.facts;
        if !facts.is_empty() || !facts.directives.is_empty() || !facts.failed.is_empty() {
            return self;
        }
        Self { source: Arc::new(Source { text: "".into(), ..Source::clone(&self.source) }), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With a role that is no ARN.
    const ACCOUNT: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app\n  namespace: app\n  annotations:\n    \
        eks.amazonaws.com/role-arn: role/app\n";

    #[test]
    fn a_file_that_panics_costs_no_other() {
        let mut analysis = Analysis::default();
        for path in ["a.yaml", "b.yaml", "c.yaml"] {
            let source = Source::new(path, ACCOUNT);
            let id = analysis.id(&source);
            let read = |source: &Source, file: FileId| {
                assert_ne!(source.path, "b.yaml", "a file of a test");
                lower::lower(source, file, &())
            };
            analysis.files.insert(id, File::read(source, id, read));
        }
        let workspace = analysis.snapshot(&());
        let found = lint(&workspace);
        let found: Vec<_> = found.iter().map(|it| (it.rule, workspace.path(it.span.file))).collect();
        let (fault, slip) = ((FAULT, "b.yaml"), "irsa/role-arn-format");
        assert_eq!(found, [(slip, "a.yaml"), fault, (slip, "c.yaml")]);
    }
}
