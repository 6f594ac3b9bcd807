//! Which files are linked together.
//!
//! Several Git repositories below the folder that is linted are several projects. Each is linked and checked as if it were
//! alone: what one says answers no question about another, and no limit is reached by several together.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::collections::HashMap;
use crate::config::{Declared, Place};
use crate::facts::{Facts, Unit};
use crate::source::{FileId, Files, Source};

/// Beyond this many comparisons of files with the paths of clusters and environments all files are one project.
const MOST_COMPARISONS: usize = 5_000_000;

/// The files of each project, in the order of the files.
///
/// A project is a repository with those in it, such as submodules. Files that are in no repository are one of their own, and
/// part of the repository where there is only one. What the configuration says to belong to one cluster or environment
/// is one project, and so is what is written as one unit. `units`: facts of units of several files.
pub(super) fn projects(files: &Files, declared: Option<&Declared>, units: &[Arc<Facts>]) -> Vec<Vec<FileId>> {
    let (mut of, count) = by_repository(files);
    if count > 1 {
        let mut joined = Joined::new(count);
        for unit in units.iter().flat_map(|it| &it.units) {
            joined.join_all(Unit::parts(unit).filter_map(|it| of.get(&it.file).copied()));
        }
        if let Some(declared) = declared {
            join_declared(files, declared, &of, &mut joined);
        }
        of.values_mut().for_each(|it| *it = joined.root(*it));
    }
    let mut projects: Vec<Vec<FileId>> = Vec::new();
    let mut places: HashMap<usize, usize> = HashMap::default();
    for file in files.ids() {
        let Some(project) = of.get(&file) else { continue };
        let at = *places.entry(*project).or_insert(projects.len());
        if at == projects.len() {
            projects.push(Vec::new());
        }
        projects[at].push(file);
    }
    projects
}

/// The number of the outermost repository around each file, and how many numbers there are.
fn by_repository(files: &Files) -> (HashMap<FileId, usize>, usize) {
    // Paths are in an order in which those below a path come next to it.
    let paths: BTreeSet<&Path> = files.ids().filter_map(|it| files.repository(it)).map(|it| &**it).collect();
    let mut numbers: HashMap<&Path, usize> = HashMap::default();
    let mut outermost: Option<&Path> = None;
    let mut count = 0;
    for path in paths {
        if outermost.is_none_or(|it| !path.starts_with(it)) {
            outermost = Some(path);
            count += 1;
        }
        numbers.insert(path, count - 1);
    }
    let of_none = if count == 1 { 0 } else { count };
    let number = |file| files.repository(file).and_then(|it| numbers.get(&**it)).copied().unwrap_or(of_none);
    (files.ids().map(|it| (it, number(it))).collect(), count.max(of_none + 1))
}

/// Joins what the configuration says to belong to one cluster or environment.
fn join_declared(files: &Files, declared: &Declared, of: &HashMap<FileId, usize>, joined: &mut Joined) {
    let places = declared.clusters.len() + declared.environments.len();
    if places.saturating_mul(files.len()) > MOST_COMPARISONS {
        return joined.join_all(of.values().copied());
    }
    let holds = |place: &Place, source: &Source, answer| place.holds(&source.place) == answer;
    for place in declared.clusters.iter().chain(&declared.environments) {
        let held = files.iter().filter(|(_, source)| holds(place, source, Some(true)));
        joined.join_all(held.filter_map(|(file, _)| of.get(&file).copied()));
    }
    // A cluster without paths has all files that no other one has.
    if declared.clusters.iter().any(|it| !it.has_paths()) {
        let is_of_another = |source: &Source| declared.clusters.iter().any(|it| holds(it, source, Some(true)));
        let left = files.iter().filter(|(_, source)| !is_of_another(source));
        joined.join_all(left.filter_map(|(file, _)| of.get(&file).copied()));
    }
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
    fn repositories_and_what_is_in_them() {
        let table: [(&[(&str, &str)], &str); 5] = [
            (&[("a", "/a"), ("b", "/b")], "a|b"),
            (&[("a", "/a"), ("in", "/a/in"), ("ab", "/ab"), ("deep", "/a/in/x"), ("b", "/b")], "a in deep|ab|b"),
            (&[("none", ""), ("a", "/a"), ("other", "")], "none a other"),
            (&[("a", "/a"), ("none", ""), ("b", "/b"), ("other", "")], "a|none other|b"),
            (&[("none", ""), ("other", "")], "none other"),
        ];
        for (sources, wanted) in table {
            let source = |(at, (name, repository)): (u32, &(&str, &str))| {
                let repository = (!repository.is_empty()).then(|| Path::new(repository).into());
                (FileId(at), Arc::new(Source { repository, ..Source::new(*name, "") }))
            };
            let files = Files::new((0..).zip(sources).map(source));
            let path = |it: &FileId| files.get(*it).map_or("", |it| &it.path);
            let shown: Vec<String> = projects(&files, None, &[])
                .iter()
                .map(|it| it.iter().map(path).collect::<Vec<_>>().join(" "))
                .collect();
            assert_eq!(shown.join("|"), wanted);
        }
    }
}
