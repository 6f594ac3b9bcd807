//! Two access entries for one principal on one cluster.

use crate::collections::HashMap;
use crate::prelude::*;
use crate::workspace::Shipped;

pub const LEVEL: Level = Level::Error;

/// Of more entries with one principal and one cluster, none of which is there together with another, the others are not compared.
const MOST_COMPARED: usize = 8;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let mut first: HashMap<(String, String), Vec<(&AccessEntry, Shipped<'_>)>> = HashMap::default();
    // One that is described twice is one.
    for entry in workspace.facts.access_entries.iter().filter(|it| !workspace.is_described(it.origin.name)) {
        let shipped = workspace.shipped(&entry.origin, &entry.principal);
        let (Some(principal), Some(cluster)) = (shipped, workspace.clusters().key(&entry.cluster)) else { continue };
        let is_by_name = workspace.clusters().is_found_by_name(&entry.cluster);
        // Only entries of one key are compared, so that many entries stay cheap.
        let before = first.entry((key(workspace, principal.value), cluster)).or_default();
        let same = before.iter().find_map(|(it, other)| {
            // Two templates with one name may be copies, and which of two stacks comes second is not known.
            let is_here = workspace.are_together(it.origin.name.file, entry.origin.name.file);
            let is_linked_by_name = is_by_name || workspace.clusters().is_found_by_name(&it.cluster);
            let is_written_alike = || Some(it.cluster.only()?.same(entry.cluster.only()?) == Some(true));
            let is_one = (!is_linked_by_name || is_here && is_written_alike() == Some(true))
                && workspace.clusters().same(&it.cluster, &entry.cluster) == Some(true)
                && !it.origin.is_of_same_object(&entry.origin)
                && it.origin.branch.surely_meets(&entry.origin.branch);
            principal.same(*other, |a, b| workspace.roles().same(a, b)).filter(|_| is_one)
        });
        if let Some((principal, other)) = same {
            findings
                .at(principal.span(), format!("`{}` has two access entries on one cluster", principal.shown()))
                .why("EKS rejects the second entry")
                .label(other.span(), "the first one")
                .help("put the groups and policies of both into one entry");
        }
        if before.len() < MOST_COMPARED {
            before.push((entry, principal));
        } else if same.is_none() {
            findings.not_compared(entry.origin.name);
        }
    }
}

/// The role, where the words certainly mean one of this stack; else the words.
fn key(workspace: &Workspace, principal: &Text) -> String {
    let in_stack = principal.reference().is_some()
        || Arn::parse(principal).is_some_and(|it| it.account().is_own_account() && it.is_iam("role"));
    let role = workspace
        .roles()
        .named(principal)
        .filter(|it| in_stack && workspace.are_together(it.origin.name.file, principal.span().file));
    role.map_or_else(|| principal.shown(), |it| format!("{:?}", it.origin.key()))
}
