//! What an object says of the release of a chart that it is for: Flux's `HelmRelease`, Argo CD's `Application`.

use std::cmp::Reverse;

use crate::facts::{BrokenDocument, Facts, Released};
use crate::lower::templating::{self, Tags};
use crate::source::{Span, Text};
use crate::syntax::{Node, Parsed};

use super::account::said;

/// What values have that puts an account elsewhere than its release, or makes it one of another release.
const MOVES: [&str; 4] = ["namespace", "namespaceOverride", "targetNamespace", "destination"];

/// Keys that switch a component of a chart off, or the making of its account.
const SWITCHES: [&str; 2] = ["create", "enabled"];

/// The release of a chart, as far as it is known.
#[derive(Clone, Default)]
pub struct Release {
    /// True for one of Argo CD.
    is_of_argo: bool,
    /// Where the chart is installed, if its values may not say otherwise.
    namespace: Option<Text>,
    /// The parts of the values that are switched off. They do not overlap, and are in order.
    off: Vec<Span>,
}

impl Release {
    /// What an object says of its release.
    pub fn of(root: Node<'_>, tags: Tags) -> Self {
        let is_of = |group: &str| root.get("apiVersion").and_then(Node::str).is_some_and(|it| it.starts_with(group));
        let spec = |key: &str| root.get("spec").and_then(|it| it.get(key));
        // What changes the objects after the chart has made them.
        let (settings, namespace, changes) = match root.get("kind").and_then(Node::str) {
            // Without a target the release is installed beside its object, which a kustomization may have moved.
            Some("HelmRelease") if is_of("helm.toolkit.fluxcd.io/") => {
                (spec("values"), spec("targetNamespace"), spec("postRenderers"))
            }
            Some("Application") if is_of("argoproj.io/") => (sources(root), destination(root), None),
            Some("ApplicationSet") if is_of("argoproj.io/") => {
                let template = spec("template");
                (template.and_then(sources), template.and_then(destination), spec("templatePatch"))
            }
            _ => return Self::default(),
        };
        let namespace = namespace.filter(|_| changes.is_none()).and_then(|it| said(it, tags));
        let release = Self { is_of_argo: is_of("argoproj.io/"), namespace, off: Vec::new() };
        match settings {
            Some(settings) => release.with(settings),
            None => release,
        }
    }

    /// The same, with what some values say of it.
    pub fn with(mut self, values: Node<'_>) -> Self {
        // Without a namespace nothing is known of its accounts.
        if self.namespace.is_none() {
            return self;
        }
        let has_moved = |it: Node<'_>| MOVES.iter().any(|key| it.get(key).is_some()) || is_parameter_that_decides(it);
        if values.below().any(has_moved) {
            self.namespace = None;
            return self;
        }
        self.off.extend(values.below().filter(|it| is_off(*it)).map(Node::span));
        self.off.sort_by_key(|it| (it.start, Reverse(it.end)));
        self.off.dedup_by(|inner, outer| outer.contains(*inner));
        self
    }

    /// Whether Argo CD installs the chart.
    pub fn is_of_argo(&self) -> bool {
        self.is_of_argo
    }

    /// The name and the namespace of the account that the chart makes of a part of its values.
    pub fn account(&self, values: Node<'_>, tags: Tags) -> Option<Released> {
        let namespace = self.namespace.clone().filter(|it| it.as_str().is_some())?;
        // One that the chart does not make has no annotations of the chart.
        let place = values.span();
        let before = self.off.partition_point(|it| it.start <= place.start);
        let is_off = self.off[..before].last().is_some_and(|it| it.contains(place));
        let name = values.get("name").filter(|_| !is_off).and_then(|it| said(it, tags))?;
        name.as_str().is_some().then_some(Released { name, namespace })
    }
}

/// Whether a mapping of values switches off what it is about.
fn is_off(values: Node<'_>) -> bool {
    let is_on = |it: Node<'_>| it.str().is_some_and(|it| it.eq_ignore_ascii_case("true"));
    SWITCHES.iter().any(|key| values.get(key).is_some_and(|it| !is_on(it)))
}

/// Adds where the values of an Application, which stand in a text, are no YAML: Argo CD does not install the chart then.
pub fn lower_broken_values(text: &Text, parsed: &Parsed, facts: &mut Facts) {
    let Some(error) = parsed.errors.iter().find(|it| !it.is_limit) else { return };
    // What another tool fills in may make YAML of it.
    let at = text.locate(error.span).map_or(0, |it| it.start);
    if templating::has_template_tag(text.bytes()) || templating::is_filled_in_at(text.bytes(), at) {
        return;
    }
    facts.broken_documents.push(BrokenDocument {
        span: error.span,
        message: error.message.clone(),
        is_template: false,
        is_about_identity: text.bytes().contains("eks.amazonaws.com"),
    });
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
                flux(
                    "{targetNamespace: shop, values: {serviceAccount: {create: false, server: {name: app, annotations: \
                      {eks.amazonaws.com/role-arn: app}}}}}",
                ),
                false,
                "the account of a component, and the chart makes none",
            ),
            (
                flux(&format!("{{targetNamespace: shop, values: {{worker: {{enabled: false, {VALUES}}}}}}}")),
                false,
                "a component that is off",
            ),
            (
                flux(&format!(
                    "{{targetNamespace: shop, values: {{web: {{enabled: false}}, worker: {{enabled: true, {VALUES}}}}}}}"
                )),
                true,
                "another component is off",
            ),
            (
                flux(&format!("{{targetNamespace: shop, postRenderers: [{{}}], values: {{{VALUES}}}}}")),
                false,
                "something changes the objects of the chart",
            ),
            (
                application(&format!("values: \"namespaceOverride: a\\n{VALUES}\\n\"")),
                false,
                "values in a text that move it",
            ),
            (application(&format!("values: \"{VALUES}\\n\"")), true, "values in a text"),
            (
                argo(
                    "ApplicationSet",
                    &format!(
                        "{{templatePatch: a, template: {{spec: {{destination: {{namespace: shop}}, source: {{helm: {{valuesObject: {{{VALUES}}}}}}}}}}}}}"
                    ),
                ),
                false,
                "a set that patches them",
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
