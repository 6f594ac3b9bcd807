//! Kubernetes manifests: service accounts, workloads, RBAC, and the `aws-auth` ConfigMap.
//!
//! The shapes are those of the Kubernetes API reference; unknown kinds give their metadata and nothing else.

mod metadata;
mod rbac;

use std::sync::Arc;

use crate::facts::{
    ChangeTarget, Changed, Container, EnvFrom, EnvVar, Facts, Field, Item, JsonPatch, Limit, List, Misplaced,
    ObjectMeta, ProjectedToken, RbacRole, ServiceAccount, Skeleton, Type, Volume, VolumeMount, WORKLOADS, Workload,
};
use crate::source::Text;
use crate::syntax::{self, Hint, Kind, Node};

use super::outline::Outline;
use super::value::{Dialect, Shape, Value};
use super::{aws_auth, chart_values, controllers, kustomize, node_classes, types};
use metadata::{annotations, misspelt_version};

/// The API group of roles and bindings.
const RBAC: &str = "rbac.authorization.k8s.io/";

/// Lists inside lists deeper than this are not read, and the report says so.
const DEEPEST_LIST: usize = 32;

/// What every object holds that is about identity: it is a service account or names one, binds roles, has an annotation of
/// EKS, gives a container credentials, sets a namespace for others, or is `aws-auth` in one of the spellings that people
/// give it.
pub const KEYWORDS: &[&str] = &[
    "erviceAccount",
    "erviceaccount",
    "rbac.authorization.k8s.io",
    "eks.amazonaws.com/",
    node_classes::KEYWORD,
    controllers::KEYWORDS[0],
    controllers::KEYWORDS[1],
    controllers::KEYWORDS[2],
    controllers::KEYWORDS[3],
    controllers::KEYWORDS[4],
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "kustomize.config.k8s.io",
    "kustomize.toolkit.fluxcd.io",
    "kustomize:",
    "apiVersion: builtin",
    "apiVersion: 'builtin'",
    "apiVersion: \"builtin\"",
    "apiVersion\": \"builtin\"",
    "apiVersion\":\"builtin\"",
    "avp.kubernetes.io",
    "scaffolder.backstage.io",
    "eks.amazonaws.com~1",
    "aws-auth",
    "AWS-auth",
    "AWS-AUTH",
    "Aws-Auth",
    "aws_auth",
    "awsauth",
    "awsAuth",
    "apRole",
    "maprole",
    "map_role",
    "map-role",
    "mapUser",
    "MapUser",
    "mapuser",
    "map_user",
    "map-user",
    "apAccount",
    "mapaccount",
    "map_account",
    "map-account",
];

/// Kinds of Kubernetes itself that are told without an `apiVersion` too, so that its absence can be reported: every one of
/// them that matters has a keyword.
const WITHOUT_VERSION: &[&str] = &["ServiceAccount", "ConfigMap"];

/// True if a document is a Kubernetes object.
pub fn is_object(root: Node<'_>) -> bool {
    let is_text = |key: &str| root.get(key).is_some_and(|node| node.kind() == Kind::Scalar && !node.is_null());
    let is_known = || root.get("kind").and_then(Node::str).is_some_and(|kind| WITHOUT_VERSION.contains(&kind));
    let is_mapping = |key: &str| root.get(key).is_some_and(|node| node.kind() == Kind::Mapping);
    is_text("kind")
        && (is_text("apiVersion") || root.get("apiVersion").is_none() && is_known() && is_mapping("metadata"))
}

/// True for objects as an API server gives them out (`kubectl get`): it alone gives them ids and versions.
pub fn is_described(root: Node<'_>) -> bool {
    let is_so = |it: Node<'_>| {
        let metadata = it.get("metadata");
        ["uid", "resourceVersion"].iter().all(|key| metadata.and_then(|it| it.get(key)).is_some_and(is_filled))
    };
    let first = root.get("items").and_then(|it| it.items().next());
    is_so(first.unwrap_or(root))
}

fn is_filled(node: Node<'_>) -> bool {
    node.str().is_some_and(|it| !it.is_empty())
}

/// [`is_object`], asked of an outline.
pub fn may_be_object(outline: &Outline<'_>) -> bool {
    let may_be_known = || outline.may_say("kind", WITHOUT_VERSION) && outline.has_mapping("metadata");
    outline.has_scalar("kind") && (outline.has_scalar("apiVersion") || may_be_known())
}

