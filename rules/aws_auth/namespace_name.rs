//! A ConfigMap that is meant to be `kube-system/aws-auth` and is not.

use crate::collections::HashSet;
use crate::names::nearest;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let controllers = namespaces_of_controllers(workspace);
    let set_beside = folders_with_its_namespace(workspace);
    for aws_auth in &workspace.facts.aws_auths {
        let meta = &aws_auth.meta;
        if aws_auth.is_whole && meta.kind.is("ConfigMap") == Some(false) {
            let found =
                findings.at(meta.kind.span(), format!("`aws-auth` is a `{}`, not a ConfigMap", meta.kind.shown()));
            found.why("EKS reads the ConfigMap called `aws-auth`");
            let near = meta.kind.as_str().and_then(|kind| nearest(kind, ["ConfigMap"]));
            found.fix_or_help(
                Safety::Activating,
                "write `ConfigMap`",
                near.map(|it| Change::write(&meta.kind, it)),
                "make it a ConfigMap, with the mappings as text under `data`",
            );
            continue;
        }
        if meta.name.is_absent() && aws_auth.mappings().next().is_some() {
            let found = findings.at(meta.kind.span(), "the ConfigMap with the mappings has no name");
            found.why("EKS reads the ConfigMap called `aws-auth`").help("write `name: aws-auth` under `metadata`");
            // What `kubectl patch` is given needs neither.
            if meta.namespace.is_absent() {
                found.possible();
            }
            continue;
        }
        let Some(name) = meta.name.only() else { continue };
        if meta.built.written_name.as_deref() == Some("aws-auth") && !aws_auth.sections.is_empty() {
            another_name(meta, name, findings);
            continue;
        }
        let Some(called) = name.as_str() else { continue };
        // A ConfigMap may use such a key for itself: it has to have what the authenticator would read.
        if aws_auth.sections.is_empty() {
            continue;
        }
        if meta.built.is_renamed || is_of_a_controller(&controllers, aws_auth) {
            continue;
        }
        if called == "aws-auth" {
            // A prefix makes no namespace right.
            if meta.keeps_its_name() && !set_beside.contains(workspace.folder(name.span())) {
                no_namespace(meta, name, findings);
            }
            another_namespace(meta, findings);
        } else if meta.built.is_affixed {
            // With the prefix it may be right.
        } else if nearest(called, ["aws-auth"]).is_some()
            || called == "aws-auth-cm"
            || meta.namespace.is("kube-system") == Some(true)
        {
            findings
                .at(name.span(), format!("ConfigMap `{called}` holds mappings that EKS does not read"))
                .why("EKS reads the ConfigMap called `aws-auth`")
                .fix(Safety::Suggestion, "call it `aws-auth`", Change::write(name, "aws-auth"));
        }
    }
}

/// True for a ConfigMap that a controller reads from a namespace of its own and makes the real one of. Entries with
/// `permissionset` are those of `aws-iam-authenticator-sso-wrapper`; others show by the name of their namespace, or by a Role
/// there that lets them read it. What is in `kube-system` EKS reads.
fn is_of_a_controller(controllers: &HashSet<&str>, aws_auth: &AwsAuth) -> bool {
    const WORDS: [&str; 3] = ["iam-authenticator", "aws-auth-", "-aws-auth"];
    let meta = &aws_auth.meta;
    if meta.namespace.is("kube-system") == Some(true) {
        return false;
    }
    let has_key = |it: &Mapping| it.keys.iter().any(|key| crate::names::folded(key.bytes()) == "permissionset");
    if aws_auth.mappings().any(has_key) {
        return true;
    }
    let Some(namespace) = meta.namespace.string() else { return false };
    WORDS.iter().any(|it| namespace.contains(it)) || controllers.contains(namespace)
}

/// The namespaces with a Role that may read a ConfigMap called `aws-auth` there.
fn namespaces_of_controllers(workspace: &Workspace) -> HashSet<&str> {
    let may_read = |it: &&RbacRole| {
        let mut rules = it.rules.iter();
        let is_named = |list: &List<Text>, word: &str| list.iter().any(|it| it.is(word) == Some(true));
        rules.any(|it| is_named(&it.resources, "configmaps") && is_named(&it.resource_names, "aws-auth"))
    };
    workspace.facts.rbac_roles.iter().filter(may_read).filter_map(|it| it.meta.namespace.string()).collect()
}

/// The folders in which a kustomization may set the namespace that EKS reads. Another overlay may do the same from another
/// folder, but that is not to be seen here.
fn folders_with_its_namespace(workspace: &Workspace) -> HashSet<&str> {
    let sets = |it: &&Kustomization| !it.namespace.is_absent() && it.namespace.is("kube-system") != Some(false);
    workspace.facts.kustomizations.iter().filter(sets).map(|it| workspace.folder(it.span)).collect()
}

/// Kustomize calls it something else.
fn another_name(meta: &ObjectMeta, name: &Text, findings: &mut Findings) {
    if meta.built.is_renamed {
        return;
    }
    let found = findings.at(name.span(), format!("kustomize renames `aws-auth` to `{}`", name.shown()));
    found.why("EKS reads the ConfigMap called `aws-auth`");
    found.help(match name.as_str() {
        Some(_) => "leave it out of the build that has `namePrefix` or `nameSuffix`",
        None => "write `disableNameSuffixHash: true` under `options` of the generator",
    });
}

fn no_namespace(meta: &ObjectMeta, name: &Text, findings: &mut Findings) {
    if !meta.namespace.is_absent() {
        return;
    }
    findings
        .at(name.span(), "the `aws-auth` ConfigMap names no namespace")
        .why("EKS reads `kube-system`; `kubectl apply` takes the namespace of the context")
        .help("write `namespace: kube-system` under `metadata`")
        .likely();
}

fn another_namespace(meta: &ObjectMeta, findings: &mut Findings) {
    for namespace in meta.namespace.known().filter(|it| it.is("kube-system") == Some(false)) {
        findings
            .at(namespace.span(), format!("`aws-auth` is in namespace `{}`", namespace.shown()))
            .why("EKS reads it from `kube-system` only")
            .fix(Safety::Activating, "write `kube-system`", Change::write(namespace, "kube-system"));
    }
}
