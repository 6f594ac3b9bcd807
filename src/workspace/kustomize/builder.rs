//! Reads kustomizations and does what they say, each after those that it builds on.

use std::sync::Arc;

use crate::collections::{HashMap, HashSet};
use crate::facts::{BuildRoot, Kustomization, UnitKind};
use crate::lower;
use crate::lower::kustomize::build::{self, Data, Dialect, Layer, Object, Patch};
use crate::source::places::{is_below, join};
use crate::source::{FileId, Span, Text};
use crate::syntax::{self, Node, Parsed, Tree};

use super::builds::{Builds, Part};
use super::expansion::Expansion;
use super::targets::may_choose;

/// How deep kustomizations may build on one another.
const DEEPEST: usize = 50;

/// How many values are kept of what was read and built. What was dropped is read again where it is needed.
const MOST_KEPT: usize = 20_000;

/// What is built, and what its kustomizations say of all of it.
#[derive(Clone, Default)]
pub(super) struct Objects {
    pub(super) objects: Vec<Object>,
    pub(super) vars: Vec<Arc<Data>>,
    /// Where the annotations stand that all objects get.
    pub(super) common: Vec<Span>,
    /// The files that the objects stand in.
    pub(super) files: Vec<FileId>,
}

impl Objects {
    /// How many steps it takes to copy them.
    fn cost(&self) -> usize {
        self.objects.len().saturating_mul(OBJECT) + (self.vars.len() + self.common.len() + self.files.len()) * 10
    }
}

/// How many objects one kustomization may build.
const MOST_OF_ONE: usize = 10_000;

/// How many steps it takes to visit a kustomization, and to copy an object.
const VISIT: usize = 500;
const OBJECT: usize = 100;

/// Whether a file has nothing but objects of Kubernetes.
pub(super) fn is_plain(builds: &Builds<'_>, file: FileId) -> bool {
    builds.kinds.get(&file).is_none_or(|it| {
        it.iter()
            .all(|it| matches!(it, UnitKind::Kubernetes | UnitKind::Ack | UnitKind::Crossplane | UnitKind::ClusterApi))
    })
}

/// A file with kustomizations, of which there may be very many.
struct Documents {
    parsed: Vec<Parsed>,
    /// Where each document is, by its place in the file.
    places: HashMap<Span, (usize, usize)>,
}

impl Documents {
    fn new(parsed: Vec<Parsed>) -> Self {
        let trees = |(at, it): (usize, &Parsed)| {
            let spans = it.documents.iter().map(|it| it.root().span()).enumerate();
            spans.map(move |(tree, span)| (span, (at, tree))).collect::<Vec<_>>()
        };
        let places = parsed.iter().enumerate().flat_map(trees).collect();
        Self { parsed, places }
    }

    fn at(&self, span: Span) -> Option<Node<'_>> {
        let (at, tree) = *self.places.get(&span)?;
        Some(self.parsed[at].documents[tree].root())
    }
}

/// Reads and applies kustomizations. Each file is read once.
pub(super) struct Builder<'b, 'f> {
    builds: &'b Builds<'f>,
    left: &'b mut usize,
    parsed: HashMap<FileId, Arc<Documents>>,
    objects: HashMap<FileId, Arc<Vec<Object>>>,
    /// How many objects each file has that was read.
    pub(super) counts: HashMap<FileId, usize>,
    /// How many values are kept for others that build on them.
    kept: usize,
    is_too_large: bool,
    /// What kustomizations build that others build on. Nothing while it is found out.
    built: HashMap<usize, Option<Arc<Objects>>>,
    /// Files with patches, and those among them with patches that are for no object which is known.
    pub(super) matched: HashSet<FileId>,
    pub(super) missed: HashSet<FileId>,
}

impl<'b, 'f> Builder<'b, 'f> {
    pub(super) fn new(builds: &'b Builds<'f>, left: &'b mut usize) -> Self {
        Self {
            builds,
            left,
            parsed: HashMap::default(),
            objects: HashMap::default(),
            counts: HashMap::default(),
            kept: 0,
            is_too_large: false,
            built: HashMap::default(),
            matched: HashSet::default(),
            missed: HashSet::default(),
        }
    }

    /// Whether something was too large to be built, or took too many steps.
    pub(super) fn is_spent(&self) -> bool {
        *self.left == 0 || self.is_too_large
    }

    fn spend(&mut self, steps: usize) -> Option<()> {
        match self.left.checked_sub(steps) {
            Some(left) => *self.left = left,
            None => {
                *self.left = 0;
                return None;
            }
        }
        Some(())
    }

