//! Files that a scaffolder copies: what stands in them becomes objects of other repositories, and none of this one.

use crate::facts::Facts;
use crate::source::{FileId, Source};

use super::kustomize::{join, places};

/// Forgets what stands in the templates of cookiecutter, copier and Backstage. Directives and broken files stay.
pub(super) fn forget(lowered: &mut [Facts], sources: &[Source]) {
    let places = places(sources);
    let mut folders = Vec::new();
    for skeleton in lowered.iter().flat_map(|it| &it.skeletons) {
        let place = &places[skeleton.span.file.0 as usize];
        let folder = place.rsplit_once('/').map_or("", |(folder, _)| folder);
        folders.extend(join(folder, &skeleton.folder).map(|it| (it, skeleton.span.file)));
    }
    for ((facts, place), at) in lowered.iter_mut().zip(&places).zip(0..) {
        let is_copied = |(folder, by): &(String, FileId)| {
            let is_below =
                folder.is_empty() || place.strip_prefix(folder.as_str()).is_some_and(|it| it.starts_with('/'));
            is_below && by.0 != at
        };
        if is_named_by_a_template(place) || folders.iter().any(is_copied) {
            *facts = Facts {
                broken_documents: std::mem::take(&mut facts.broken_documents),
                limits: std::mem::take(&mut facts.limits),
                embedded: std::mem::take(&mut facts.embedded),
                directives: std::mem::take(&mut facts.directives),
                failed: std::mem::take(&mut facts.failed),
                ..Facts::default()
            };
        }
    }
}

/// True for a path with a name that is filled in: `{{cookiecutter.name}}/service.yaml`, `[[name]]/service.yaml`.
fn is_named_by_a_template(place: &str) -> bool {
    const TAGS: [(&str, &str); 4] = [("{{", "}}"), ("{%", "%}"), ("[[", "]]"), ("<%", "%>")];
    TAGS.iter().any(|(open, close)| place.find(open).is_some_and(|at| place[at..].contains(close)))
}
