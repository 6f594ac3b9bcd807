//! A workload that names its service account outside the spec of its pods.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for misplaced in workspace.facts.workloads.iter().filter_map(|it| it.misplaced_account.as_deref()) {
        let Misplaced { key, value, under, belongs } = misplaced;
        let place = if under.contains(' ') { format!("at {under}") } else { format!("under `{under}`") };
        findings
            .at(*key, format!("`serviceAccountName` stands {place}, not in the spec of the pods"))
            .why(format!("the pods run as `default`, not as `{}`, if the object is accepted at all", value.shown()))
            .help(format!("move it to `{belongs}`"));
    }
}
