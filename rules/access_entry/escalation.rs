//! A workload that may make itself an administrator of clusters.

use crate::iam::{PolicyDocument, Statement};
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for role in &workspace.facts.roles {
        let Some(workload) = workspace.roles().links(role).likely_uses().find(|it| who(it.purpose).is_some()) else {
            continue;
        };
        let Some(who) = who(workload.purpose) else { continue };
        let documents = workspace.documents().of(role);
        let Some(create) = granted(&documents, "eks:CreateAccessEntry") else { continue };
        let Some(associate) = granted(&documents, "eks:AssociateAccessPolicy") else { continue };
        let found = findings.at(create.span(), format!("{who} may make themselves administrators of any cluster"));
        found.why("this makes an access entry for whom they like, in all clusters of the account");
        if associate.span() != create.span() {
            found.label(associate.span(), "and this gives it any access policy");
        }
        found
            .certainty(workload.certainty())
            .label(workload.span, format!("their role, by {}", workload.by))
            .help("name the clusters in `Resource`, or limit it with a condition on `eks:policyArn`");
        // A controller of clusters needs this; nodes lend it to whatever runs on them.
        if workload.purpose.is_ec2_node() {
            found.level(Level::Warning);
        }
    }
}

/// Who works with a role of this purpose, if it is a workload.
fn who(purpose: Purpose) -> Option<&'static str> {
    match purpose {
        Purpose::ServiceAccount | Purpose::PodIdentity => Some("pods"),
        it if it.is_ec2_node() => Some("pods on these nodes"),
        _ => None,
    }
}

/// The action that grants this one on everything and without a condition.
fn granted<'w>(documents: &[&'w PolicyDocument], action: &'static str) -> Option<&'w Text> {
    let mut statements = documents.iter().flat_map(|it| it.allowing(action));
    let everywhere = |it: &&Statement| {
        it.conditions.is_empty() && it.resources.iter().any(|resource| resource.as_str() == Some("*"))
    };
    let statement = statements.find(everywhere)?;
    statement.actions.iter().find(|it| it.as_str().is_some_and(|it| crate::iam::covers_action(it, action)))
}
