//! Which files may speak of the same things because of the repositories that they are in.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use super::{FileId, Files};

/// The repositories of a run. Files of two of them are apart, unless one repository contains the other. Files that are in no
/// known repository are near all others.
#[derive(Debug)]
pub struct Repositories {
    /// The number of the repository that a file is in. Files that are not here are in none, and that is number 0. Empty if
    /// all are near each other.
    of: HashMap<FileId, usize>,
    /// For each number, those of all repositories that are near it, itself among them.
    near: Vec<Vec<usize>>,
}

impl Repositories {
    pub fn new(files: &Files) -> Self {
        // Paths are in an order in which those below a path come next to it.
        let paths: BTreeSet<&Arc<Path>> = files.ids().filter_map(|it| files.repository(it)).collect();
        if paths.len() < 2 {
            return Self { of: HashMap::new(), near: vec![vec![0]] };
        }
        let mut near: Vec<Vec<usize>> = vec![(0..=paths.len()).collect()];
        let mut around: Vec<(usize, &Path)> = Vec::new();
        for (number, path) in (1..).zip(&paths) {
            while around.pop_if(|(_, it)| !path.starts_with(it)).is_some() {}
            around.iter().for_each(|(outer, _)| near[*outer].push(number));
            near.push([0].into_iter().chain(around.iter().map(|it| it.0)).chain([number]).collect());
            around.push((number, path));
        }
        let numbers: HashMap<&Path, usize> = paths.iter().map(|it| &***it).zip(1..).collect();
        let number = |file| Some((file, *numbers.get(&**files.repository(file)?)?));
        Self { of: files.ids().filter_map(number).collect(), near }
    }

    fn number(&self, file: FileId) -> usize {
        self.of.get(&file).copied().unwrap_or_default()
    }
}

/// Something of each repository, and of the files that are in none.
#[derive(Debug)]
pub struct ByRepository<T> {
    repositories: Arc<Repositories>,
    all: Vec<T>,
}

impl<T: Default> ByRepository<T> {
    pub fn new(repositories: &Arc<Repositories>) -> Self {
        let all = repositories.near.iter().map(|_| T::default()).collect();
        Self { repositories: Arc::clone(repositories), all }
    }
}

impl<T> ByRepository<T> {
    /// That of the repository of a file.
    pub fn own(&mut self, file: FileId) -> &mut T {
        let number = self.repositories.number(file);
        &mut self.all[number]
    }

    /// Those of all repositories that are not apart from that of a file.
    pub fn near(&self, file: FileId) -> impl Iterator<Item = &T> {
        self.repositories.near[self.repositories.number(file)].iter().map(|it| &self.all[*it])
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.all.iter()
    }

    pub fn map<U>(&self, f: impl FnMut(&T) -> U) -> ByRepository<U> {
        ByRepository { repositories: Arc::clone(&self.repositories), all: self.all.iter().map(f).collect() }
    }
}

impl ByRepository<bool> {
    /// Whether it holds of a repository that is not apart from that of a file.
    pub fn holds(&self, file: FileId) -> bool {
        self.near(file).any(|it| *it)
    }
}

/// The only one of several. Nothing if there is none, or more than one.
pub fn only<T>(found: impl IntoIterator<Item = T>) -> Option<T> {
    let mut found = found.into_iter();
    found.next().filter(|_| found.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn what_is_near() {
        let places =
            [("a", Some("/a")), ("in", Some("/a/in")), ("ab", Some("/ab")), ("deep", Some("/a/in/x")), ("none", None)];
        let source = |(at, (name, repository)): (u32, &(&str, Option<&str>))| {
            let repository = repository.map(|it| Path::new(it).into());
            (FileId(at), Arc::new(Source { repository, ..Source::new(*name, "") }))
        };
        let files = Files::new((0..).zip(&places).map(source));
        let mut names: ByRepository<Vec<&str>> = ByRepository::new(&Arc::new(Repositories::new(&files)));
        for (file, source) in files.iter() {
            names.own(file).push(&source.path);
        }
        for file in files.ids() {
            let mut seen: Vec<FileId> = Vec::new();
            for name in names.near(file).flatten() {
                seen.extend(files.iter().find(|(_, it)| it.path == *name).map(|(it, _)| it));
            }
            seen.sort_by_key(|it| it.0);
            let wanted: Vec<FileId> = files.ids().filter(|it| !files.are_of_two_repositories(file, *it)).collect();
            assert_eq!(seen, wanted, "{file:?}");
        }
    }
}
