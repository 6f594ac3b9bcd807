//! Files and folders, and what stands in them byte for byte.

use std::collections::HashSet;

use crate::facts::{Property, UnitKind, Unread};
use crate::source::{FileId, Source, Span};

use super::Workspace;

impl Workspace {
    pub fn source(&self, file: FileId) -> &Source {
        self.files.get(file).expect("places are in files of the run")
    }

    pub fn path(&self, file: FileId) -> &str {
        &self.source(file).path
    }

    /// The folder of a place, for what belongs together only if it stands together.
    pub fn folder(&self, span: Span) -> &str {
        super::places::folder(self.path(span.file))
    }

    /// The folders in which a file could not be read: what seems to be missing there may stand in it.
    pub fn unread_folders(&self) -> HashSet<&str> {
        let broken = self.facts.broken_documents.iter().map(|it| it.span);
        let limits = self.facts.limits.iter().filter(|it| it.unread == Unread::Part).map(|it| it.span);
        broken.chain(limits).map(|it| self.folder(it)).collect()
    }

    /// What the unit that a place is in is written as, if it is one.
    pub fn unit_kind(&self, place: Span) -> Option<UnitKind> {
        let units = self.index.units.get(&place.file)?;
        let after = units.partition_point(|at| self.facts.units[*at].whole.start <= place.start);
        let unit = &self.facts.units[units[..after].last().copied()?];
        unit.whole.contains(place).then_some(unit.kind)
    }

    /// How the format of a place spells a property.
    pub fn spelled(&self, property: Property, place: Span) -> &'static str {
        property.spelled(self.unit_kind(place).unwrap_or(UnitKind::CloudFormation))
    }

    /// The bytes that a span stands for.
    pub fn written(&self, span: Span) -> &str {
        self.source(span.file).text.get(span.range()).unwrap_or_default()
    }

    /// A property as its author calls it.
    pub fn written_key(&self, key: Span) -> &str {
        self.written(key).trim_matches(['"', '\''])
    }
}
