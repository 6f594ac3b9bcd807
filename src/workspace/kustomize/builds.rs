//! Which files each kustomization builds, and what it changes in their objects.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::iter::successors;
use std::ops::Range;

use crate::facts::{BuildRoot, Change, Changed, Kustomization, Tables};
use crate::source::{FileId, Files, Span};
use crate::workspace::places::{folder, is_below, join, parent};

use super::expansion::{Expanded, Expansion};

/// How much work it may be to find out what all kustomizations change: steps from one to the next, and changes to compare with
/// objects.
const MOST_STEPS: usize = 10_000_000;

/// Why not everything that kustomizations change was found out.
pub(super) fn too_much_work() -> String {
    format!("more than {MOST_STEPS} changes of kustomizations to compare with objects")
}

/// What kustomizations change, and in which files.
#[derive(Default)]
pub(super) struct Changes {
    /// What each kustomization changes by itself.
    made: Vec<Expanded>,
    builds: Vec<Build>,
    /// For each file, the builds that it is a part of.
    of_file: HashMap<FileId, Vec<usize>>,
    /// The kustomization at which it became too much work: anything may be changed then.
    pub(super) cut: Option<Span>,
}

/// A kustomization that changes what it builds.
struct Build {
    /// Its place in the list of all of them.
    by: usize,
    /// Itself and its components, as places in [`Changes::made`].
    makers: Vec<usize>,
}

/// A change of a build. Two objects with the same `id` have been changed by the same part of the same build.
#[derive(Clone, Copy)]
pub(super) struct Made<'c> {
    pub change: &'c Change,
    pub id: (usize, usize, usize),
}

impl Changes {
    /// What is changed in the objects of each file.
    pub(super) fn by_file(&self) -> HashMap<FileId, Vec<Made<'_>>> {
        self.of_file.iter().map(|(file, builds)| (*file, self.of(*file, builds))).collect()
    }

    fn of(&self, file: FileId, builds: &[usize]) -> Vec<Made<'_>> {
        let makers = builds.iter().flat_map(|it| {
            let build = &self.builds[*it];
            build.makers.iter().map(|maker| (build.by, *maker))
        });
        let changes = makers.flat_map(|(by, maker)| {
            // A patch is not for itself.
            let of_others =
                self.made[maker].changes.iter().enumerate().filter(move |(_, (_, from))| *from != Some(file));
            of_others.map(move |(at, (change, _))| Made { change, id: (by, maker, at) })
        });
        changes.collect()
    }
}

/// What a kustomization leads to.
struct Edges {
    /// Its components.
    components: Vec<usize>,
    /// What it builds, and its patches.
    parts: Vec<Part>,
}

pub(super) enum Part {
    Kustomization(usize),
    /// A range of [`Builds::files`].
    Files(Range<usize>),
}

/// The files that each kustomization builds.
pub(super) struct Builds<'f> {
    pub(super) facts: &'f Tables,
    pub(super) sources: &'f Files,
    /// Where each file is.
    places: &'f [String],
    /// The files in the order of their places.
    pub(super) files: Vec<(&'f str, FileId)>,
    /// The kustomizations of a folder.
    kustomizations: HashMap<&'f str, Vec<usize>>,
    /// Every folder that a file is in, or below, by the last part of its path.
    folders: BTreeMap<&'f str, BTreeSet<&'f str>>,
    /// The folder that all files are below.
    pub(super) top: &'f str,
    /// The objects of each file, without pod templates.
    pub(super) objects: HashMap<FileId, Vec<usize>>,
    pub(super) json_patches: HashMap<FileId, Vec<usize>>,
    pub(super) transformers: HashMap<FileId, Vec<usize>>,
    /// The places of the `aws-auth` ConfigMaps that have keys.
    pub(super) maps: HashSet<Span>,
}

impl<'f> Builds<'f> {
    pub(super) fn new(facts: &'f Tables, sources: &'f Files, places: &'f [String]) -> Self {
        let mut files: Vec<_> = places.iter().map(String::as_str).zip(sources.ids()).collect();
        // Those of one place stay in the order of the files.
        files.sort_by_key(|it| it.0);
        let place_of = |file: FileId| places.get(sources.rank(file) as usize).map_or("", String::as_str);
        let mut kustomizations: HashMap<_, Vec<_>> = HashMap::new();
        for (at, it) in facts.kustomizations.iter().enumerate().filter(|(_, it)| it.root == BuildRoot::Here) {
            kustomizations.entry(folder(place_of(it.span.file))).or_default().push(at);
        }
        let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for place in places {
            let mut above = successors(Some(folder(place)), |it| parent(it));
            while above.next().is_some_and(|it| folders.entry(last(it)).or_default().insert(it)) {}
        }
        let mut above = successors(places.first().map(|it| folder(it)), |it| parent(it));
        let top = above.find(|top| places.iter().all(|it| is_below(it, top))).unwrap_or_default();
        let objects = facts.objects.iter().enumerate().filter(|(_, it)| !it.is_template);
        let objects = by_file(objects.map(|(at, it)| (it.whole.file, at)));
        let json_patches = by_file(facts.json_patches.iter().enumerate().map(|(at, it)| (it.span.file, at)));
        let transformers = by_file(facts.transformers.iter().enumerate().map(|(at, it)| (it.span.file, at)));
        let maps = facts.aws_auths.iter().filter(|it| !it.keys.is_empty()).map(|it| it.meta.whole).collect();
        Self { facts, sources, places, files, kustomizations, folders, top, objects, json_patches, transformers, maps }
    }

