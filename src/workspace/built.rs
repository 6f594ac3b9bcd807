//! Which folders kustomize builds something of.

use std::iter::successors;

use crate::collections::HashSet;
use crate::source::Span;

use super::Workspace;
use crate::source::places::parent;

/// The folders with a `kustomization.yaml`.
pub struct Built<'w> {
    workspace: &'w Workspace,
    folders: HashSet<&'w str>,
}

impl Workspace {
    /// What kustomize may build of the files.
    pub fn built(&self) -> Built<'_> {
        let folders = self.facts.kustomizations.iter().map(|it| self.folder(it.span)).collect();
        Built { workspace: self, folders }
    }
}

impl Built<'_> {
    /// True if a kustomization stands beside a place or in a folder above it: patches often have a folder of their own.
    pub fn holds(&self, place: Span) -> bool {
        let mut above = successors(Some(self.workspace.folder(place)), |it| parent(it));
        above.any(|it| self.folders.contains(it))
    }
}
