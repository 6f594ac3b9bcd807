//! What a kustomization changes in all objects: namespaces, names, labels and annotations.

use std::sync::Arc;

use super::data::{Data, Mapping, Scalar, ScalarKind, affixed};
use super::object::{Id, Object};
use crate::source::Text;

/// Where the metadata of pods stands, in the kinds that have some (`commonAnnotations` in kustomize's built-in configuration).
const TEMPLATES: [(&str, &[&str]); 8] = [
    ("ReplicationController", &["spec", "template"]),
    ("Deployment", &["spec", "template"]),
    ("ReplicaSet", &["spec", "template"]),
    ("DaemonSet", &["spec", "template"]),
    ("StatefulSet", &["spec", "template"]),
    ("Job", &["spec", "template"]),
    ("CronJob", &["spec", "jobTemplate", "spec", "template"]),
    ("PodTemplate", &["template"]),
];

pub(super) fn template(kind: &str) -> Option<&'static [&'static str]> {
    TEMPLATES.iter().find(|it| it.0 == kind).map(|it| it.1)
}

/// Gives objects a namespace. `key` and `value` as the kustomization has them.
pub fn set_namespace(object: &mut Object, key: &Text, value: &Text) {
    let id = object.id().clone();
    object.is_followed = true;
    if id.kind == "Namespace" && id.group.is_empty() {
        set(object, &["metadata"], &Text::written("name", key.span()), value);
    } else if !id.is_cluster_wide() {
        set(object, &["metadata"], key, value);
    }
    if is_binding(&id) {
        // Of the others only those follow whose accounts are built too.
        let is_default = |it: &Data| it.get("name").and_then(Data::str) == Some("default");
        for at in subjects(object).filter(|(_, it)| is_default(it)).map(|it| it.0).collect::<Vec<_>>() {
            set_in_subject(object, at, key.clone(), value.clone());
        }
    }
    object.remember();
}

/// Puts something before and after the names.
pub fn set_affixes(object: &mut Object, prefix: &Arc<str>, suffix: &Arc<str>) {
    object.remember_affixes(prefix, suffix);
    const KEEP_THEIRS: [&str; 3] = ["Namespace", "CustomResourceDefinition", "APIService"];
    if KEEP_THEIRS.contains(&&*object.id().kind) {
        return;
    }
    // One after the other, so that what refers to the name between the two follows it too.
    for (prefix, suffix) in [(&**prefix, ""), ("", &**suffix)] {
        let Some(name) = object.data().at(&["metadata", "name"]).and_then(Data::text) else { return };
        if !(prefix.is_empty() && suffix.is_empty()) {
            let name = affixed(prefix, name, suffix);
            replace(object, &["metadata", "name"], name);
            object.remember();
        }
    }
}

/// Gives annotations or labels to an object, and to its pods.
pub fn set_metadata(object: &mut Object, holder: &str, key: &Text, value: &Data, in_templates: bool) {
    let Some(value) = value.text() else { return };
    let kind = object.id().kind.clone();
    set(object, &["metadata", holder], key, value);
    if let Some(template) = template(&kind).filter(|_| in_templates)
        && object.data().at(template).is_some()
    {
        let path: Vec<&str> = template.iter().copied().chain(["metadata", holder]).collect();
        set(object, &path, key, value);
    }
}

fn set(object: &mut Object, path: &[&str], key: &Text, value: &Text) {
    // What has it already is as its file has it.
    let known = object.data().at(path).and_then(|it| it.get(key.bytes())).and_then(Data::text);
    if known.is_some_and(|it| it.bytes() == value.bytes() && it.as_str().is_some()) {
        return;
    }
    let is_metadata = matches!(path.last(), Some(&"labels" | &"annotations"));
    let data = if is_metadata && !is_read(key) { object.change_aside() } else { object.change() };
    if let Some(mapping) = data.mapping_at(path) {
        mapping.set(key.clone(), Data::string(value.clone()));
    }
}

/// Whether facts are read of labels and annotations with a key.
fn is_read(key: &Text) -> bool {
    key.as_str()
        .is_none_or(|it| ["amazonaws.com", "amazon.com", "avp.", "kubernetes.io/"].iter().any(|word| it.contains(word)))
}

/// Changes a text that is there, and leaves its key.
pub(super) fn replace(object: &mut Object, path: &[&str], text: Text) {
    let data = path.iter().try_fold(object.change(), |data, key| data.get_mut(key));
    if let Some(data) = data {
        *data = Data::string(text);
    }
}

pub(super) fn is_binding(id: &Id) -> bool {
    matches!(&*id.kind, "RoleBinding" | "ClusterRoleBinding") && id.group == "rbac.authorization.k8s.io"
}

/// The subjects of a binding, with their places in its list.
pub(super) fn subjects(object: &Object) -> impl Iterator<Item = (usize, &Data)> {
    let subjects = object.data().get("subjects").and_then(Data::list);
    subjects.into_iter().flat_map(|it| &it.items).enumerate()
}

pub(super) fn set_in_subject(object: &mut Object, at: usize, key: Text, value: Text) {
    let Some(Data::List(subjects)) = object.change().get_mut("subjects") else { return };
    if let Some(subject) = subjects.items.get_mut(at).and_then(Data::mapping_mut) {
        subject.set(key, Data::string(value));
    }
}

/// Kustomize writes annotations as strings, whatever they were.
pub fn quote_annotations(data: &mut Data) {
    let annotations = data.get_mut("metadata").and_then(|it| it.get_mut("annotations"));
    for value in annotations.and_then(Data::mapping_mut).into_iter().flat_map(Mapping::values_mut) {
        if let Data::Scalar(Scalar { kind: kind @ ScalarKind::Bare, .. }) = value {
            *kind = ScalarKind::String;
        }
    }
}