    /// What all kustomizations change.
    pub(super) fn changes(&self) -> Changes {
        let all = &self.facts.kustomizations;
        let mut left = MOST_STEPS;
        let edges: Option<Vec<Edges>> = all.iter().map(|it| self.edges(it, self.own_folder(it), &mut left)).collect();
        let Some(edges) = edges else { return self.everything(0) };
        let changing = self.changing(&edges);
        let mut changes = Changes::default();
        let mut known: HashMap<(usize, &str), usize> = HashMap::new();
        let mut expansion = Expansion::new(self);
        for (by, kustomization) in all.iter().enumerate() {
            let is_here = kustomization.root == BuildRoot::Here;
            if is_here && !changing[by] {
                continue;
            }
            for root in self.roots(kustomization) {
                let own;
                let start = if is_here {
                    &edges[by]
                } else {
                    let paths = kustomization.changes.len() + kustomization.components.len();
                    if spend(&mut left, paths).is_none() {
                        return self.everything(by);
                    }
                    let Some(found) = self.edges(kustomization, root, &mut left) else { return self.everything(by) };
                    own = found;
                    &own
                };
                let makers = components(start, &edges, &mut left).and_then(|found| {
                    let parts = found.into_iter().map(|at| (at, self.own_folder(&all[at])));
                    let makers: BTreeSet<_> = [(by, root)].into_iter().chain(parts).collect();
                    let makers = makers.into_iter().map(|(at, root)| {
                        known.get(&(at, root)).copied().map_or_else(
                            || {
                                changes.made.push(expansion.of(&all[at].changes, root, &mut left)?);
                                known.insert((at, root), changes.made.len() - 1);
                                Some(changes.made.len() - 1)
                            },
                            Some,
                        )
                    });
                    makers.collect::<Option<Vec<_>>>()
                });
                let size = makers.iter().flatten().map(|it| changes.made[*it].steps).fold(0, usize::saturating_add);
                if makers.is_some() && size == 0 {
                    continue;
                }
                let found = makers.and_then(|makers| {
                    let files = self.reach(by, start, &edges, size, &mut left)?;
                    Some((makers, files))
                });
                let Some((makers, files)) = found else {
                    return self.everything(by);
                };
                for at in files {
                    changes.of_file.entry(self.files[at].1).or_default().push(changes.builds.len());
                }
                changes.builds.push(Build { by, makers });
            }
        }
        changes
    }

    /// What is left to say where it is too much work to find out: anything may be changed in any file.
    fn everything(&self, by: usize) -> Changes {
        Changes {
            made: vec![Expanded {
                changes: vec![(Change { target: None, what: Changed::Everything }, None)],
                steps: 1,
            }],
            builds: vec![Build { by, makers: vec![0] }],
            of_file: self.files.iter().map(|(_, file)| (*file, vec![0])).collect(),
            cut: Some(self.facts.kustomizations[by].span),
        }
    }

    /// For each kustomization, whether it or one of its components changes something.
    fn changing(&self, edges: &[Edges]) -> Vec<bool> {
        let mut holders: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
        for (at, it) in edges.iter().enumerate() {
            it.components.iter().for_each(|component| holders[*component].push(at));
        }
        let mut changing = vec![false; edges.len()];
        let all = self.facts.kustomizations.iter().enumerate();
        let mut waiting: Vec<usize> = all.filter(|(_, it)| !it.changes.is_empty()).map(|(at, _)| at).collect();
        while let Some(at) = waiting.pop() {
            if !std::mem::replace(&mut changing[at], true) {
                waiting.extend(&holders[at]);
            }
        }
        changing
    }

