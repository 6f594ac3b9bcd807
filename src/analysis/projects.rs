//! Which files are linked together.
//!
//! Several Git repositories below the folder that is linted are several projects. Each is linked and checked as if it were
//! alone: what one says answers no question about another, and limits are its own. The limits of all findings and of the search for
//! placeholders are those of the run.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::collections::HashMap;
use crate::config::{Declared, Located};
use crate::facts::{BuildRoot, Facts, Unit};
use crate::source::places::{folder, join, places};
use crate::source::{FileId, Files};

pub(super) struct Projects {
    /// The files of each, in the order of the files.
    pub(super) all: Vec<Vec<FileId>>,
    /// The first file of which it is not known what it belongs to, if there is one: then no repositories are one because of that.
    pub(super) beyond: Option<FileId>,
}

/// Which files are linked together.
///
/// A repository is a project, also one that is in another, such as a submodule. All files that are in none are one more. Where the
/// configuration says that several have files of one cluster or environment, they are one project, and so are those that one
/// unit is written in, or that one kustomization builds from. `facts`: of each file, and behind them those of units of several
/// files.
pub(super) fn projects(files: &Files, declared: Option<&Declared>, facts: &[Arc<Facts>]) -> Projects {
    let (mut of, count) = by_repository(files);
    let (of_files, units) = facts.split_at(files.len());
    let mut beyond = None;
    if count > 1 {
        let mut joined = Joined::new(count);
        for unit in units.iter().flat_map(|it| &it.units) {
            joined.join_all(Unit::parts(unit).filter_map(|it| of.get(&it.file).copied()));
        }
        join_built(files, of_files, &of, &mut joined);
        if let Some(declared) = declared {
            let speaking = files.iter().zip(of_files).filter(|(_, facts)| !facts.is_idle());
            let speaking = speaking.filter_map(|((file, _), _)| Some((file, *of.get(&file)?)));
            beyond = join_declared(speaking, declared, &mut joined);
        }
        of.values_mut().for_each(|it| *it = joined.root(*it));
    }
    let mut all: Vec<Vec<FileId>> = Vec::new();
    let mut places: HashMap<usize, usize> = HashMap::default();
    for file in files.ids() {
        let Some(project) = of.get(&file) else { continue };
        let at = *places.entry(*project).or_insert(all.len());
        if at == all.len() {
            all.push(Vec::new());
        }
        all[at].push(file);
    }
    Projects { all, beyond }
}

/// The number of the repository around each file, and how many numbers there are.
fn by_repository(files: &Files) -> (HashMap<FileId, usize>, usize) {
    let mut numbers: HashMap<Option<&Path>, usize> = HashMap::default();
    let number = |file| {
        let next = numbers.len();
        (file, *numbers.entry(files.repository(file).map(|it| &**it)).or_insert(next))
    };
    let of = files.ids().map(number).collect();
    (of, numbers.len())
}

/// Joins the projects in which a kustomization names files and folders.
fn join_built(files: &Files, facts: &[Arc<Facts>], of: &HashMap<FileId, usize>, joined: &mut Joined) {
    if facts.iter().all(|it| it.kustomizations.is_empty()) {
        return;
    }
    let places = places(files);
    let projects = files.ids().map(|it| of.get(&it).copied());
    let all: BTreeMap<&str, usize> =
        places.iter().zip(projects).filter_map(|(place, it)| Some((place.as_str(), it?))).collect();
    for (place, facts) in places.iter().zip(facts) {
        let here = facts.kustomizations.iter().filter(|it| it.root == BuildRoot::Here);
        for path in here.flat_map(|it| it.resources.iter().chain(&it.components)) {
            let Some(target) = join(folder(place), path) else { continue };
            let inside = format!("{target}/");
            let of_folder = all.range(inside.as_str()..).next().filter(|(it, _)| it.starts_with(&inside));
            let named = all.get(target.as_str()).or(of_folder.map(|it| it.1));
            joined.join_all(all.get(place.as_str()).into_iter().chain(named).copied());
        }
    }
}

/// Joins the projects that have files of one cluster or environment. `files`: each with the number of its project. Gives the first
/// file that could not be compared with the paths.
fn join_declared(
    files: impl Iterator<Item = (FileId, usize)>,
    declared: &Declared,
    joined: &mut Joined,
) -> Option<FileId> {
    let mut located = Vec::new();
    for (file, project) in files {
        match declared.located(file) {
            Some(it) => located.push((it, project)),
            None => return Some(file),
        }
    }
    let mut clusters = vec![None; declared.clusters.len()];
    let mut environments = vec![None; declared.environments.len()];
    // A cluster without paths has all files that no other one has.
    let mut left = None;
    let has_all_others = declared.clusters.iter().any(|it| !it.has_paths());
    for (Located { clusters: of_clusters, environments: of_environments }, project) in located {
        let mut join =
            |first: &mut Option<usize>| joined.join_all([*first.get_or_insert(project), project].into_iter());
        of_clusters.iter().for_each(|it| join(&mut clusters[*it]));
        of_environments.iter().for_each(|it| join(&mut environments[*it]));
        if has_all_others && of_clusters.is_empty() {
            join(&mut left);
        }
    }
    None
}

/// Numbers some of which stand for the same.
struct Joined {
    above: Vec<usize>,
}

impl Joined {
    fn new(count: usize) -> Self {
        Self { above: (0..count).collect() }
    }

    fn root(&mut self, number: usize) -> usize {
        let mut root = number;
        while self.above[root] != root {
            self.above[root] = self.above[self.above[root]];
            root = self.above[root];
        }
        root
    }

    fn join_all(&mut self, mut numbers: impl Iterator<Item = usize>) {
        let Some(first) = numbers.next() else { return };
        for number in numbers {
            let (a, b) = (self.root(first), self.root(number));
            self.above[a.max(b)] = a.min(b);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn each_repository_is_one() {
        let table: [(&[(&str, &str)], &str); 4] = [
            (&[("a", "/a"), ("b", "/b")], "a|b"),
            (&[("a", "/a"), ("in", "/a/in"), ("ab", "/ab"), ("too", "/a/in"), ("b", "/b")], "a|in too|ab|b"),
            (&[("none", ""), ("a", "/a"), ("other", "")], "none other|a"),
            (&[("none", ""), ("other", "")], "none other"),
        ];
        for (sources, wanted) in table {
            let source = |(at, (name, repository)): (u32, &(&str, &str))| {
                let repository = (!repository.is_empty()).then(|| Path::new(repository).into());
                (FileId::new(at), Arc::new(Source { repository, ..Source::new(*name, "") }))
            };
            let files = Files::new((0..).zip(sources).map(source));
            let path = |it: &FileId| files.get(*it).map_or("", |it| &it.path);
            let facts = vec![Arc::default(); files.len()];
            let shown: Vec<String> = projects(&files, None, &facts)
                .all
                .iter()
                .map(|it| it.iter().map(path).collect::<Vec<_>>().join(" "))
                .collect();
            assert_eq!(shown.join("|"), wanted);
        }
    }
}
