//! What kustomize is told to build, and what it changes in it: `kustomization.yaml`, Flux, Argo CD.
//!
//! The fields are those of kustomize's `api/types/kustomization.go`, of Flux's `Kustomization` (`spec`), and of
//! `spec.source.kustomize` in an Application of Argo CD. Values are not computed: it is read what may change.

use std::sync::{Arc, LazyLock};

use aho_corasick::{AhoCorasick, packed};

use crate::facts::{BuildRoot, Change, ChangeTarget, Changed, Facts, JsonPatch, Kustomization};
use crate::source::Text;
use crate::syntax::{self, Hint, Kind, Node};

use super::chart_values;
use super::value::{Dialect, Shape, Value};

mod transformers;

pub use transformers::{BUILTIN, lower as lower_transformer};

/// The names that kustomize looks for (`api/konfig/general.go`).
const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// How many entries of `reject` each object is compared with.
const MOST_REJECTS: usize = 200;

/// What is built; kustomize knows a file without `kind` and `apiVersion` by its name.
const BUILDS: [&str; 3] = ["resources", "bases", "components"];

/// What it builds objects of besides.
const GENERATES: [&str; 6] =
    ["generators", "configMapGenerator", "secretGenerator", "helmCharts", "helmChartInflationGenerator", "helmGlobals"];

/// True for the path of a file that kustomize reads.
pub fn is_named_so(path: &str) -> bool {
    FILE_NAMES.contains(&path.rsplit('/').next().unwrap_or(path))
}

/// True for a kustomization that does not say what it is.
pub fn is_bare(root: Node<'_>) -> bool {
    let is_none_else = |kind: Option<&str>| matches!(kind, None | Some("Kustomization" | "Component"));
    root.kind() == Kind::Mapping && is_none_else(root.get("kind").and_then(Node::str))
}

/// True for a document that may be such a kustomization: a list of what is built, at the start of a line. Lists of resources
/// stand nowhere else there.
pub fn may_be_bare(document: &[u8]) -> bool {
    // All files are searched, so all keys are looked for at once, and many bytes at a time.
    static FAST: LazyLock<Option<packed::Searcher>> =
        LazyLock::new(|| packed::Searcher::new(BUILDS.map(|it| format!("\n{it}:"))));
    static ANYWHERE: LazyLock<AhoCorasick> =
        LazyLock::new(|| AhoCorasick::new(BUILDS.map(|it| format!("\n{it}:"))).expect("the keys are few and short"));
    let is_list = |rest: &[u8]| matches!(rest.trim_ascii_start().first(), Some(b'-' | b'['));
    let first = BUILDS.iter().find_map(|it| document.strip_prefix(it.as_bytes())?.strip_prefix(b":"));
    let is_first = first.is_some_and(is_list);
    is_first
        || match &*FAST {
            Some(keys) => keys.find_iter(document).any(|it| is_list(&document[it.end()..])),
            // A processor without wide registers.
            None => ANYWHERE.find_iter(document).any(|it| is_list(&document[it.end()..])),
        }
}

/// True for a file with a JSON patch.
pub fn is_json_patch(root: Node<'_>) -> bool {
    let is_operation = |it: Node<'_>| ["op", "path"].iter().all(|key| it.get(key).and_then(Node::str).is_some());
    root.kind() == Kind::Sequence && root.items().next().is_some() && root.items().all(is_operation)
}

/// Reads a file with a JSON patch.
pub fn lower_json_patch(root: Node<'_>, facts: &mut Facts) {
    facts.json_patches.push(JsonPatch { span: root.span(), target: None, changes: operations(root) });
}

/// Reads a `kustomization.yaml`.
pub fn lower(value: &Value<'_>, facts: &mut Facts) {
    let mut changes = common(value);
    changes.extend(of_field(value.get("namespace"), namespace));
    changes.extend(every_key(&value.get("commonAnnotations")));
    let merged = value.get("patchesStrategicMerge").items().items.into_iter();
    let merged = merged.flat_map(|it| file_or_text(&it.value, &None));
    changes.extend(merged);
    changes.extend(value.get("patchesJson6902").items().items.into_iter().flat_map(|it| patch(&it.value)));
    changes.extend(value.get("configMapGenerator").items().items.into_iter().flat_map(|it| generated(&it.value)));
    // `configurations` only say where the built-in transformers look.
    changes.extend(transformers::listed(&value.get("transformers")));
    for text in patch_texts(value) {
        chart_values::lower_patch(&text, facts);
    }
    let mut resources = paths(value, "resources");
    resources.extend(paths(value, "bases"));
    facts.kustomizations.push(Kustomization {
        span: value.span(),
        namespace: value.get("namespace").text(),
        root: BuildRoot::Here,
        resources,
        components: paths(value, "components"),
        generates: GENERATES.iter().any(|key| !value.get(key).is_absent()),
        changes,
    });
}