    pub(super) fn own_folder(&self, kustomization: &Kustomization) -> &'f str {
        folder(self.places.get(self.sources.rank(kustomization.span.file) as usize).map_or("", String::as_str))
    }

    /// The folders that a kustomization's paths may begin in.
    fn roots(&self, kustomization: &Kustomization) -> Vec<&'f str> {
        let BuildRoot::Folder(path) = &kustomization.root else {
            return vec![self.own_folder(kustomization)];
        };
        let path = join("", path).unwrap_or_default();
        if path.is_empty() {
            return vec![self.top];
        }
        // The run may begin above or below the root of the repository.
        let ends_like = |a: &str, b: &str| a.strip_suffix(b).is_some_and(|it| it.is_empty() || it.ends_with('/'));
        let is_it = |it: &&&str| ends_like(it, &path) || !it.is_empty() && ends_like(&path, it);
        self.folders.get(last(&path)).into_iter().flatten().filter(is_it).copied().collect()
    }

    /// Where the paths of a kustomization lead that begin in a folder.
    fn edges(&self, kustomization: &Kustomization, root: &str, left: &mut usize) -> Option<Edges> {
        let in_folder = |path: &String| self.kustomizations.get(join(root, path)?.as_str());
        let named = kustomization.resources.iter().chain(&kustomization.components);
        named.filter_map(in_folder).try_for_each(|it| spend(left, it.len()))?;
        let components = kustomization.components.iter().filter_map(in_folder).flatten().copied().collect();
        let patches = kustomization.changes.iter().filter_map(|it| match &it.what {
            Changed::File(path) => Some(path),
            _ => None,
        });
        let paths = kustomization.resources.iter().chain(&kustomization.components).chain(patches);
        let paths = paths.filter_map(|it| join(root, it));
        let own = (kustomization.root != BuildRoot::Here).then(|| root.to_owned());
        Some(Edges { components, parts: paths.chain(own).flat_map(|it| self.parts(&it)).collect() })
    }

    /// What a path leads to: a file, the kustomizations of a folder, or all files below one whose kustomization is not in the
    /// run.
    pub(super) fn parts(&self, path: &str) -> Vec<Part> {
        let start = self.files.partition_point(|(place, _)| *place < path);
        let same = self.files[start..].iter().take_while(|(place, _)| *place == path).count();
        if same > 0 {
            return vec![Part::Files(start..start + same)];
        }
        if let Some(found) = self.kustomizations.get(path) {
            return found.iter().map(|it| Part::Kustomization(*it)).collect();
        }
        if path.is_empty() {
            return vec![Part::Files(0..self.files.len())];
        }
        // `0` comes after `/`.
        let [start, end] = ['/', '0'].map(|it| {
            let border = format!("{path}{it}");
            self.files.partition_point(|(place, _)| *place < border.as_str())
        });
        vec![Part::Files(start..end)]
    }

    /// The files with the objects that a kustomization builds, and with its patches, as places in the list. Nothing if that is
    /// too much work. `size`: the steps that it is to compare an object with the changes.
    fn reach(
        &self,
        at: usize,
        start: &Edges,
        edges: &[Edges],
        size: usize,
        left: &mut usize,
    ) -> Option<BTreeSet<usize>> {
        let mut files = BTreeSet::new();
        let mut seen = HashSet::from([at]);
        // Bases may build on bases to any depth.
        let mut waiting = vec![start];
        while let Some(it) = waiting.pop() {
            for part in &it.parts {
                spend(left, 1)?;
                match part {
                    Part::Kustomization(next) => waiting.extend(seen.insert(*next).then(|| &edges[*next])),
                    Part::Files(range) => {
                        for file in range.clone().filter(|it| files.insert(*it)).collect::<Vec<_>>() {
                            let objects = self.objects.get(&self.files[file].1).map_or(0, Vec::len);
                            spend(left, size.saturating_add(1).saturating_mul(1 + objects))?;
                        }
                        spend(left, range.len())?;
                    }
                }
            }
        }
        Some(files)
    }
}

/// The components of a kustomization, and theirs. Nothing if that is too much work.
fn components(start: &Edges, edges: &[Edges], left: &mut usize) -> Option<BTreeSet<usize>> {
    let mut found = BTreeSet::new();
    let mut waiting = start.components.clone();
    while let Some(at) = waiting.pop() {
        spend(left, 1)?;
        if found.insert(at) {
            waiting.extend(&edges[at].components);
        }
    }
    Some(found)
}

/// Counts steps. Nothing if there are not as many left.
pub(super) fn spend(left: &mut usize, steps: usize) -> Option<()> {
    *left = left.checked_sub(steps)?;
    Some(())
}

fn by_file(all: impl Iterator<Item = (FileId, usize)>) -> HashMap<FileId, Vec<usize>> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    all.for_each(|(file, at)| found.entry(file).or_default().push(at));
    found
}

/// The last part of a path.
fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
