//! Custom resources of controllers that call AWS: ACK, Crossplane with its providers by Upbound and by the community, Cluster API.
//!
//! The shapes are those of their custom resources: `eks.services.k8s.aws` and `iam.services.k8s.aws` v1alpha1 (2026-08),
//! `eks.aws.upbound.io` and `iam.aws.upbound.io` v1beta1 and v1beta2, the same below `aws.m.upbound.io`, and
//! `eks.aws.crossplane.io` and `iam.aws.crossplane.io`. They have the properties of the API, in spellings of their own, and refer
//! to one another by the names of their objects. What a controller fills in where nothing is written is unknown, not absent.

mod cluster_api;
pub mod compositions;
mod eks;
mod iam;

use std::sync::Arc;

use crate::facts::{Branch, Facts, Field, Item, List, ObjectMeta, Origin, UnitKind};
use crate::source::{Attribute, HoleKind, Reference, ResourceId, Text, UnitId};
use crate::syntax::{Kind, Node};

use super::value::{Shape, Value};

/// What every custom resource of these controllers holds. The groups of Crossplane begin with it.
pub const KEYWORDS: [&str; 5] =
    ["services.k8s.aws", "eks.aws.", "iam.aws.", cluster_api::KEYWORDS[0], cluster_api::KEYWORDS[1]];

/// A family of controllers. Objects refer to those of their own family only.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Ack,
    Upbound,
    Crossplane,
}

impl Family {
    /// The family of a version of a custom resource, and whether it is of IAM.
    fn of(version: &str) -> Option<(Self, bool)> {
        let (group, _) = version.split_once('/')?;
        let (service, rest) = group.split_once('.')?;
        let family = match rest {
            "services.k8s.aws" => Self::Ack,
            "aws.upbound.io" | "aws.m.upbound.io" => Self::Upbound,
            "aws.crossplane.io" | "aws.m.crossplane.io" => Self::Crossplane,
            _ => return None,
        };
        matches!(service, "eks" | "iam").then_some((family, service == "iam"))
    }

    /// Names of objects are no logical ids of a template, so their unit is none of those that a file has.
    fn unit(self, meta: &ObjectMeta) -> UnitId {
        let document = match self {
            Self::Ack => u32::MAX - 1,
            Self::Upbound => u32::MAX - 2,
            Self::Crossplane => u32::MAX - 3,
        };
        UnitId { file: meta.whole.file, document }
    }
}

/// What a manifest is written for, if it is a custom resource of a controller: its users know the spellings of that one.
pub fn unit_kind(root: Node<'_>) -> Option<UnitKind> {
    let version = root.get("apiVersion").and_then(Node::str)?;
    match Family::of(version) {
        Some((Family::Ack, _)) => Some(UnitKind::Ack),
        Some((Family::Upbound | Family::Crossplane, _)) => Some(UnitKind::Crossplane),
        None => version.starts_with("controlplane.cluster.x-k8s.io/").then_some(UnitKind::ClusterApi),
    }
}

/// Reads a custom resource. False if it is none of these controllers.
pub fn lower(meta: &Arc<ObjectMeta>, object: &Value<'_>, facts: &mut Facts) -> bool {
    if meta.version.value.string().and_then(Family::of).is_none() {
        return cluster_api::lower(meta, object, facts);
    }
    read(meta, object, &[], facts);
    true
}

/// Reads a custom resource of a family. `patched`: paths in it that are set elsewhere.
fn read(meta: &Arc<ObjectMeta>, object: &Value<'_>, patched: &[Vec<String>], facts: &mut Facts) {
    let Some((family, is_iam)) = meta.version.value.string().and_then(Family::of) else { return };
    let Some(kind) = meta.kind.as_str() else { return };
    let spec = object.get("spec");
    if is_only_read(family, meta, &spec) {
        return;
    }
    let absent = Value::absent(spec.dialect);
    let whole = Settings { written: spec, initial: absent, patched: patched.to_vec() }.below("spec");
    let settings = match family {
        Family::Ack => whole,
        _ => {
            let (own, initial) = (whole.get("forProvider"), whole.get("initProvider"));
            let patched = own.patched.into_iter().chain(initial.patched).collect();
            Settings { written: own.written, initial: initial.written, patched }
        }
    };
    let resource = Resource { family, meta, settings };
    match is_iam {
        true => iam::lower(kind, &resource, facts),
        false => eks::lower(kind, &resource, facts),
    }
}

/// True for a resource that something else has made: what is not written of it is as it was found.
fn is_only_read(family: Family, meta: &ObjectMeta, spec: &Value<'_>) -> bool {
    let says = |key: &str, wanted: &str| meta.string_annotation(key).is_some_and(|it| it.is(wanted) == Some(true));
    match family {
        Family::Ack => says("services.k8s.aws/read-only", "true") || says("services.k8s.aws/adoption-policy", "adopt"),
        _ => {
            let policies = spec.get("managementPolicies").texts();
            !policies.items.is_empty() && policies.iter().all(|it| it.is("Observe") == Some(true))
        }
    }
}

/// A custom resource.
struct Resource<'m, 't> {
    family: Family,
    meta: &'m Arc<ObjectMeta>,
    settings: Settings<'t>,
}

