//! A service account that both eksctl and a manifest make.

use crate::prelude::*;

pub const LEVEL: Level = Level::Note;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for account in workspace.facts.service_accounts.iter().filter(|it| !it.is_manifest) {
        let (Some(namespace), Some(name)) = (account.meta.namespace.string(), account.meta.name.string()) else {
            continue;
        };
        let found = workspace.service_accounts_near(account.meta.whole.file, namespace, name);
        let mut manifests = found.filter(|it| it.is_manifest && it.meta.keeps_its_name());
        // Several manifests are several environments, and eksctl's cluster is one of them.
        let (Some(manifest), None) = (manifests.next(), manifests.next()) else { continue };
        report
            .at(
                account.meta.span(),
                format!("eksctl makes the service account `{namespace}/{name}`, and a manifest does too"),
            )
            .label(account.meta.span(), "eksctl writes the role into its annotations")
            .label(manifest.meta.span(), "applying this writes its own annotations over them")
            .help(
                "set `roleOnly: true` for eksctl and put the role's ARN into the manifest, or leave the manifest out",
            );
    }
}
