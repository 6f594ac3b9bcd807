//! Which of several builds a finding is about.

use crate::collections::{HashMap, HashSet};
use crate::rule::Finding;
use crate::source::{FileId, Files, Span, View};

/// The builds of the files.
pub struct Builds<'f> {
    files: &'f Files,
    /// What builds each file.
    of: HashMap<FileId, HashSet<Span>>,
    /// The names that each build gives.
    names: HashMap<Span, HashSet<&'f str>>,
}

impl<'f> Builds<'f> {
    pub fn new(files: &'f Files) -> Self {
        let mut of: HashMap<FileId, HashSet<Span>> = HashMap::default();
        let mut names: HashMap<Span, HashSet<&str>> = HashMap::default();
        for (_, it) in files.views() {
            of.entry(it.of).or_default().insert(it.by);
            names.entry(it.by).or_default().extend(it.names.iter().map(|it| &**it));
        }
        Self { files, of, names }
    }

    /// Says which kustomizations build what a finding is about, where it speaks of a name that they give, or where others that
    /// build the same are not concerned.
    pub fn name(&self, finding: &mut Finding) {
        let files = self.files;
        let seen: Vec<&View> = finding.views.iter().filter_map(|it| files.view(*it)).collect();
        let mut by: Vec<Span> = seen.iter().map(|it| it.by).collect();
        by.sort_by_key(|it| files.position(*it));
        by.dedup();
        let Some(first) = by.first() else { return };
        let is_of_all = || seen.iter().all(|it| self.of.get(&it.of).is_none_or(|of| of.len() <= by.len()));
        let found = &mut finding.diagnostic;
        let is_given = |word: &str| by.iter().any(|it| self.names.get(it).is_some_and(|it| it.contains(word)));
        let texts = [&found.message].into_iter().chain(found.labels.iter().map(|it| &it.message));
        let mut words = texts.flat_map(|it| it.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))));
        let is_about_names = words.any(is_given);
        drop(words);
        if is_of_all() && !is_about_names {
            return;
        }
        found.build = Some(first.file);
        if found.labels.iter().any(|label| by.iter().any(|it| it.file == label.span.file)) {
            return;
        }
        let message = match by.len() {
            1 => "as this kustomization builds it".to_owned(),
            2 => "as this kustomization and another one build it".to_owned(),
            more => format!("as this kustomization and {} others build it", more - 1),
        };
        found.label(files.first_line(*first), message);
    }
}
