//! The facts of many files as one.

use std::fmt;
use std::ops::Index;
use std::sync::Arc;

use crate::reads::count;

use super::{Facts, Thin};

/// All facts of one kind, in the order of the files. The facts are those of the files: this only knows where they are.
pub struct Table<T> {
    /// The files that have such facts: the place of each among all files, and its facts.
    files: Vec<(u32, Arc<Vec<T>>)>,
    /// For each fact the place of its file in `files`, and its own place there.
    places: Vec<(u32, u32)>,
}

impl<T> Table<T> {
    pub(super) fn new(files: &[Arc<Facts>], of: fn(&Facts) -> &Thin<T>) -> Self {
        let with = (0..).zip(files).filter_map(|(file, facts)| Some((file, Arc::clone(of(facts).shared()?))));
        let mut files: Vec<(u32, Arc<Vec<T>>)> = with.collect();
        files.shrink_to_fit();
        let mut places = Vec::with_capacity(files.iter().map(|(_, facts)| facts.len()).sum());
        for (file, (_, facts)) in (0..).zip(&files) {
            places.extend((0..facts.len() as u32).map(|at| (file, at)));
        }
        Self { files, places }
    }

    /// The place of a fact: that of its file among all files, and its own among the facts of its kind there.
    pub fn place(&self, at: usize) -> (usize, usize) {
        count();
        let (file, at) = self.places[at];
        (self.files[file as usize].0 as usize, at as usize)
    }

    pub fn get(&self, at: usize) -> Option<&T> {
        self.places.get(at).map(|place| self.at(*place))
    }

    fn at(&self, (file, at): (u32, u32)) -> &T {
        count();
        &self.files[file as usize].1[at as usize]
    }

    pub fn first(&self) -> Option<&T> {
        self.get(0)
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    pub fn iter(&self) -> Iter<'_, T> {
        Iter { table: self, places: self.places.iter() }
    }
}

impl<T> Index<usize> for Table<T> {
    type Output = T;

    fn index(&self, at: usize) -> &T {
        self.at(self.places[at])
    }
}

/// Facts of one kind, one after another.
pub struct Iter<'t, T> {
    table: &'t Table<T>,
    places: std::slice::Iter<'t, (u32, u32)>,
}

impl<'t, T> Iterator for Iter<'t, T> {
    type Item = &'t T;

    fn next(&mut self) -> Option<&'t T> {
        let place = *self.places.next()?;
        Some(self.table.at(place))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}

impl<T> DoubleEndedIterator for Iter<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let place = *self.places.next_back()?;
        Some(self.table.at(place))
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}

impl<T> Clone for Iter<'_, T> {
    fn clone(&self) -> Self {
        Self { table: self.table, places: self.places.clone() }
    }
}

impl<'t, T> IntoIterator for &'t Table<T> {
    type Item = &'t T;
    type IntoIter = Iter<'t, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for Table<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}
