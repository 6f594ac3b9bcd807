//! A service account, or `aws-auth`, whose `apiVersion` is missing or does not go with its kind.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let facts = &workspace.facts;
    let built = workspace.built();
    let accounts = facts.service_accounts.iter().filter(|it| it.is_manifest).map(|it| &it.meta);
    // One of another name and with nothing that belongs into `aws-auth` is not read at all, where it stands alone.
    let is_one = |it: &&AwsAuth| it.is_whole && (it.meta.name.is("aws-auth") == Some(true) || !it.sections.is_empty());
    let maps = facts.aws_auths.iter().filter(is_one).map(|it| &it.meta);
    for meta in accounts.chain(maps) {
        let kind = meta.kind.shown();
        for (version, text) in meta.version.value.strings().filter(|(version, _)| *version != "v1") {
            findings
                .at(text.span(), format!("`{version}` has no kind `{kind}`"))
                .why("the API server refuses this object")
                .fix(Safety::Activating, "write `v1`", Change::write(text, "v1"));
        }
        // What `aws-auth` is instead of a ConfigMap is a finding of its own.
        if kind.eq_ignore_ascii_case("ServiceAccount") && kind != "ServiceAccount" {
            findings
                .at(meta.kind.span(), format!("`v1` has no kind `{kind}`"))
                .why("kinds are compared by letter: the API server refuses this object")
                .fix(Safety::Activating, "write `ServiceAccount`", Change::write(&meta.kind, "ServiceAccount"));
        }
        // A patch of kustomize may leave it out, and what has no name either is a part of something else.
        if !meta.version.value.is_absent() || meta.name.is_absent() || built.holds(meta.whole) {
            continue;
        }
        match meta.version.misspelt.as_deref() {
            Some(key) => findings
                .at(key.span(), format!("`{}` is not `apiVersion`", key.shown()))
                .why(format!("without `apiVersion` nobody knows what a `{kind}` is: it is refused"))
                .fix(Safety::Activating, "write `apiVersion`", Change::write(key, "apiVersion")),
            // It may be a patch all the same, of a kustomization in another folder.
            None => findings
                .at(meta.kind.span(), format!("a `{kind}` without `apiVersion`"))
                .possible()
                .why("the API server refuses this object")
                .help("write `apiVersion: v1` before it, unless this is a patch"),
        };
    }
}
