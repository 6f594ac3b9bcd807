//! What kustomize is told to build, and what it changes in it: `kustomization.yaml`, Flux, Argo CD.
//!
//! The fields are those of kustomize's `api/types/kustomization.go`, of Flux's `Kustomization` (`spec`), and of
//! `spec.source.kustomize` in an Application of Argo CD. Values are not computed: it is read what may change.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, packed};

use crate::facts::{BuildRoot, Change, Changed, Facts, JsonPatch, Kustomization};
use crate::source::{FileId, Source, Text};
use crate::syntax::{self, Hint, Kind, Node, Tree};

use super::chart_values;
use super::outline::Outline;
use super::value::{Shape, Value};

pub mod build;
mod changes;
mod transformers;

pub use changes::is_json_patch;
use changes::{
    common, every_key, file_or_text, generated, merge, namespace, of_field, operations, patch, patch_texts, paths,
};
pub use transformers::{BUILTIN, lower as lower_transformer};

/// The names that kustomize looks for (`api/konfig/general.go`).
const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// What is built; kustomize knows a file without `kind` and `apiVersion` by its name.
const BUILDS: [&str; 3] = ["resources", "bases", "components"];

/// What a file without `kind` and `apiVersion` is recognised by: what is built, or what is changed, which is all that a component
/// may have.
const LISTS: [&str; 6] = ["resources", "bases", "components", "patches", "patchesStrategicMerge", "patchesJson6902"];

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

/// True for a document that may be such a kustomization: a list of what is built or changed, at the start of a line. The name of
/// the file decides later.
pub fn may_be_bare(document: &[u8]) -> bool {
    // All files are searched, so all keys are looked for at once, and many bytes at a time.
    static FAST: LazyLock<Option<packed::Searcher>> =
        LazyLock::new(|| packed::Searcher::new(LISTS.map(|it| format!("\n{it}:"))));
    static ANYWHERE: LazyLock<AhoCorasick> =
        LazyLock::new(|| AhoCorasick::new(LISTS.map(|it| format!("\n{it}:"))).expect("the keys are few and short"));
    let is_list = |rest: &[u8]| matches!(without_comments(rest).first(), Some(b'-' | b'['));
    let first = LISTS.iter().find_map(|it| document.strip_prefix(it.as_bytes())?.strip_prefix(b":"));
    let is_first = first.is_some_and(is_list);
    is_first
        || match &*FAST {
            Some(keys) => keys.find_iter(document).any(|it| is_list(&document[it.end()..])),
            // A processor without wide registers.
            None => ANYWHERE.find_iter(document).any(|it| is_list(&document[it.end()..])),
        }
}

/// What follows white space and comments.
fn without_comments(mut text: &[u8]) -> &[u8] {
    loop {
        text = text.trim_ascii_start();
        if text.first() != Some(&b'#') {
            return text;
        }
        text = &text[memchr::memchr(b'\n', text).unwrap_or(text.len())..];
    }
}

/// [`is_bare`], asked of an outline. The name of the file is not known here, so it is asked for a field that kustomize reads
/// and that only a kustomization has as it stands there.
pub fn may_be_bare_json(outline: &Outline<'_>) -> bool {
    const CHANGES: [&str; 5] = ["patches", "patchesStrategicMerge", "patchesJson6902", "replacements", "transformers"];
    const WORDS: [&str; 3] = ["namespace", "namePrefix", "nameSuffix"];
    if outline.has_scalar("kind") {
        return outline.may_say("kind", &["Kustomization", "Component"]);
    }
    // API descriptions have `components`, and policies `resources`: they are mappings there.
    let builds = || BUILDS.iter().any(|key| outline.has_sequence(key) || outline.has_scalar(key));
    builds()
        || GENERATES.iter().chain(&CHANGES).chain(&WORDS).any(|key| outline.has(key))
        || outline.has_mapping("commonAnnotations")
        || outline.has_mapping("helmGlobals")
}

