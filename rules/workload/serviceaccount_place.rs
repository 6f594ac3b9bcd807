//! A workload that names its service account outside the spec of its pods.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for misplaced in workspace.facts.workloads.iter().filter_map(|it| it.misplaced_account.as_deref()) {
        let Misplaced { key, value, under, belongs } = misplaced;
        let holder = under.map_or_else(|| "the object".to_owned(), |it| format!("`{it}`"));
        findings
            .at(*key, format!("`serviceAccountName` is set on {holder}, not on the pod spec"))
            .why(format!(
                "Kubernetes ignores or rejects it there: the pods run as `default`, not as `{}`",
                value.shown()
            ))
            .help(format!("move it to `{belongs}`"));
    }
}
