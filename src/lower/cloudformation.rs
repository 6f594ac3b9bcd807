//! CloudFormation templates: how they are told, and which resources they declare.
//!
//! A template is recognised by what it holds: a mapping `Resources` with at least one resource type.

pub mod call;
mod functions;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use crate::facts::{Branch, Facts, Limit, Origin, Parameter};
use crate::source::{ConditionId, ResourceId, UnitId};
use crate::syntax::{Kind, Node};

use super::value::{Dialect, Functions, Shape, Value};
use super::{eks_resources, iam_resources, kubernetes};

/// How many bytes the functions of a template may make for each byte of it, and besides. A variable inside a variable
/// may stand for any number of them; what would take more cannot be known.
const MADE_OF_BYTE: usize = 32;
const MADE_OF_ANY: usize = 16 << 10;

/// A template, as far as its functions need to know it.
pub struct Template<'t> {
    unit: UnitId,
    resources: HashMap<&'t str, ()>,
    parameters: HashMap<&'t str, Declared<'t>>,
    mappings: Option<Node<'t>>,
    /// A macro may have rewritten the template: what is not written may be there all the same.
    pub is_rewritten: bool,
    /// The limits that were reached while values were read, each once.
    limits: RefCell<Vec<Limit>>,
    /// How many bytes its functions may still make.
    left: Cell<usize>,
}

/// What a value that a parameter may have counts as for each use of it, besides the bytes of its string.
const BYTES_OF_VALUE: usize = 128;

/// A parameter.
struct Declared<'t> {
    /// Its type, if one is written.
    kind: Option<&'t str>,
    /// What its default and its allowed values count as among the bytes that functions make.
    size: usize,
}

/// What every template holds that is about identity: a resource of IAM or EKS, a manifest in a custom resource, or user
/// data that joins a cluster.
pub const KEYWORDS: &[&str] = &[
    "AWS::EKS::",
    "AWS::IAM::",
    "KubeManifest",
    "Kubernetes::",
    "KubernetesResource",
    "/etc/eks/bootstrap.sh",
    "Start-EKSBootstrap",
    "node.eks.aws",
];

/// True if a document is a template.
pub fn is_template(root: Node<'_>) -> bool {
    let is_resource = |node: Node<'_>| {
        let kind = node.get("Type").and_then(Node::str);
        kind.is_some_and(|kind| {
            kind.starts_with("AWS::") || kind.starts_with("Custom::") || kind.split("::").count() == 3
        })
    };
    root.get("Resources").is_some_and(|resources| resources.entries().any(|(_, node)| is_resource(node)))
}

/// Reads the facts of a template.
pub fn lower(root: Node<'_>, unit: UnitId, facts: &mut Facts) {
    let template = Template::new(root, unit);
    let dialect = Dialect::Template(&template);
    for (name, node) in root.get("Parameters").into_iter().flat_map(Node::entries) {
        let Some(name) = name.str() else { continue };
        // Of a list `Ref` gives the items, and of a parameter of Systems Manager what is stored under the default.
        let kind = node.get("Type").and_then(Node::str).unwrap_or_default();
        let is_value = !(kind.starts_with("AWS::SSM::Parameter::Value") || kind.starts_with("List<"));
        let is_value = is_value && kind != "CommaDelimitedList";
        let default = node.get("Default").and_then(Node::text).filter(|it| is_value && !it.is_empty());
        let allowed = node.get("AllowedValues").into_iter().flat_map(Node::items).filter_map(Node::text).collect();
        facts.parameters.push(Parameter { id: template.id(name), default, allowed });
    }
    for (name, node) in root.get("Resources").into_iter().flat_map(Node::entries) {
        let (Some(logical), Some(kind)) = (name.str(), node.get("Type").and_then(Node::str)) else { continue };
        let branch = match node.get("Condition").and_then(Node::str) {
            Some(condition) => Branch::always().and(&template.condition(condition), true).unwrap_or_default(),
            None => Branch::always(),
        };
        let origin = Origin {
            name: name.span(),
            whole: name.span().to(node.span()),
            resource: Some(template.id(logical)),
            branch: branch.clone(),
            depends_on: match node.get("DependsOn") {
                Some(one) if one.kind() == Kind::Scalar => {
                    one.str().map(|name| template.id(name)).into_iter().collect()
                }
                Some(list) => list.items().filter_map(|it| it.str().map(|name| template.id(name))).collect(),
                None => Vec::new(),
            },
        };
        let properties = match node.entry("Properties") {
            Some((key, value)) => Value::under(value, dialect, &Branch::always(), Some(key.span()), 0),
            None => Value::absent(dialect),
        };
        let known = eks_resources::lower(kind, &origin, &properties, facts)
            || iam_resources::lower(kind, &origin, &properties, facts);
        if !known {
            manifests(kind, &properties, facts);
        }
    }
    for (name, node) in root.get("Outputs").into_iter().flat_map(Node::entries) {
        let Some(name) = name.text() else { continue };
        let value = Value::new(node, dialect);
        facts.outputs.push(crate::facts::Output {
            name,
            description: value.get("Description").text(),
            value: value.get("Value").text(),
            export: value.get("Export").get("Name").text(),
            branch: Branch::always(),
        });
    }
    facts.limits.extend(template.limits.take());
}

