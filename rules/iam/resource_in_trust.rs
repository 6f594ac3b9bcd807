//! A trust policy that names resources.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for it in workspace.documents().of_eks(DocumentKind::Trust) {
        for statement in it.document.statements.iter() {
            let Some(entry) = statement.resource_entry else {
                if let Some(key) = statement.not_resource {
                    findings
                        .at(key, "trust policy has a `NotResource`")
                        .why("the role itself is the resource: IAM rejects the key")
                        .help("remove it");
                }
                continue;
            };
            let found = findings.at(entry, "trust policy has a `Resource`");
            found.why("the role itself is the resource: IAM rejects the key");
            found.fix(Safety::Activating, "remove it", Change::remove(entry));
        }
    }
}
