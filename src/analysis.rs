//! The owner of a run: the files, what was read of them, and the configuration.
//!
//! Every command that lints is a caller of [`Analysis`]: it hands over files, and takes an [`Outcome`]. Nothing here touches
//! the world. What a run has to know of other files, it asks its caller.

mod builds;
mod check;
mod outcome;
mod projects;
mod reading;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use rayon::prelude::*;

use crate::collections::{HashMap, HashSet};
use crate::config::{Configuration, Declared, Selection, TOO_MUCH_TO_LOCATE};
use crate::diagnostic::Diagnostic;
use crate::facts::{Facts, Limit, Tables, Unit, UnitKind};
use crate::former::{self, FormerId};
use crate::lookup::{Answers, MOST_TOKENS_OF_RUN, Token};
use crate::lower::Contents;
use crate::lower::composite::Composites;
use crate::rules::RULES;
use crate::source::{FileId, Files, Source, Span};
use crate::stage::{Observer, Stage};
use crate::suppress::Settings;
use crate::workspace::{Inventory, Workspace};

use check::Runner;
use projects::Projects;
use reading::{File, Ids, Key, ReadFiles};

pub use check::INTERNAL_ERROR;
pub use outcome::Outcome;
pub use reading::{ReadFile, Reading, Texts};

/// The files of a run, and what was read of them.
///
/// Facts are kept with their files: a file that is set anew is read anew, and all others are not.
#[derive(Default)]
pub struct Analysis {
    configuration: Configuration,
    /// The kinds of unit that are written in several files.
    composites: Composites,
    selection: Selection,
    /// Ids for the configuration's texts, in their order. There are more of them than texts if an earlier configuration had more.
    texts: Vec<FileId>,
    /// Every file that was ever set, with the id that it has for good. Paths as they are shown come first, because they say
    /// the order of files; two files may be shown alike, if their names are not UTF-8.
    ids: Ids,
    /// The files that are there, by their ids.
    files: ReadFiles,
    /// The id that is handed out next.
    next: u32,
}

impl Analysis {
    /// Without files.
    pub fn new(configuration: Configuration) -> Self {
        let mut analysis = Self::default();
        analysis.configure(configuration);
        analysis
    }

    /// Of some files, without a configuration: every rule runs. All texts are kept.
    pub fn of(sources: Vec<Source>) -> Self {
        let mut analysis = Self::default();
        analysis.read_with(sources, Texts::All, &());
        analysis
    }

    /// With other kinds of unit that are written in several files. Only what is read from now on is read as such.
    pub fn with_composites(self, composites: Composites) -> Self {
        Self { composites, ..self }
    }

    /// Goes on with another configuration. What was read of the files stays.
    pub fn configure(&mut self, configuration: Configuration) {
        self.selection = Selection::new(&configuration);
        for _ in self.texts.len()..configuration.texts().count() {
            let id = self.next_id();
            self.texts.push(id);
        }
        self.configuration = configuration;
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
        self.read_with(vec![source], Texts::All, &());
    }

    /// [`Analysis::set`] for many files, several at once. What nothing can point into loses its text: see [`Texts::Needed`].
    pub fn read(&mut self, sources: Vec<Source>, observer: &impl Observer) {
        self.read_with(sources, Texts::Needed, observer);
    }

    /// Makes these the files, all of them: those that are as they were keep their facts, and others that were there are
    /// forgotten.
    pub fn update(&mut self, sources: Vec<Source>, observer: &impl Observer) {
        let files = self.read_all(sources, Texts::All, observer);
        self.replace(files);
    }

    fn read_with(&mut self, sources: Vec<Source>, texts: Texts, observer: &impl Observer) {
        let files = self.read_all(sources, texts, observer);
        self.add(files);
    }

    /// Ids are handed out in the order of the files, so that they are the same in each run.
    fn read_all(&mut self, mut sources: Vec<Source>, texts: Texts, observer: &impl Observer) -> Vec<ReadFile> {
        sources.sort_by(|a, b| (&a.path, &a.place).cmp(&(&b.path, &b.place)));
        let named: Vec<(FileId, Source)> = sources.into_iter().map(|it| (self.id(&it), it)).collect();
        let reading = self.reading(texts, observer);
        named.into_par_iter().map(|(id, source)| reading.read_as(id, source)).collect()
    }