/// Reads the facts of an object.
pub fn lower(root: Node<'_>, facts: &mut Facts) {
    lower_value(&Value::new(root, Dialect::Plain), facts);
}

/// Reads a `kustomization.yaml` that does not say what it is.
pub fn lower_bare_kustomization(root: Node<'_>, facts: &mut Facts) {
    kustomize::lower(&Value::new(root, Dialect::Plain), facts);
}

/// Reads manifests that stand in a string.
pub fn lower_text(text: &Text, facts: &mut Facts) {
    facts.embedded.push(text.clone());
    let parsed = syntax::parse(text, Hint::Yaml);
    let beyond = parsed.errors.iter().filter(|it| it.is_limit);
    facts.limits.extend(beyond.map(|it| Limit::part(it.span, it.message.clone())));
    for tree in &parsed.documents {
        lower_value(&Value::new(tree.root(), Dialect::Plain), facts);
    }
}

/// Gives objects without a namespace the one that they are applied in.
pub fn apply_in(namespace: &Field<Text>, facts: &mut Facts) {
    if namespace.is_absent() {
        return;
    }
    let accounts = facts.service_accounts.iter_mut().map(|it| &mut it.meta);
    let workloads = facts.workloads.iter_mut().map(|it| &mut it.meta);
    let roles = facts.rbac_roles.iter_mut().filter(|it| !it.cluster_wide).map(|it| &mut it.meta);
    let bindings = facts.role_bindings.iter_mut().filter(|it| !it.cluster_wide).map(|it| &mut it.meta);
    let maps = facts.aws_auths.iter_mut().map(|it| &mut it.meta);
    for meta in accounts.chain(workloads).chain(roles).chain(bindings).chain(maps) {
        if meta.namespace.is_absent() {
            Arc::make_mut(meta).namespace = namespace.clone();
        }
    }
}

/// Reads an object, a `List` of them, or a bare list of them.
pub fn lower_value(value: &Value<'_>, facts: &mut Facts) {
    lower_at(value, facts, 0, None);
}

/// What the items of a typed list are, where they do not say it: `kubectl get --raw` prints a `ConfigMapList` so.
struct Inherited {
    kind: Text,
    version: Field<Text>,
}

