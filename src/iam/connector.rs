//! What the agent of the EKS connector needs, and how to tell its policy from others.

use super::document::{PolicyDocument, Statement};
use super::evaluate::covers;
use crate::source::Text;

/// Opens the control channel: allowed on the connected clusters.
pub const CONTROL_CHANNEL: &str = "ssmmessages:CreateControlChannel";

/// What the agent does (EKS user guide, "Amazon EKS connector IAM role"). All but the first on `*`.
pub const CONNECTOR_ACTIONS: &[&str] = &[
    CONTROL_CHANNEL,
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
];

impl PolicyDocument {
    /// Where the policy opens a control channel on a cluster, or means to. Only that of the connector's agent does so:
    /// elsewhere the action goes to machines.
    pub fn connector_channel(&self) -> Option<&Text> {
        self.allowing_statements().find_map(|statement| {
            if !statement.resources.iter().any(is_cluster) {
                return None;
            }
            let names_it = |it: &&Text| {
                let Some(written) = it.as_str().map(str::to_ascii_lowercase) else { return false };
                let (service, name) = written.split_once(':').unwrap_or_default();
                let is_slip = || crate::names::nearest(name, ["createcontrolchannel"]).is_some();
                // On a cluster, the same under another service is a slip, too.
                service == "ssmmessages" && covers(it, CONTROL_CHANNEL) == Some(true)
                    || service.starts_with("ssm") && (name == "createcontrolchannel" || is_slip())
            };
            statement.actions.iter().find(names_it)
        })
    }

    /// The allowing statements that certainly speak of an action.
    pub fn allowing<'d>(&'d self, action: &'d str) -> impl Iterator<Item = &'d Statement> {
        self.allowing_statements().filter(|it| it.covers_action(action) == Some(true))
    }
}

/// True for the ARN of a cluster, or a pattern of such ARNs.
pub fn is_cluster(resource: &Text) -> bool {
    resource.contains(":eks:") == Some(true) && resource.contains(":cluster/") == Some(true)
}
