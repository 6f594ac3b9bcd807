//! What kustomizations change by themselves: changes that they write, and those of the patches and transformers they name.

use std::sync::Arc;

use crate::collections::HashMap;
use crate::facts::{Change, ChangeTarget, Changed};
use crate::source::FileId;
use crate::source::places::{is_below, join};

use super::builds::{Builds, Part, spend};
use super::targets::steps;

/// What a change costs that a kustomization has of its own: the memory that it takes, counted in steps.
const CHANGE: usize = 10;

/// What one kustomization changes.
#[derive(Default)]
pub(super) struct Expanded {
    /// The changes, each with the file of the patch that says so.
    pub changes: Vec<(Change, Option<FileId>)>,
    /// How many steps it is to compare an object with all of them.
    pub steps: usize,
}

impl Expanded {
    /// Adds a change. Nothing if that is too much work.
    fn push(&mut self, change: Change, from: Option<FileId>, left: &mut usize) -> Option<()> {
        let steps = change.target.as_ref().map_or(1, |it| steps(it));
        spend(left, steps.saturating_add(CHANGE))?;
        self.steps = self.steps.saturating_add(steps);
        self.changes.push((change, from));
        Some(())
    }
}

/// What the patches of a file change.
#[derive(Clone)]
struct Patch {
    /// Aimed at what the patches name themselves.
    changes: Arc<[Change]>,
    /// False for a file without patches.
    is_read: bool,
    is_about_identity: bool,
}

/// Finds out what kustomizations change. Every file is read once, however many kustomizations name it.
pub(super) struct Expansion<'b, 'f> {
    builds: &'b Builds<'f>,
    patches: HashMap<FileId, Patch>,
    /// What the transformers of each file or folder change. Nothing if one of them is not known.
    transformers: HashMap<String, Option<Arc<[Change]>>>,
    /// For each file of transformers, whether all of its documents are read.
    read: HashMap<FileId, bool>,
}

impl<'b, 'f> Expansion<'b, 'f> {
    pub(super) fn new(builds: &'b Builds<'f>) -> Self {
        Self { builds, patches: HashMap::default(), transformers: HashMap::default(), read: HashMap::default() }
    }

    /// What a kustomization with these changes changes if its paths begin in a folder. Nothing if that is too much work.
    pub(super) fn of(&mut self, changes: &[Change], root: &str, left: &mut usize) -> Option<Expanded> {
        let mut found = Expanded::default();
        for change in changes {
            let Changed::Transformers(path) = &change.what else {
                self.add(change, root, &mut found, left)?;
                continue;
            };
            spend(left, 1)?;
            match self.transformers(join(root, path), left)? {
                Some(changes) => changes.iter().try_for_each(|it| self.add(it, root, &mut found, left))?,
                None => found.push(Change { target: change.target.clone(), what: Changed::Everything }, None, left)?,
            }
        }
        Some(found)
    }

    fn add(&mut self, change: &Change, root: &str, found: &mut Expanded, left: &mut usize) -> Option<()> {
        spend(left, 1)?;
        let target = &change.target;
        let whole = |what: Changed| Change { target: target.clone(), what };
        let Changed::File(path) = &change.what else {
            return found.push(change.clone(), None, left);
        };
        let Some(path) = join(root, path) else {
            return found.push(whole(Changed::Everything), None, left);
        };
        match self.builds.file(&path) {
            Some(file) => self.add_patch(file, target, found, left),
            // It stands outside of what is linted.
            None if !is_below(&path, self.builds.top) => found.push(whole(Changed::Everything), None, left),
            // It holds nothing about identity, or it would have been read.
            None if target.is_some() => add_unread(target, None, found, left),
            None => Some(()),
        }
    }

    /// Adds what the patches of a file change.
    fn add_patch(
        &mut self,
        file: FileId,
        target: &Option<Arc<ChangeTarget>>,
        found: &mut Expanded,
        left: &mut usize,
    ) -> Option<()> {
        let builds = self.builds;
        let patch = self.patches.entry(file).or_insert_with(|| builds.patch(file)).clone();
        for change in patch.changes.iter() {
            let target = target.as_ref().or(change.target.as_ref()).cloned();
            found.push(Change { target, what: change.what.clone() }, Some(file), left)?;
        }
        // A file without a mark is not read: as if it were not in the run.
        if !patch.is_read && patch.is_about_identity {
            found.push(Change { target: target.clone(), what: Changed::Everything }, Some(file), left)
        } else if !patch.is_read && target.is_some() {
            add_unread(target, Some(file), found, left)
        } else {
            Some(())
        }
    }