/// Whether an item of a list may be an operation of a JSON patch, asked of its outline.
pub fn may_be_operation(outline: &Outline<'_>) -> bool {
    ["op", "path"].iter().all(|key| outline.has_scalar(key))
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
    let own_changes = changes.len();
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
        is_of_here: true,
        makes_aws_auth: makes_aws_auth(value),
        fills_in: false,
        is_component: value.get("kind").text().is("Component") == Some(true),
        resources,
        components: paths(value, "components"),
        generates: GENERATES.iter().any(|key| !value.get(key).is_absent()),
        changes,
        own_changes,
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
    // The repository that Flux itself is installed from has this name.
    let source = spec.get("sourceRef").get("name");
    let is_of_here = source.is_absent() || source.text().is("flux-system") == Some(true);
    let fills_in = spec.get("postBuild").is_mapping();
    let built = Kustomization { is_of_here, fills_in, ..built(value, &spec, paths(&spec, "components"), changes) };
    facts.kustomizations.extend(changes_something(&built).then_some(built));
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

/// The files that a kustomization makes an `aws-auth` ConfigMap of. They hold nothing that they could be recognised by.
pub fn map_files(source: &Source) -> Vec<String> {
    if !may_name_map_files(source) {
        return Vec::new();
    }
    let parsed = syntax::parse(&Text::of_file(FileId::new(0), source.text.clone()), Hint::Yaml);
    let mut found = Vec::new();
    for root in parsed.documents.iter().map(Tree::root) {
        for item in root.get("configMapGenerator").into_iter().flat_map(Node::items) {
            if !item.get("name").and_then(Node::str).is_some_and(|it| it.contains("aws-auth")) {
                continue;
            }
            let files = item.get("files").into_iter().flat_map(Node::items).filter_map(Node::str);
            found.extend(files.map(|it| it.split_once('=').map_or(it, |it| it.1).to_owned()));
        }
    }
    found
}

/// Whether [`map_files`] may find one.
pub fn may_name_map_files(source: &Source) -> bool {
    is_named_so(&source.path) && ["configMapGenerator", "aws-auth"].iter().all(|it| source.text.contains(it))
}

fn makes_aws_auth(value: &Value<'_>) -> bool {
    let generators = value.get("configMapGenerator").items().items;
    generators.iter().any(|it| it.value.get("name").text().known().any(|it| it.bytes().contains("aws-auth")))
}

fn push(value: &Value<'_>, holder: &Value<'_>, components: Vec<String>, changes: Vec<Change>, facts: &mut Facts) {
    let built = built(value, holder, components, changes);
    facts.kustomizations.extend(changes_something(&built).then_some(built));
}

fn changes_something(kustomization: &Kustomization) -> bool {
    !kustomization.changes.is_empty() || !kustomization.components.is_empty() || kustomization.fills_in
}

/// What Flux or Argo CD hands to kustomize.
fn built(value: &Value<'_>, holder: &Value<'_>, components: Vec<String>, changes: Vec<Change>) -> Kustomization {
    Kustomization {
        span: value.span(),
        // Objects beside this one are not what it builds.
        namespace: crate::facts::Field::absent(),
        is_component: false,
        is_of_here: false,
        makes_aws_auth: false,
        fills_in: false,
        root: BuildRoot::Folder(holder.get("path").string().unwrap_or_default()),
        resources: Vec::new(),
        components,
        generates: false,
        own_changes: changes.len(),
        changes,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::changes::{MOST_REJECTS, steps};
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
            let facts = crate::lower::lower(&source, crate::source::FileId::new(0), &());
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
            ("resources:\n# The first.\n\n# - b.yaml\n- a.yaml\n", true, "a list below comments"),
            ("resources: # The first.\n  # limits: {}\n", false, "nothing but comments"),
            ("resources:\n  limits: {cpu: 1}\n", false, "values of a chart"),
            ("kind: Component\npatches:\n- path: a.yaml\n", true, "a component that changes what others build"),
            ("rules:\n  - resources:\n    - pods\n", false, "a role of RBAC"),
            ("resources: {}\n", false, "empty"),
        ];
        for (text, wanted, why) in cases {
            assert_eq!(may_be_bare(text.as_bytes()), wanted, "{why}");
        }
    }
}