/// Kubernetes manifests that a custom resource applies: `Custom::KubeManifest`, `AWSQS::Kubernetes::Resource`, the CDK's
/// `Custom::AWSCDK-EKS-KubernetesResource`.
fn manifests<'t>(kind: &str, properties: &Value<'t>, facts: &mut Facts) {
    let applies = ["KubeManifest", "Kubernetes", "KubernetesResource"].iter().any(|word| kind.contains(word));
    if !applies {
        return;
    }
    let manifest = properties.get("Manifest");
    let mut applied = Facts::default();
    for (shape, _, value) in manifest.each() {
        match shape {
            Shape::Collection(_) => kubernetes::lower_value(&value, &mut applied),
            Shape::Text(text, _) if text.only_hole().is_none() => kubernetes::lower_text(text, &mut applied),
            _ => {}
        }
    }
    // `AWSQS::Kubernetes::Resource` has the namespace beside the manifest.
    kubernetes::apply_in(&properties.get("Namespace").text(), &mut applied);
    facts.append(applied);
}

impl<'t> Template<'t> {
    fn new(root: Node<'t>, unit: UnitId) -> Self {
        let entries = |section: &str| {
            let entries = root.get(section).into_iter().flat_map(Node::entries);
            entries.filter_map(|(name, node)| Some((name.str()?, node)))
        };
        Self {
            unit,
            resources: entries("Resources").map(|(name, _)| (name, ())).collect(),
            parameters: entries("Parameters")
                .map(|(name, node)| {
                    let values = ["Default", "AllowedValues"].into_iter().filter_map(|it| node.get(it));
                    let size = values.map(|it| functions::size_of(it, BYTES_OF_VALUE)).sum();
                    (name, Declared { kind: node.get("Type").and_then(Node::str), size })
                })
                .collect(),
            mappings: root.get("Mappings"),
            is_rewritten: has_foreign_macro(root),
            left: Cell::new(root.span().range().len() * MADE_OF_BYTE + MADE_OF_ANY),
            limits: RefCell::default(),
        }
    }

    fn condition(&self, name: &str) -> ConditionId {
        ConditionId { unit: self.unit, name: name.into() }
    }

    fn id(&self, name: &str) -> ResourceId {
        ResourceId { unit: self.unit, name: name.into() }
    }
}

impl<'t> Functions<'t> for Template<'t> {
    fn resolve(&'t self, node: Node<'t>, branch: &Branch, depth: usize) -> Vec<(Shape<'t>, Branch)> {
        self.made_of(node, branch, depth)
    }

    fn reached(&self, limit: Limit) {
        let mut limits = self.limits.borrow_mut();
        match limits.iter_mut().find(|it| it.message == limit.message) {
            Some(known) if limit.span.bounds() < known.span.bounds() => *known = limit,
            Some(_) => {}
            None => limits.push(limit),
        }
    }

    /// True for `CommaDelimitedList`, `List<Number>`, `AWS::SSM::Parameter::Value<List<String>>`.
    fn may_be_list(&self, name: &str) -> bool {
        let kind = self.parameters.get(name).and_then(|it| it.kind);
        kind.is_none_or(|kind| kind.contains("List"))
    }

    fn is_rewritten(&self) -> bool {
        self.is_rewritten
    }

    /// Where a macro may fill something in, the answer is no.
    fn lacks_sub(&self, text: &str) -> bool {
        let names = text.split("${").skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.trim()));
        let is_declared = |name: &str| {
            let name = name.split('.').next().unwrap_or(name);
            name.starts_with("AWS::") || self.resources.contains_key(name) || self.parameters.contains_key(name)
        };
        let mut names = names.peekable();
        !self.is_rewritten && names.peek().is_some() && names.all(is_declared)
    }
}

/// Transforms of AWS add resources or loops, and change nothing else; any other macro may do as it likes.
fn has_foreign_macro(root: Node<'_>) -> bool {
    let Some(transform) = root.get("Transform") else { return false };
    let foreign = |node: Node<'_>| match node.kind() {
        Kind::Scalar => !node.str().is_some_and(|name| name.starts_with("AWS::") && name != "AWS::Include"),
        _ => true,
    };
    match transform.kind() {
        Kind::Sequence => transform.items().any(foreign),
        _ => foreign(transform),
    }
}
