//! An access entry that lets somebody in and permits nothing.

use crate::prelude::*;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        let is_standard = entry.kind_name() == Some("STANDARD");
        if !is_standard || !entry.groups.is_empty() || !entry.policies.is_empty() || is_bound(workspace, entry) {
            continue;
        }
        let name = entry.origin.name;
        findings
            .at(name, "access entry without groups and access policies")
            .why("who comes in by it may do nothing")
            .help(format!(
                "give it `{}` or `{}`, if nothing else does",
                workspace.spelled(Property::Groups, name),
                workspace.spelled(Property::AccessPolicies, name)
            ));
    }
}

/// Whether a role binding of the run may name the user that the entry makes.
fn is_bound(workspace: &Workspace, entry: &AccessEntry) -> bool {
    let bindings = workspace.facts.role_bindings.iter().flat_map(|it| it.subjects.iter());
    let mut users = bindings.filter(|it| it.kind.is("User") != Some(false)).flat_map(|it| it.name.known());
    let principal = entry.principal.only();
    let role = principal.and_then(Arn::parse).and_then(|it| it.name());
    users.any(|user| {
        let by_name = entry.username.known().any(|it| it.same(user) != Some(false));
        let by_principal = principal.is_some_and(|it| it.same(user) != Some(false));
        let by_role = role.as_ref().and_then(Text::as_str).is_some_and(|it| user.contains(it) != Some(false));
        by_name || by_principal || by_role
    })
}
