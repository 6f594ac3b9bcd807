//! What kustomizations change in the objects that they build.

use std::collections::BTreeSet;

use crate::collections::{HashMap, HashSet};
use crate::facts::{BuildRoot, Change, Changed};
use crate::source::{FileId, Span};

use super::builds::{Builds, Edges, components, spend};
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

impl Builds<'_> {
    /// Where the kustomizations lead. Nothing if that is too much work.
    pub(super) fn all_edges(&self) -> Option<Vec<Edges>> {
        let mut left = MOST_STEPS;
        self.facts.kustomizations.iter().map(|it| self.edges(it, self.own_folder(it), &mut left)).collect()
    }

    /// What kustomizations change, but for those that are done.
    pub(super) fn changes(&self, edges: &[Edges], done: &HashSet<usize>) -> Changes {
        let all = &self.facts.kustomizations;
        let mut left = MOST_STEPS;
        let changing = self.changing(edges);
        let mut changes = Changes::default();
        let mut known: HashMap<(usize, &str), usize> = HashMap::default();
        let mut expansion = Expansion::new(self);
        for (by, kustomization) in all.iter().enumerate() {
            let is_here = kustomization.root == BuildRoot::Here;
            if is_here && !changing[by] || done.contains(&by) {
                continue;
            }
            let Some(roots) = self.roots(kustomization, &mut left) else { return self.everything(by) };
            for root in roots {
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
                let makers = components(start, edges, &mut left).and_then(|found| {
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
                    let files = self.reach(by, start, edges, size, &mut left)?;
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
    pub(super) fn everything(&self, by: usize) -> Changes {
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
}
