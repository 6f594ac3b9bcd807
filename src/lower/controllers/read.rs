//! Reads one custom resource of ACK or Crossplane.

use std::sync::Arc;

use crate::facts::{Facts, ObjectMeta};
use crate::lower::value::Value;

use super::resource::{Family, Resource, Settings};
use super::{eks, iam};

/// Reads a custom resource of a family. `patched`: paths in it that are set elsewhere.
pub(super) fn read(meta: &Arc<ObjectMeta>, object: &Value<'_>, patched: &[Vec<String>], facts: &mut Facts) {
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
pub(super) fn is_only_read(family: Family, meta: &ObjectMeta, spec: &Value<'_>) -> bool {
    let says = |key: &str, wanted: &str| meta.string_annotation(key).is_some_and(|it| it.is(wanted) == Some(true));
    match family {
        Family::Ack => says("services.k8s.aws/read-only", "true") || says("services.k8s.aws/adoption-policy", "adopt"),
        _ => {
            let policies = spec.get("managementPolicies").texts();
            !policies.items.is_empty() && policies.iter().all(|it| it.is("Observe") == Some(true))
        }
    }
}
