//! CloudFormation templates: how they are told, and which resources they declare.
//!
//! A template is recognised by what it holds: a mapping `Resources` with at least one resource type.

pub mod call;
mod functions;
mod resource_types;
mod template;

use crate::facts::{Branch, Facts, Origin, Parameter};
use crate::source::UnitId;
use crate::syntax::{Kind, Node};

use super::outline::Outline;
use super::value::{Dialect, Shape, Value};
use super::{eks_resources, iam_resources, kubernetes};

use template::Template;

/// What every template holds that is about identity: a resource of IAM or EKS, a manifest in a custom resource, or user
/// data that joins a cluster.
pub const KEYWORDS: &[&str] = &[
    "AWS::EKS::",
    "AWSQS::EKS::",
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

/// [`is_template`], asked of an outline.
pub fn may_be_template(outline: &Outline<'_>) -> bool {
    outline.has_mapping("Resources")
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
                None => Box::default(),
            },
        };
        let properties = match node.entry("Properties") {
            Some((key, value)) => Value::under(value, dialect, &Branch::always(), Some(key.span()), 0),
            None => Value::absent(dialect),
        };
        if let Some(kind) = node.get("Type") {
            resource_types::check(kind, &origin, &properties, facts);
        }
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
