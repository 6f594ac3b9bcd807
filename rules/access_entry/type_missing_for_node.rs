//! A standard access entry for the role of nodes.

use crate::iam::EC2_PRINCIPALS;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let started = workspace.nodes().started();
    for entry in &workspace.facts.access_entries {
        if entry.kind_name() != Some("STANDARD") {
            continue;
        }
        let uses: Vec<_> = workspace.access_entries().uses_beside(entry).collect();
        // EKS makes the entries of managed nodes and of Fargate itself, which is another finding.
        if uses.iter().any(|it| matches!(it.purpose, Purpose::ManagedNode | Purpose::FargatePodExecution)) {
            continue;
        }
        let found = workspace.access_entries().role(entry);
        let (role, sure) = (found.map(|(it, _)| it), found.map_or(Certainty::Certain, |(_, sure)| sure));
        let meant = entry.meant_for_nodes();
        let shown = role.and_then(|it| workspace.roles().links(it).shown_not_on_ec2());
        if let Some(shown) = shown.filter(|it| it.purpose == Purpose::Capability) {
            if let Some(text) = meant {
                of_capability(text, shown, findings);
            }
            continue;
        }
        let clue = uses.iter().find(|it| is_node(it.purpose));
        // Policies alone say little: people put those of nodes on roles of their own too. But then they permit something.
        let is_bare = entry.groups.is_empty() && entry.policies.is_empty() && entry.username.is_absent();
        let guess = || {
            let role = role.filter(|_| is_bare)?;
            if let Some(hybrid) =
                workspace.roles().links(role).shown_not_on_ec2().filter(|it| it.purpose == Purpose::HybridNode)
            {
                return Some(hybrid);
            }
            let trust = role.trust.only()?.may_be_assumed_by(&EC2_PRINCIPALS);
            let mut guesses = workspace
                .roles()
                .links(role)
                .uses()
                .filter(|it| trust == Some(true) && it.evidence == Evidence::Policy);
            guesses.find(|it| is_node(it.purpose))
        };
        let (because, certainty) = match (meant, clue, guess()) {
            (Some(text), ..) => ((text.span(), format!("`{}` is for nodes", text.shown())), Certainty::Certain),
            (_, Some(it), _) => ((it.span, format!("the role of nodes, by {}", it.by)), sure),
            (_, _, Some(it)) => ((it.span, format!("the role of nodes, by {}", it.by)), Certainty::Likely),
            _ => continue,
        };
        let started = role.and_then(|it| started.get(&it.origin.key())).copied().unwrap_or_default();
        let shown = workspace.access_entries().shown_type(entry, started);
        // A group that only such nodes are in says more than the role, which both kinds may have.
        let in_group = |name: &str| entry.groups.iter().any(|it| it.is(name) == Some(true));
        let right = match shown.as_ref().map(|it| it.kind) {
            _ if in_group("system:node-proxier") => "FARGATE_LINUX",
            None | Some("EC2_LINUX") if in_group("eks:kube-proxy-windows") => "EC2_WINDOWS",
            Some(kind) => kind,
            None => "EC2_LINUX",
        };
        let Some(principal) = entry.principal.only() else { continue };
        let at = entry.kind.only().map_or(principal.span(), Text::span);
        let found = findings.at(at, "access entry for nodes is of type `STANDARD`");
        let default = if entry.kind.is_absent() {
            &format!(
                "without a `{}` it is for people and programs",
                workspace.spelled(Property::EntryType, entry.origin.name)
            )
        } else {
            "this is for people and programs"
        };
        found.why(format!("{default}: nodes do not join with it")).label(because.0, because.1).certainty(certainty);
        if let Some(shown) =
            shown.as_ref().filter(|it| it.kind == right && it.span != because.0 && it.kind != "EC2_LINUX")
        {
            found.label(shown.span, shown.why.clone());
        }
        // EKS takes groups and access policies for nodes of Auto Mode, but not those that start with `system:`.
        found.otherwise(format!("give it the type `{right}`, and leave groups, user name and policies out"));
        let title = if shown.is_some() || meant.is_none() {
            format!("make it `{right}`, and let EKS give groups and user name")
        } else {
            format!("if these are Linux nodes on EC2, make it `{right}`, and let EKS give groups and user name")
        };
        found.fix_if(Safety::Suggestion, title, changes(entry, right));
    }
}

/// A name of nodes in the entry of a capability, whose role no node can have.
fn of_capability(text: &Text, shown: &RoleUse, findings: &mut Findings) {
    findings
        .at(text.span(), "access entry for nodes with the role of a capability")
        .why(format!("`{}` is for nodes, and EKS rejects it here", text.shown()))
        .label(shown.span, format!("the role of a capability, by {}", shown.by))
        .help("remove the entry: EKS creates the one of a capability itself");
}

fn is_node(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::SelfManagedNode | Purpose::AutoModeNode | Purpose::HybridNode)
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
