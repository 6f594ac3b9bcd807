//! An IRSA annotation on something that is not a service account.

use crate::iam::{ACCOUNT_ANNOTATIONS, POD_ANNOTATIONS};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

/// Other kinds of Kubernetes itself. What an operator does with annotations on its own kinds cannot be known.
const OTHERS: &[&str] =
    &["Namespace", "ConfigMap", "Secret", "Service", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"];

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for object in &workspace.facts.objects {
        let Some(kind) = object.kind.as_str() else { continue };
        let is_workload = WORKLOADS.contains(&kind);
        if !is_workload && !OTHERS.contains(&kind) && kind != "ServiceAccount" {
            continue;
        }
        let place = if object.is_template { format!("pods of a {kind}") } else { format!("a {kind}") };
        // Those that are read from pods too are right there.
        let is_read = |key: &str| ACCOUNT_ANNOTATIONS.contains(&key) && !POD_ANNOTATIONS.contains(&key);
        let is_key = |it: &&Annotation| it.key.as_str().is_some_and(is_read);
        // What a kustomization may set, it sets on all objects, those among them that cannot make use of it.
        let written = object.annotations.iter().filter(|it| it.is_written);
        let annotations = written.filter(|_| kind != "ServiceAccount").filter(is_key);
        for annotation in annotations {
            let key = annotation.key.shown();
            findings
                .at(annotation.key.span(), format!("`{key}` has no effect on {place}"))
                .why("it is read from service accounts only")
                .help("move it to the metadata of the service account that the pods use")
                .level(if is_workload { Level::Error } else { Level::Warning });
        }
        for label in object.labels.iter().filter(is_key) {
            let key = label.key.shown();
            findings
                .at(label.key.span(), format!("`{key}` is a label here, and is read as an annotation only"))
                .why("labels give no role")
                .help("write it under `metadata.annotations` of the service account")
                .level(if is_workload || kind == "ServiceAccount" { Level::Error } else { Level::Warning });
        }
    }
}
