//! A service account that both eksctl and a manifest make.

use crate::collections::HashMap;
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let manifests = workspace.facts.service_accounts.iter().filter(|it| it.is_manifest && it.meta.keeps_its_name());
    let mut by_name: HashMap<(&str, &str), Vec<&ServiceAccount>> = HashMap::default();
    for manifest in manifests {
        if let (Some(namespace), Some(name)) = (manifest.meta.namespace.string(), manifest.meta.name.string()) {
            by_name.entry((namespace, name)).or_default().push(manifest);
        }
    }
    for account in workspace.facts.service_accounts.iter().filter(|it| !it.is_manifest) {
        let (Some(namespace), Some(name)) = (account.meta.namespace.string(), account.meta.name.string()) else {
            continue;
        };
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
