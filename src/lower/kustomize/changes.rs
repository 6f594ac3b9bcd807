//! What the fields of a kustomization, and its patches, may change.

use std::sync::Arc;

use crate::facts::{Change, ChangeTarget, Changed};
use crate::lower::value::{Dialect, Shape, Value};
use crate::source::Text;
use crate::syntax::{self, Hint, Kind, Node};

/// How many entries of `reject` each object is compared with.
pub(super) const MOST_REJECTS: usize = 200;

/// True for a file with a JSON patch.
pub fn is_json_patch(root: Node<'_>) -> bool {
    let is_operation = |it: Node<'_>| ["op", "path"].iter().all(|key| it.get(key).and_then(Node::str).is_some());
    root.kind() == Kind::Sequence && root.items().next().is_some() && root.items().all(is_operation)
}

/// What all three have under the same keys.
pub(super) fn common(value: &Value<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for key in ["namePrefix", "nameSuffix"] {
        changes.extend(of_field(value.get(key), |_| Changed::Affix));
    }
    changes.extend(value.get("patches").items().items.into_iter().flat_map(|it| patch(&it.value)));
    changes.extend(value.get("replacements").items().items.into_iter().flat_map(|it| replacement(&it.value)));
    changes
}

/// The change that a setting makes for all objects, unless it is empty.
pub(super) fn of_field(value: Value<'_>, what: impl Fn(Option<String>) -> Changed) -> Option<Change> {
    let text = value.text();
    if text.is_absent() || text.is("") == Some(true) {
        return None;
    }
    Some(Change { target: None, what: what(value.string()) })
}

pub(super) fn namespace(name: Option<String>) -> Changed {
    Changed::Namespace(name.map(Arc::from))
}

pub(super) fn every_key(annotations: &Value<'_>) -> Vec<Change> {
    let keys = annotations.entries().into_iter();
    keys.map(|(key, _)| Change {
        target: None,
        what: key.as_str().map_or(Changed::Annotations, |it| Changed::Annotation(it.into())),
    })
    .collect()
}

pub(super) fn paths(value: &Value<'_>, key: &str) -> Vec<String> {
    let texts = value.get(key).one_or_many_texts();
    texts.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

/// The patches that stand in the file itself.
pub(super) fn patch_texts(value: &Value<'_>) -> Vec<Text> {
    let patches = value.get("patches").items().items.into_iter().map(|it| it.value.get("patch"));
    let merged = value.get("patchesStrategicMerge").items().items.into_iter().map(|it| it.value);
    // Without a line break it is the name of a file, which is read by itself.
    let texts = patches.chain(merged).filter_map(|it| it.text().only().cloned());
    texts.filter(|it| it.bytes().contains('\n')).collect()
}

/// An entry of `patches` or `patchesJson6902`.
pub(super) fn patch(value: &Value<'_>) -> Vec<Change> {
    let target = value.get("target");
    let target = (!target.is_absent()).then(|| Arc::new(selection(&target)));
    // Kustomize 2 took names of files here.
    let parts = [value.clone(), value.get("path"), value.get("patch")];
    let mut changes: Vec<_> = parts.iter().flat_map(|it| file_or_text(it, &target)).collect();
    // Flux has the operations as a list.
    for (shape, _) in &value.get("patch").cases {
        if let Shape::Collection(node) = shape {
            let found = if is_json_patch(*node) { aimed(operations(*node), &target) } else { merge(*node, &target) };
            changes.extend(found);
        }
    }
    if value.get("options").get("allowNameChange").flag().known().any(|it| it.value) {
        changes.push(Change { target, what: Changed::Name });
    }
    changes
}

pub(super) fn aimed(changes: Vec<Changed>, target: &Option<Arc<ChangeTarget>>) -> Vec<Change> {
    changes.into_iter().map(|what| Change { target: target.clone(), what }).collect()
}

/// What a patch changes that is written here, or in the file that is named here.
pub(super) fn file_or_text(value: &Value<'_>, target: &Option<Arc<ChangeTarget>>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (shape, _) in &value.cases {
        let Shape::Text(text, _) = shape else { continue };
        let is_inline = text.bytes().contains('\n') || text.bytes().trim_start().starts_with(['{', '[']);
        match text.as_str() {
            Some(path) if !is_inline => {
                changes.push(Change { target: target.clone(), what: Changed::File(path.to_owned()) })
            }
            None if !is_inline => changes.push(Change { target: target.clone(), what: Changed::Everything }),
            _ => {
                let parsed = syntax::parse(text, Hint::Yaml);
                for root in parsed.documents.iter().map(|it| it.root()) {
                    changes.extend(match is_json_patch(root) {
                        true => aimed(operations(root), target),
                        false => merge(root, target),
                    });
                }
                if !parsed.errors.is_empty() {
                    changes.push(Change { target: target.clone(), what: Changed::Everything });
                }
            }
        }
    }
    changes
}

