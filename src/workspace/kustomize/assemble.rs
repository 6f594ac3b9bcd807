//! Objects as kustomizations build them.
//!
//! What nobody builds on is deployed by itself: a *root*. Of each root that changes something its objects are made, with the places
//! of the texts that they are made of, and they are facts in the place of those that the files have by themselves.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::collections::{HashMap, HashSet};
use crate::facts::{BuildRoot, Change, Facts, Kustomization, Unit, UnitKind};
use crate::lower;
use crate::lower::kustomize::build::{self, Data, Dialect, Layer, Object, Patch};
use crate::source::places::{is_below, join};
use crate::source::{FileId, Files, Source, Span, Text, UnitId, View};
use crate::syntax::{self, Node, Parsed, Tree};

use super::builds::{Builds, Edges, Part, spend};

/// How deep kustomizations may build on one another.
const DEEPEST: usize = 50;

/// How many steps all builds may take: values that are read or compared, and objects that something is compared with.
const MOST_STEPS: usize = 20_000_000;

/// How many objects that hold facts may be built, and how many values they may have.
const MOST_OBJECTS: usize = 20_000;
const MOST_VALUES: usize = 1_000_000;

/// What may still be built.
struct Room {
    objects: usize,
    values: usize,
}

/// What is built, and what its kustomizations say of all of it.
#[derive(Clone, Default)]
struct Objects {
    objects: Vec<Object>,
    vars: Vec<Data>,
    /// Where the annotations stand that all objects get.
    common: Vec<Span>,
    /// The files that the objects stand in.
    files: Vec<FileId>,
}

/// What was built.
#[derive(Default)]
pub(super) struct Assembled {
    /// The facts of each build.
    pub(super) facts: Vec<Built>,
    /// The files of which nothing is deployed but as it is built.
    pub(super) replaced: HashSet<FileId>,
    /// The kustomizations that are a part of nothing but of what was built.
    pub(super) done: HashSet<usize>,
    /// Each file as a build sees it. The numbers of the builds' places begin with the first of them.
    pub(super) views: Vec<View>,
    /// The kustomization at which it became too much work.
    pub(super) cut: Option<Span>,
}

/// The objects of one build.
pub(super) struct Built {
    pub(super) unit: Facts,
    /// The facts of each object, with what may be changed in them in ways that are not computed.
    pub(super) objects: Vec<(Facts, Vec<Change>)>,
}

/// Something that is deployed.
struct Root<'f> {
    at: usize,
    /// Where its paths begin.
    folder: &'f str,
    edges: Edges,
}

pub(super) fn assemble(builds: &Builds<'_>, edges: &[Edges]) -> Assembled {
    let mut assembled = Assembled::default();
    let mut left = MOST_STEPS;
    let all = &builds.facts.kustomizations;
    let roots = roots(builds, edges, &mut left);
    let mut reached: Vec<Reached> = Vec::with_capacity(roots.len());
    for root in &roots {
        match reach(builds, root, edges, &mut left) {
            Some(it) => reached.push(it),
            None => {
                assembled.cut = Some(all[root.at].span);
                return assembled;
            }
        }
    }
    // A root that changes nothing is worth the work only where another one changes what it builds.
    let mut changed: HashSet<usize> = HashSet::default();
    for it in reached.iter().filter(|it| it.changes) {
        changed.extend(it.files.iter().copied().filter(|file| builds.objects.contains_key(&builds.files[*file].1)));
    }
    let mut builder = Builder::new(builds, &mut left);
    let mut room = Room { objects: MOST_OBJECTS, values: MOST_VALUES };
    let mut built = vec![false; roots.len()];
    let mut kept: HashSet<FileId> = HashSet::default();
    let mut parts: HashMap<usize, bool> = HashMap::default();
    for (at, root) in roots.iter().enumerate() {
        let makes_maps = || reached[at].kustomizations.iter().any(|it| all[*it].makes_aws_auth);
        if reached[at].files.iter().any(|it| changed.contains(it)) || makes_maps() {
            let objects = builder.root(root);
            let is_cut = objects.is_some() || builder.is_spent();
            let made = objects.and_then(|it| {
                let written = as_written(&it.objects, &builder.objects);
                let made = lowered(builds, root, &it, &written, &mut assembled.views, &mut room)?;
                kept.extend(written);
                assembled.replaced.extend(it.files.iter().copied());
                Some(made)
            });
            match made {
                Some(it) => {
                    assembled.facts.push(it);
                    built[at] = true;
                }
                None => assembled.cut = assembled.cut.or(is_cut.then_some(all[root.at].span)),
            }
        }
        for it in &reached[at].kustomizations {
            *parts.entry(*it).or_insert(true) &= built[at];
        }
    }
    assembled.done = parts.into_iter().filter(|it| it.1).map(|it| it.0).collect();
    let mut alone: HashSet<FileId> = HashSet::default();
    for (at, it) in reached.iter().enumerate() {
        let files = it.files.iter().map(|it| builds.files[*it].1);
        if !built[at] {
            alone.extend(files);
        }
    }
    // Patches are no objects, if they are for one that is known.
    assembled.replaced.extend(builder.matched.difference(&builder.missed));
    assembled.replaced.retain(|it| !alone.contains(it) && !kept.contains(it) && is_plain(builds, *it));
    assembled
}