/// Reads a `Kustomization` of Flux.
pub fn lower_flux(value: &Value<'_>, facts: &mut Facts) {
    let spec = value.get("spec");
    let mut changes = common(&spec);
    changes.extend(of_field(spec.get("targetNamespace"), namespace));
    changes.extend(every_key(&spec.get("commonMetadata").get("annotations")));
    for item in spec.get("patchesStrategicMerge").items().items {
        for (shape, _) in &item.value.cases {
            if let Shape::Collection(node) = shape {
                changes.extend(merge(*node, &None));
            }
        }
    }
    changes.extend(spec.get("patchesJson6902").items().items.into_iter().flat_map(|it| patch(&it.value)));
    push(value, &spec, paths(&spec, "components"), changes, facts);
}

/// Reads what an Application of Argo CD, or the template of one, hands to kustomize and to argocd-vault-plugin.
pub fn lower_application(value: &Value<'_>, facts: &mut Facts) {
    let template = value.get("spec").get("template");
    for application in [value, &template] {
        let spec = application.get("spec");
        let annotations = application.get("metadata").get("annotations");
        let is_filled_in = annotations.is_mapping() && !annotations.get("avp.kubernetes.io/path").is_absent();
        let sources =
            [spec.get("source")].into_iter().chain(spec.get("sources").items().items.into_iter().map(|it| it.value));
        for source in sources {
            if is_filled_in {
                let changes = vec![Change { target: None, what: Changed::Brackets }];
                push(value, &source, Vec::new(), changes, facts);
            }
            let settings = source.get("kustomize");
            if !settings.is_mapping() {
                continue;
            }
            let mut changes = common(&settings);
            changes.extend(of_field(settings.get("namespace"), namespace));
            changes.extend(every_key(&settings.get("commonAnnotations")));
            push(value, &source, paths(&settings, "components"), changes, facts);
        }
    }
}

fn push(value: &Value<'_>, holder: &Value<'_>, components: Vec<String>, changes: Vec<Change>, facts: &mut Facts) {
    if changes.is_empty() && components.is_empty() {
        return;
    }
    facts.kustomizations.push(Kustomization {
        span: value.span(),
        // Objects beside this one are not what it builds.
        namespace: crate::facts::Field::absent(),
        root: BuildRoot::Folder(holder.get("path").string().unwrap_or_default()),
        resources: Vec::new(),
        components,
        generates: false,
        changes,
    });
}

/// What all three have under the same keys.
fn common(value: &Value<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for key in ["namePrefix", "nameSuffix"] {
        changes.extend(of_field(value.get(key), |_| Changed::Affix));
    }
    changes.extend(value.get("patches").items().items.into_iter().flat_map(|it| patch(&it.value)));
    changes.extend(value.get("replacements").items().items.into_iter().flat_map(|it| replacement(&it.value)));
    changes
}

/// The change that a setting makes for all objects, unless it is empty.
fn of_field(value: Value<'_>, what: impl Fn(Option<String>) -> Changed) -> Option<Change> {
    let text = value.text();
    if text.is_absent() || text.is("") == Some(true) {
        return None;
    }
    Some(Change { target: None, what: what(value.string()) })
}

fn namespace(name: Option<String>) -> Changed {
    Changed::Namespace(name.map(Arc::from))
}

fn every_key(annotations: &Value<'_>) -> Vec<Change> {
    let keys = annotations.entries().into_iter();
    keys.map(|(key, _)| Change {
        target: None,
        what: key.as_str().map_or(Changed::Annotations, |it| Changed::Annotation(it.into())),
    })
    .collect()
}

