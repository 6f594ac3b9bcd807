//! An annotation of EKS that stands where Kubernetes has no such field.

use crate::iam::{ACCOUNT_ANNOTATIONS, POD_ANNOTATIONS};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

/// Kinds of Kubernetes itself, whose fields are known. A custom resource may have a field of any name.
fn is_of_kubernetes(kind: &str) -> bool {
    kind == "ServiceAccount" || WORKLOADS.contains(&kind)
}

fn is_read(key: &str) -> bool {
    ACCOUNT_ANNOTATIONS.contains(&key) || POD_ANNOTATIONS.contains(&key)
}

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for object in &workspace.facts.objects {
        if !object.kind.as_str().is_some_and(is_of_kubernetes) {
            continue;
        }
        let misplaced: Vec<_> = object.stray.iter().filter(|it| it.key.as_str().is_some_and(is_read)).collect();
        for stray in &misplaced {
            let key = &stray.key;
            if let Some(holder) = &stray.misspelt {
                let found = findings.at(holder.span(), format!("`{}` is not `annotations`", holder.shown()));
                found
                    .why("there is no such field: the API server drops or refuses it")
                    .label(key.span(), "so this is read by nobody")
                    .fix(Safety::Activating, "write `annotations`", Change::write(holder, "annotations"));
                break;
            }
            let place = match stray.under {
                "the top level" => "beside `metadata`".to_owned(),
                "annotations" => "in `annotations` beside `metadata`".to_owned(),
                under => format!("in `{under}`"),
            };
            let found =
                findings.at(key.span(), format!("`{}` stands {place}, not in `metadata.annotations`", key.shown()));
            found.why("there is no such field: the API server drops or refuses it");
            // What is read from service accounts only is of no use in the annotations of pods either.
            let of_account = object.kind.as_str() == Some("ServiceAccount");
            if !of_account && !key.as_str().is_some_and(|it| POD_ANNOTATIONS.contains(&it)) {
                found.help("move it under `metadata.annotations` of the service account that the pods use");
                continue;
            }
            let alone = misplaced.len() == 1 && object.annotations.is_empty() && stray.under == "metadata";
            found.otherwise("move it under `metadata.annotations`");
            if alone {
                let change = Change::nest(key.whole(), "annotations");
                found.fix(Safety::Activating, "put it under `annotations`", change);
            }
        }
    }
}