    /// What the transformers of a file or folder change. `Some(None)` if one of them is not known, nothing if it is too much
    /// work to find out.
    fn transformers(&mut self, path: Option<String>, left: &mut usize) -> Option<Option<Arc<[Change]>>> {
        let Some(path) = path else { return Some(None) };
        if let Some(known) = self.transformers.get(&path) {
            return Some(known.clone());
        }
        let found = self.read_transformers(&path, left)?.map(Arc::from);
        self.transformers.insert(path, found.clone());
        Some(found)
    }

    /// What the transformers of a file or folder change. `Some(None)` if one of them is not known, nothing if it is too much
    /// work to find out.
    fn read_transformers(&mut self, path: &str, left: &mut usize) -> Option<Option<Vec<Change>>> {
        let builds = self.builds;
        let mut files = Vec::new();
        for part in builds.parts(path) {
            match part {
                Part::Files(range) => {
                    spend(left, range.len())?;
                    files.extend(range);
                }
                // What that builds on is not looked for, and what it changes in the transformers is not computed.
                Part::Kustomization(at) => {
                    let kustomization = &builds.facts.kustomizations[at];
                    let is_plain = kustomization.changes.is_empty() && kustomization.components.is_empty();
                    if !is_plain || kustomization.generates {
                        return Some(None);
                    }
                    for path in &kustomization.resources {
                        spend(left, 1)?;
                        let file = join(builds.own_folder(kustomization), path)
                            .and_then(|it| builds.files.binary_search_by_key(&it.as_str(), |it| it.0).ok());
                        let Some(file) = file else { return Some(None) };
                        files.push(file);
                    }
                }
            }
        }
        let mut changes = Vec::new();
        for file in files.iter().map(|it| builds.files[*it].1) {
            // A plugin that is not built in.
            if builds.objects.contains_key(&file) {
                return Some(None);
            }
            let Some(transformers) = builds.transformers.get(&file) else { return Some(None) };
            // A plugin that has no mark beside others that have one.
            let count = || crate::lower::count_documents(builds.sources.get(file)?, file);
            if !*self.read.entry(file).or_insert_with(|| count() == Some(transformers.len())) {
                return Some(None);
            }
            for at in transformers {
                let found = &builds.facts.transformers[*at].changes;
                spend(left, found.len().saturating_mul(CHANGE))?;
                changes.extend(found.iter().cloned());
            }
        }
        // Paths in the transformers of a folder begin somewhere else.
        let has_paths = || changes.iter().any(|it| matches!(it.what, Changed::File(_)));
        let is_known = !files.is_empty() && (builds.file(path).is_some() || !has_paths());
        Some(is_known.then_some(changes))
    }
}

/// Adds what a patch changes that is not read, and so says nothing about identity but names and namespaces.
fn add_unread(
    target: &Option<Arc<ChangeTarget>>,
    from: Option<FileId>,
    found: &mut Expanded,
    left: &mut usize,
) -> Option<()> {
    let changes = [Changed::Name, Changed::Namespace(None)];
    changes.into_iter().try_for_each(|what| found.push(Change { target: target.clone(), what }, from, left))
}

impl Builds<'_> {
    pub(super) fn file(&self, path: &str) -> Option<FileId> {
        let at = self.files.binary_search_by_key(&path, |it| it.0).ok()?;
        Some(self.files[at].1)
    }

    fn patch(&self, file: FileId) -> Patch {
        let mut changes = Vec::new();
        let objects = self.objects.get(&file).map_or(&[][..], Vec::as_slice);
        let patches = self.json_patches.get(&file).map_or(&[][..], Vec::as_slice);
        for meta in objects.iter().map(|it| &self.facts.objects[*it]) {
            let own = ChangeTarget::exact(meta.kind.as_str().map(str::to_owned), meta.name.string().map(str::to_owned));
            let target = Some(Arc::new(own));
            let keys = meta.annotations.iter().map(|it| match it.key.as_str() {
                Some(key) => Changed::Annotation(key.into()),
                None => Changed::Annotations,
            });
            let data = self.maps.contains(&meta.whole).then_some(Changed::Data);
            changes.extend(keys.chain(data).map(|what| Change { target: target.clone(), what }));
        }
        for patch in patches.iter().map(|it| &self.facts.json_patches[*it]) {
            changes.extend(patch.changes.iter().map(|it| Change { target: patch.target.clone(), what: it.clone() }));
        }
        let is_read = !objects.is_empty() || !patches.is_empty();
        let is_about_identity =
            is_read || self.sources.get(file).is_some_and(|it| crate::lower::matters(it.text.as_bytes()));
        Patch { changes: changes.into(), is_read, is_about_identity }
    }
}
