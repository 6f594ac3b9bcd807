//! A service account that both eksctl and a manifest make.

use crate::collections::HashMap;
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let accounts = workspace.facts.service_accounts.iter().filter(|it| !it.is_manifest);
    // Most files have no account of eksctl, and many have one of a manifest.
    let mut by_name: HashMap<(&str, &str), Vec<&ServiceAccount>> =
        accounts.clone().filter_map(full_name).map(|it| (it, Vec::new())).collect();
    // What a cluster has may be what eksctl made.
    let is_manifest =
        |it: &&ServiceAccount| it.is_manifest && it.meta.keeps_its_name() && !workspace.is_described(it.meta.whole);
    let manifests = workspace.facts.service_accounts.iter().filter(is_manifest);
    for manifest in manifests {
        if let Some(found) = full_name(manifest).and_then(|it| by_name.get_mut(&it)) {
            found.push(manifest);
        }
    }
    for account in accounts {
        let Some((namespace, name)) = full_name(account) else { continue };
        let file = account.meta.whole.file;
        let found = by_name.get(&(namespace, name)).into_iter().flatten();
        let mut manifests = found.filter(|it| !workspace.environments().are_apart(file, it.meta.whole.file));
        // Several manifests are several environments, and eksctl's cluster is one of them.
        let (Some(manifest), None) = (manifests.next(), manifests.next()) else { continue };
        findings
            .at(
                account.meta.span(),
                format!("eksctl makes the service account `{namespace}/{name}`, and a manifest does too"),
            )
            .why("eksctl writes the role into its annotations")
            .label(manifest.meta.span(), "applying this writes its own annotations over them")
            .help(
                "set `roleOnly: true` for eksctl and put the role's ARN into the manifest, or leave the manifest out",
            );
    }
}

/// The namespace and name of an account, if both are known.
fn full_name(account: &ServiceAccount) -> Option<(&str, &str)> {
    account.meta.namespace.string().zip(account.meta.name.string())
}
