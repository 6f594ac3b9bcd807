//! What a kustomization changes in all objects: namespaces, names, labels, annotations, and what refers to those names.

use super::data::{Data, Mapping, Scalar, ScalarKind, affixed};
use super::object::{Id, Object};
use std::sync::Arc;

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

fn template(kind: &str) -> Option<&'static [&'static str]> {
    TEMPLATES.iter().find(|it| it.0 == kind).map(|it| it.1)
}

/// Gives objects a namespace. `key` and `value` as the kustomization has them.
pub fn set_namespace(object: &mut Object, key: &Text, value: &Text) {
    let id = object.id().clone();
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
    let Some(name) = object.data().at(&["metadata", "name"]).and_then(Data::text) else { return };
    let name = affixed(prefix, name, suffix);
    replace(object, &["metadata", "name"], name);
    object.remember();
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
    if let Some(mapping) = object.change().mapping_at(path) {
        mapping.set(key.clone(), Data::string(value.clone()));
    }
}

/// Changes a text that is there, and leaves its key.
fn replace(object: &mut Object, path: &[&str], text: Text) {
    let data = path.iter().try_fold(object.change(), |data, key| data.get_mut(key));
    if let Some(data) = data {
        *data = Data::string(text);
    }
}

fn is_binding(id: &Id) -> bool {
    matches!(&*id.kind, "RoleBinding" | "ClusterRoleBinding") && id.group == "rbac.authorization.k8s.io"
}

/// The subjects of a binding, with their places in its list.
fn subjects(object: &Object) -> impl Iterator<Item = (usize, &Data)> {
    let subjects = object.data().get("subjects").and_then(Data::list);
    subjects.into_iter().flat_map(|it| &it.items).enumerate()
}

fn set_in_subject(object: &mut Object, at: usize, key: Text, value: Text) {
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

/// Of more objects that had one name than this none is looked for.
const MOST_NAMESAKES: usize = 300;

/// An object that others may refer to by a name that it had.
struct Named {
    was: Id,
    now: Id,
    name: Text,
    namespace: Option<Text>,
    affixes: Vec<(Arc<str>, Arc<str>)>,
}

/// The objects that others may refer to by their names.
pub struct Names {
    /// In the order of kinds and names that they had.
    found: Vec<Named>,
}

impl Names {
    /// Of service accounts and of roles of RBAC.
    pub fn new(objects: &[Object]) -> Self {
        let is_known = |it: &Id| {
            it.kind == "ServiceAccount" && it.group.is_empty()
                || matches!(&*it.kind, "Role" | "ClusterRole") && it.group == "rbac.authorization.k8s.io"
        };
        let mut found = Vec::new();
        // What kept its name and namespace needs no one to follow.
        for object in objects.iter().filter(|it| is_known(it.id()) && it.ids().len() > 1) {
            let Some(name) = object.data().at(&["metadata", "name"]).and_then(Data::text) else { continue };
            let namespace = object.data().at(&["metadata", "namespace"]).and_then(Data::text);
            let mut known: Vec<&Id> = Vec::new();
            for was in object.ids() {
                if known.iter().any(|it| (&it.name, &it.namespace) == (&was.name, &was.namespace)) {
                    continue;
                }
                known.push(was);
                found.push(Named {
                    was: was.clone(),
                    now: object.id().clone(),
                    name: name.clone(),
                    namespace: namespace.cloned(),
                    affixes: object.affixes().to_vec(),
                });
            }
        }
        found.sort_by(|a, b| (&a.was.kind, &a.was.name).cmp(&(&b.was.kind, &b.was.name)));
        Self { found }
    }

    /// The only object of a kind that had a name and is so. Of several it is the one of the referrer's own kustomizations.
    fn only(&self, kind: &str, name: &str, by: &Object, is_so: impl Fn(&Id, &Id) -> bool) -> Option<&Named> {
        let start = self.found.partition_point(|it| (&*it.was.kind, &*it.was.name) < (kind, name));
        let end = self.found.partition_point(|it| (&*it.was.kind, &*it.was.name) <= (kind, name));
        if end - start > MOST_NAMESAKES {
            return None;
        }
        let fitting = || self.found[start..end].iter().filter(|it| is_so(&it.was, &it.now));
        one(fitting()).or_else(|| one(fitting().filter(|it| end_alike(&it.affixes, by.affixes()))))
    }
}

/// The first, if all are of one object.
fn one<'n>(mut found: impl Iterator<Item = &'n Named>) -> Option<&'n Named> {
    let first = found.next()?;
    found.all(|it| it.now == first.now).then_some(first)
}

