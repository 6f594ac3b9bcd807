//! Roles of Kubernetes, and what binds them.

use std::sync::Arc;

use crate::facts::{List, ObjectMeta, RbacRule, RoleBinding, RoleRef, Subject, Type};
use crate::lower::types;
use crate::lower::value::Value;

pub(super) fn rules(object: &Value<'_>) -> List<RbacRule> {
    let mut rules = object.get("rules").items().map(|rule| RbacRule {
        span: rule.span(),
        verbs: rule.get("verbs").texts(),
        resources: rule.get("resources").texts(),
        resource_names: rule.get("resourceNames").texts(),
    });
    // An aggregated role gets its rules from others.
    rules.complete &= object.get("aggregationRule").is_absent();
    rules
}

/// What a binding takes.
pub(super) const BINDING: &[types::Row] = &[
    ("roleRef", Type::Mapping),
    ("roleRef.kind", Type::String),
    ("roleRef.name", Type::String),
    ("subjects", Type::List),
    ("subjects[].kind", Type::String),
    ("subjects[].name", Type::String),
    ("subjects[].namespace", Type::String),
];

pub(super) fn binding(meta: Arc<ObjectMeta>, kind: &str, object: &Value<'_>) -> RoleBinding {
    let role = object.get("roleRef");
    RoleBinding {
        meta,
        cluster_wide: kind == "ClusterRoleBinding",
        role: RoleRef {
            api_group: role.get("apiGroup").text(),
            kind: role.get("kind").text(),
            name: role.get("name").text(),
        },
        subjects: object.get("subjects").items().map(|subject| Subject {
            span: subject.span(),
            api_group: subject.get("apiGroup").text(),
            kind: subject.get("kind").text(),
            name: subject.get("name").text(),
            namespace: subject.get("namespace").text(),
        }),
    }
}