    /// Reads files into facts while others are still looked for. What was read is for [`Analysis::add`] or
    /// [`Analysis::replace`], before anything else is set or read: until then its ids are not reserved.
    pub fn reading<'a, O: Observer>(&'a self, texts: Texts, observer: &'a O) -> Reading<'a, O> {
        let Self { ids, files, composites, next, .. } = self;
        Reading { ids, files, composites, texts, observer, next: AtomicU32::new(*next) }
    }

    /// Adds files that were read for this analysis, each in the place of what was known of its path. Of two with one path, the
    /// last counts.
    pub fn add(&mut self, files: Vec<ReadFile>) {
        let mut ids: Vec<(Key, FileId)> = Vec::with_capacity(files.len());
        for ReadFile { id, file, .. } in files.into_iter().map(ReadFile::without_idle_text) {
            self.next = self.next.max(id.number() + 1);
            ids.push(((file.source.path.clone(), file.source.place.clone()), id));
            self.files.insert(id, file);
        }
        // Nearly always they come in their order. A tree that is built at once has no room to spare.
        ids.sort_by(|a, b| a.0.cmp(&b.0));
        let mut kept: Vec<(Key, FileId)> = Vec::with_capacity(ids.len());
        for (key, id) in ids {
            // Of those with one path the last counts.
            if let Some((_, before)) = kept.pop_if(|it| it.0 == key).filter(|it| it.1 != id) {
                self.files.remove(before);
            }
            kept.push((key, id));
        }
        let mut ids = kept;
        for (key, id) in &ids {
            if let Some(known) = self.ids.get(key).filter(|it| *it != id) {
                self.files.remove(*known);
            }
        }
        ids.retain(|(key, id)| self.ids.get(key) != Some(id));
        self.ids.append(&mut ids.into_iter().collect());
    }

    /// Makes these the files, all of them: others that were there are forgotten.
    pub fn replace(&mut self, files: Vec<ReadFile>) {
        let there: HashSet<FileId> = files.iter().map(|it| it.id).collect();
        self.files.retain(|file| there.contains(&file));
        self.add(files);
    }

