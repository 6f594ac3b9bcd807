//! Which files each kustomization builds, and what it changes in their objects.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::successors;
use std::ops::Range;

use crate::collections::{HashMap, HashSet};
use crate::facts::{BuildRoot, Changed, Kustomization, Tables, UnitKind};
use crate::lower;
use crate::source::places::{folder, is_below, join, parent};
use crate::source::{FileId, Files, Span};

/// What a kustomization leads to.
pub(super) struct Edges {
    /// Its components.
    pub(super) components: Vec<usize>,
    /// What it builds, and its patches.
    pub(super) parts: Vec<Part>,
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
    /// What the documents of each file were taken for.
    pub(super) kinds: HashMap<FileId, Vec<UnitKind>>,
    /// The places of the `aws-auth` ConfigMaps that have keys.
    pub(super) maps: HashSet<Span>,
}

impl<'f> Builds<'f> {
    pub(super) fn new(facts: &'f Tables, sources: &'f Files, places: &'f [String]) -> Self {
        let mut files: Vec<_> = places.iter().map(String::as_str).zip(sources.ids()).collect();
        // Those of one place stay in the order of the files.
        files.sort_by_key(|it| it.0);
        let place_of = |file: FileId| places.get(sources.rank(file) as usize).map_or("", String::as_str);
        let mut kustomizations: HashMap<_, Vec<_>> = HashMap::default();
        for (at, it) in facts.kustomizations.iter().enumerate().filter(|(_, it)| it.root == BuildRoot::Here) {
            kustomizations.entry(folder(place_of(it.span.file))).or_default().push(at);
        }
        // Beside one that kustomize looks for, those with other names are of builds of their own.
        let is_named = |at: &usize| lower::kustomize::is_named_so(place_of(facts.kustomizations[*at].span.file));
        for found in kustomizations.values_mut().filter(|it| it.iter().any(is_named)) {
            found.retain(is_named);
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
        let mut kinds: HashMap<_, Vec<_>> = HashMap::default();
        facts.units.iter().for_each(|it| kinds.entry(it.id.file).or_default().push(it.kind));
        let maps = facts.aws_auths.iter().filter(|it| !it.keys.is_empty()).map(|it| it.meta.whole).collect();
        Self {
            facts,
            sources,
            places,
            files,
            kustomizations,
            folders,
            top,
            objects,
            json_patches,
            transformers,
            kinds,
            maps,
        }
    }

    /// For each kustomization, whether it or one of its components changes something.
    pub(super) fn changing(&self, edges: &[Edges]) -> Vec<bool> {
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

    /// The folders that a kustomization's paths may begin in. Nothing if that is too much work.
    pub(super) fn roots(&self, kustomization: &Kustomization, left: &mut usize) -> Option<Vec<&'f str>> {
        let BuildRoot::Folder(path) = &kustomization.root else {
            return Some(vec![self.own_folder(kustomization)]);
        };
        let path = join("", path).unwrap_or_default();
        if path.is_empty() {
            return Some(vec![self.top]);
        }
        // The run may begin above or below the root of the repository.
        let ends_like = |a: &str, b: &str| a.strip_suffix(b).is_some_and(|it| it.is_empty() || it.ends_with('/'));
        let is_it = |it: &&&str| ends_like(it, &path) || !it.is_empty() && ends_like(&path, it);
        let Some(alike) = self.folders.get(last(&path)) else { return Some(Vec::new()) };
        spend(left, alike.len())?;
        Some(alike.iter().filter(is_it).copied().collect())
    }

    /// Where the paths of a kustomization lead that begin in a folder.
    pub(super) fn edges(&self, kustomization: &Kustomization, root: &str, left: &mut usize) -> Option<Edges> {
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
    pub(super) fn reach(
        &self,
        at: usize,
        start: &Edges,
        edges: &[Edges],
        size: usize,
        left: &mut usize,
    ) -> Option<BTreeSet<usize>> {
        let mut files = BTreeSet::new();
        let mut seen = HashSet::from_iter([at]);
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
pub(super) fn components(start: &Edges, edges: &[Edges], left: &mut usize) -> Option<BTreeSet<usize>> {
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
    let mut found: HashMap<_, Vec<_>> = HashMap::default();
    all.for_each(|(file, at)| found.entry(file).or_default().push(at));
    found
}

/// The last part of a path.
fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