fn lower_at(value: &Value<'_>, facts: &mut Facts, depth: usize, inherited: Option<&Inherited>) {
    if depth > DEEPEST_LIST {
        let message = format!("lists of objects nested deeper than {DEEPEST_LIST} levels");
        facts.limits.push(Limit::part(value.span(), message));
        return;
    }
    let is_list = value.cases.iter().any(|(shape, _)| match shape {
        Shape::Collection(node) => node.kind() == Kind::Sequence,
        shape => matches!(shape, Shape::Items(_)),
    });
    if is_list {
        for item in value.items().items {
            lower_at(&item.value, facts, depth + 1, inherited);
        }
        return;
    }
    let own = value.get("kind");
    let inherited = inherited.filter(|_| own.is_absent());
    let kind = inherited.map(|it| it.kind.clone()).or_else(|| own.text().only().cloned());
    let Some(kind) = kind else { return };
    let Some(kind_name) = kind.as_str().map(str::to_owned) else { return };
    let version = value.get("apiVersion").text();
    let version = inherited.filter(|_| version.is_absent()).map_or(version, |it| it.version.clone());
    let may_lack_it = WITHOUT_VERSION.contains(&kind_name.as_str()) && value.get("metadata").is_mapping();
    if version.only().is_none() && !(version.is_absent() && may_lack_it) {
        return;
    }
    if kind_name.ends_with("List") && !value.get("items").is_absent() {
        let of_items = kind_name.len() - "List".len();
        let inherited = (of_items > 0).then(|| Inherited { kind: kind.part(0..of_items), version });
        for item in value.get("items").items().items {
            lower_at(&item.value, facts, depth + 1, inherited.as_ref());
        }
        return;
    }
    if version.is(kustomize::BUILTIN) == Some(true) {
        kustomize::lower_transformer(value, facts);
        return;
    }
    let value = &in_its_dialect(value);
    let mut meta = metadata::meta(&kind, value, false);
    meta.version.value = version;
    meta.version.misspelt = misspelt_version(value).map(Box::new);
    // Crossplane has a `ServiceAccount` of Google, and OpenShift and the controllers of AWS a `Role` of their own.
    let is_core = meta.version.value.only().and_then(Text::as_str).is_none_or(is_of_kubernetes);
    let meta = Arc::new(meta);
    facts.objects.push(meta.clone());
    if !value.get("$patch").is_absent() {
        let target = ChangeTarget::exact(Some(kind_name.clone()), meta.name.string().map(str::to_owned));
        let changes = vec![Changed::Everything];
        facts.json_patches.push(JsonPatch { span: meta.whole, target: Some(target.into()), changes });
    }
    let is_rbac = meta.version.value.only().and_then(|it| it.starts_with(RBAC)) != Some(false);
    match kind_name.as_str() {
        "ServiceAccount" if is_core => {
            facts.service_accounts.push(ServiceAccount { meta, is_manifest: true, released: None })
        }
        "Kustomization" if is_of(&meta, "kustomize.toolkit.fluxcd.io/") => kustomize::lower_flux(value, facts),
        "Kustomization" => kustomize::lower(value, facts),
        "Component" if is_of(&meta, "kustomize.config.k8s.io/") => kustomize::lower(value, facts),
        "Template" if is_of(&meta, "scaffolder.backstage.io/") => skeletons(value, facts),
        // The keyword of the kind itself: in other spellings it would not be found.
        it if is_core && ["Serviceaccount", "serviceAccount", "serviceaccount"].contains(&it) => {
            facts.service_accounts.push(ServiceAccount { meta, is_manifest: true, released: None });
        }
        "ConfigMap" if is_core => aws_auth::lower(meta, value, facts),
        _ if is_core && aws_auth::is_of_wrong_kind(&meta, value) => aws_auth::lower(meta, value, facts),
        "DeploymentRuntimeConfig" if is_of(&meta, "pkg.crossplane.io/") => runtime_config(value, facts),
        "Composition" if is_of(&meta, "apiextensions.crossplane.io/") => {
            controllers::compositions::lower(value, facts, meta_of);
        }
        "ResourceGraphDefinition" if is_of(&meta, "kro.run/") => controllers::lower_graph(value, facts, meta_of),
        _ if controllers::lower(&meta, value, facts) => {}
        "EC2NodeClass" | "NodeClass" if node_classes::lower(&meta, value, facts) => {}
        "Role" | "ClusterRole" if is_rbac => {
            facts.rbac_roles.push(RbacRole {
                meta,
                cluster_wide: kind_name == "ClusterRole",
                rules: rbac::rules(value),
            });
        }
        "RoleBinding" | "ClusterRoleBinding" if is_rbac => {
            types::add(value, rbac::BINDING, facts);
            facts.role_bindings.push(rbac::binding(meta, &kind_name, value));
        }
        it if WORKLOADS.contains(&it) => workload(meta, &kind, value, facts),
        _ if meta.version.value.string().is_some_and(holds_templates) => {}
        _ => {
            if is_of(&meta, "argoproj.io/") {
                kustomize::lower_application(value, facts);
            }
            for (shape, _) in &value.cases {
                if let Shape::Collection(node) = shape {
                    chart_values::lower(*node, value.dialect.tags(), facts);
                }
            }
        }
    }
}

/// The object as argocd-vault-plugin reads it, if its annotations say that it does (`avp.kubernetes.io/path`).
fn in_its_dialect<'t>(object: &Value<'t>) -> Value<'t> {
    let annotations = object.get("metadata").get("annotations");
    let is_filled_in = matches!(object.dialect, Dialect::Plain)
        && annotations.is_mapping()
        && !annotations.get("avp.kubernetes.io/path").is_absent()
        && annotations.get("avp.kubernetes.io/ignore").text().is("true") != Some(true);
    let dialect = if is_filled_in { Dialect::Vault } else { object.dialect };
    Value { dialect, ..object.clone() }
}

