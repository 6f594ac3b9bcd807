//! A role for EKS Pod Identity that does not trust it, or does not let it tag the session.

use crate::iam::POD_IDENTITY_SERVICE;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let service = POD_IDENTITY_SERVICE.name;
    for association in &workspace.facts.pod_identity_associations {
        for (text, branch) in workspace.values_under(&association.origin, &association.role) {
            let Some((role, certainty)) = workspace.roles().likely_as_written(text) else { continue };
            if !branch.surely_meets(&role.origin.branch) {
                continue;
            }
            let Some(trust) = role.trust.only() else { continue };
            if trust.may_be_assumed_by(&[service]) == Some(false) {
                let place = trust.blame_of(&[service]);
                let found =
                    findings.at(place, format!("role of a pod identity association does not trust `{service}`"));
                found
                    .certainty(certainty)
                    .why(trust.says_of(&[service]))
                    .label(text.span(), "this role cannot be given to pods");
                found.fix_or_help(
                    Safety::Activating,
                    format!("trust `{service}`"),
                    near_miss(trust).map(|it| Change::write(&it.value, service)),
                    format!("let `{service}` do `sts:AssumeRole` and `sts:TagSession`"),
                );
            } else if trust.trusts_service(&[service], "sts:TagSession") == Some(false) {
                tag_session(association, trust, (text, certainty), findings);
            }
        }
    }
    without_association(workspace, findings);
}

/// What lets the service do the one and not the other is of no use to any association that keeps its session tags.
fn without_association(workspace: &Workspace, findings: &mut Findings) {
    let service = POD_IDENTITY_SERVICE.name;
    for (trust, _) in workspace.documents().trusts_without_use() {
        let may = |action| trust.trusts_service(&[service], action);
        let of_service =
            |it: &&crate::iam::Statement| it.principals.iter().any(|it| it.value.is(service) == Some(true));
        let Some(statement) = trust.statements.iter().find(of_service) else { continue };
        if may("sts:AssumeRole") != Some(true) || may("sts:TagSession") != Some(false) {
            continue;
        }
        let place = statement.actions.iter().next().map_or(statement.span, Text::span);
        findings
            .at(place, format!("`{service}` may not tag the session of this role"))
            .likely()
            .why("EKS asks for `sts:TagSession` too")
            .help("allow `sts:TagSession` beside `sts:AssumeRole`");
    }
}

fn tag_session(
    association: &PodIdentityAssociation,
    trust: &crate::iam::PolicyDocument,
    (text, certainty): (&Text, Certainty),
    findings: &mut Findings,
) {
    let service = POD_IDENTITY_SERVICE.name;
    let of_service = |it: &&crate::iam::Statement| it.principals.iter().any(|it| it.value.is(service) == Some(true));
    let Some(statement) = trust.statements.iter().find(of_service) else { return };
    let place = statement.actions.iter().next().map_or(statement.span, Text::span);
    let found = findings.at(place, format!("`{service}` may not tag the session of this role"));
    found
        .certainty(certainty)
        .why("EKS asks for `sts:TagSession` too")
        .label(text.span(), "the association that uses the role")
        .help("allow `sts:TagSession` beside `sts:AssumeRole`");
    // Without session tags it is not needed, though the documentation asks for it.
    let tags = &association.disable_session_tags;
    if !tags.is_absent() && tags.only().is_none_or(|it| it.value) {
        found.level(Level::Note);
    }
}

/// A principal that was surely meant to be the service.
fn near_miss(trust: &crate::iam::PolicyDocument) -> Option<&crate::iam::Principal> {
    let statements = trust.statements.iter().filter(|it| it.covers_action("sts:AssumeRole") == Some(true));
    let mut near = statements.flat_map(|it| it.principals.iter()).filter(|it| {
        let value = it.value.as_str();
        it.is_kind("Service") && value.is_some_and(|it| POD_IDENTITY_SERVICE.is_meant_by(it))
    });
    near.next()
}
