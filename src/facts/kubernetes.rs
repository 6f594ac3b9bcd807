//! Kubernetes objects.

use std::sync::Arc;

use super::{Field, List};
use crate::iam::ROLE_ARN;
use crate::source::{Span, Text};

/// The metadata of an object or of a pod template. It is large, so [`Facts::objects`](super::Facts::objects) and the fact about
/// the object share it.
#[derive(Clone, Debug)]
pub struct ObjectMeta {
    /// `ServiceAccount`, `Deployment`, …; of a pod template, the kind of the object that holds it.
    pub kind: Text,
    pub version: ApiVersion,
    /// True for the metadata of a pod template inside the object.
    pub is_template: bool,
    /// The whole object.
    pub whole: Span,
    pub name: Field<Text>,
    pub namespace: Field<Text>,
    pub annotations: Box<[Annotation]>,
    /// Where `annotations` is no mapping, and has a key of EKS in it.
    pub no_annotations: Option<Box<NoAnnotations>>,
    pub labels: Box<[Annotation]>,
    /// Keys that look like annotations but stand beside `metadata.annotations`: under `metadata` or `spec`.
    pub stray: Box<[StrayKey]>,
    pub built: Built,
}

/// What kustomize may change in an object, as far as its other fields do not say so. Within one build references follow the
/// names, so objects of the same build are compared as they are written.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Built {
    /// Something is put before or after the name.
    pub is_affixed: bool,
    /// The name is replaced.
    pub is_renamed: bool,
    /// The namespace is replaced, by the same kustomizations for all objects with the same number.
    pub namespace_by: Option<u32>,
    /// The name that is written, where the name of the object is known and another one.
    pub written_name: Option<Arc<str>>,
}

/// The `apiVersion` of an object.
#[derive(Clone, Debug)]
pub struct ApiVersion {
    /// Unknown where the object is not a manifest of its own.
    pub value: Field<Text>,
    /// A key that was meant to be `apiVersion`.
    pub misspelt: Option<Box<Text>>,
}

impl ApiVersion {
    pub fn unknown() -> Self {
        Self { value: Field::unknown(), misspelt: None }
    }
}

impl ObjectMeta {
    /// Whether the deployed object may have this name. Kustomize may have changed the one that is written.
    pub fn may_be_deployed_as(&self, name: &str) -> bool {
        let Some(written) = self.name.string() else { return !self.name.is_absent() };
        self.built.is_renamed || written == name || self.built.is_affixed && name.contains(written)
    }

    /// Whether the object is deployed under the name that is written.
    pub fn keeps_its_name(&self) -> bool {
        !self.built.is_affixed && !self.built.is_renamed
    }

    /// What to point at: the name, or else the kind.
    pub fn span(&self) -> Span {
        self.name.known().next().map_or_else(|| self.kind.span(), Text::span)
    }

    /// The annotation with this key; the last one if it is repeated.
    pub fn annotation(&self, key: &str) -> Option<&Annotation> {
        self.annotations.iter().rev().find(|it| it.key.as_str() == Some(key))
    }

    /// The value of the annotation with this key, if it is a string.
    pub fn string_annotation(&self, key: &str) -> Option<&Text> {
        match &self.annotation(key)?.value {
            AnnotationValue::String(text) => Some(text),
            _ => None,
        }
    }

    /// What `eks.amazonaws.com/role-arn` says, whether or not it is a string for YAML 1.1.
    pub fn role_arn(&self) -> Option<&Text> {
        self.annotation(ROLE_ARN)?.text()
    }

    pub fn label(&self, key: &str) -> Option<&Annotation> {
        self.labels.iter().rev().find(|it| it.key.as_str() == Some(key))
    }
}

/// A key and value of `annotations` or `labels`.
#[derive(Clone, Debug)]
pub struct Annotation {
    pub key: Text,
    pub value: AnnotationValue,
    /// Key and value together.
    pub span: Span,
    /// False for one that the file does not have and a kustomization may set: its key has no place of its own.
    pub is_written: bool,
}

/// The value of an annotation, as kubectl decodes it: YAML 1.1.
#[derive(Clone, Debug)]
pub enum AnnotationValue {
    String(Text),
    /// Written without quotes, and of another type: the text, and `boolean`, `number`.
    NotAString {
        text: Text,
        found: &'static str,
    },
    /// A mapping or a list.
    Collection(Span),
    /// Nothing, `~` or `null`: the API server drops the annotation.
    Null(Span),
    Unknown,
}

impl Annotation {
    /// The value as a text, whether or not it is one for YAML 1.1.
    pub fn text(&self) -> Option<&Text> {
        match &self.value {
            AnnotationValue::String(text) | AnnotationValue::NotAString { text, .. } => Some(text),
            _ => None,
        }
    }
}

/// What stands where annotations belong.
#[derive(Clone, Debug)]
pub enum NoAnnotations {
    Text(Text),
    List(Span),
}

/// A key that was meant to be an annotation and is not one.
#[derive(Clone, Debug)]
pub struct StrayKey {
    pub key: Text,
    /// Where it stands: `metadata`, `spec`, `the top level`, or the `annotations` there.
    pub under: &'static str,
    /// The misspelt `annotations` that it stands under, if it does.
    pub misspelt: Option<Text>,
}

#[derive(Clone, Debug)]
pub struct ServiceAccount {
    pub meta: Arc<ObjectMeta>,
    /// True for a manifest; false for an account that eksctl, a chart or an operator is told to make.
    pub is_manifest: bool,
    /// What the release of a chart says of the account that the chart makes, if all of it is known.
    pub released: Option<Box<Released>>,
}

/// The name and the namespace that a release gives a service account. The chart decides, and most do as they are told.
#[derive(Clone, Debug)]
pub struct Released {
    pub name: Text,
    pub namespace: Text,
}