/// Whether the shorter list is the end of the longer one.
fn end_alike<T: PartialEq>(a: &[T], b: &[T]) -> bool {
    a.ends_with(b) || b.ends_with(a)
}

/// Makes what refers to service accounts and roles follow their names and namespaces.
pub fn follow_names(object: &mut Object, names: &Names) {
    let id = object.id().clone();
    let here = |_: &Id, now: &Id| now.namespace_in_effect() == id.namespace_in_effect();
    let pod: Option<Vec<&str>> = match template(&id.kind) {
        Some(path) => Some(path.iter().copied().chain(["spec"]).collect()),
        None => (id.kind == "Pod").then(|| vec!["spec"]),
    };
    for field in ["serviceAccountName", "serviceAccount"] {
        let Some(path) = pod.as_ref().map(|it| it.iter().copied().chain([field]).collect::<Vec<_>>()) else { break };
        let Some(text) = object.data().at(&path).and_then(Data::text) else { continue };
        if let Some(account) = names.only("ServiceAccount", text.bytes(), object, here)
            && account.name.bytes() != text.bytes()
        {
            let text = renamed(text, &account.name);
            replace(object, &path, text);
        }
    }
    if !is_binding(&id) {
        return;
    }
    let kind = object.data().at(&["roleRef", "kind"]).and_then(Data::text).map(|it| it.bytes().to_owned());
    let role = object.data().at(&["roleRef", "name"]).and_then(Data::text).cloned();
    if let (Some(kind), Some(text)) = (kind, role) {
        let is_of = |_: &Id, now: &Id| now.is_cluster_wide() || now.namespace_in_effect() == id.namespace_in_effect();
        let found = names.only(&kind, text.bytes(), object, is_of).filter(|it| it.name.bytes() != text.bytes());
        if let Some(role) = found {
            replace(object, &["roleRef", "name"], renamed(&text, &role.name));
        }
    }
    let mut changes: Vec<(usize, Text, Text)> = Vec::new();
    for (at, subject) in subjects(object) {
        if subject.get("kind").and_then(Data::str) != Some("ServiceAccount") {
            continue;
        }
        let Some((key, text)) = subject.mapping().and_then(|it| it.text("name")) else { continue };
        let written = subject.get("namespace").and_then(Data::text).map(Text::bytes);
        let is_it = |was: &Id, now: &Id| {
            written.is_none_or(|it| was.namespace_in_effect() == it || now.namespace_in_effect() == it)
        };
        let Some(account) = names.only("ServiceAccount", text.bytes(), object, is_it) else { continue };
        let Named { name, namespace, .. } = account;
        if name.bytes() != text.bytes() {
            changes.push((at, key.clone(), renamed(text, name)));
        }
        if let Some(namespace) = namespace.as_ref().filter(|it| written != Some(it.bytes())) {
            changes.push((at, Text::written("namespace", namespace.span()), namespace.clone()));
        }
    }
    for (at, key, value) in changes {
        set_in_subject(object, at, key, value);
    }
}

/// The name that a reference has after its object was renamed: it stands where the reference is written.
fn renamed(reference: &Text, name: &Text) -> Text {
    match name.as_str() {
        Some(name) => match name.split_once(reference.bytes()) {
            Some((prefix, suffix)) => affixed(prefix, reference, suffix),
            None => Text::written(name, reference.span()),
        },
        None => name.clone(),
    }
}
