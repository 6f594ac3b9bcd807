//! A ConfigMap that is meant to be `kube-system/aws-auth` and is not.

use crate::names::nearest;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for aws_auth in &workspace.facts.aws_auths {
        let meta = &aws_auth.meta;
        // A ConfigMap may use such a key for itself: it has to have what the authenticator would read.
        let has_mappings = !aws_auth.sections.is_empty();
        let Some(name) = meta.name.only() else { continue };
        let Some(called) = name.as_str() else { continue };
        let in_kube_system = meta.namespace.is("kube-system") == Some(true);
        if called == "aws-auth" {
            if meta.namespace.is_absent() && has_mappings {
                report
                    .at(name.span(), "the `aws-auth` ConfigMap names no namespace")
                    .label(
                        name.span(),
                        "`kubectl apply` puts it into the namespace of the day; EKS reads `kube-system`",
                    )
                    .help("write `namespace: kube-system` under `metadata`")
                    .level(Level::Warning);
            }
            for namespace in meta.namespace.known().filter(|it| it.is("kube-system") == Some(false)) {
                report
                    .at(namespace.span(), format!("`aws-auth` is in namespace `{}`", namespace.shown()))
                    .label(namespace.span(), "EKS reads it from `kube-system` only")
                    .fix(Safety::Activating, "write `kube-system`", [Edit::replace(namespace.span(), "kube-system")]);
            }
        } else if has_mappings && (nearest(called, ["aws-auth"]).is_some() || called == "aws-auth-cm" || in_kube_system)
        {
            report
                .at(name.span(), format!("ConfigMap `{called}` holds mappings that EKS does not read"))
                .label(name.span(), "EKS reads the ConfigMap called `aws-auth`")
                .fix(Safety::Suggestion, "call it `aws-auth`", [Edit::replace(name.span(), "aws-auth")]);
        }
    }
}