    /// What a root builds, as it is deployed.
    pub(super) fn root(&mut self, at: usize, folder: &str) -> Option<Objects> {
        let mut found = Objects::default();
        let layer = self.accumulate(at, folder, &mut found, 0)?;
        self.spend(found.objects.iter().map(|it| it.data().size()).sum())?;
        let left = &mut *self.left;
        if build::finish(&mut found.objects, &found.vars, layer.substitutions(), left).is_none() {
            *left = 0;
            return None;
        }
        // What comes next in the order of the files rarely builds on the same.
        if self.kept > MOST_KEPT {
            self.kept = 0;
            self.objects.clear();
            self.built.clear();
            self.parsed.clear();
        }
        Some(found)
    }

    /// Adds what a kustomization builds to what is there, and does to all of it what it says.
    fn accumulate(&mut self, at: usize, folder: &str, found: &mut Objects, depth: usize) -> Option<Layer> {
        if depth > DEEPEST {
            return None;
        }
        self.spend(VISIT)?;
        let builds = self.builds;
        let kustomization = &builds.facts.kustomizations[at];
        let layer = self.layer(kustomization)?;
        let own = (kustomization.root != BuildRoot::Here).then(|| folder.to_owned());
        let resources = kustomization.resources.iter().filter_map(|it| join(folder, it));
        for path in resources.chain(own).collect::<Vec<_>>() {
            for part in builds.parts(&path) {
                match part {
                    Part::Kustomization(next) => {
                        let built = self.kustomization(next, depth)?;
                        self.spend(built.cost())?;
                        found.objects.extend(built.objects.iter().cloned());
                        found.vars.extend(built.vars.iter().cloned());
                        found.common.extend_from_slice(&built.common);
                        found.files.extend_from_slice(&built.files);
                    }
                    Part::Files(range) => {
                        for file in range.map(|it| builds.files[it].1) {
                            let of_file = self.objects(file)?;
                            self.spend(1 + of_file.len().saturating_mul(OBJECT))?;
                            found.objects.extend(of_file.iter().cloned());
                            found.files.extend((!of_file.is_empty()).then_some(file));
                        }
                    }
                }
            }
        }
        self.layered(folder, |files, left| layer.generate(&mut found.objects, files, left))?;
        for path in kustomization.components.iter().filter_map(|it| join(folder, it)) {
            for part in builds.parts(&path) {
                if let Part::Kustomization(next) = part {
                    let folder = builds.own_folder(&builds.facts.kustomizations[next]);
                    self.accumulate(next, folder, found, depth + 1)?;
                }
            }
        }
        if found.objects.len() > MOST_OF_ONE {
            self.is_too_large = true;
            return None;
        }
        let steps = found.objects.len().saturating_mul(4);
        self.spend(steps)?;
        self.layered(folder, |files, left| layer.apply(&mut found.objects, files, left))?;
        self.transform(kustomization, folder, &mut found.objects)?;
        found.vars.extend(layer.vars().iter().cloned().map(Arc::new));
        found.common.extend(layer.common_annotations());
        Some(layer)
    }

    /// Does a part of what a kustomization says.
    fn layered(
        &mut self,
        folder: &str,
        part: impl FnOnce(&mut dyn build::Files, &mut usize) -> Option<()>,
    ) -> Option<()> {
        let mut left = std::mem::take(self.left);
        let done = part(&mut Named { builder: self, folder }, &mut left);
        // Only too much work ends it.
        *self.left = done.map_or(0, |()| left);
        done
    }

    /// What a kustomization builds that others build on.
    fn kustomization(&mut self, at: usize, depth: usize) -> Option<Arc<Objects>> {
        if let Some(built) = self.built.get(&at) {
            return built.clone();
        }
        self.built.insert(at, None);
        let folder = self.builds.own_folder(&self.builds.facts.kustomizations[at]);
        let mut found = Objects::default();
        if self.accumulate(at, folder, &mut found, depth + 1).is_none() {
            // Less deep it may be built.
            self.built.remove(&at);
            return None;
        }
        self.kept += found.objects.iter().map(|it| it.data().size()).sum::<usize>();
        let built = Arc::new(found);
        self.built.insert(at, Some(built.clone()));
        Some(built)
    }

    /// Records what transformers change that are written elsewhere.
    fn transform(&mut self, kustomization: &Kustomization, folder: &str, objects: &mut [Object]) -> Option<()> {
        let changes = &kustomization.changes[kustomization.own_changes..];
        if changes.is_empty() {
            return Some(());
        }
        let mut expansion = Expansion::new(self.builds);
        let Some(expanded) = expansion.of(changes, folder, self.left) else {
            *self.left = 0;
            return None;
        };
        self.spend(expanded.changes.len().saturating_mul(objects.len()))?;
        for (change, _) in &expanded.changes {
            let target = change.target.as_deref();
            for object in objects.iter_mut() {
                let id = object.id();
                if may_choose(target, Some(&id.kind), Some(&id.name), true) {
                    object.leave([&change.what]);
                }
            }
        }
        Some(())
    }

