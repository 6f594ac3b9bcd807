//! Which files are deployed as one.
//!
//! What is written in one file is deployed together: a template is, and manifests that stand in one file are applied at once. So
//! is what the files of a unit of several files say. A file may be part of several units, such as a module that two others call.

use std::collections::HashMap;

use crate::source::FileId;

use super::tables::Table;
use super::unit::Unit;

/// For each file of a unit of several files, the first file of each such unit that it is part of. All other files are deployed by
/// themselves.
#[derive(Default)]
pub struct Deployments(HashMap<FileId, Vec<FileId>>);

impl Deployments {
    pub fn new(units: &Table<Unit>) -> Self {
        let mut of: HashMap<FileId, Vec<FileId>> = HashMap::new();
        for unit in units.iter().filter(|it| !it.others.is_empty()) {
            for part in unit.parts() {
                let known = of.entry(part.file).or_default();
                if !known.contains(&unit.id.file) {
                    known.push(unit.id.file);
                }
            }
        }
        Self(of)
    }

    /// What a file is part of, each named by a file: itself, or the first file of each unit of several files.
    pub fn of(&self, file: FileId) -> impl Iterator<Item = FileId> {
        let units = self.0.get(&file);
        units.into_iter().flatten().copied().chain(units.is_none().then_some(file))
    }
}
