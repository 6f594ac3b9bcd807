//! A role for EKS Pod Identity that does not trust it, or does not let it tag the session.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const SERVICE: &str = "pods.eks.amazonaws.com";

pub fn check(workspace: &Workspace, report: &mut Report) {
    for association in &workspace.facts.pod_identity_associations {
        for (text, branch) in association.role.known_under() {
            let Some(role) = workspace.role(text) else { continue };
            if !branch.surely_meets(&role.origin.branch) {
                continue;
            }
            let Some(trust) = role.trust.only() else { continue };
            if trust.trusts_service(&[SERVICE], "sts:AssumeRole") == Some(false) {
                let place = trust.blame_of(&[SERVICE]);
                let found = report.at(place, format!("role of a pod identity association does not trust `{SERVICE}`"));
                found.label(place, trust.says()).label(text.span(), "this role cannot be given to pods");
                match near_miss(trust) {
                    Some(principal) => {
                        let edit = Edit::replace(principal.value.span(), SERVICE);
                        found.fix(Safety::Activating, format!("trust `{SERVICE}`"), [edit])
                    }
                    None => found.help(format!("let `{SERVICE}` do `sts:AssumeRole` and `sts:TagSession`")),
                };
            } else if trust.trusts_service(&[SERVICE], "sts:TagSession") == Some(false) {
                tag_session(association, trust, text, report);
            }
        }
    }
}

fn tag_session(
    association: &PodIdentityAssociation,
    trust: &crate::iam::PolicyDocument,
    text: &Text,
    report: &mut Report,
) {
    let of_service = |it: &&crate::iam::Statement| it.principals.iter().any(|it| it.value.is(SERVICE) == Some(true));
    let Some(statement) = trust.statements.iter().find(of_service) else { return };
    let place = statement.actions.iter().next().map_or(statement.span, Text::span);
    let found = report.at(place, format!("`{SERVICE}` may not tag the session of this role"));
    found
        .label(place, "EKS asks for `sts:TagSession` too")
        .label(text.span(), "the association that uses the role")
        .help("allow `sts:TagSession` beside `sts:AssumeRole`");
    // Without session tags it is not needed, though the documentation asks for it.
    if !association.disable_session_tags.is_absent() {
        found.level(Level::Note);
    }
}

/// A principal that was surely meant to be the service.
fn near_miss(trust: &crate::iam::PolicyDocument) -> Option<&crate::iam::Principal> {
    const OTHERS: &[&str] =
        &["pod.eks.amazonaws.com", "eks-pods.amazonaws.com", "eks-auth.amazonaws.com", "pods.eks.amazonaws.com.cn"];
    let statements = trust.statements.iter().filter(|it| it.covers_action("sts:AssumeRole") == Some(true));
    let mut near = statements.flat_map(|it| it.principals.iter()).filter(|it| {
        let value = it.value.as_str();
        it.is_kind("Service") && value.is_some_and(|it| OTHERS.contains(&it))
    });
    near.next()
}
