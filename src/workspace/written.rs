//! Files and folders, what is deployed as one, and what stands in a file byte for byte.

use crate::collections::HashSet;
use crate::facts::{Deployment, Property, UnitKind, Unread};
use crate::source::places::folder;
use crate::source::{FileId, Span};

use super::Workspace;

impl Workspace {
    /// The folder of a place, for what belongs together only if it stands together.
    pub fn folder(&self, span: Span) -> &str {
        folder(self.path(span.file))
    }

    /// The folders in which a file could not be read: what seems to be missing there may stand in it.
    pub fn unread_folders(&self) -> HashSet<&str> {
        let broken = self.facts.broken_documents.iter().map(|it| it.span);
        let limits = self.facts.limits.iter().filter(|it| it.unread == Unread::Part).map(|it| it.span);
        broken.chain(limits).map(|it| self.folder(it)).collect()
    }

    /// What a file is part of: each unit of several files that it is written in, or else itself.
    pub fn deployments(&self, file: FileId) -> impl Iterator<Item = Deployment> {
        self.deployments.of(file)
    }

    /// The only thing that a file is part of. `None` if there are several.
    pub fn deployment(&self, file: FileId) -> Option<Deployment> {
        let mut all = self.deployments(file);
        all.next().filter(|_| all.next().is_none())
    }

    /// Whether what two files say is deployed together: they are one file, or parts of one unit.
    pub fn are_together(&self, a: FileId, b: FileId) -> bool {
        a == b || self.deployments(a).any(|it| self.deployments(b).any(|other| it == other))
    }

    /// What the unit that a place is in is written as, if it is one.
    pub fn unit_kind(&self, place: Span) -> Option<UnitKind> {
        let units = &self.index.units;
        let after =
            units.partition_point(|(part, _)| (part.file.number(), part.start) <= (place.file.number(), place.start));
        let (part, at) = units[..after].last()?;
        part.contains(place).then_some(self.facts.units[*at as usize].kind)
    }

    /// True for a place in a document that holds what AWS or an API server describes: what there is, not what somebody declares.
    pub fn is_described(&self, place: Span) -> bool {
        self.unit_kind(place).is_some_and(UnitKind::is_described)
    }

    /// How the format of a place spells a property.
    pub fn spelled(&self, property: Property, place: Span) -> &'static str {
        property.spelled(self.unit_kind(place).unwrap_or(UnitKind::CloudFormation))
    }

    /// A property as its author calls it.
    pub fn written_key(&self, key: Span) -> &str {
        self.written(key).trim_matches(['"', '\''])
    }
}