/// Everything with a pod template, and pods.
#[derive(Clone, Debug)]
pub struct Workload {
    pub meta: Arc<ObjectMeta>,
    /// The pod template's own metadata; `None` for a Pod.
    pub template: Option<Arc<ObjectMeta>>,
    /// `serviceAccountName`, or its old name `serviceAccount`.
    pub service_account: Field<Text>,
    /// True if a controller has made it or it is done, so that no pods are to be made because of it.
    pub makes_no_pods: bool,
    /// A service account that is named outside the spec of the pods, where Kubernetes has no such field.
    pub misplaced_account: Option<Box<Misplaced>>,
    pub containers: List<Container>,
    pub volumes: List<Volume>,
    pub node_selector: Box<[Annotation]>,
}

/// The name of a parameter of a chart that leads to the annotations of a service account, and to none that is known.
#[derive(Clone, Debug)]
pub struct HelmParameter {
    /// What follows the annotations, as it is written: `eks.amazonaws.com/role-arn`, with or without backslashes.
    pub key: Text,
    /// What Helm makes of it. `None` if it makes several keys, one in the other: a dot without a backslash parts them.
    pub read: Option<Text>,
}

/// A field that stands where Kubernetes does not read it.
#[derive(Clone, Debug)]
pub struct Misplaced {
    /// Where its key stands.
    pub key: Span,
    pub value: Text,
    /// What has it, such as `spec.template`. `None`: the object itself.
    pub under: Option<&'static str>,
    /// What should have it: `spec.template.spec`.
    pub belongs: &'static str,
}

/// The kinds of Kubernetes that are pods, or hold the template of one.
pub const WORKLOADS: &[&str] = &[
    "Pod",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "Job",
    "CronJob",
    "PodTemplate",
];

impl Workload {
    /// The metadata that its pods get.
    pub fn pod_meta(&self) -> &ObjectMeta {
        self.template.as_deref().unwrap_or(&self.meta)
    }
}

#[derive(Clone, Debug)]
pub struct Container {
    pub span: Span,
    pub name: Field<Text>,
    pub env: List<EnvVar>,
    pub env_from: List<EnvFrom>,
    pub mounts: List<VolumeMount>,
}

impl Container {
    /// The variable with this name; the last one if it is repeated.
    pub fn variable(&self, name: &str) -> Option<&EnvVar> {
        self.env.items.iter().rev().map(|item| &item.value).find(|it| it.name.string() == Some(name))
    }
}

#[derive(Clone, Debug)]
pub struct EnvVar {
    pub span: Span,
    pub name: Field<Text>,
    /// Absent where the value comes from elsewhere.
    pub value: Field<Text>,
    pub value_from: Field<Span>,
    /// The Secret or ConfigMap that it comes from, and the key there.
    pub source: Field<Text>,
    pub source_key: Field<Text>,
}

#[derive(Clone, Debug)]
pub struct EnvFrom {
    pub span: Span,
    /// The name of the Secret or ConfigMap.
    pub name: Field<Text>,
}

#[derive(Clone, Debug)]
pub struct VolumeMount {
    pub span: Span,
    pub name: Field<Text>,
    pub path: Field<Text>,
}

#[derive(Clone, Debug)]
pub struct Volume {
    pub span: Span,
    pub name: Field<Text>,
    /// Service account tokens that the volume projects.
    pub tokens: List<ProjectedToken>,
}

#[derive(Clone, Debug)]
pub struct ProjectedToken {
    pub span: Span,
    pub audience: Field<Text>,
    pub path: Field<Text>,
    pub expiration: Field<Text>,
}

/// A Role or a ClusterRole.
#[derive(Clone, Debug)]
pub struct RbacRole {
    pub meta: Arc<ObjectMeta>,
    pub cluster_wide: bool,
    pub rules: List<RbacRule>,
}

#[derive(Clone, Debug)]
pub struct RbacRule {
    pub span: Span,
    pub verbs: List<Text>,
    pub resources: List<Text>,
    pub resource_names: List<Text>,
}

/// The API group of roles and bindings, and of users and groups in them.
pub const RBAC_GROUP: &str = "rbac.authorization.k8s.io";

/// A RoleBinding or a ClusterRoleBinding.
#[derive(Clone, Debug)]
pub struct RoleBinding {
    pub meta: Arc<ObjectMeta>,
    pub cluster_wide: bool,
    /// What `roleRef` names.
    pub role: RoleRef,
    pub subjects: List<Subject>,
}

#[derive(Clone, Debug)]
pub struct RoleRef {
    pub api_group: Field<Text>,
    pub kind: Field<Text>,
    pub name: Field<Text>,
}

#[derive(Clone, Debug)]
pub struct Subject {
    pub span: Span,
    pub api_group: Field<Text>,
    /// `User`, `Group` or `ServiceAccount`.
    pub kind: Field<Text>,
    pub name: Field<Text>,
    pub namespace: Field<Text>,
}

impl RoleBinding {
    /// Whether the binding names a Role; if not, it names a ClusterRole. `None`: neither, or only a deploy knows.
    pub fn names_role(&self) -> Option<bool> {
        match self.role.kind.string()? {
            "Role" => Some(true),
            "ClusterRole" => Some(false),
            _ => None,
        }
    }
}

impl Subject {
    pub fn is_kind(&self, kind: &str) -> bool {
        self.kind.string() == Some(kind)
    }
}

impl ObjectMeta {
    /// Whether two objects may be in one namespace.
    pub fn may_share_namespace(&self, other: &Self) -> bool {
        match (self.namespace.string(), other.namespace.string()) {
            (Some(mine), Some(theirs)) => mine == theirs,
            _ => true,
        }
    }
}
