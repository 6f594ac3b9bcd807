//! The role of the EKS connector's agent needs four actions of `ssmmessages`.

use crate::iam::{CONNECTOR_ACTIONS, CONTROL_CHANNEL, PolicyDocument, is_cluster, is_slip_of_action};
use crate::names::listed;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for role in &workspace.facts.roles {
        let Some(clue) = workspace.roles().links(role).use_as(|it| it == Purpose::ConnectorAgent) else { continue };
        let Some(missing) = workspace.policies().missing(role, CONNECTOR_ACTIONS) else { continue };
        if missing.is_empty() {
            resources(&workspace.documents().of(role), Some(clue), findings);
            continue;
        }
        // A slip in the name of an action is what to mend.
        let documents = workspace.documents().of(role);
        let actions = documents.iter().flat_map(|it| it.actions());
        let slip =
            actions.filter(|it| it.as_str().is_some_and(|it| is_slip_of_action(it, &missing))).map(Text::span).next();
        let place = slip.unwrap_or_else(|| role.policies_place());
        let found = findings.at(place, "role of the connector agent cannot open its channels");
        found.why(format!("its policies do not allow {}", listed(missing.iter().copied())));
        found.label(clue.span, format!("the agent's role, by {}", clue.by)).help(HELP);
        if clue.evidence == Evidence::Name {
            found.likely();
        }
    }
    let documents: Vec<_> = workspace.documents().of_nobody().collect();
    // The rest may stand in another policy for the same role.
    let is_missing = |action: &&str| documents.iter().all(|it| it.grants(action) == Some(false));
    let missing: Vec<_> = CONNECTOR_ACTIONS.iter().copied().filter(is_missing).collect();
    for document in &documents {
        let Some(channel) = document.connector_channel() else { continue };
        if missing.is_empty() {
            resources(&[*document], None, findings);
            continue;
        }
        let how =
            if channel.as_str().is_some_and(|it| is_slip_of_action(it, &missing)) { "instead of" } else { "besides" };
        findings
            .at(channel.span(), "policy of the connector agent does not open all of its channels")
            .why(format!("{how} this the agent needs {}", listed(missing.iter().copied())))
            .help(HELP)
            .likely();
    }
}

const HELP: &str = "allow `ssmmessages:CreateControlChannel` on the cluster, and the other three on `*`";

/// The control channel is opened on a cluster, the others on what Systems Manager makes of it.
fn resources(documents: &[&PolicyDocument], clue: Option<&RoleUse>, findings: &mut Findings) {
    let mut seen = Vec::new();
    for action in CONNECTOR_ACTIONS {
        let statements = || documents.iter().flat_map(|it| it.allowing(action));
        let resources = || statements().flat_map(|it| it.resources.iter());
        let unknown = |it: &Text| it.has_holes() && !is_cluster(it);
        if resources().any(unknown) || statements().any(|it| it.not_resource.is_some() || !it.resources.complete) {
            continue;
        }
        let Some(first) = resources().next() else { continue };
        // What is no ARN is another finding.
        if first.starts_with("arn:") != Some(true) && first.is("*") != Some(true) || seen.contains(&first.span()) {
            continue;
        }
        let (fits, message, why) = if *action == CONTROL_CHANNEL {
            let message = format!("`{action}` on every resource");
            (resources().any(is_cluster), message, "the agent opens it on the connected cluster only")
        } else {
            let message = format!("`{action}` on some resources only");
            (resources().any(|it| it.is("*") == Some(true)), message, "the policy of AWS allows it on `*`")
        };
        if !fits {
            seen.push(first.span());
            let found = findings.at(first.span(), message);
            found.why(why).help(HELP).level(Level::Warning);
            // A document alone, or a name, does not prove whose policy it is.
            if clue.is_none_or(|it| it.evidence == Evidence::Name) {
                found.likely();
            }
            if let Some(clue) = clue {
                found.label(clue.span, format!("the agent's role, by {}", clue.by));
            }
        }
    }
}
