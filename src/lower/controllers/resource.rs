//! A custom resource of ACK or Crossplane: its settings, and what it refers to.

use std::sync::Arc;

use crate::facts::{Branch, Field, Item, List, ObjectMeta, Origin};
use crate::lower::eks_api::late;
use crate::lower::objects::ObjectApi;
use crate::lower::value::{Shape, Value};
use crate::source::{Attribute, HoleKind, Reference, Text};
use crate::syntax::Kind;

/// A family of controllers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Ack,
    Crossplane,
}

/// The API of a custom resource.
#[derive(Clone, Copy)]
pub(super) struct Api {
    pub(super) family: Family,
    /// Objects refer to those of their own API only.
    pub(super) objects: ObjectApi,
    /// Whether it is of IAM, and not of EKS.
    pub(super) is_iam: bool,
}

impl Api {
    /// The API of a version of a custom resource.
    pub(super) fn of(version: &str) -> Option<Self> {
        let (group, _) = version.split_once('/')?;
        let (service, rest) = group.split_once('.')?;
        let objects = match rest {
            "services.k8s.aws" => ObjectApi::Ack,
            "aws.upbound.io" => ObjectApi::Upbound,
            "aws.m.upbound.io" => ObjectApi::UpboundNamespaced,
            "aws.crossplane.io" => ObjectApi::Crossplane,
            "aws.m.crossplane.io" => ObjectApi::CrossplaneNamespaced,
            _ => return None,
        };
        let family = if objects == ObjectApi::Ack { Family::Ack } else { Family::Crossplane };
        matches!(service, "eks" | "iam").then_some(Self { family, objects, is_iam: service == "iam" })
    }
}

/// What an object is referred to for.
#[derive(Clone, Copy)]
pub(super) struct Target {
    kind: &'static str,
    is_arn: bool,
}

pub(super) const CLUSTER_NAME: Target = Target { kind: "Cluster", is_arn: false };
pub(super) const ROLE_NAME: Target = Target { kind: "Role", is_arn: false };
pub(super) const ROLE_ARN: Target = Target { kind: "Role", is_arn: true };
pub(super) const POLICY: Target = Target { kind: "Policy", is_arn: false };

impl Target {
    fn attribute(self) -> Attribute {
        if self.is_arn { Attribute::Arn } else { Attribute::Ref }
    }
}

/// A custom resource.
pub(super) struct Resource<'m, 't> {
    pub(super) api: Api,
    pub(super) meta: &'m Arc<ObjectMeta>,
    pub(super) settings: Settings<'t>,
}

impl<'t> Resource<'_, 't> {
    pub(super) fn get(&self, key: &str) -> Settings<'t> {
        self.settings.get(key)
    }

    /// The first of several spellings of a property that is written.
    pub(super) fn any(&self, keys: &[&str]) -> Settings<'t> {
        self.settings.any(keys)
    }

    pub(super) fn origin(&self) -> Origin {
        self.api.objects.origin(self.meta)
    }

    /// What the resource is called at AWS: ACK has a property for it, Crossplane an annotation, and else the name of the object.
    pub(super) fn name(&self) -> Field<Text> {
        if self.api.family == Family::Ack {
            return late(self.get("name").text());
        }
        match self.meta.annotation("crossplane.io/external-name") {
            Some(annotation) => annotation.text().map_or_else(Field::unknown, |it| Field::of(it.clone())),
            None => self.meta.name.clone(),
        }
    }

    pub(super) fn cluster(&self) -> Field<Text> {
        self.linked(&self.settings, &["clusterName"], &["clusterRef", "clusterNameRef"], CLUSTER_NAME)
    }

    /// A property that is written, or taken from another object that is referred to by its name. Whatever else it may come
    /// from, such as a selector, only the controller knows.
    pub(super) fn linked(&self, of: &Settings<'t>, keys: &[&str], references: &[&str], target: Target) -> Field<Text> {
        let written = of.any(keys).text();
        if !written.is_absent() {
            return written;
        }
        let found = references.iter().map(|key| of.get(key)).find(|it| !it.is_absent());
        found.and_then(|it| self.reference(&it, target)).map_or_else(Field::unknown, Field::of)
    }

    /// `{name: app}`, or `{from: {name: app}}` of ACK.
    pub(super) fn reference(&self, written: &Settings<'_>, target: Target) -> Option<Text> {
        let from = written.get("from");
        let object = if from.is_absent() { written } else { &from };
        let namespace = object.get("namespace").text();
        // Without a namespace it is that of the object.
        let namespace = match namespace.is_absent() {
            true => self.api.objects.namespace(self.meta),
            false => namespace.string()?.to_owned(),
        };
        let name = object.get("name").text();
        let name = name.only()?;
        let resource = self.api.objects.id(self.meta.whole.file, &namespace, target.kind, name.as_str()?);
        let kind = HoleKind::Resource(Reference { resource, attribute: target.attribute() });
        Some(Text::hole(kind, name.as_str()?, name.span()))
    }

    /// A list of values, and of references to objects.
    pub(super) fn linked_list(
        &self,
        keys: &[&str],
        references: &[&str],
        selectors: &[&str],
        target: Target,
    ) -> List<Text> {
        let mut list = self.any(keys).texts();
        for reference in self.any(references).items() {
            match self.reference(&reference, target) {
                Some(value) => list.items.push(Item { value, branch: Branch::always() }),
                None => list.complete = false,
            }
        }
        list.complete &= self.any(selectors).is_absent();
        list
    }
}

