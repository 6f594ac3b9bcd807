//! What kustomize builds and changes, and files that a scaffolder copies.

use std::sync::Arc;

use super::Field;
use crate::source::{Span, Text};

/// A `kustomization.yaml`, or what Flux and Argo CD hand to kustomize: which objects it builds, and what it changes in them.
#[derive(Clone, Debug)]
pub struct Kustomization {
    pub span: Span,
    pub namespace: Field<Text>,
    pub root: BuildRoot,
    /// True for what is only built as a part of others: `kind: Component`.
    pub is_component: bool,
    /// True if what stands in its folder is surely what it builds. What Flux and Argo CD take from another repository may have
    /// the same path there.
    pub is_of_here: bool,
    /// True if it generates what may be the `aws-auth` ConfigMap.
    pub makes_aws_auth: bool,
    /// True if values are filled in after the build.
    pub fills_in: bool,
    /// Files and folders that it builds: `resources` and `bases`.
    pub resources: Vec<String>,
    /// Kustomizations whose changes apply to everything that this one builds.
    pub components: Vec<String>,
    /// True if it builds objects that stand in none of these files: those of generators and charts.
    pub generates: bool,
    pub changes: Vec<Change>,
    /// How many of the changes are its own. The others are those of transformers that it names.
    pub own_changes: usize,
}

/// Where the paths of a kustomization begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BuildRoot {
    /// The folder of its file.
    Here,
    /// A folder of the repository, wherever that begins: Flux and Argo CD write its path.
    Folder(String),
}

/// Something that a kustomization changes.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which objects; `None` for all. What one patch changes shares its target.
    pub target: Option<Arc<ChangeTarget>>,
    pub what: Changed,
}

/// The objects that a patch or replacement is for. What is `None` may be anything.
#[derive(Clone, Default, Debug)]
pub struct ChangeTarget {
    pub kind: Option<String>,
    pub name: Option<String>,
    /// True if kind and name are regular expressions for the whole text, false if they are the texts themselves.
    pub is_pattern: bool,
    /// Objects that are not changed although kind and name fit. Empty if there are too many to compare with.
    pub except: Vec<ChangeTarget>,
}

impl ChangeTarget {
    /// The object that a patch is for by its own kind and name.
    pub fn exact(kind: Option<String>, name: Option<String>) -> Self {
        Self { kind, name, is_pattern: false, except: Vec::new() }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Changed {
    /// Something is put before or after the name.
    Affix,
    Name,
    /// The namespace becomes this one, or an unknown one.
    Namespace(Option<Arc<str>>),
    /// One annotation, by its key.
    Annotation(Arc<str>),
    Annotations,
    /// What stands under `data`.
    Data,
    /// What stands under `spec`: of the kinds that are looked at, node classes have their role there.
    Spec,
    /// Values between angle brackets, as argocd-vault-plugin fills them in.
    Brackets,
    Everything,
    /// What the patch in this file changes.
    File(String),
    /// What the transformers in this file or folder change.
    Transformers(String),
}

/// A document that changes objects, and is none: a JSON patch, or a patch that deletes.
#[derive(Clone, Debug)]
pub struct JsonPatch {
    pub span: Span,
    /// The object that it names, if it names one.
    pub target: Option<Arc<ChangeTarget>>,
    pub changes: Vec<Changed>,
}

/// The configuration of a transformer that is built into kustomize.
#[derive(Clone, Debug)]
pub struct Transformer {
    pub span: Span,
    pub changes: Vec<Change>,
}

/// A folder that a template of Backstage copies, relative to the template's file.
#[derive(Clone, Debug)]
pub struct Skeleton {
    pub span: Span,
    pub folder: String,
}
