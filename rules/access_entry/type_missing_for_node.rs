//! A standard access entry for the role of nodes.

use crate::iam::EC2_PRINCIPALS;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for entry in &workspace.facts.access_entries {
        if entry.kind_name() != Some("STANDARD") {
            continue;
        }
        let uses: Vec<_> =
            workspace.other_uses(entry).filter(|it| it.branch.surely_meets(&entry.origin.branch)).collect();
        // EKS makes the entries of managed nodes and of Fargate itself, which is another finding.
        if uses.iter().any(|it| matches!(it.purpose, Purpose::ManagedNode | Purpose::FargatePodExecution)) {
            continue;
        }
        let clue = uses.iter().find(|it| right_type(it.purpose).is_some());
        let meant = entry.meant_for_nodes();
        // Policies alone say little: people put those of nodes on roles of their own too. But then they permit something.
        let is_bare = entry.groups.is_empty() && entry.policies.is_empty() && entry.username.is_absent();
        let guess = || {
            let role = workspace.role(entry.principal.only()?).filter(|_| is_bare)?;
            let trust = role.trust.only()?.trusts_service(&EC2_PRINCIPALS, "sts:AssumeRole");
            let mut guesses = role.uses.iter().filter(|it| trust == Some(true) && it.evidence == Evidence::Policy);
            guesses.find(|it| right_type(it.purpose).is_some())
        };
        let (because, level) = match (meant, clue, guess()) {
            (Some(text), ..) => ((text.span(), format!("`{}` is for nodes", text.shown())), Level::Error),
            (_, Some(it), _) => ((it.span, format!("the role of nodes, by {}", it.by)), Level::Error),
            (_, _, Some(it)) => ((it.span, format!("the role of nodes, by {}", it.by)), Level::Warning),
            _ => continue,
        };
        let is_fargate = entry.groups.iter().any(|it| it.is("system:node-proxier") == Some(true));
        let is_windows = entry.groups.iter().any(|it| it.is("eks:kube-proxy-windows") == Some(true));
        let right = match (is_fargate, is_windows, clue) {
            (true, ..) => "FARGATE_LINUX",
            (_, true, _) => "EC2_WINDOWS",
            (_, _, Some(it)) => right_type(it.purpose).unwrap_or("EC2_LINUX"),
            _ => "EC2_LINUX",
        };
        let Some(principal) = entry.principal.only() else { continue };
        let at = entry.kind.only().map_or(principal.span(), Text::span);
        let found = report.at(at, "access entry for nodes is of type `STANDARD`");
        let default = if entry.kind.is_absent() {
            "without a `Type` it is for people and programs"
        } else {
            "this is for people and programs"
        };
        found.label(at, format!("{default}: nodes do not join with it")).label(because.0, because.1).level(level);
        found.otherwise(format!("give it the type `{right}`, and leave groups, user name and policies out"));
        if let Some(changes) = changes(entry, right) {
            let title = format!("make it `{right}`, and let EKS give groups and user name");
            found.fix(Safety::Suggestion, title, changes);
        }
    }
}

fn right_type(purpose: Purpose) -> Option<&'static str> {
    match purpose {
        Purpose::SelfManagedNode => Some("EC2_LINUX"),
        Purpose::AutoModeNode => Some("EC2"),
        Purpose::HybridNode => Some("HYBRID_LINUX"),
        _ => None,
    }
}

/// Sets the type and takes out what an entry for nodes cannot have.
fn changes(entry: &AccessEntry, right: &str) -> Option<Vec<Change>> {
    if entry.policies.key.is_some() {
        return None;
    }
    let mut changes = vec![match entry.kind.only() {
        Some(kind) => Change::write(kind, right),
        None if entry.kind.is_absent() => Change::add_entry_after(entry.principal.key?, "Type", right),
        None => return None,
    }];
    if let Some(key) = entry.groups.key {
        changes.push(Change::remove(key.to(*entry.groups_list.only()?)));
    }
    if let Some(key) = entry.username.key {
        changes.push(Change::remove(key.to(entry.username.only()?.whole())));
    }
    Some(changes)
}
