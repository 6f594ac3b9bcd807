//! A group that an identity is given, and that no binding names.

use crate::names::Candidates;
use crate::prelude::*;
use crate::workspace::{is_built_in_group, is_built_in_role};

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let mapped = workspace.rbac().mapped_groups();
    let groups = workspace.rbac().bound("Group");
    let users = workspace.rbac().bound("User");
    let mapped_users = workspace.rbac().mapped_users();
    // A bound group that nobody is given is what a misspelt name leaves behind.
    let orphans: Candidates<'_> =
        groups.names().filter(|it| !is_built_in_group(it) && mapped.contain(it) == Some(false)).collect();
    for (group, places) in mapped.iter() {
        let Some(first) = places.first() else { continue };
        if group.is_empty() || is_built_in_group(group) || group.contains("{{") || groups.contain(group) != Some(false)
        {
            continue;
        }
        let near = findings.nearest(&orphans, group, first.span()).and_then(|near| groups.place(near));
        let user = users.place(group).filter(|_| mapped_users.contain(group) == Some(false));
        let found = findings.at(first.span(), format!("the group `{group}` is bound to nothing"));
        if let Some(near) = near {
            let right = near.shown();
            found
                .likely()
                .level(Level::Warning)
                .why("no binding names it, so it grants nothing")
                .label(near.span(), "this group is bound, and nobody is given it")
                .fix(Safety::Suggestion, format!("give the group `{right}`"), Change::write(*first, right));
        } else if let Some(user) = user {
            found
                .likely()
                .level(Level::Warning)
                .why("a group; no binding names it, so it grants nothing")
                .label(user.span(), "bound as a `User`, which nobody is")
                .help("write `kind: Group` in the binding");
        } else if is_built_in_role(group) {
            found
                .why("a ClusterRole is called that, and no group: being in it grants nothing")
                .help("bind the group to that role, or use an access entry with an access policy");
        } else {
            found.why("no binding in these files names it; without one it grants nothing");
        }
        for more in places.iter().skip(1).take(3) {
            found.label(more.span(), "given here too");
        }
    }
}
