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
mod read;
mod resource;

use std::sync::Arc;

use crate::facts::{Facts, ObjectMeta, UnitKind};
use crate::syntax::Node;

use super::value::Value;
use read::{Around, read};
use resource::{Api, Family};

/// What every custom resource of these controllers holds. The groups of Crossplane begin with it.
pub const KEYWORDS: [&str; 5] =
    ["services.k8s.aws", "eks.aws.", "iam.aws.", cluster_api::KEYWORDS[0], cluster_api::KEYWORDS[1]];

/// What a manifest is written for, if it is a custom resource of a controller: its users know the spellings of that one.
pub fn unit_kind(root: Node<'_>) -> Option<UnitKind> {
    let version = root.get("apiVersion").and_then(Node::str)?;
    match Api::of(version).map(|it| it.family) {
        Some(Family::Ack) => Some(UnitKind::Ack),
        Some(Family::Crossplane) => Some(UnitKind::Crossplane),
        None if version.starts_with("kro.run/") => Some(UnitKind::Ack),
        None if version.starts_with("apiextensions.crossplane.io/") => Some(UnitKind::Crossplane),
        None => cluster_api::is_of(version, root.get("kind").and_then(Node::str)?).then_some(UnitKind::ClusterApi),
    }
}

/// Reads the custom resources of a `ResourceGraphDefinition` of kro, which are made for each of its instances. What stands in `${…}`
/// is unknown, and so is whether there is a resource that has a condition.
pub fn lower_graph(definition: &Value<'_>, facts: &mut Facts, meta_of: impl Fn(&Value<'_>) -> Option<ObjectMeta>) {
    let around = Around { template: Some(definition.span()), ..Around::default() };
    for resource in definition.get("spec").get("resources").items().items {
        let is_always_one = ["includeWhen", "forEach"].iter().all(|key| resource.value.get(key).is_absent());
        let object = resource.value.get("template");
        let Some(meta) = meta_of(&object).filter(|_| is_always_one) else { continue };
        if let Some(api) = meta.version.value.string().and_then(Api::of) {
            read(api, &meta.into(), &object, &around, facts);
        }
    }
}

/// Reads a custom resource. False if it is none of these controllers. What has a status was taken from a cluster, with all that the
/// controller filled in.
pub fn lower(meta: &Arc<ObjectMeta>, object: &Value<'_>, facts: &mut Facts) -> bool {
    let (Some(version), Some(kind)) = (meta.version.value.string(), meta.kind.as_str()) else { return false };
    let api = Api::of(version);
    if api.is_none() && !cluster_api::is_of(version, kind) {
        return false;
    }
    match api {
        _ if object.get("status").is_mapping() => {}
        Some(api) => read(api, meta, object, &Around::default(), facts),
        None => cluster_api::lower(meta, object, facts),
    }
    true
}
