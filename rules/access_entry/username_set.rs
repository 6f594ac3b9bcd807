//! A user name of one's own on an access entry.

use crate::iam::{lacks_colon, reserved_prefix, session_template, written_session_template};
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        if entry.is_for_people() != Some(true) {
            continue;
        }
        let Some(principal) = workspace.shipped(&entry.origin, &entry.principal) else { continue };
        let principal = principal.value;
        for text in workspace.values_in(&entry.origin, &entry.username) {
            // What is wrong with the name itself is said by the rules about that.
            let is_misspelt = session_template(text).is_some_and(|it| !it.is_right);
            let is_shared = workspace.roles().is_role(principal) && written_session_template(text) == Some(false);
            if text.is_empty() || reserved_prefix(text).is_some() || lacks_colon(text) || is_misspelt || is_shared {
                continue;
            }
            findings
                .at(text.span(), format!("access entry with a user name of its own: `{}`", text.shown()))
                .why("EKS makes one that names the principal and the session")
                .help("leave it out, unless RBAC or another tool needs this very name");
        }
    }
}
