//! Files that a scaffolder copies: what stands in them becomes objects of other repositories, and none of this one.

use std::iter::successors;
use std::sync::Arc;

use crate::collections::{HashMap, HashSet};
use crate::facts::{Facts, Unit};
use crate::source::{FileId, Files};

use crate::source::places::{folder, is_below, join, parent, places};

/// The templates that copy a folder.
struct Templates {
    first: FileId,
    /// True if there is another one.
    are_several: bool,
}

impl Templates {
    /// A template does not copy itself for others.
    fn copy(&self, file: FileId) -> bool {
        self.are_several || self.first != file
    }
}

/// The folders that templates copy.
#[derive(Default)]
struct Folders(HashMap<String, Templates>);

impl Folders {
    fn insert(&mut self, folder: String, by: FileId) {
        let found = self.0.entry(folder).or_insert(Templates { first: by, are_several: false });
        found.are_several |= found.first != by;
    }

    /// Whether a template copies a file.
    fn hold(&self, place: &str, file: FileId) -> bool {
        let mut above = successors(parent(place), |it| parent(it));
        !self.0.is_empty() && above.any(|it| self.0.get(it).is_some_and(|it| it.copy(file)))
    }
}

/// Forgets what stands in the templates of cookiecutter, copier and Backstage. Directives and broken files stay.
pub(super) fn forget(facts: &mut [Arc<Facts>], files: &Files) {
    let places = places(files);
    let mut folders = Folders::default();
    // Those that their template stands in: `url: ./`. Such a folder may hold the template's own repository, and only files
    // with values to fill in are known to be copied for others.
    let mut around = Folders::default();
    for skeleton in facts.iter().flat_map(|it| &it.skeletons) {
        let by = skeleton.span.file;
        let Some(place) = places.get(files.rank(by) as usize) else { continue };
        let Some(folder) = join(folder(place), &skeleton.folder) else { continue };
        let found = if is_below(place, &folder) { &mut around } else { &mut folders };
        found.insert(folder, by);
    }
    let (of_files, of_units) = facts.split_at_mut(places.len());
    let mut copied = HashSet::default();
    for ((facts, place), (file, source)) in of_files.iter_mut().zip(&places).zip(files.iter()) {
        let is_copied = || folders.hold(place, file) || around.hold(place, file) && has_values_to_fill_in(&source.text);
        if is_named_by_a_template(place) || is_copied() {
            copied.insert(file);
            *facts = Arc::new(facts.of_file_alone());
        }
    }
    // Units of several files come behind the files.
    let is_copied = |it: &Arc<Facts>| it.units.iter().flat_map(Unit::parts).any(|part| copied.contains(&part.file));
    for facts in of_units.iter_mut().filter(|it| is_copied(it)) {
        *facts = Arc::new(facts.of_file_alone());
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
    use crate::analysis::Analysis;
    use crate::source::Source;

    /// How many service accounts are objects of the repository.
    fn accounts(url: &str, files: &[(&str, &str)]) -> usize {
        let template = format!(
            "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {{name: app}}\nspec:\n  steps:\n  - \
             action: fetch:template\n    input: {{url: {url}}}\n"
        );
        let files = files.iter().map(|(path, text)| Source::new(*path, *text));
        let sources = files.chain([Source::new("templates/app/template.yaml", template)]).collect();
        Analysis::of(sources).snapshot(&()).facts.service_accounts.len()
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

    /// Neither the steps of a template nor the files below it are compared with all of the other.
    #[test]
    fn steps_and_files() {
        const STEPS: usize = 20_000;
        let steps = "  - {action: 'fetch:template', input: {url: ./}}\n".repeat(STEPS);
        let template = format!(
            "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name}\nspec:\n  steps:\n{steps}",
            name = "{name: app}"
        );
        let account =
            format!("apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: app}}\n{}", "# x\n".repeat(25_000));
        let files = (0..20).map(|at| Source::new(format!("app/sa{at}.yaml"), account.as_str()));
        let sources = files.chain([Source::new("app/template.yaml", template)]).collect();
        assert_eq!(Analysis::of(sources).snapshot(&()).facts.service_accounts.len(), 20);
    }

    /// A template that stands in what another one copies.
    #[test]
    fn templates_in_folders_of_others() {
        let template = |url: &str| {
            format!(
                "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {{name: app}}\nspec:\n  steps:\n  - \
                 action: fetch:template\n    input: {{url: {url}}}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: \
                 {{name: app}}\n"
            )
        };
        let run = |files: &[(&str, &str)]| {
            let sources = files.iter().map(|(path, url)| Source::new(*path, template(url))).collect();
            Analysis::of(sources).snapshot(&()).facts.service_accounts.len()
        };
        assert_eq!(run(&[("a/template.yaml", "../b")]), 1, "elsewhere");
        assert_eq!(run(&[("a/template.yaml", "../b"), ("b/template.yaml", "../b")]), 1, "one is copied");
        assert_eq!(run(&[("a/template.yaml", "../b"), ("b/template.yaml", "../a")]), 0, "both are copied");
    }
}
