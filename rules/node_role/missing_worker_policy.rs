//! A node role without the permissions of `AmazonEKSWorkerNodePolicy`.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

/// What `AmazonEKSWorkerNodePolicy` allows (version 3, 2023-11-27), but for Pod Identity, which not everybody uses.
const ACTIONS: &[&str] = &[
    "ec2:DescribeInstances",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVolumes",
    "ec2:DescribeVolumesModifications",
    "ec2:DescribeVpcs",
    "eks:DescribeCluster",
];

pub fn check(workspace: &Workspace, report: &mut Report) {
    for role in &workspace.facts.roles {
        let node = role.certain_uses().find(|it| matches!(it.purpose, Purpose::ManagedNode | Purpose::SelfManagedNode));
        let Some(node) = node else { continue };
        // Auto Mode nodes need less; a role for both kinds of nodes has the smaller policy for a reason.
        let answers: Vec<_> = ACTIONS.iter().map(|action| workspace.grants(role, action)).collect();
        if answers.contains(&None) {
            continue;
        }
        let missing: Vec<_> = ACTIONS
            .iter()
            .zip(&answers)
            .filter(|(_, it)| **it == Some(false))
            .map(|(it, _)| format!("`{it}`"))
            .collect();
        if missing.is_empty() {
            continue;
        }
        let place = role.policies_place();
        let lacks_the_first = answers[0] == Some(false);
        let message = if missing.len() == ACTIONS.len() {
            "node role has none of the permissions of `AmazonEKSWorkerNodePolicy`".to_owned()
        } else {
            format!("node role lacks {} of `AmazonEKSWorkerNodePolicy`", some(&missing))
        };
        let found = report.at(place, message);
        found.label(place, "no policy here allows them").label(node.span, format!("a node role, by {}", node.by));
        match workspace.attached_managed_policy(role, "AmazonEKSWorkerNodeMinimalPolicy") {
            Some(minimal) => {
                found
                    .label(minimal.span(), "enough for nodes of EKS Auto Mode only")
                    .help("attach `arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy` instead");
            }
            None => {
                found.help("attach `arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy`");
            }
        }
        if !lacks_the_first {
            found.level(Level::Warning);
        }
    }
}

fn some(missing: &[String]) -> String {
    match missing {
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, rest @ ..] => format!("{one} and {} other actions", rest.len()),
        [] => String::new(),
    }
}
