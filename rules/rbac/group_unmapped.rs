//! A group that is bound, and that no identity is given.

use crate::names::Candidates;
use crate::prelude::*;
use crate::workspace::is_built_in;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let mapped = workspace.rbac().mapped_groups();
    // Where the files map nobody, or an OIDC provider brings groups of its own, the groups come from elsewhere.
    if mapped.is_empty() || !workspace.facts.identity_provider_configs.is_empty() {
        return;
    }
    let groups = workspace.rbac().bound("Group");
    let unbound: Candidates<'_> = mapped.names().filter(|it| groups.contain(it) == Some(false)).collect();
    // Access entries are no objects: who asks a cluster for its objects sees none.
    let has_entries = workspace.facts.access_entries.iter().any(|it| workspace.is_described(it.origin.name));
    for (group, places) in groups.iter() {
        let Some(place) = places.first() else { continue };
        if !has_entries && workspace.is_described(place.span()) {
            continue;
        }
        if group.is_empty() || is_built_in(group) || is_of_a_directory(group) || mapped.contain(group) != Some(false) {
            continue;
        }
        // The two halves of a misspelt name are one finding, at the mapping.
        if findings.nearest(&unbound, group, place.span()).is_some() {
            continue;
        }
        findings
            .at(place.span(), format!("nobody is given the group `{group}`"))
            .why("no access entry or mapping in these files names it");
    }
}

/// True for what other identity providers call their groups: with a prefix, a path, a domain, or a number of a directory.
fn is_of_a_directory(group: &str) -> bool {
    let is_number = group.len() == 36
        && group.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
        && group.matches('-').count() == 4;
    is_number || group.contains([':', '/', '@', '=', '\\'])
}
