//! A service account or association of eksctl that does not say which account it is about.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for item in &workspace.facts.eksctl_items {
        let (noun, names): (&str, &[EksctlKey]) = match item.kind {
            ItemKind::ServiceAccount => ("service account", &[EksctlKey::Name]),
            ItemKind::Association | ItemKind::AddonAssociation => {
                ("pod identity association", &[EksctlKey::Namespace, EksctlKey::ServiceAccountName])
            }
            _ => continue,
        };
        let is_missing = |name: EksctlKey| item.key(name).is_none_or(|it| it.is_set == Some(false));
        let Some(name) = names.iter().copied().find(|it| is_missing(*it)).filter(|_| !item.has_unknown_keys) else {
            continue;
        };
        let at = item.key(name).map_or(item.at, |it| it.at);
        let key = if item.kind == ItemKind::ServiceAccount { "metadata.name" } else { name.name() };
        findings
            .at(at, format!("{noun} `{}` has no `{key}`", item.path))
            .why("eksctl rejects the file")
            .help(format!("add `{key}`"));
    }
}
