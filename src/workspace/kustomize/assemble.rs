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
use crate::lower::kustomize::build::{self, Object};
use crate::source::places::is_below;
use crate::source::{FileId, Files, Source, Span, UnitId, View};

use super::builder::{Builder, Objects, is_plain};
use super::builds::{Builds, Edges, Part, spend};

/// How many steps all builds may take: values that are read or compared, and objects that something is compared with.
const MOST_STEPS: usize = 20_000_000;

/// How many objects that hold facts may be built, and how many values they may have.
const MOST_OBJECTS: usize = 20_000;
const MOST_VALUES: usize = 1_000_000;

/// The number of the unit of a build among those of its kustomization: that of no document, and of no API.
const UNIT: u32 = 1 << 31;

/// What may still be built.
struct Room {
    objects: usize,
    values: usize,
}

/// Why not everything was built.
pub(super) fn too_much_to_build() -> String {
    format!("more than {MOST_STEPS} steps, {MOST_OBJECTS} objects or {MOST_VALUES} values in what kustomize builds")
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
    /// Where they lead, if that is not the folder of its file.
    edges: Option<Edges>,
}

impl Root<'_> {
    fn edges<'e>(&'e self, all: &'e [Edges]) -> &'e Edges {
        self.edges.as_ref().unwrap_or(&all[self.at])
    }
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
        let mut is_whole = true;
        let makes_maps = || reached[at].kustomizations.iter().any(|it| all[*it].makes_aws_auth);
        if reached[at].files.iter().any(|it| changed.contains(it)) || makes_maps() {
            let missed = builder.missed.len();
            let objects = builder.root(root.at, root.folder);
            let is_cut = objects.is_some() || builder.is_spent();
            let made = objects.and_then(|it| {
                let written = as_written(&it.objects, &builder.counts);
                let made = lowered(builds, root, &it, &written, &mut assembled.views, &mut room)?;
                kept.extend(written);
                assembled.replaced.extend(it.files.iter().copied());
                Some(made)
            });
            match made {
                Some(it) => {
                    assembled.facts.push(it);
                    built[at] = true;
                    is_whole = builder.missed.len() == missed;
                }
                None => assembled.cut = assembled.cut.or(is_cut.then_some(all[root.at].span)),
            }
        }
        // A patch for an object that is not known is read as if it were one, with what may be changed in it.
        for it in &reached[at].kustomizations {
            *parts.entry(*it).or_insert(true) &= built[at] && is_whole;
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
    // What stands in a kustomization is read where it is built.
    let mut of_files: HashMap<FileId, (usize, bool)> = HashMap::default();
    for (at, it) in all.iter().enumerate().filter(|(_, it)| it.root == BuildRoot::Here) {
        let (count, are_done) = of_files.entry(it.span.file).or_insert((0, true));
        *count += 1;
        *are_done &= assembled.done.contains(&at);
    }
    let is_alone = |file: &FileId, count: usize| builds.kinds.get(file).is_some_and(|it| it.len() == count);
    let of_builds = of_files.into_iter().filter(|(file, (count, are_done))| *are_done && is_alone(file, *count));
    assembled.replaced.extend(of_builds.map(|it| it.0));
    // Patches are no objects, if they are for one that is known.
    assembled.replaced.extend(builder.matched.difference(&builder.missed));
    assembled.replaced.retain(|it| !alone.contains(it) && !kept.contains(it) && is_plain(builds, *it));
    assembled
}

/// What nothing builds on, in the order of the files.
fn roots<'f>(builds: &Builds<'f>, edges: &[Edges], left: &mut usize) -> Vec<Root<'f>> {
    let all = &builds.facts.kustomizations;
    let mut of_folders: Vec<Root<'f>> = Vec::new();
    for (at, it) in all.iter().enumerate().filter(|(_, it)| it.root != BuildRoot::Here && it.is_of_here) {
        // Several folders may be meant.
        let folders = builds.roots(it, left).unwrap_or_default();
        if let [folder] = folders.as_slice()
            && let Some(edges) = builds.edges(it, folder, left)
        {
            of_folders.push(Root { at, folder, edges: Some(edges) });
        }
    }
    let mut is_part = vec![false; all.len()];
    for edges in edges.iter().chain(of_folders.iter().flat_map(|it| &it.edges)) {
        edges.components.iter().for_each(|it| is_part[*it] = true);
        for part in &edges.parts {
            if let Part::Kustomization(it) = part {
                is_part[*it] = true;
            }
        }
    }
    let is_root = |(at, it): &(usize, &Kustomization)| it.root == BuildRoot::Here && !is_part[*at] && !it.is_component;
    let here = all.iter().enumerate().filter(is_root);
    let here = here.map(|(at, it)| Root { at, folder: builds.own_folder(it), edges: None });
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
    let mut waiting = vec![root.edges(edges)];
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
fn as_written(objects: &[Object], of_files: &HashMap<FileId, usize>) -> HashSet<FileId> {
    let mut counts: HashMap<FileId, usize> = HashMap::default();
    let mut changed: HashSet<FileId> = HashSet::default();
    for object in objects {
        let file = object.data().span().file;
        *counts.entry(file).or_default() += 1;
        if !object.is_as_written() {
            changed.insert(file);
        }
    }
    let is_whole = |file: &FileId, count: usize| of_files.get(file) == Some(&count);
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
        spend(&mut room.values, object.data().size())?;
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
    let id = UnitId { file: home, document: UNIT };
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
