//! An access entry that lets somebody in and permits nothing.

use crate::collections::HashSet;
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

/// More users than this are not compared with each entry.
const MOST_COMPARED: usize = 1_000;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let bound = Bound::of(workspace);
    for entry in &workspace.facts.access_entries {
        let is_standard = entry.kind_name() == Some("STANDARD");
        if !is_standard || !entry.groups.is_empty() || !entry.policies.is_empty() || bound.surely_holds(entry) {
            continue;
        }
        let name = entry.origin.name;
        if bound.users.len() > MOST_COMPARED {
            findings.not_compared(name);
            continue;
        }
        if bound.may_hold(entry) {
            continue;
        }
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

/// The users that role bindings of the project name.
struct Bound<'w> {
    /// Each once, those that can be known only in part among them.
    users: Vec<&'w Text>,
    names: HashSet<&'w str>,
}

impl<'w> Bound<'w> {
    fn of(workspace: &'w Workspace) -> Self {
        let subjects = workspace.facts.role_bindings.iter().flat_map(|it| it.subjects.iter());
        let users = subjects.filter(|it| it.kind.is("User") != Some(false)).flat_map(|it| it.name.known());
        let mut names = HashSet::default();
        let users = users.filter(|it| it.as_str().is_none_or(|it| names.insert(it))).collect();
        Self { users, names }
    }

    /// Whether one of them is the user that an entry makes, by what is written.
    fn surely_holds(&self, entry: &AccessEntry) -> bool {
        let mut names = entry.username.known().chain(entry.principal.only()).filter_map(Text::as_str);
        names.any(|it| self.names.contains(it))
    }

    /// Whether one of them may be the user that an entry makes.
    fn may_hold(&self, entry: &AccessEntry) -> bool {
        let principal = entry.principal.only();
        let role = principal.and_then(Arn::parse).and_then(|it| it.name());
        self.users.iter().any(|user| {
            let by_name = entry.username.known().any(|it| it.same(user) != Some(false));
            let by_principal = principal.is_some_and(|it| it.same(user) != Some(false));
            let by_role = role.as_ref().and_then(Text::as_str).is_some_and(|it| user.contains(it) != Some(false));
            by_name || by_principal || by_role
        })
    }
}