impl<'t> Resource<'_, 't> {
    fn get(&self, key: &str) -> Settings<'t> {
        self.settings.get(key)
    }

    /// The first of several spellings of a property that is written.
    fn any(&self, keys: &[&str]) -> Settings<'t> {
        self.settings.any(keys)
    }

    fn origin(&self) -> Origin {
        let unit = self.family.unit(self.meta);
        Origin {
            name: self.meta.span(),
            whole: self.meta.whole,
            resource: self.meta.name.string().map(|it| ResourceId { unit, name: it.into() }),
            branch: Branch::always(),
            depends_on: Box::default(),
        }
    }

    /// What the resource is called at AWS: ACK has a property for it, Crossplane an annotation, and else the name of the object.
    fn name(&self) -> Field<Text> {
        if self.family == Family::Ack {
            return late(self.get("name").text());
        }
        match self.meta.annotation("crossplane.io/external-name") {
            Some(annotation) => annotation.text().map_or_else(Field::unknown, |it| Field::of(it.clone())),
            None => self.meta.name.clone(),
        }
    }

    fn cluster(&self) -> Field<Text> {
        self.linked(&self.settings, &["clusterName"], &["clusterRef", "clusterNameRef"], Attribute::Ref)
    }

    /// A property that is written, or taken from another object that is referred to by its name. Whatever else it may come
    /// from, such as a selector, only the controller knows.
    fn linked(&self, of: &Settings<'t>, keys: &[&str], references: &[&str], attribute: Attribute) -> Field<Text> {
        let written = of.any(keys).text();
        if !written.is_absent() {
            return written;
        }
        let found = references.iter().map(|key| of.get(key)).find(|it| !it.is_absent());
        found.and_then(|it| self.reference(&it, attribute)).map_or_else(Field::unknown, Field::of)
    }

    /// `{name: app}`, or `{from: {name: app}}` of ACK.
    fn reference(&self, written: &Settings<'_>, attribute: Attribute) -> Option<Text> {
        let from = written.get("from");
        let target = if from.is_absent() { written } else { &from };
        let namespace = target.get("namespace").text();
        if !namespace.is_absent() && namespace.same(&self.meta.namespace) != Some(true) {
            return None;
        }
        let name = target.get("name").text();
        let name = name.only()?;
        let resource = ResourceId { unit: self.family.unit(self.meta), name: name.as_str()?.into() };
        let kind = HoleKind::Resource(Reference { resource, attribute });
        Some(Text::hole(kind, name.as_str()?, name.span()))
    }

    /// A list of values, and of references to objects.
    fn linked_list(&self, keys: &[&str], references: &[&str], selectors: &[&str]) -> List<Text> {
        let mut list = self.any(keys).texts();
        for reference in self.any(references).items() {
            match self.reference(&reference, Attribute::Ref) {
                Some(value) => list.items.push(Item { value, branch: Branch::always() }),
                None => list.complete = false,
            }
        }
        list.complete &= self.any(selectors).is_absent();
        list
    }
}

/// What is written of a resource, and what Crossplane takes for what is not, when it makes the resource (`initProvider`).
struct Settings<'t> {
    written: Value<'t>,
    initial: Value<'t>,
    /// Paths below this that a composition sets.
    patched: Vec<Vec<String>>,
}

impl<'t> Settings<'t> {
    fn get(&self, key: &str) -> Self {
        let found = Self {
            written: self.written.get(key),
            initial: self.initial.get(key),
            patched: self.patched.iter().filter(|it| it.first().is_some_and(|it| it == key)).cloned().collect(),
        };
        found.below(key)
    }

    /// The same without the first step of its paths, which was `key`. What is set as a whole is unknown.
    fn below(mut self, key: &str) -> Self {
        self.patched.retain(|it| it.first().is_some_and(|it| it == key));
        self.patched.iter_mut().for_each(|it| drop(it.remove(0)));
        if self.patched.iter().any(Vec::is_empty) {
            let span = self.value().span();
            let written = self.written;
            self.written = Value { cases: [(Shape::Unknown(span), Branch::always())].into_iter().collect(), ..written };
        }
        self
    }

    fn any(&self, keys: &[&str]) -> Self {
        let mut found = keys.iter().map(|key| self.get(key)).filter(|it| !it.is_absent());
        found.next().unwrap_or_else(|| self.get(keys[0]))
    }

    fn is_absent(&self) -> bool {
        self.written.is_absent() && self.initial.is_absent()
    }

    fn value(&self) -> &Value<'t> {
        if self.written.is_absent() { &self.initial } else { &self.written }
    }

    fn text(&self) -> Field<Text> {
        self.value().text()
    }

    fn texts(&self) -> List<Text> {
        self.value().texts()
    }

    fn items(&self) -> Vec<Self> {
        let items = self.value().items().items.into_iter();
        let item = |it: Item<Value<'t>>| Self {
            initial: Value::absent(it.value.dialect),
            written: it.value,
            patched: Vec::new(),
        };
        items.map(item).collect()
    }

    /// A block of Terraform: in v1beta1 of Upbound it is a list of one.
    fn block(&self, key: &str) -> Self {
        let block = self.get(key);
        let is_list = block
            .value()
            .cases
            .iter()
            .any(|(shape, _)| matches!(shape, Shape::Collection(node) if node.kind() == Kind::Sequence));
        if is_list { block.items().into_iter().next().unwrap_or(block) } else { block }
    }
}

/// A property that has a value even where none is written: that of the API, or of the resource as it was found.
fn late<T: 'static>(field: Field<T>) -> Field<T> {
    if field.is_absent() { Field::unknown() } else { field }
}
