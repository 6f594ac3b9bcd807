//! A user name on an access entry for nodes, which gets its user name from EKS.

use crate::iam::{access_entry_type, reserved_prefix};
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        let (Some(kind), Some(text)) = (entry.kind_name().and_then(access_entry_type), entry.username.only()) else {
            continue;
        };
        if kind.takes_username == Some(true) || text.is_empty() {
            continue;
        }
        let found = findings.at(
            text.span(),
            format!(
                "user name on an access entry of type `{}`",
                workspace.access_entries().written_type(entry, kind.name)
            ),
        );
        match kind.username {
            Some(own) => found.why(format!("EKS gives these nodes the name `{own}` itself")),
            None => found.why("not documented for this type"),
        };
        if let Some(text) = entry.kind.only() {
            found.label(text.span(), format!("for {}", kind.what_for));
        }
        if kind.takes_username.is_none() {
            found.possible().help("leave the user name out");
            continue;
        }
        if reserved_prefix(text).is_some_and(|it| it.is_documented) {
            found.level(Level::Error);
        }
        let is_own = kind.username.is_some_and(|own| text.is(own) == Some(true));
        let change = entry.username.key.map(|key| Change::remove(key.to(text.whole())));
        found.otherwise("leave the user name out");
        found.fix_if(Safety::activating_if(is_own), "remove the user name", change);
    }
}
