//! Reads one custom resource of ACK or Crossplane.

use std::sync::Arc;

use crate::facts::{Facts, Field, Made, ObjectMeta};
use crate::lower::value::Value;
use crate::source::{Span, Text};

use super::resource::{Api, Family, Resource, Settings};
use super::{eks, iam};

/// What a composition, or another template of resources, says of a resource in it.
#[derive(Default)]
pub(super) struct Around {
    /// The template.
    pub(super) template: Option<Span>,
    /// Paths that it sets in the resource.
    pub(super) patched: Vec<Vec<String>>,
}

/// Reads a custom resource of an API.
pub(super) fn read(api: Api, meta: &Arc<ObjectMeta>, object: &Value<'_>, around: &Around, facts: &mut Facts) {
    let Some(kind) = meta.kind.as_str() else { return };
    let spec = object.get("spec");
    let absent = Value::absent(spec.dialect);
    let whole = Settings { written: spec, initial: absent, patched: around.patched.clone() }.below("spec");
    if is_only_read(api.family, meta, &whole) {
        return;
    }
    let settings = match api.family {
        Family::Ack => whole.clone(),
        Family::Crossplane => {
            let (own, initial) = (whole.get("forProvider"), whole.get("initProvider"));
            let patched = own.patched.into_iter().chain(initial.patched).collect();
            Settings { written: own.written, initial: initial.written, patched }
        }
    };
    facts.made.push(Made {
        whole: meta.whole,
        region: region(api.family, meta, &settings),
        credentials: credentials(api, meta, &whole).map(String::into_boxed_str),
        template: around.template,
    });
    let resource = Resource { api, meta, settings };
    match api.is_iam {
        true => iam::lower(kind, &resource, facts),
        false => eks::lower(kind, &resource, facts),
    }
}

fn region(family: Family, meta: &ObjectMeta, settings: &Settings<'_>) -> Field<Text> {
    match family {
        Family::Ack => match meta.annotation("services.k8s.aws/region") {
            Some(annotation) => annotation.text().map_or_else(Field::unknown, |it| Field::of(it.clone())),
            None => Field::absent(),
        },
        Family::Crossplane => settings.get("region").text(),
    }
}

/// What decides the account of a resource: for ACK an annotation of its namespace, for Crossplane a provider configuration.
fn credentials(api: Api, meta: &ObjectMeta, spec: &Settings<'_>) -> Option<String> {
    let namespace = api.objects.namespace(meta);
    if api.family == Family::Ack {
        return Some(format!("namespace {namespace}"));
    }
    let reference = spec.get("providerConfigRef");
    let or_default = |key: &str, default: &str| {
        let text = reference.get(key).text();
        if text.is_absent() { Some(default.to_owned()) } else { text.string().map(str::to_owned) }
    };
    let name = or_default("name", "default")?;
    Some(match or_default("kind", "ClusterProviderConfig")?.as_str() {
        "ProviderConfig" => format!("provider config {namespace}/{name}"),
        _ => format!("provider config {name}"),
    })
}

/// True for a resource that something else has made: what is not written of it is as it was found.
fn is_only_read(family: Family, meta: &ObjectMeta, spec: &Settings<'_>) -> bool {
    let says = |key: &str, wanted: &str| meta.string_annotation(key).is_some_and(|it| it.is(wanted) == Some(true));
    match family {
        Family::Ack => says("services.k8s.aws/read-only", "true") || says("services.k8s.aws/adoption-policy", "adopt"),
        Family::Crossplane => {
            let policies = spec.get("managementPolicies");
            let makes = |it: &Text| it.is_one_of(&["*", "Create", "Update"]) == Some(true);
            !policies.is_absent() && !policies.texts().iter().any(makes)
        }
    }
}
