//! Roles of IAM that a controller in the cluster makes: ACK, Crossplane and its provider by Upbound.
//!
//! The shapes are those of their custom resources: `iam.services.k8s.aws` v1alpha1, `iam.aws.crossplane.io` v1beta1,
//! `iam.aws.upbound.io` v1beta1. Policies are attached by resources of their own, so which a role has is not known.

use crate::facts::{Branch, Facts, Field, List, ObjectMeta, Origin, Role};
use crate::source::Text;

use super::iam_document::document_field;
use super::value::Value;

/// True for the version of a custom resource that is a role of IAM.
pub fn is_of_iam(version: &str) -> bool {
    let group = version.split('/').next().unwrap_or_default();
    group == "iam.services.k8s.aws" || group.starts_with("iam.aws.") && group.ends_with(".io")
}

/// Reads a role, if its trust policy is there: what has no policy holds no keyword either.
pub fn lower(meta: &ObjectMeta, object: &Value<'_>, facts: &mut Facts) {
    let spec = object.get("spec");
    let of_crossplane = spec.get("forProvider");
    let is_ack = of_crossplane.is_absent();
    let settings = if is_ack { spec } else { of_crossplane };
    let document = settings.get("assumeRolePolicyDocument");
    let document = if document.is_absent() { settings.get("assumeRolePolicy") } else { document };
    let trust = document_field(&document, facts.broken_documents.vec(), facts.policy_texts.vec());
    if let Some(text) = document.text().only() {
        facts.embedded.push(text.clone());
    }
    if trust.known().next().is_none() {
        return;
    }
    // Crossplane calls a role like its resource, where nothing else is said.
    let external = meta.annotation("crossplane.io/external-name").and_then(|it| it.text());
    let name = match external {
        _ if is_ack => settings.get("name").text(),
        Some(name) => Field::of(name.clone()),
        None => meta.name.clone(),
    };
    facts.roles.push(Role {
        origin: Origin {
            name: meta.name.known().next().map_or_else(|| meta.kind.span(), Text::span),
            whole: meta.whole,
            resource: None,
            branch: Branch::always(),
            depends_on: Box::default(),
        },
        name,
        path: settings.get("path").text(),
        trust,
        managed_policies: List::unknown(),
        inline_policies: List::unknown(),
        permissions_boundary: Field::unknown(),
        declared_use: None,
    });
}