/// Whether a file has nothing but objects of Kubernetes.
fn is_plain(builds: &Builds<'_>, file: FileId) -> bool {
    builds.kinds.get(&file).is_none_or(|it| {
        it.iter()
            .all(|it| matches!(it, UnitKind::Kubernetes | UnitKind::Ack | UnitKind::Crossplane | UnitKind::ClusterApi))
    })
}

/// What nothing builds on, in the order of the files.
fn roots<'f>(builds: &Builds<'f>, edges: &[Edges], left: &mut usize) -> Vec<Root<'f>> {
    let all = &builds.facts.kustomizations;
    let mut of_folders: Vec<Root<'f>> = Vec::new();
    for (at, it) in all.iter().enumerate().filter(|(_, it)| it.root != BuildRoot::Here && it.is_of_here) {
        // Several folders may be meant.
        if let [folder] = builds.roots(it).as_slice()
            && let Some(edges) = builds.edges(it, folder, left)
        {
            of_folders.push(Root { at, folder, edges });
        }
    }
    let mut is_part = vec![false; all.len()];
    for edges in edges.iter().chain(of_folders.iter().map(|it| &it.edges)) {
        edges.components.iter().for_each(|it| is_part[*it] = true);
        for part in &edges.parts {
            if let Part::Kustomization(it) = part {
                is_part[*it] = true;
            }
        }
    }
    let is_root = |(at, it): &(usize, &Kustomization)| it.root == BuildRoot::Here && !is_part[*at] && !it.is_component;
    let here = all.iter().enumerate().filter(is_root);
    let here = here.filter_map(|(at, it)| {
        let folder = builds.own_folder(it);
        Some(Root { at, folder, edges: builds.edges(it, folder, left)? })
    });
    let mut roots: Vec<Root<'f>> = here.collect();
    roots.extend(of_folders);
    roots.sort_by_key(|it| it.at);
    roots
}

/// What a root leads to.
struct Reached {
    /// Places in [`Builds::files`], in order.
    files: Vec<usize>,
    kustomizations: Vec<usize>,
    /// Whether one of them changes something.
    changes: bool,
}

fn reach(builds: &Builds<'_>, root: &Root<'_>, edges: &[Edges], left: &mut usize) -> Option<Reached> {
    let mut files = HashSet::default();
    let mut seen = HashSet::from_iter([root.at]);
    let mut waiting = vec![&root.edges];
    while let Some(it) = waiting.pop() {
        for next in &it.components {
            spend(left, 1)?;
            waiting.extend(seen.insert(*next).then(|| &edges[*next]));
        }
        for part in &it.parts {
            spend(left, 1)?;
            match part {
                Part::Kustomization(next) => waiting.extend(seen.insert(*next).then(|| &edges[*next])),
                Part::Files(range) => {
                    spend(left, range.len())?;
                    files.extend(range.clone());
                }
            }
        }
    }
    let changes = |it: &usize| {
        let it = &builds.facts.kustomizations[*it];
        !it.changes.is_empty() || it.generates || it.fills_in
    };
    let changes = seen.iter().any(changes);
    let mut files: Vec<usize> = files.into_iter().collect();
    files.sort_unstable();
    let mut kustomizations: Vec<usize> = seen.into_iter().collect();
    kustomizations.sort_unstable();
    Some(Reached { files, kustomizations, changes })
}

/// The files of a root of which all objects are deployed as they are written. Their own facts say all of them.
fn as_written(objects: &[Object], of_files: &HashMap<FileId, Arc<Vec<Object>>>) -> HashSet<FileId> {
    let mut counts: HashMap<FileId, usize> = HashMap::default();
    let mut changed: HashSet<FileId> = HashSet::default();
    for object in objects {
        let file = object.data().span().file;
        *counts.entry(file).or_default() += 1;
        if !object.is_as_written() {
            changed.insert(file);
        }
    }
    let is_whole = |file: &FileId, count: usize| of_files.get(file).is_some_and(|it| it.len() == count);
    counts
        .into_iter()
        .filter(|(file, count)| is_whole(file, *count) && !changed.contains(file))
        .map(|it| it.0)
        .collect()
}

