//! What an object says of the release of a chart that it is for: Flux's `HelmRelease`, Argo CD's `Application`.

use crate::facts::{BrokenDocument, Facts, Released};
use crate::lower::templating::{self, Tags};
use crate::source::Text;
use crate::syntax::{self, Hint, Node};

use super::account::said;

/// What values have that puts an account elsewhere than its release, or makes it one of another release.
const MOVES: [&str; 4] = ["namespace", "namespaceOverride", "targetNamespace", "destination"];

/// The release of a chart, as far as it is known.
#[derive(Default)]
pub struct Release {
    /// True for one of Argo CD.
    is_of_argo: bool,
    /// Where the chart is installed, if its values may not say otherwise.
    namespace: Option<Text>,
}

impl Release {
    /// What an object says of its release.
    pub fn of(root: Node<'_>, tags: Tags) -> Self {
        let is_of = |group: &str| root.get("apiVersion").and_then(Node::str).is_some_and(|it| it.starts_with(group));
        let spec = || root.get("spec");
        let (settings, namespace) = match root.get("kind").and_then(Node::str) {
            // Without a target the release is installed beside its object, which a kustomization may have moved.
            Some("HelmRelease") if is_of("helm.toolkit.fluxcd.io/") => {
                (spec().and_then(|it| it.get("values")), spec().and_then(|it| it.get("targetNamespace")))
            }
            Some("Application") if is_of("argoproj.io/") => (sources(root), destination(root)),
            Some("ApplicationSet") if is_of("argoproj.io/") => {
                let template = spec().and_then(|it| it.get("template"));
                (template.and_then(sources), template.and_then(destination))
            }
            _ => return Self::default(),
        };
        let has_moved = |it: Node<'_>| MOVES.iter().any(|key| it.get(key).is_some()) || is_parameter_that_decides(it);
        let is_sure = settings.is_none_or(|it| !it.below().any(has_moved));
        let namespace = namespace.filter(|_| is_sure).and_then(|it| said(it, tags));
        Self { is_of_argo: is_of("argoproj.io/"), namespace }
    }

    /// Whether Argo CD installs the chart.
    pub fn is_of_argo(&self) -> bool {
        self.is_of_argo
    }

    /// The name and the namespace of the account that the chart makes of a part of its values.
    pub fn account(&self, values: Node<'_>, tags: Tags) -> Option<Released> {
        let namespace = self.namespace.clone().filter(|it| it.as_str().is_some())?;
        // One that the chart does not make has no annotations of the chart.
        let is_made = values.get("create").and_then(Node::str).is_none_or(|it| it.eq_ignore_ascii_case("true"));
        let name = values.get("name").filter(|_| is_made).and_then(|it| said(it, tags))?;
        name.as_str().is_some().then_some(Released { name, namespace })
    }
}

/// Adds where values of an Application that stand in a text are no YAML: Argo CD does not install the chart then.
pub fn lower_broken_values(root: Node<'_>, facts: &mut Facts) {
    let helms = root.below().filter_map(|it| it.get("helm"));
    for text in helms.filter_map(|it| it.get("values")?.text()).filter(|it| it.bytes().contains('\n')) {
        let parsed = syntax::parse(&text, Hint::Yaml);
        let Some(error) = parsed.errors.iter().find(|it| !it.is_limit) else { continue };
        // What another tool fills in may make YAML of it.
        let at = text.locate(error.span).map_or(0, |it| it.start);
        if templating::has_template_tag(text.bytes()) || templating::is_filled_in_at(text.bytes(), at) {
            continue;
        }
        facts.broken_documents.push(BrokenDocument {
            span: error.span,
            message: error.message.clone(),
            is_template: false,
            is_about_identity: text.bytes().contains("eks.amazonaws.com"),
        });
    }
}

/// Where an Application of Argo CD is installed.
fn destination(application: Node<'_>) -> Option<Node<'_>> {
    application.get("spec")?.get("destination")?.get("namespace")
}

/// What an Application installs.
fn sources(application: Node<'_>) -> Option<Node<'_>> {
    let spec = application.get("spec")?;
    spec.get("source").or_else(|| spec.get("sources"))
}

/// A parameter that wins over values which say what an account is called, where it is, and whether the chart makes it.
fn is_parameter_that_decides(node: Node<'_>) -> bool {
    let name = node.get("value").and(node.get("name")).and_then(Node::str).unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or_default();
    ["name", "create"].contains(&last) && name.contains('.') || MOVES.contains(&last)
}

#[cfg(test)]
mod tests {
    use crate::source::{FileId, Source};

    #[test]
    fn what_a_release_says_of_its_account() {
        const VALUES: &str = "serviceAccount: {name: app, annotations: {eks.amazonaws.com/role-arn: app}}";
        let flux = |spec: &str| {
            format!(
                "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{namespace: flux}}\nspec: {spec}\n"
            )
        };
        let argo = |kind: &str, spec: &str| format!("apiVersion: argoproj.io/v1alpha1\nkind: {kind}\nspec: {spec}\n");
        let application = |helm: &str| {
            argo("Application", &format!("{{destination: {{namespace: shop}}, source: {{helm: {{{helm}}}}}}}"))
        };
        let cases = [
            (flux(&format!("{{targetNamespace: shop, values: {{{VALUES}}}}}")), true, "a release of Flux"),
            (flux(&format!("{{values: {{{VALUES}}}}}")), false, "it may be moved"),
            (flux(&format!("{{targetNamespace: \"${{NS}}\", values: {{{VALUES}}}}}")), false, "a namespace to fill in"),
            (
                flux(&format!(
                    "{{targetNamespace: shop, values: {{{}}}}}",
                    VALUES.replace("name:", "create: false, name:")
                )),
                false,
                "an account that the chart does not make",
            ),
            (
                flux(&format!("{{targetNamespace: shop, values: {{namespaceOverride: a, {VALUES}}}}}")),
                false,
                "values that move it",
            ),
            (application(&format!("valuesObject: {{{VALUES}}}")), true, "an Application"),
            (
                application(&format!(
                    "valuesObject: {{{VALUES}}}, parameters: [{{name: serviceAccount.name, value: b}}]"
                )),
                false,
                "a parameter that wins",
            ),
            (
                argo(
                    "ApplicationSet",
                    &format!(
                        "{{template: {{spec: {{destination: {{namespace: shop}}, source: {{helm: {{valuesObject: {{{VALUES}}}}}}}}}}}}}"
                    ),
                ),
                true,
                "a set of them",
            ),
        ];
        for (text, wanted, why) in cases {
            let facts = crate::lower::lower(&Source::new("a.yaml", text.as_str()), FileId::new(0), &());
            let released = facts.service_accounts.iter().find_map(|it| it.released.as_deref());
            let said = released.map(|it| (it.namespace.as_str(), it.name.as_str()));
            assert_eq!(said, wanted.then_some((Some("shop"), Some("app"))), "{why}: {text}");
        }
    }
}
