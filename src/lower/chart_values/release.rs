//! What an object says of the release of a chart that it is for: Flux's `HelmRelease`, Argo CD's `Application`.

use crate::facts::{BrokenDocument, Facts, Released};
use crate::source::Text;
use crate::syntax::{Node, Parsed};

use super::account::said;
use crate::lower::templating::Tags;

/// The release of a chart, as far as it is known.
#[derive(Default)]
pub struct Release {
    /// True if something says that this is one. Values alone may be for any.
    is_known: bool,
    /// True for one of Argo CD.
    is_of_argo: bool,
    /// Where the chart is installed.
    namespace: Option<Text>,
}

impl Release {
    /// What an object says of its release.
    pub fn of(root: Node<'_>, tags: Tags) -> Self {
        let is_of = |group: &str| root.get("apiVersion").and_then(Node::str).is_some_and(|it| it.starts_with(group));
        let namespace = match root.get("kind").and_then(Node::str) {
            // Without a target the release is installed beside its object, which a kustomization may have moved.
            Some("HelmRelease") if is_of("helm.toolkit.fluxcd.io/") => {
                root.get("spec").and_then(|it| it.get("targetNamespace"))
            }
            Some("Application") if is_of("argoproj.io/") => destination(root),
            Some("ApplicationSet") if is_of("argoproj.io/") => {
                root.get("spec").and_then(|it| it.get("template")).and_then(destination)
            }
            _ => return Self::default(),
        };
        let is_of_argo = is_of("argoproj.io/");
        Self { is_known: true, is_of_argo, namespace: namespace.and_then(|it| said(it, tags)) }
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

    /// Adds where values that stand in a text are no YAML: whoever installs the chart refuses them.
    pub fn broken_values(&self, text: &Text, parsed: &Parsed, facts: &mut Facts) {
        // What another tool fills in may make YAML of it.
        let is_filled_in = text.bytes().contains("{{") || text.has_holes();
        let Some(error) = parsed.errors.iter().find(|it| !it.is_limit).filter(|_| self.is_known && !is_filled_in)
        else {
            return;
        };
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
