//! A policy that lets somebody register clusters, without what registering takes.

use crate::iam::PolicyDocument;
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

/// What `eks:RegisterCluster` does in the caller's name (EKS user guide, "Connect an external Kubernetes cluster").
const ACTIONS: &[&str] =
    &["iam:CreateServiceLinkedRole", "ssm:CreateActivation", "ssm:DeleteActivation", "iam:PassRole"];

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for role in &workspace.facts.roles {
        let documents = workspace.documents().of(role);
        // Of a role all policies count, so long as they are known.
        let is_missing = |action: &str| workspace.policies().grant(role, action) == Some(false);
        judge(&documents, is_missing, findings);
    }
    for document in workspace.documents().of_nobody() {
        judge(&[document], |action| document.grants(action) == Some(false), findings);
    }
}

fn judge(documents: &[&PolicyDocument], is_missing: impl Fn(&str) -> bool, findings: &mut Findings) {
    let registers = |it: &&Text| it.as_str().is_some_and(|it| it.eq_ignore_ascii_case("eks:RegisterCluster"));
    let mut allowing = documents.iter().flat_map(|it| it.allowing_statements());
    let Some(action) = allowing.find_map(|it| it.actions.iter().find(registers)) else { return };
    let missing: Vec<_> = ACTIONS.iter().copied().filter(|it| is_missing(it)).collect();
    if missing.is_empty() {
        return;
    }
    findings
        .at(action.span(), "registering a cluster takes more than `eks:RegisterCluster`")
        .why(format!("not allowed here: {}", crate::names::listed(missing)))
        .help("allow them too; `iam:CreateServiceLinkedRole` is used only for the first cluster of the account");
}