/// What a strategic merge patch changes: its name and namespace say which object it is for.
pub(super) fn merge(root: Node<'_>, target: &Option<Arc<ChangeTarget>>) -> Vec<Change> {
    let root = Value::new(root, Dialect::Plain);
    let metadata = root.get("metadata");
    let own = ChangeTarget::exact(root.get("kind").string(), metadata.get("name").string());
    let target = target.clone().unwrap_or_else(|| Arc::new(own));
    let mut changes = Vec::new();
    if !root.get("$patch").is_absent() || !metadata.get("$patch").is_absent() {
        changes.push(Changed::Everything);
    }
    let annotations = metadata.get("annotations");
    for (key, _) in annotations.entries() {
        changes.push(key.as_str().map_or(Changed::Annotations, |it| Changed::Annotation(it.into())));
    }
    if annotations.cases.iter().any(|(shape, _)| matches!(shape, Shape::Null(_) | Shape::Unknown(_))) {
        changes.push(Changed::Annotations);
    }
    if !root.get("data").is_absent() {
        changes.push(Changed::Data);
    }
    if !root.get("spec").is_absent() && has_settings(root.get("kind").string().as_deref()) {
        changes.push(Changed::Spec);
    }
    aimed(changes, &Some(target))
}

/// Whether objects of a kind may have settings under `spec` that rules read: node classes, and resources of controllers that call
/// AWS. Of others nobody asks what becomes of their `spec`.
fn has_settings(kind: Option<&str>) -> bool {
    const OTHERS: [&str; 8] =
        ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Service", "Ingress", "HorizontalPodAutoscaler"];
    kind.is_none_or(|it| !OTHERS.contains(&it))
}

/// What the operations of a JSON patch change.
pub(super) fn operations(root: Node<'_>) -> Vec<Changed> {
    let operations = root.items().filter(|it| it.get("op").and_then(Node::str) != Some("test"));
    let pointers = operations.flat_map(|it| {
        let from = it.get("from").filter(|_| it.get("op").and_then(Node::str) == Some("move"));
        [it.get("path"), from]
    });
    pointers
        .flatten()
        .filter_map(|it| {
            let pointer = it.str()?.trim_start_matches('/');
            let steps: Vec<_> = pointer.split('/').map(|it| it.replace("~1", "/").replace("~0", "~")).collect();
            changed(&steps.iter().map(String::as_str).filter(|it| !it.is_empty()).collect::<Vec<_>>())
        })
        .collect()
}

/// What a path into an object is about.
pub(super) fn changed(steps: &[&str]) -> Option<Changed> {
    match steps {
        [] | ["metadata"] => Some(Changed::Everything),
        ["metadata", "name"] => Some(Changed::Name),
        ["metadata", "namespace"] => Some(Changed::Namespace(None)),
        ["metadata", "annotations"] | ["metadata", "annotations", "*"] => Some(Changed::Annotations),
        ["metadata", "annotations", key, ..] => Some(Changed::Annotation((*key).into())),
        ["data", ..] => Some(Changed::Data),
        ["spec", "template" | "replicas" | "selector" | "jobTemplate" | "ports" | "rules", ..] => None,
        ["spec", ..] => Some(Changed::Spec),
        _ => None,
    }
}