/// True for the version of an object whose manifests are data: what a policy compares with or generates, what a composition
/// or a scaffolder fills in, examples in a definition. They are not objects of the repository.
fn holds_templates(version: &str) -> bool {
    const GROUPS: [&str; 21] = [
        "kyverno.io",
        "policies.kyverno.io",
        "gatekeeper.sh",
        "kubewarden.io",
        "policy.open-cluster-management.io",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiextensions.crossplane.io",
        "fn.crossplane.io",
        "meta.crossplane.io",
        "scaffolder.backstage.io",
        "backstage.io",
        "addons.cluster.x-k8s.io",
        "external-secrets.io",
        "kubernetes-client.io",
        "operators.coreos.com",
        "template.openshift.io",
        "kro.run",
        "core.oam.dev",
        "chainsaw.kyverno.io",
        "kuttl.dev",
    ];
    let group = version.split_once('/').map_or("", |(group, _)| group);
    GROUPS.iter().any(|it| group.strip_suffix(it).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

/// True for a version of a group that is Kubernetes' own, whether or not the kind is of it: `v1`, `apps/v1`.
fn is_of_kubernetes(version: &str) -> bool {
    // The other groups of Kubernetes have a domain. A group without one is of a tool that reads its own files.
    const WITHOUT_DOMAIN: [&str; 7] = ["", "core", "apps", "batch", "autoscaling", "policy", "extensions"];
    let group = version.split_once('/').map_or("", |(group, _)| group);
    WITHOUT_DOMAIN.contains(&group) || group.ends_with(".k8s.io")
}

/// True for an object of a group: others have components and templates, too.
fn is_of(meta: &ObjectMeta, group: &str) -> bool {
    meta.version.value.only().and_then(|it| it.starts_with(group)) == Some(true)
}

/// The metadata of an object that stands in another one.
fn meta_of(object: &Value<'_>) -> Option<ObjectMeta> {
    let mut meta = metadata::meta(object.get("kind").text().only()?, object, false);
    meta.version.value = object.get("apiVersion").text();
    Some(meta)
}

/// The service account of a provider of Crossplane. It stands in the namespace of Crossplane, and has a name that is made up
/// where none is written.
fn runtime_config(object: &Value<'_>, facts: &mut Facts) {
    let template = object.get("spec").get("serviceAccountTemplate");
    let metadata = template.get("metadata");
    let Some(key) = template.key.filter(|_| metadata.is_mapping()) else { return };
    let mut meta = metadata::meta(&Text::written("ServiceAccount", key), &template, false);
    meta.namespace = Field::unknown();
    if meta.name.is_absent() {
        meta.name = Field::unknown();
    }
    facts.service_accounts.push(ServiceAccount { meta: meta.into(), is_manifest: false, released: None });
}

/// The folders that a template of Backstage copies: what stands there is filled in first.
fn skeletons(object: &Value<'_>, facts: &mut Facts) {
    for step in object.get("spec").get("steps").items().items {
        let url = step.value.get("input").get("url").string();
        let is_fetched = step.value.get("action").text().only().and_then(|it| it.starts_with("fetch:")) == Some(true);
        if let Some(folder) = url.filter(|it| is_fetched && !it.contains("://")) {
            facts.skeletons.push(Skeleton { span: step.value.span(), folder });
        }
    }
}

/// The service account that a workload names where its kind has no such field. Kinds of others may have one.
fn misplaced_account(meta: &ObjectMeta, object: &Value<'_>) -> Option<Misplaced> {
    let (template, belongs) = match meta.kind.as_str()? {
        "CronJob" => (["spec", "jobTemplate", "spec", "template"].as_slice(), "spec.jobTemplate.spec.template.spec"),
        "Pod" => ([].as_slice(), "spec"),
        "PodTemplate" => (["template"].as_slice(), "template.spec"),
        _ => (["spec", "template"].as_slice(), "spec.template.spec"),
    };
    let version = meta.version.value.string()?;
    is_of_kubernetes(version).then_some(())?;
    let end = |depth: usize| template[..depth].iter().map(|it| it.len() + 1).sum::<usize>();
    (0..=template.len()).find_map(|depth| {
        let holder = template[..depth].iter().fold(object.clone(), |holder, key| holder.get(key));
        let account = holder.get("serviceAccountName").text();
        let value = account.only().filter(|it| !it.is_empty())?.clone();
        let under = (depth > 0).then(|| &belongs[..end(depth) - 1]);
        Some(Misplaced { key: account.key?, value, under, belongs })
    })
}

/// The volume that the webhook of EKS puts into pods, and the variables that it sets beside (amazon-eks-pod-identity-webhook,
/// `pkg/handler/handler.go`).
const WEBHOOK_VOLUME: &str = "aws-iam-token";
const INJECTED: [&str; 3] = ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_STS_REGIONAL_ENDPOINTS"];

/// Reads what runs pods: a pod, or anything with a pod template.
fn workload(meta: Arc<ObjectMeta>, kind: &Text, object: &Value<'_>, facts: &mut Facts) {
    let spec = object.get("spec");
    let holder = match kind.as_str().unwrap_or_default() {
        "Pod" => None,
        "CronJob" => Some(spec.get("jobTemplate").get("spec").get("template")),
        "PodTemplate" => Some(object.get("template")),
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "ReplicationController" | "Job" => {
            Some(spec.get("template"))
        }
        _ => return,
    };
    let (template, pod) = match holder {
        None => (None, spec),
        Some(holder) if holder.is_mapping() => {
            let template = Arc::new(metadata::meta(kind, &holder, true));
            facts.objects.push(template.clone());
            (Some(template), holder.get("spec"))
        }
        Some(_) => return,
    };
    types::add(&pod, &[("serviceAccountName", Type::String), ("containers", Type::List)], facts);
    let mut containers = pod.get("containers").items().map(|it| container(&it));
    let init = pod.get("initContainers").items().map(|it| container(&it));
    containers.complete &= init.complete;
    containers.items.extend(init.items);
    let volumes = pod.get("volumes").items().map(|it| volume(&it));
    let is_there = !object.get("metadata").get("uid").is_absent();
    if template.is_none() && is_there && volumes.iter().any(|it| it.name.string() == Some(WEBHOOK_VOLUME)) {
        for container in &mut containers.items {
            container.value.env.items.retain(|it| !it.value.name.string().is_some_and(|it| INJECTED.contains(&it)));
        }
    }
    let account = pod.get("serviceAccountName").text();
    let service_account = if account.is_absent() { pod.get("serviceAccount").text() } else { account };
    let misplaced_account = misplaced_account(&meta, object).filter(|_| service_account.is_absent()).map(Box::new);
    let owners = object.get("metadata").get("ownerReferences").items();
    let is_owned = owners.items.iter().any(|it| it.value.get("controller").text().is("true") == Some(true));
    let says = |holder: &Value<'_>, key: &str, word: &str| holder.get(key).text().is(word) == Some(true);
    let phase = object.get("status");
    let is_done = says(&phase, "phase", "Succeeded")
        || says(&phase, "phase", "Failed")
        || says(&object.get("spec"), "replicas", "0");
    facts.workloads.push(Workload {
        meta,
        template,
        service_account,
        makes_no_pods: is_owned || is_done,
        misplaced_account,
        containers,
        volumes,
        node_selector: annotations(&pod.get("nodeSelector")),
    });
}

fn container(value: &Value<'_>) -> Container {
    let from = |it: Value<'_>| {
        let secret = it.get("secretRef").get("name").text();
        let name = if secret.is_absent() { it.get("configMapRef").get("name").text() } else { secret };
        EnvFrom { span: it.span(), name }
    };
    Container {
        span: value.span(),
        name: value.get("name").text(),
        env: value.get("env").items().map(|it| {
            let from = it.get("valueFrom");
            let secret = from.get("secretKeyRef");
            let source = if secret.is_absent() { from.get("configMapKeyRef") } else { secret };
            EnvVar {
                span: it.span(),
                name: it.get("name").text(),
                value: it.get("value").text(),
                value_from: from.presence(),
                source: source.get("name").text(),
                source_key: source.get("key").text(),
            }
        }),
        env_from: value.get("envFrom").items().map(from),
        mounts: value.get("volumeMounts").items().map(|it| VolumeMount {
            span: it.span(),
            name: it.get("name").text(),
            path: it.get("mountPath").text(),
        }),
    }
}

fn volume(value: &Value<'_>) -> Volume {
    let sources = value.get("projected").get("sources").items();
    let tokens = sources.items.into_iter().filter_map(|item| {
        let token = item.value.get("serviceAccountToken");
        if token.is_absent() {
            return None;
        }
        let token = ProjectedToken {
            span: token.span(),
            audience: token.get("audience").text(),
            path: token.get("path").text(),
            expiration: token.get("expirationSeconds").text(),
        };
        Some(Item { value: token, branch: item.branch })
    });
    Volume {
        span: value.span(),
        name: value.get("name").text(),
        tokens: List { items: tokens.collect(), complete: sources.complete, key: sources.key },
    }
}
