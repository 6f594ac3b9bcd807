//! The transformers of a kustomization: those that are built into kustomize are read, others may change anything.
//!
//! Their fields are those of the plugins in kustomize's `plugin/builtin`.

use std::sync::Arc;

use crate::facts::{Change, ChangeTarget, Changed, Facts, Transformer};
use crate::syntax::{self, Hint};

use super::changes::{aimed, changed, every_key, file_or_text, namespace, of_field, patch, replacement, selection};
use crate::lower::value::{Dialect, Shape, Value};

/// The `apiVersion` of a configuration for what is built into kustomize.
pub const BUILTIN: &str = "builtin";

/// Reads the configuration of a built-in transformer from a file of its own.
pub fn lower(value: &Value<'_>, facts: &mut Facts) {
    facts.transformers.push(Transformer { span: value.span(), changes: configured(value) });
}

/// What the entries of `transformers` change: texts with configurations, files and folders.
pub(super) fn listed(value: &Value<'_>) -> Vec<Change> {
    let everything = || Change { target: None, what: Changed::Everything };
    let items = value.items();
    let mut changes = Vec::new();
    if !items.complete {
        changes.push(everything());
    }
    for (shape, _) in items.items.iter().flat_map(|it| &it.value.cases) {
        let Shape::Text(text, _) = shape else {
            changes.push(everything());
            continue;
        };
        match text.as_str() {
            Some(path) if !path.contains('\n') => {
                changes.push(Change { target: None, what: Changed::Transformers(path.to_owned()) });
            }
            _ => {
                let parsed = syntax::parse(text, Hint::Yaml);
                let roots = parsed.documents.iter().map(|it| it.root()).filter(|it| !it.is_null());
                changes.extend(roots.flat_map(|it| configured(&Value::new(it, Dialect::Plain))));
                changes.extend((!parsed.errors.is_empty()).then(everything));
            }
        }
    }
    changes
}

/// What the transformer with a configuration changes.
fn configured(value: &Value<'_>) -> Vec<Change> {
    let everything = || vec![Change { target: None, what: Changed::Everything }];
    if value.get("apiVersion").text().is(BUILTIN) != Some(true) {
        return everything();
    }
    let kind = value.get("kind").string();
    match kind.as_deref().unwrap_or_default() {
        "PrefixTransformer" | "SuffixTransformer" | "PrefixSuffixTransformer" => affixes(value),
        "NamespaceTransformer" => of_field(value.get("metadata").get("namespace"), namespace).into_iter().collect(),
        "AnnotationsTransformer" => every_key(&value.get("annotations")),
        "PatchTransformer" => patch(value),
        "PatchStrategicMergeTransformer" => {
            let files = value.get("paths").items().items.into_iter().map(|it| it.value);
            let texts = files.chain([value.get("patches")]);
            texts.flat_map(|it| file_or_text(&it, &None)).collect()
        }
        "PatchJson6902Transformer" => {
            let target = Some(Arc::new(selection(&value.get("target"))));
            let parts = [value.get("path"), value.get("jsonOp")];
            parts.iter().flat_map(|it| file_or_text(it, &target)).collect()
        }
        "ReplacementTransformer" => {
            value.get("replacements").items().items.into_iter().flat_map(|it| replacement(&it.value)).collect()
        }
        "LabelTransformer"
        | "ImageTagTransformer"
        | "ReplicaCountTransformer"
        | "HashTransformer"
        | "SortOrderTransformer"
        | "LegacyOrderTransformer" => Vec::new(),
        _ => everything(),
    }
}

/// What is put before and after names, or what else `fieldSpecs` name.
fn affixes(value: &Value<'_>) -> Vec<Change> {
    let fields = value.get("fieldSpecs").items();
    let mut changes = Vec::new();
    for field in &fields.items {
        let kind = field.value.get("kind");
        let target = (!kind.is_absent()).then(|| Arc::new(ChangeTarget::exact(kind.string(), None)));
        let Some(path) = field.value.get("path").string() else {
            changes.push(Change { target, what: Changed::Everything });
            continue;
        };
        let steps: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
        let what = if steps == ["metadata", "name"] { Some(Changed::Affix) } else { changed(&steps) };
        changes.extend(aimed(what.into_iter().collect(), &target));
    }
    if fields.items.is_empty() || !fields.complete {
        changes.push(Change { target: None, what: Changed::Affix });
    }
    changes
}