/// What an entry of `replacements` changes.
pub(super) fn replacement(value: &Value<'_>) -> Vec<Change> {
    if !value.get("path").is_absent() {
        return vec![Change { target: None, what: Changed::Everything }];
    }
    let mut changes = Vec::new();
    for target in value.get("targets").items().items {
        let rejected = target.value.get("reject").items().items;
        // More objects may be changed than really are: that is the safe side.
        let rejected = if rejected.len() > MOST_REJECTS { Vec::new() } else { rejected };
        let rejected = rejected.iter().filter_map(|it| rejection(&it.value)).collect();
        let selected = ChangeTarget { except: rejected, ..selection(&target.value.get("select")) };
        let selected = Some(Arc::new(selected));
        // Without a path it is the name (`api/filters/replacement/replacement.go`).
        let fields = target.value.get("fieldPaths").texts();
        if fields.is_empty() {
            changes.push(Change { target: selected, what: Changed::Name });
            continue;
        }
        for field in fields.iter() {
            let what = match field.as_str() {
                Some(path) => {
                    let steps = steps(path);
                    changed(&steps.iter().map(String::as_str).collect::<Vec<_>>())
                }
                None => Some(Changed::Everything),
            };
            changes.extend(what.map(|what| Change { target: selected.clone(), what }));
        }
    }
    changes
}

/// The steps of a path of a replacement: `metadata.annotations.[eks.amazonaws.com/role-arn]`, `a.b\.c`.
pub fn steps(path: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    let (mut is_escaped, mut in_brackets) = (false, false);
    for c in path.chars() {
        match c {
            _ if is_escaped => {
                is_escaped = false;
                steps.last_mut().expect("never empty").push(c);
            }
            '\\' => is_escaped = true,
            '[' => in_brackets = true,
            ']' => in_brackets = false,
            '.' if !in_brackets => steps.push(String::new()),
            c => steps.last_mut().expect("never empty").push(c),
        }
    }
    steps.retain(|it| !it.is_empty());
    steps
}

/// What `target` or `select` chooses. Labels and namespaces are not compared. What is empty chooses everything.
pub(super) fn selection(value: &Value<'_>) -> ChangeTarget {
    let pattern = |key| value.get(key).string().filter(|it| !it.is_empty());
    ChangeTarget { kind: pattern("kind"), name: pattern("name"), is_pattern: true, except: Vec::new() }
}

/// What an entry of `reject` leaves out, if its kind and name say all of it.
pub(super) fn rejection(value: &Value<'_>) -> Option<ChangeTarget> {
    let entries = value.entries();
    let is_plain = !entries.is_empty() && entries.iter().all(|(key, _)| matches!(key.as_str(), Some("kind" | "name")));
    let text = |key| {
        let field = value.get(key);
        if field.is_absent() { Some(None) } else { field.string().filter(|it| !it.is_empty()).map(Some) }
    };
    Some(ChangeTarget::exact(text("kind")?, text("name")?)).filter(|_| is_plain)
}

/// What an entry of `configMapGenerator` changes in a ConfigMap that is there already.
pub(super) fn generated(value: &Value<'_>) -> Option<Change> {
    let behavior = value.get("behavior");
    if behavior.is_absent() || behavior.text().is("create") == Some(true) {
        return None;
    }
    // `mapRoles=roles.yaml`, or the name of a file, which is the key too.
    let key = |text: &Text| text.as_str().map(|it| it.split('=').next().unwrap_or(it).to_owned());
    let texts = ["literals", "files"].map(|list| value.get(list).one_or_many_texts());
    let is_other = |text: &Text| key(text).is_some_and(|it| !it.rsplit('/').next().unwrap_or(&it).starts_with("map"));
    let keeps_maps = behavior.text().is("merge") == Some(true)
        && ["envs", "env"].iter().all(|key| value.get(key).is_absent())
        && texts.iter().all(|it| it.complete && it.iter().all(is_other));
    let target = Some(Arc::new(ChangeTarget::exact(Some("ConfigMap".to_owned()), value.get("name").string())));
    (!keeps_maps).then_some(Change { target, what: Changed::Data })
}