/// The facts of what a root builds, but for those of files that stay as they are. Nothing if they are too large.
fn lowered(
    builds: &Builds<'_>,
    root: &Root<'_>,
    root_objects: &Objects,
    as_written: &HashSet<FileId>,
    views: &mut Vec<View>,
    room: &mut Room,
) -> Option<Built> {
    let by = builds.facts.kustomizations[root.at].span;
    let first = views.len();
    let known: RefCell<HashMap<FileId, FileId>> = RefCell::default();
    let seen = RefCell::new(Vec::new());
    let taken = builds.sources.views().count() + first;
    let view = |file: FileId| {
        *known.borrow_mut().entry(file).or_insert_with(|| {
            let mut seen = seen.borrow_mut();
            seen.push(view_of(builds.sources, file, by, root.folder));
            Files::view_id(taken + seen.len() - 1)
        })
    };
    let home = view(by.file);
    let mut found = Vec::new();
    let mut names: HashMap<FileId, BTreeSet<Box<str>>> = HashMap::default();
    let is_made = |it: &&Object| !as_written.contains(&it.data().span().file);
    for (document, object) in (0..).zip(root_objects.objects.iter().filter(is_made)) {
        let mut facts = Facts::default();
        spend(&mut room.values, object.data().len())?;
        if !build::lower(object, document, &root_objects.common, view, &mut facts) {
            continue;
        }
        spend(&mut room.objects, 1)?;
        names.entry(object.data().span().file).or_default().extend(object.given_names().map(Into::into));
        facts.shrink();
        let unknown = object.unknown.iter().map(|it| Change { target: None, what: it.clone() }).collect();
        found.push((facts, unknown));
    }
    let mut seen = seen.into_inner();
    for view in &mut seen {
        view.names = names.remove(&view.of).into_iter().flatten().collect();
    }
    let place = |file: FileId| Span { file, start: 0, end: 0 };
    let made = (0..seen.len()).map(|it| Files::view_id(taken + it)).filter(|it| *it != home);
    let mut written: Vec<FileId> = as_written.iter().copied().collect();
    written.sort_by_key(|it| builds.sources.rank(*it));
    let others = made.chain(written).map(place).collect();
    let id = UnitId { file: home, document: u32::MAX };
    let unit = Unit { id, kind: UnitKind::Kubernetes, whole: place(home), others };
    views.extend(seen);
    Some(Built { unit: Facts { units: vec![unit].into(), ..Facts::default() }, objects: found })
}

/// A file as a build sees it: it is deployed where the build is.
fn view_of(files: &Files, file: FileId, by: Span, at: &str) -> View {
    let source = files.get(file).cloned().unwrap_or_else(|| Source::new("", ""));
    let name = source.place.file_name().map(PathBuf::from).unwrap_or_default();
    let is_there = is_below(&source.location(), at);
    let place = if is_there { source.place.clone() } else { PathBuf::from(at).join(name).into() };
    View { of: file, by, names: Vec::new(), source: Arc::new(Source { place, ..source }) }
}

/// Reads and applies kustomizations. Each file is read once.
struct Builder<'b, 'f> {
    builds: &'b Builds<'f>,
    left: &'b mut usize,
    parsed: HashMap<FileId, Arc<Vec<Parsed>>>,
    objects: HashMap<FileId, Arc<Vec<Object>>>,
    /// What kustomizations build that others build on. Nothing while it is found out.
    built: HashMap<usize, Option<Arc<Objects>>>,
    /// Files with patches, and those among them with patches that are for no object which is known.
    matched: HashSet<FileId>,
    missed: HashSet<FileId>,
}

impl<'b, 'f> Builder<'b, 'f> {
    fn new(builds: &'b Builds<'f>, left: &'b mut usize) -> Self {
        Self {
            builds,
            left,
            parsed: HashMap::default(),
            objects: HashMap::default(),
            built: HashMap::default(),
            matched: HashSet::default(),
            missed: HashSet::default(),
        }
    }

