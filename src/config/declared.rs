//! What the configuration says that no file holds: clusters, environments, and what is deployed where.

use std::path::Path;
use std::sync::Arc;

use crate::source::{FileId, Source, Text};

use super::paths::Globs;

/// What the configuration says that no file holds.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The texts in which it is written, for findings to point at, with their ids.
    pub sources: Vec<(FileId, Arc<Source>)>,
    pub clusters: Vec<Place>,
    pub environments: Vec<Place>,
    /// The namespace of objects for which nothing else says one.
    pub default_namespace: Option<Text>,
}

/// A cluster or an environment: where things are, and which files are there.
#[derive(Clone, Debug)]
pub struct Place {
    pub name: Text,
    pub account: Option<Text>,
    pub region: Option<Text>,
    pub partition: Option<Text>,
    pub default_namespace: Option<Text>,
    /// The authentication mode of a cluster.
    pub mode: Option<Text>,
    /// The version of Kubernetes of a cluster.
    pub version: Option<Text>,
    /// The files that belong to it; without it, all that belong to no other cluster.
    pub(super) paths: Option<Globs>,
}

impl Place {
    pub fn has_paths(&self) -> bool {
        self.paths.is_some()
    }

    /// Whether a file belongs to it. `None`: nothing is said of paths.
    pub fn holds(&self, file: &Path) -> Option<bool> {
        self.paths.as_ref().map(|it| it.hold(file))
    }
}
