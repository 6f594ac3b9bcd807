//! Which files are deployed as one.
//!
//! What is written in one file is deployed together: a template is, and manifests that stand in one file are applied at once. So
//! is what the files of a unit of several files say. A file may be part of several units, such as a module that two others call.

use crate::collections::HashMap;
use crate::source::{FileId, UnitId};

use super::tables::Table;
use super::unit::Unit;

/// What is deployed as one, where that is asked of files: a unit of several files, or a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Deployment {
    File(FileId),
    Unit(UnitId),
}

impl Deployment {
    /// A file of it, which says where it comes among the others.
    pub fn file(self) -> FileId {
        match self {
            Self::File(file) | Self::Unit(UnitId { file, .. }) => file,
        }
    }
}

/// What is deployed together.
#[derive(Default)]
pub struct Deployments {
    /// For each file of a unit of several files, all such units that it is part of. All other files are deployed by themselves.
    of_files: HashMap<FileId, Vec<UnitId>>,
    /// The unit of several files that facts are of, by their place among the facts of all files and units. Nothing for facts of
    /// several such units.
    of_facts: HashMap<usize, Option<UnitId>>,
}

impl Deployments {
    pub fn new(units: &Table<Unit>) -> Self {
        let mut all = Self::default();
        for (at, unit) in units.iter().enumerate().filter(|(_, it)| !it.others.is_empty()) {
            let (facts, _) = units.place(at);
            all.of_facts.entry(facts).and_modify(|it| *it = None).or_insert(Some(unit.id));
            for part in unit.parts() {
                let known = all.of_files.entry(part.file).or_default();
                // The parts of a unit come one after another.
                if known.last() != Some(&unit.id) {
                    known.push(unit.id);
                }
            }
        }
        all
    }

    /// What a file is part of.
    pub fn of(&self, file: FileId) -> impl Iterator<Item = Deployment> {
        let units = self.of_files.get(&file);
        let alone = units.is_none().then_some(Deployment::File(file));
        units.into_iter().flatten().copied().map(Deployment::Unit).chain(alone)
    }

    /// What a fact of a table is part of: its own unit of several files, or else all that the file in which it stands is part of.
    pub fn of_fact<T>(&self, table: &Table<T>, at: usize, file: FileId) -> impl Iterator<Item = Deployment> {
        let own = self.of_facts.get(&table.place(at).0).copied().flatten();
        let of_file = own.is_none().then(|| self.of(file));
        own.map(Deployment::Unit).into_iter().chain(of_file.into_iter().flatten())
    }
}
