//! Two access entries for one principal on one cluster.

use std::collections::HashMap;

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    let mut first: HashMap<String, Vec<&AccessEntry>> = HashMap::new();
    for entry in &workspace.facts.access_entries {
        let (Some(principal), Some(_)) = (entry.principal.only(), entry.cluster.only()) else { continue };
        // Two templates with one name may be copies, and which of two stacks comes second is not known.
        if workspace.clusters().is_found_by_name(&entry.cluster) {
            continue;
        }
        // Only entries of one key are compared, so that many entries stay cheap.
        let before = first.entry(key(workspace, principal)).or_default();
        let same = before.iter().find(|it| {
            let same_principal = it.principal.only().and_then(|other| workspace.roles().same(other, principal));
            same_principal == Some(true)
                && workspace.clusters().same(&it.cluster, &entry.cluster) == Some(true)
                && it.origin.branch.surely_meets(&entry.origin.branch)
        });
        if let Some(other) = same {
            report
                .at(principal.span(), format!("`{}` has two access entries on one cluster", principal.shown()))
                .why("the second one: the API refuses it")
                .label(other.principal.only().map_or(other.origin.name, Text::span), "the first one")
                .help("put the groups and policies of both into one entry");
        }
        if before.len() < 8 {
            before.push(entry);
        }
    }
}

/// The role, where the words certainly mean one of this stack; else the words.
fn key(workspace: &Workspace, principal: &Text) -> String {
    let in_stack = principal.reference().is_some()
        || Arn::parse(principal).is_some_and(|it| it.account.is_own_account() && it.is_iam("role"));
    let role = workspace
        .roles()
        .named(principal)
        .filter(|it| in_stack && workspace.are_together(it.origin.name.file, principal.span().file));
    role.map_or_else(|| principal.shown(), |it| format!("{:?}", it.origin.name))
}
