//! The metadata of objects, and what was meant to be metadata.

use crate::facts::{Annotation, AnnotationValue, ApiVersion, Built, Field, NoAnnotations, ObjectMeta, StrayKey};
use crate::lower::value::{Dialect, Shape, Value};
use crate::names::nearest;
use crate::source::Text;
use crate::syntax::{Kind, Resolved, Schema};

/// A key at the top of an object that was meant to be `apiVersion`.
pub(super) fn misspelt_version(object: &Value<'_>) -> Option<Text> {
    object.keys(|key| nearest(key, ["apiVersion"]).is_some()).last()
}

/// Reads the metadata of an object, or of a pod template in it. Its version is not read.
pub(super) fn meta(kind: &Text, object: &Value<'_>, is_template: bool) -> ObjectMeta {
    let metadata = object.get("metadata");
    let mut stray = Vec::new();
    let is_of_aws = |key: &str| key.contains("amazonaws.com/") || key.contains("amazon.com/");
    for (under, holder) in [("metadata", &metadata), ("spec", &object.get("spec")), ("the top level", object)] {
        let keys = holder.keys(is_of_aws).filter(|key| is_of_aws(key.bytes()));
        stray.extend(keys.map(|key| StrayKey { key, under, misspelt: None }));
    }
    let keys = object.get("annotations");
    stray.extend(keys.keys(|_| true).map(|key| StrayKey { key, under: "annotations", misspelt: None }));
    if metadata.keys(is_like_annotations).next().is_some() {
        for (holder, values) in metadata.entries().into_iter().filter(|(key, _)| is_like_annotations(key.bytes())) {
            let keys = values.keys(|_| true);
            stray.extend(keys.map(|key| StrayKey { key, under: "metadata", misspelt: Some(holder.clone()) }));
        }
    }
    let is_named = metadata.get("generateName").is_absent() || !metadata.get("name").is_absent();
    ObjectMeta {
        kind: kind.clone(),
        version: ApiVersion::unknown(),
        is_template,
        whole: object.span(),
        // The API server makes up a name where it is given the beginning of one.
        name: if is_named { metadata.get("name").text() } else { Field::unknown() },
        namespace: metadata.get("namespace").text(),
        annotations: annotations(&metadata.get("annotations")),
        no_annotations: no_annotations(&metadata.get("annotations")).map(Box::new),
        labels: annotations(&metadata.get("labels")),
        stray: stray.into(),
        built: Built::default(),
    }
}

/// Whether a key was meant to be `annotations`.
fn is_like_annotations(key: &str) -> bool {
    nearest(key, ["annotations"]).is_some()
}

/// Reads the keys and values of `annotations`, `labels` or a selector.
pub(super) fn annotations(value: &Value<'_>) -> Box<[Annotation]> {
    let entries = value.entries().into_iter().map(|(key, value)| {
        let span = key.whole().to(value.span());
        Annotation { key, value: annotation_value(&value), span, is_written: true }
    });
    entries.collect()
}

fn no_annotations(value: &Value<'_>) -> Option<NoAnnotations> {
    let is_of_eks = |text: &Text| text.bytes().contains("eks.amazonaws.com/");
    match value.cases.as_slice() {
        [(Shape::Text(text, _), _)] if is_of_eks(text) => Some(NoAnnotations::Text(text.clone())),
        [(Shape::Collection(node), _)] if node.kind() == Kind::Sequence => {
            let items = value.items().items;
            let is_of_eks = |it: &Value<'_>| it.entries().iter().any(|(key, _)| is_of_eks(key));
            items.iter().any(|it| is_of_eks(&it.value)).then(|| NoAnnotations::List(node.span()))
        }
        _ => None,
    }
}

fn annotation_value(value: &Value<'_>) -> AnnotationValue {
    let [(shape, _)] = value.cases.as_slice() else { return AnnotationValue::Unknown };
    match shape {
        Shape::Text(text, node) => {
            // A template's values reach Kubernetes through JSON, where their type is the custom resource's business.
            let resolved = match value.dialect {
                Dialect::Template(_) => None,
                _ => node.and_then(|node| node.resolve(Schema::Yaml11)),
            };
            let found = match resolved {
                Some(Resolved::Bool(_)) => "boolean",
                Some(Resolved::Number) => "number",
                _ => return AnnotationValue::String(text.clone()),
            };
            AnnotationValue::NotAString { text: text.clone(), found }
        }
        Shape::Collection(node) => AnnotationValue::Collection(node.span()),
        Shape::Items(_) | Shape::Unknown(_) => AnnotationValue::Unknown,
        Shape::Null(span) => AnnotationValue::Null(*span),
        Shape::Absent => AnnotationValue::Null(value.span()),
    }
}
