//! Two service accounts of one eksctl configuration with one name.

use crate::collections::HashMap;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let mut seen = HashMap::default();
    for item in workspace.facts.eksctl_items.iter().filter(|it| it.kind == ItemKind::ServiceAccount) {
        let text = |name| item.key(name).and_then(|it| it.text.as_ref());
        let Some(name) = text(EksctlKey::Name).and_then(Text::as_str) else { continue };
        let namespace = match item.key(EksctlKey::Namespace) {
            None => "default",
            Some(key) if key.is_set == Some(false) => "default",
            Some(key) => match key.text.as_ref().and_then(Text::as_str) {
                Some(namespace) => namespace,
                None => continue,
            },
        };
        let first = *seen.entry((item.unit, namespace, name)).or_insert(item.at);
        if first != item.at {
            findings
                .at(item.at, format!("service account `{namespace}/{name}` is declared twice"))
                .why("eksctl rejects the file")
                .label(first, "this is the first one")
                .help("write all policies into one of them, and remove the other");
        }
    }
}