fn paths(value: &Value<'_>, key: &str) -> Vec<String> {
    let texts = value.get(key).one_or_many_texts();
    texts.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

/// The patches that stand in the file itself.
fn patch_texts(value: &Value<'_>) -> Vec<Text> {
    let patches = value.get("patches").items().items.into_iter().map(|it| it.value.get("patch"));
    let merged = value.get("patchesStrategicMerge").items().items.into_iter().map(|it| it.value);
    // Without a line break it is the name of a file, which is read by itself.
    let texts = patches.chain(merged).filter_map(|it| it.text().only().cloned());
    texts.filter(|it| it.bytes().contains('\n')).collect()
}

/// An entry of `patches` or `patchesJson6902`.
fn patch(value: &Value<'_>) -> Vec<Change> {
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

fn aimed(changes: Vec<Changed>, target: &Option<Arc<ChangeTarget>>) -> Vec<Change> {
    changes.into_iter().map(|what| Change { target: target.clone(), what }).collect()
}

/// What a patch changes that is written here, or in the file that is named here.
fn file_or_text(value: &Value<'_>, target: &Option<Arc<ChangeTarget>>) -> Vec<Change> {
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
fn merge(root: Node<'_>, target: &Option<Arc<ChangeTarget>>) -> Vec<Change> {
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
    aimed(changes, &Some(target))
}

/// What the operations of a JSON patch change.
fn operations(root: Node<'_>) -> Vec<Changed> {
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
fn changed(steps: &[&str]) -> Option<Changed> {
    match steps {
        [] | ["metadata"] => Some(Changed::Everything),
        ["metadata", "name"] => Some(Changed::Name),
        ["metadata", "namespace"] => Some(Changed::Namespace(None)),
        ["metadata", "annotations"] | ["metadata", "annotations", "*"] => Some(Changed::Annotations),
        ["metadata", "annotations", key, ..] => Some(Changed::Annotation((*key).into())),
        ["data", ..] => Some(Changed::Data),
        _ => None,
    }
}

/// What an entry of `replacements` changes.
fn replacement(value: &Value<'_>) -> Vec<Change> {
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
fn steps(path: &str) -> Vec<String> {
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
fn selection(value: &Value<'_>) -> ChangeTarget {
    let pattern = |key| value.get(key).string().filter(|it| !it.is_empty());
    ChangeTarget { kind: pattern("kind"), name: pattern("name"), is_pattern: true, except: Vec::new() }
}

/// What an entry of `reject` leaves out, if its kind and name say all of it.
fn rejection(value: &Value<'_>) -> Option<ChangeTarget> {
    let entries = value.entries();
    let is_plain = !entries.is_empty() && entries.iter().all(|(key, _)| matches!(key.as_str(), Some("kind" | "name")));
    let text = |key| {
        let field = value.get(key);
        if field.is_absent() { Some(None) } else { field.string().filter(|it| !it.is_empty()).map(Some) }
    };
    Some(ChangeTarget::exact(text("kind")?, text("name")?)).filter(|_| is_plain)
}

/// What an entry of `configMapGenerator` changes in a ConfigMap that is there already.
fn generated(value: &Value<'_>) -> Option<Change> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_replacements() {
        let cases: [(&str, &[&str]); 4] = [
            ("metadata.name", &["metadata", "name"]),
            (
                "metadata.annotations.[eks.amazonaws.com/role-arn]",
                &["metadata", "annotations", "eks.amazonaws.com/role-arn"],
            ),
            (
                r"metadata.annotations.eks\.amazonaws\.com/role-arn",
                &["metadata", "annotations", "eks.amazonaws.com/role-arn"],
            ),
            (
                "spec.template.spec.containers.[name=a].image",
                &["spec", "template", "spec", "containers", "name=a", "image"],
            ),
        ];
        for (path, wanted) in cases {
            assert_eq!(steps(path), wanted, "{path}");
        }
    }

    /// Ten thousand fields of a target with ten thousand rejects: the changes share one target, and it has none of them.
    #[test]
    fn fields_and_rejects() {
        let changes = |fields: usize, rejects: usize| {
            let reject = "    - {name: app}\n".repeat(rejects);
            let fields = "    - metadata.name\n".repeat(fields);
            let text = format!(
                "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\nreplacements:\n- targets:\n  - select: \
                 {{name: a}}\n    reject:\n{reject}    fieldPaths:\n{fields}"
            );
            let source = crate::source::Source::new("kustomization.yaml", text);
            let facts = crate::lower::lower(&source, crate::source::FileId(0), &());
            facts.kustomizations[0].changes.clone()
        };
        for (rejects, compared) in [(MOST_REJECTS, MOST_REJECTS), (10_000, 0)] {
            let changes = changes(10_000, rejects);
            let target = changes[0].target.as_ref().unwrap();
            assert_eq!((changes.len(), target.except.len()), (10_000, compared));
            assert!(changes.iter().all(|it| Arc::ptr_eq(it.target.as_ref().unwrap(), target)));
        }
    }

    #[test]
    fn documents_that_may_be_kustomizations() {
        let cases = [
            ("resources:\n- a.yaml\n", true, "a list"),
            ("namespace: x\nresources: [a.yaml]\n", true, "a list in brackets"),
            ("bases:\n  - ../base\n", true, "bases"),
            ("resources:\n  limits: {cpu: 1}\n", false, "values of a chart"),
            ("rules:\n  - resources:\n    - pods\n", false, "a role of RBAC"),
            ("resources: {}\n", false, "empty"),
        ];
        for (text, wanted, why) in cases {
            assert_eq!(may_be_bare(text.as_bytes()), wanted, "{why}");
        }
    }
}
