//! Files that a scaffolder copies: what stands in them becomes objects of other repositories, and none of this one.

use crate::facts::Facts;
use crate::source::{FileId, Source};

use super::places::{folder, is_below, join, places};

/// A folder that a template copies.
struct Copied {
    folder: String,
    /// The file of the template.
    by: FileId,
    /// True if the template stands in the folder: `url: ./`. Then the folder may hold the template's own repository, and only
    /// files with values to fill in are known to be copied for others.
    is_around: bool,
}

/// Forgets what stands in the templates of cookiecutter, copier and Backstage. Directives and broken files stay.
pub(super) fn forget(lowered: &mut [Facts], sources: &[Source]) {
    let places = places(sources);
    let mut folders = Vec::new();
    for skeleton in lowered.iter().flat_map(|it| &it.skeletons) {
        let place = &places[skeleton.span.file.0 as usize];
        let Some(folder) = join(folder(place), &skeleton.folder) else { continue };
        let is_around = is_below(place, &folder);
        folders.push(Copied { folder, by: skeleton.span.file, is_around });
    }
    for ((facts, place), at) in lowered.iter_mut().zip(&places).zip(0..) {
        let text = &sources[at as usize].text;
        let is_copied = |it: &Copied| {
            is_below(place, &it.folder) && it.by.0 != at && (!it.is_around || has_values_to_fill_in(text))
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

/// True for a file with `${{ values.name }}`, or with the variables of cookiecutter, which Backstage can read too.
fn has_values_to_fill_in(text: &str) -> bool {
    text.contains("${{") || text.contains("{{cookiecutter.") || text.contains("{{ cookiecutter.")
}

/// True for a path with a name that is filled in: `{{cookiecutter.name}}/service.yaml`, `[[name]]/service.yaml`.
fn is_named_by_a_template(place: &str) -> bool {
    const TAGS: [(&str, &str); 4] = [("{{", "}}"), ("{%", "%}"), ("[[", "]]"), ("<%", "%>")];
    TAGS.iter().any(|(open, close)| place.find(open).is_some_and(|at| place[at..].contains(close)))
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::workspace::Workspace;

    /// How many service accounts are objects of the repository.
    fn accounts(url: &str, files: &[(&str, &str)]) -> usize {
        let template = format!(
            "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {{name: app}}\nspec:\n  steps:\n  - \
             action: fetch:template\n    input: {{url: {url}}}\n"
        );
        let files = files.iter().map(|(path, text)| Source::new(*path, *text));
        let sources = files.chain([Source::new("templates/app/template.yaml", template)]).collect();
        Workspace::new(sources).facts.service_accounts.len()
    }

    #[test]
    fn what_a_template_copies() {
        const PLAIN: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app}\n";
        const FILLED: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: '${{ values.name }}'}\n";
        const COOKIES: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: '{{ cookiecutter.name }}'}\n";
        let cases = [
            ("./skeleton", "templates/app/skeleton/sa.yaml", FILLED, 0, "a folder for it"),
            ("./skeleton", "templates/app/skeleton/sa.yaml", PLAIN, 0, "all that is in it"),
            ("./skeleton", "templates/app/sa.yaml", PLAIN, 1, "beside it"),
            ("./", "templates/app/k8s/sa.yaml", FILLED, 0, "filled in"),
            ("./", "templates/app/k8s/sa.yaml", COOKIES, 0, "filled in by cookiecutter"),
            ("./", "templates/app/k8s/sa.yaml", PLAIN, 1, "an object of the repository, as far as it shows"),
            ("../..", "k8s/sa.yaml", PLAIN, 1, "the whole repository"),
            ("../../skeletons", "skeletons/sa.yaml", PLAIN, 0, "a folder elsewhere"),
        ];
        for (url, path, text, wanted, why) in cases {
            assert_eq!(accounts(url, &[(path, text)]), wanted, "{url} {path}: {why}");
        }
    }
}