    /// The documents of a file with kustomizations.
    fn kustomizations(&mut self, file: FileId) -> Option<Arc<Documents>> {
        if let Some(parsed) = self.parsed.get(&file) {
            return Some(parsed.clone());
        }
        self.spend(self.reading(file))?;
        let parsed = Arc::new(Documents::new(parsed(self.builds, file)));
        self.parsed.insert(file, parsed.clone());
        Some(parsed)
    }

    /// How many steps it takes to read a file.
    fn reading(&self, file: FileId) -> usize {
        self.builds.sources.get(file).map_or(0, |it| it.text.len() / 4)
    }

    fn objects(&mut self, file: FileId) -> Option<Arc<Vec<Object>>> {
        if let Some(found) = self.objects.get(&file) {
            return Some(found.clone());
        }
        let mut found = Vec::new();
        // What has no facts may be anything.
        if self.builds.objects.contains_key(&file) && is_plain(self.builds, file) {
            self.spend(self.reading(file))?;
            for parsed in parsed(self.builds, file) {
                for root in parsed.documents.iter().map(Tree::root) {
                    build::objects(Data::read(root, self.left)?, &mut found);
                }
            }
        }
        self.counts.insert(file, found.len());
        self.kept += found.iter().map(|it| it.data().size()).sum::<usize>();
        let found = Arc::new(found);
        self.objects.insert(file, found.clone());
        Some(found)
    }

    fn layer(&mut self, kustomization: &Kustomization) -> Option<Layer> {
        let parsed = self.kustomizations(kustomization.span.file)?;
        let root = parsed.at(kustomization.span)?;
        let of = |node: Option<Node<'_>>, dialect, left: &mut usize| Layer::read(node?, dialect, left);
        match &kustomization.root {
            BuildRoot::Here => of(Some(root), Dialect::Kustomize, self.left),
            BuildRoot::Folder(path) => {
                let spec = root.get("spec")?;
                if spec.get("source").is_none() && spec.get("sources").is_none() && spec.get("template").is_none() {
                    return of(Some(spec), Dialect::Flux, self.left);
                }
                let specs = [Some(spec), spec.get("template").and_then(|it| it.get("spec"))].into_iter().flatten();
                let mut sources = specs.flat_map(|it| {
                    let several = it.get("sources").into_iter().flat_map(Node::items);
                    it.get("source").into_iter().chain(several)
                });
                // What fills in the values of a build by itself is not read.
                let is_it = |it: &Node<'_>| {
                    it.get("kustomize").is_some() && it.get("path").and_then(Node::str).unwrap_or_default() == path
                };
                let source = sources.find(is_it);
                of(source.and_then(|it| it.get("kustomize")), Dialect::Argo, self.left)
            }
        }
    }
}

/// The documents of a file that can hold facts.
fn parsed(builds: &Builds<'_>, file: FileId) -> Vec<Parsed> {
    let Some(source) = builds.sources.get(file) else { return Vec::new() };
    let text = Text::of_file(file, source.text.clone());
    let documents = lower::documents(&text).into_iter();
    documents.map(|(_, text)| syntax::parse(&text, lower::hint(source))).collect()
}

/// The files that a kustomization names.
struct Named<'a, 'b, 'f> {
    builder: &'a mut Builder<'b, 'f>,
    folder: &'a str,
}

impl Named<'_, '_, '_> {
    fn file(&self, path: &str) -> Option<FileId> {
        self.builder.builds.file(&join(self.folder, path)?)
    }
}

impl build::Files for Named<'_, '_, '_> {
    fn patch(&mut self, path: &str) -> Patch {
        let builds = self.builder.builds;
        let Some(place) = join(self.folder, path) else { return Patch::Outside };
        let Some(file) = builds.file(&place) else {
            return if is_below(&place, builds.top) { Patch::Unread } else { Patch::Outside };
        };
        let Some(source) = builds.sources.get(file) else { return Patch::Outside };
        self.builder.matched.insert(file);
        if source.error.is_some() {
            return Patch::Outside;
        }
        Patch::Known(Text::of_file(file, source.text.clone()))
    }

    fn whole(&mut self, path: &str) -> Option<Text> {
        let file = self.file(path)?;
        let source = self.builder.builds.sources.get(file).filter(|it| it.error.is_none() && !it.text.is_empty())?;
        Some(Text::of_file(file, source.text.clone()))
    }

    fn misses(&mut self, path: &str) {
        if let Some(file) = self.file(path) {
            self.builder.missed.insert(file);
        }
    }
}
