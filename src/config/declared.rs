//! What the configuration says that no file holds: clusters, environments, and what is deployed where.

use std::sync::Arc;

use crate::collections::HashMap;
use crate::source::{FileId, Files, Source, Text};

use super::paths::{Globs, Lists};

/// What is said where [`Declared::located`] knows nothing of a file.
pub const TOO_MUCH_TO_LOCATE: &str =
    "the paths of clusters and environments take too much work to compare with all files";

/// What the configuration says that no file holds.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The texts in which it is written, for findings to point at, with their ids.
    pub sources: Vec<(FileId, Arc<Source>)>,
    pub clusters: Vec<Place>,
    pub environments: Vec<Place>,
    /// The namespace of objects for which nothing else says one.
    pub default_namespace: Option<Text>,
    /// What the paths say of each file of the run, until they took too much work.
    pub(super) located: HashMap<FileId, Located>,
}

/// The clusters and environments whose paths hold a file, as places in [`Declared`].
#[derive(Clone, Default, Debug)]
pub struct Located {
    pub clusters: Arc<[usize]>,
    pub environments: Arc<[usize]>,
}

impl Declared {
    /// Compares the paths with the files of the run, in the order of the files.
    pub fn locate(&mut self, files: &Files) {
        let (mut clusters, mut environments) = (lists(&self.clusters), lists(&self.environments));
        let mut located = HashMap::default();
        for (file, source) in files.iter() {
            let found = (clusters.of(&source.place), environments.of(&source.place));
            let (Some(clusters), Some(environments)) = found else { break };
            located.insert(file, Located { clusters, environments });
        }
        self.located = located;
    }

    /// What the paths say of a file. Nothing if the files before it took too much work.
    pub fn located(&self, file: FileId) -> Option<&Located> {
        self.located.get(&file)
    }
}

fn lists(places: &[Place]) -> Lists<'_> {
    Lists::new(places.iter().enumerate().filter_map(|(at, it)| Some((at, it.paths.as_ref()?))))
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
}