    fn is_spent(&self) -> bool {
        *self.left == 0
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
    fn root(&mut self, root: &Root<'_>) -> Option<Objects> {
        let mut found = Objects::default();
        let layer = self.accumulate(root.at, root.folder, &mut found, 0)?;
        self.spend(found.objects.iter().map(|it| it.data().len()).sum())?;
        build::finish(&mut found.objects, &found.vars, layer.substitutions());
        Some(found)
    }

    /// Adds what a kustomization builds to what is there, and does to all of it what it says.
    fn accumulate(&mut self, at: usize, folder: &str, found: &mut Objects, depth: usize) -> Option<Layer> {
        if depth > DEEPEST {
            return None;
        }
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
                        self.spend(built.objects.len())?;
                        found.objects.extend(built.objects.iter().cloned());
                        found.vars.extend(built.vars.iter().cloned());
                        found.common.extend_from_slice(&built.common);
                        found.files.extend_from_slice(&built.files);
                    }
                    Part::Files(range) => {
                        for file in range.map(|it| builds.files[it].1) {
                            let of_file = self.objects(file)?;
                            self.spend(1 + of_file.len())?;
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
        let steps = found.objects.len().saturating_mul(4);
        self.spend(steps)?;
        self.layered(folder, |files, left| layer.apply(&mut found.objects, files, left))?;
        self.transform(kustomization, folder, &mut found.objects)?;
        found.vars.extend(layer.vars().iter().cloned());
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
        self.accumulate(at, folder, &mut found, depth + 1)?;
        let built = Arc::new(found);
        self.built.insert(at, Some(built.clone()));
        Some(built)
    }

    /// Keeps in mind what transformers change that are written elsewhere.
    fn transform(&mut self, kustomization: &Kustomization, folder: &str, objects: &mut [Object]) -> Option<()> {
        let changes = &kustomization.changes[kustomization.own_changes..];
        if changes.is_empty() {
            return Some(());
        }
        let mut expansion = super::expansion::Expansion::new(self.builds);
        let expanded = expansion.of(changes, folder, self.left)?;
        self.spend(expanded.changes.len().saturating_mul(objects.len()))?;
        for (change, _) in &expanded.changes {
            let target = change.target.as_deref();
            for object in objects.iter_mut() {
                let id = object.id();
                if super::targets::may_choose(target, Some(&id.kind), Some(&id.name), true) {
                    object.unknown.push(change.what.clone());
                }
            }
        }
        Some(())
    }

    /// The documents of a file with kustomizations. It may have very many.
    fn kustomizations(&mut self, file: FileId) -> Arc<Vec<Parsed>> {
        let builds = self.builds;
        self.parsed.entry(file).or_insert_with(|| Arc::new(parsed(builds, file))).clone()
    }

    fn objects(&mut self, file: FileId) -> Option<Arc<Vec<Object>>> {
        if let Some(found) = self.objects.get(&file) {
            return Some(found.clone());
        }
        let mut found = Vec::new();
        // What has no facts may be anything.
        if self.builds.objects.contains_key(&file) && is_plain(self.builds, file) {
            for parsed in parsed(self.builds, file) {
                for root in parsed.documents.iter().map(Tree::root) {
                    build::objects(Data::read(root, self.left)?, &mut found);
                }
            }
        }
        let found = Arc::new(found);
        self.objects.insert(file, found.clone());
        Some(found)
    }

    fn layer(&mut self, kustomization: &Kustomization) -> Option<Layer> {
        let parsed = self.kustomizations(kustomization.span.file);
        let mut roots = parsed.iter().flat_map(|it| &it.documents).map(Tree::root);
        let root = roots.find(|it| it.span() == kustomization.span)?;
        let of = |node: Option<Node<'_>>, dialect, left: &mut usize| Layer::read(node?, dialect, left);
        match &kustomization.root {
            BuildRoot::Here => of(Some(root), Dialect::Kustomize, self.left),
            BuildRoot::Folder(path) => {
                let spec = root.get("spec")?;
                if spec.get("source").is_none() && spec.get("sources").is_none() && spec.get("template").is_none() {
                    return of(Some(spec), Dialect::Flux, self.left);
                }
                let specs = [Some(spec), spec.get("template").and_then(|it| it.get("spec"))].into_iter().flatten();
                let sources = specs.flat_map(|it| {
                    let several = it.get("sources").into_iter().flat_map(Node::items);
                    it.get("source").into_iter().chain(several)
                });
                // What fills in the values of a build by itself is not read.
                let is_it = |it: &Node<'_>| {
                    it.get("kustomize").is_some() && it.get("path").and_then(Node::str).unwrap_or_default() == path
                };
                let source = sources.filter(is_it).next();
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