/// What is written of a resource, and what Crossplane takes for what is not, when it makes the resource (`initProvider`).
#[derive(Clone)]
pub(super) struct Settings<'t> {
    pub(super) written: Value<'t>,
    pub(super) initial: Value<'t>,
    /// Paths below this that a composition sets.
    pub(super) patched: Vec<Vec<String>>,
}

impl<'t> Settings<'t> {
    pub(super) fn get(&self, key: &str) -> Self {
        let found = Self {
            written: self.written.get(key),
            initial: self.initial.get(key),
            patched: self.patched.iter().filter(|it| it.first().is_some_and(|it| it == key)).cloned().collect(),
        };
        found.below(key)
    }

    /// The same without the first step of its paths, which was `key`. What is set as a whole is unknown.
    pub(super) fn below(mut self, key: &str) -> Self {
        self.patched.retain(|it| it.first().is_some_and(|it| it == key));
        self.patched.iter_mut().for_each(|it| drop(it.remove(0)));
        if self.patched.iter().any(Vec::is_empty) {
            let span = self.value().span();
            let written = self.written;
            self.written = Value { cases: [(Shape::Unknown(span), Branch::always())].into_iter().collect(), ..written };
        }
        self
    }

    pub(super) fn any(&self, keys: &[&str]) -> Self {
        let mut found = keys.iter().map(|key| self.get(key)).filter(|it| !it.is_absent());
        found.next().unwrap_or_else(|| self.get(keys[0]))
    }

    pub(super) fn is_absent(&self) -> bool {
        self.written.is_absent() && self.initial.is_absent()
    }

    pub(super) fn value(&self) -> &Value<'t> {
        if self.written.is_absent() { &self.initial } else { &self.written }
    }

    pub(super) fn text(&self) -> Field<Text> {
        self.value().text()
    }

    pub(super) fn texts(&self) -> List<Text> {
        self.value().texts()
    }

    pub(super) fn items(&self) -> Vec<Self> {
        let items = self.value().items().items.into_iter();
        let item = |it: Item<Value<'t>>| Self {
            initial: Value::absent(it.value.dialect),
            written: it.value,
            patched: Vec::new(),
        };
        items.map(item).collect()
    }

    /// A block of Terraform: in v1beta1 of Upbound it is a list of one.
    pub(super) fn block(&self, key: &str) -> Self {
        let block = self.get(key);
        let is_list = block
            .value()
            .cases
            .iter()
            .any(|(shape, _)| matches!(shape, Shape::Collection(node) if node.kind() == Kind::Sequence));
        if is_list { block.items().into_iter().next().unwrap_or(block) } else { block }
    }
}
