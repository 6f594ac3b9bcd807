//! A role that every service account of a cluster can assume.

use crate::prelude::*;
use crate::workspace::{is_every_subject, issuer_of_key};

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for identity in workspace.web_identities().all() {
        let conditions = &identity.statement.conditions;
        if !identity.is_eks() || identity.is_web_identity() != Some(true) || !conditions.complete {
            continue;
        }
        // A condition on anything but the audience may narrow it, and so may one whose key is not known.
        let is_audience = |it: &crate::iam::Condition| it.is_on(":aud") == Some(true);
        if conditions.iter().all(is_audience) {
            let words = match conditions.is_empty() {
                true => "every service account of the cluster can assume this role, with any token",
                false => "every service account of the cluster can assume this role",
            };
            findings
                .at(identity.place(), "role trusts a cluster, not a service account")
                .why(words)
                .help("add a condition on `:sub` with `system:serviceaccount:<namespace>:<name>`");
            continue;
        }
        let subjects = conditions.iter().filter(|it| it.is_on(":sub") == Some(true));
        let subjects: Vec<_> = subjects.filter(|it| issuer_of_key(&it.key).is_some()).collect();
        // Conditions on several subjects have to hold together.
        let [only] = subjects.as_slice() else { continue };
        if conditions.iter().any(|it| !is_audience(it) && it.key.ends_with(":sub") != Some(true))
            || only.base_operator() != Some("StringLike")
        {
            continue;
        }
        if let Some(value) = only.values.iter().find(|it| is_every_subject(it)) {
            findings
                .at(value.span(), format!("`{}` lets in every service account", value.shown()))
                .why("whoever runs a pod in the cluster can assume this role")
                .help("name the namespace at least: `system:serviceaccount:<namespace>:*`");
        }
    }
}