    /// Forgets the file with this path and place.
    pub fn remove(&mut self, path: &str, place: &Path) {
        if let Some(file) = self.ids.get(&(path.into(), place.into())) {
            self.files.remove(*file);
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
        let id = FileId::new(self.next);
        self.next += 1;
        id
    }

    /// Links the facts of all files, as if they were one project.
    pub fn snapshot(&self, observer: &impl Observer) -> Workspace {
        let files = self.files();
        let declared = self.declared(&files);
        let filled = self.configuration.filled_placeholders().map(str::to_owned).collect();
        observer.stage(Stage::Link, || {
            let facts = self.facts(&files);
            Workspace::link(files, facts, filled, declared)
        })
    }

    /// What the configuration says of the files, if it says anything.
    fn declared(&self, files: &Files) -> Option<Arc<Declared>> {
        let mut declared = self.configuration.declared(&self.texts)?;
        declared.locate(files);
        Some(Arc::new(declared))
    }

    /// What each file was taken for, in the order of the files.
    pub fn contents(&self) -> Vec<(Arc<Source>, Contents)> {
        let files = self.files();
        let facts = self.facts(&files);
        let mut kinds: HashMap<FileId, BTreeSet<UnitKind>> = HashMap::default();
        for unit in facts.iter().flat_map(|it| &it.units) {
            unit.parts().for_each(|part| _ = kinds.entry(part.file).or_default().insert(unit.kind));
        }
        let maps: HashSet<FileId> = facts.iter().flat_map(|it| &it.aws_auths).map(|it| it.meta.whole.file).collect();
        let contents = |(file, it): (FileId, &File)| {
            let File { source, facts, .. } = it;
            let of_units = kinds.remove(&file).into_iter().flatten().map(UnitKind::shown);
            let mut kinds: Vec<_> = of_units.chain(maps.contains(&file).then_some("aws-auth ConfigMap")).collect();
            // Several kinds of manifest are called the same.
            kinds.dedup();
            (Arc::clone(source), Contents { kinds, broken: facts.broken_documents.first().cloned() })
        };
        self.there().map(contents).collect()
    }

    fn files(&self) -> Files {
        Files::new(self.there().map(|(file, it)| (file, Arc::clone(&it.source))))
    }

    /// The files that are there, in the order of their paths.
    fn there(&self) -> impl Iterator<Item = (FileId, &File)> {
        self.ids.values().filter_map(|it| Some((*it, self.files.get(*it)?)))
    }

    /// The facts of each file, in the order of the files, and behind them those of each unit of several files.
    ///
    /// What stands in the files of a unit, the unit says: a file that it only refers to may be YAML that says the same by itself.
    fn facts(&self, files: &Files) -> Vec<Arc<Facts>> {
        let claimed: Vec<_> = self.there().filter_map(|(file, it)| Some((file, it.claimed.as_deref()?))).collect();
        let kept = |file| self.files.get(file).map(|it: &File| &it.facts);
        let units = self.composites.assemble(files, &kept, &claimed);
        let parts: HashSet<FileId> =
            units.iter().flat_map(|it| &it.units).flat_map(Unit::parts).map(|it| it.file).collect();
        let of_file = |(file, it): (FileId, &File)| match parts.contains(&file) && it.claimed.is_none() {
            true => Arc::new(it.facts.of_file_alone()),
            false => Arc::clone(&it.facts),
        };
        self.there().map(of_file).chain(units.into_iter().map(Arc::new)).collect()
    }

    /// Links the facts of each project, asks what fills placeholders in, runs the rules, and heeds the directives.
    ///
    /// `search` is asked once what fills the tokens in that the files do not explain; there may be none. It answers nothing if
    /// nobody can look, and its error ends the run.
    pub fn run<E>(
        &self,
        settings: &Settings,
        search: impl FnOnce(&[Token]) -> Result<Option<Answers>, E>,
        observer: &impl Observer,
    ) -> Result<(Inventory, Outcome), E> {
        let mut files = self.files();
        let declared = self.declared(&files);
        let (mut projects, facts) = observer.stage(Stage::Link, || self.link(&files, declared.as_ref()));
        let tokens = || projects.iter().flat_map(|it| it.placeholders().wanted_tokens()).take(MOST_TOKENS_OF_RUN);
        let answers = observer.stage(Stage::Search, || search(&tokens().collect::<Vec<_>>()))?.map(Arc::new);
        projects.iter_mut().for_each(|it| it.set_answers(answers.clone()));
        // Findings may point at what the configuration says.
        let texts = declared.iter().flat_map(|it| &it.sources);
        texts.for_each(|(file, source)| files.push_text(*file, Arc::clone(source)));
        let outcome = check::check_all(&projects, &files, &self.selection, settings, observer);
        let recognised = projects.iter().map(|it| it.recognised).sum();
        drop(projects);
        Ok((Inventory { files, facts: Tables::new(facts), recognised }, outcome))
    }

    /// Each project with something in it, or all files if they are one; and the facts of all files.
    fn link(&self, files: &Files, declared: Option<&Arc<Declared>>) -> (Vec<Workspace>, Vec<Arc<Facts>>) {
        let filled: HashSet<String> = self.configuration.filled_placeholders().map(str::to_owned).collect();
        let facts = self.facts(files);
        let Projects { all: projects, beyond } = projects::projects(files, declared.map(|it| &**it), &facts);
        if projects.len() <= 1 {
            let workspace = Workspace::link(files.clone(), facts.clone(), filled, declared.cloned());
            return (vec![workspace], facts);
        }
        let (of_files, of_units) = facts.split_at(files.len());
        let home = |it: &Facts| {
            let of_unit = it.units.first().map(|it| it.id.file).or_else(|| it.failed.first().copied());
            let broken = || it.broken_documents.first().map(|it| it.span.file);
            of_unit.or_else(broken).or_else(|| it.limits.first().map(|it| it.span.file))
        };
        let mut units: HashMap<FileId, Vec<&Arc<Facts>>> = HashMap::default();
        for unit in of_units {
            // What is nowhere says nothing.
            if let Some(file) = home(unit) {
                units.entry(file).or_default().push(unit);
            }
        }
        let link = |project: Vec<FileId>| {
            let own = project.iter().map(|file| &of_files[files.rank(*file) as usize]);
            let of_units = project.iter().filter_map(|file| units.get(file)).flatten().copied();
            let facts: Vec<Arc<Facts>> = own.chain(of_units).cloned().collect();
            // In most repositories below a large folder is nothing about EKS.
            if facts.iter().all(|it| it.is_idle()) {
                return None;
            }
            let sources =
                project.into_iter().filter_map(|file| Some((file, Arc::clone(&self.files.get(file)?.source))));
            Some(Workspace::link(Files::new(sources), facts, filled.clone(), declared.cloned()))
        };
        let mut projects: Vec<Workspace> = projects.into_iter().filter_map(link).collect();
        if let (Some(file), Some(first)) = (beyond, projects.first_mut()) {
            let file = first.files.get(file).and(Some(file)).or_else(|| first.files.first()).unwrap_or(file);
            first.add_limit(Limit::part(Span { file, start: 0, end: 0 }, TOO_MUCH_TO_LOCATE.to_owned()));
        }
        (projects, facts)
    }
}

/// Runs the rules that a configuration selects over a workspace, and heeds the directives in it.
pub fn check(workspace: &Workspace, selection: &Selection, settings: &Settings, observer: &impl Observer) -> Outcome {
    check::check_all(std::slice::from_ref(workspace), &workspace.files, selection, settings, observer)
}

/// What to say about the former ids of rules that the configuration and the directives of a run use.
pub fn former_ids(configuration: &Configuration, inventory: &Inventory) -> Vec<String> {
    let names = inventory.facts.directives.iter().flat_map(|it| &it.names);
    let in_files = names.filter_map(|it| FormerId::find(it.as_str()?));
    former::notices(configuration.former_ids().into_iter().chain(in_files))
}

/// What all rules about the files find, whatever directives say.
pub fn lint(workspace: &Workspace) -> Vec<Diagnostic> {
    lint_with(workspace, &Selection::default())
}

/// [`lint`], with the rules that a configuration selects.
pub fn lint_with(workspace: &Workspace, selection: &Selection) -> Vec<Diagnostic> {
    let selected = &selection.over(&workspace.files);
    let runner = Runner { rules: RULES, workspace, selected, observer: &() };
    let (mut found, beyond) = runner.about_files();
    found.extend(beyond.and_then(|it| runner.about_what_is_left_out(it)));
    check::sort(&workspace.files, &mut found);
    found
}

#[cfg(test)]
mod tests {
    use crate::lower;

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
                assert_ne!(&*source.path, "b.yaml", "a file of a test");
                (lower::lower(source, file, &()), None)
            };
            analysis.files.insert(id, File::read(source, id, read));
        }
        let workspace = analysis.snapshot(&());
        let found = lint(&workspace);
        let found: Vec<_> = found.iter().map(|it| (it.rule, workspace.path(it.span.file))).collect();
        let (error, slip) = ((INTERNAL_ERROR, "b.yaml"), "irsa/role-arn-format");
        assert_eq!(found, [(slip, "a.yaml"), error, (slip, "c.yaml")]);
    }

    #[test]
    fn of_two_files_with_one_path_the_last_counts() {
        let mut analysis = Analysis::default();
        let read =
            |analysis: &Analysis, text: &str| analysis.reading(Texts::All, &()).read(Source::new("a.yaml", text));
        let reading = analysis.reading(Texts::All, &());
        let files = ["a: 1\n", ACCOUNT].map(|it| reading.read(Source::new("a.yaml", it)));
        analysis.add(files.into());
        assert_eq!(analysis.snapshot(&()).files.len(), 1);
        assert_eq!(lint(&analysis.snapshot(&())).len(), 1);
        let again = read(&analysis, ACCOUNT);
        assert!(
            Arc::ptr_eq(&again.file.facts, &analysis.files.get(again.id).expect("it was added").facts),
            "it is as it was"
        );
        let other = read(&analysis, "a: 2\n");
        analysis.replace(vec![other]);
        assert_eq!(lint(&analysis.snapshot(&())), []);
    }
}
