//! Node classes of Karpenter and of EKS Auto Mode: which role their nodes have.
//!
//! The shapes are those of `karpenter.k8s.aws` v1beta1 and v1 (`pkg/apis/v1/ec2nodeclass.go`, 2026-08), and of `eks.amazonaws.com`
//! v1 (EKS user guide, "Create a Node Class for Amazon EKS").

use std::sync::Arc;

use crate::facts::{Facts, NodeClass, NodeMaker, NodeSystem, ObjectMeta};
use crate::source::Text;

use super::objects::ObjectApi;
use super::value::Value;

/// What every node class of Karpenter holds. Those of Auto Mode hold `eks.amazonaws.com/`.
pub const KEYWORD: &str = "EC2NodeClass";

/// Reads a node class. False if the object is none.
pub fn lower(meta: &Arc<ObjectMeta>, object: &Value<'_>, facts: &mut Facts) -> bool {
    let (Some(kind), Some(version)) = (meta.kind.as_str(), meta.version.value.string()) else { return false };
    let maker = match (kind, version) {
        ("EC2NodeClass", "karpenter.k8s.aws/v1") => NodeMaker::Karpenter { is_before_v1: false },
        ("EC2NodeClass", "karpenter.k8s.aws/v1beta1") => NodeMaker::Karpenter { is_before_v1: true },
        ("NodeClass", "eks.amazonaws.com/v1") => NodeMaker::AutoMode,
        _ => return false,
    };
    let spec = object.get("spec");
    facts.node_classes.push(NodeClass {
        origin: ObjectApi::NodeClasses.origin(meta),
        meta: Arc::clone(meta),
        maker,
        role: spec.get("role").text(),
        instance_profile: spec.get("instanceProfile").text(),
        system: system(&spec),
    });
    true
}

/// The system of the images: `amiFamily` says it, or the alias of an image, `al2023@latest`.
fn system(spec: &Value<'_>) -> Option<NodeSystem> {
    let of = |text: &Text| {
        let name = text.as_str()?.to_ascii_lowercase();
        let is_linux = ["al2", "bottlerocket", "ubuntu"].iter().any(|it| name.starts_with(it));
        if name.starts_with("windows") { Some(NodeSystem::Windows) } else { is_linux.then_some(NodeSystem::Linux) }
    };
    let family = spec.get("amiFamily").text().only().and_then(of);
    let mut terms = spec.get("amiSelectorTerms").items().items.into_iter();
    family.or_else(|| terms.find_map(|it| of(it.value.get("alias").text().only()?)))
}
