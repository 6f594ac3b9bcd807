//! Which files are deployed as one.
//!
//! What is written in one file is deployed together: a template is, and manifests that stand in one file are applied at once. So
//! is what the files of a unit of several files say. A file may be part of several units, such as a module that two others call.

use std::collections::HashMap;

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

/// For each file of a unit of several files, all such units that it is part of. All other files are deployed by themselves.
#[derive(Default)]
pub struct Deployments(HashMap<FileId, Vec<UnitId>>);

impl Deployments {
    pub fn new(units: &Table<Unit>) -> Self {
        let mut of: HashMap<FileId, Vec<UnitId>> = HashMap::new();
        for unit in units.iter().filter(|it| !it.others.is_empty()) {
            for part in unit.parts() {
                let known = of.entry(part.file).or_default();
                // The parts of a unit come one after another.
                if known.last() != Some(&unit.id) {
                    known.push(unit.id);
                }
            }
        }
        Self(of)
    }

    /// What a file is part of.
    pub fn of(&self, file: FileId) -> impl Iterator<Item = Deployment> {
        let units = self.0.get(&file);
        let alone = units.is_none().then_some(Deployment::File(file));
        units.into_iter().flatten().copied().map(Deployment::Unit).chain(alone)
    }
}
