//! A user name of an access entry that begins with a reserved prefix.

use crate::iam::reserved_prefix;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        // Entries for nodes want no user name at all, and one that was meant for nodes wants another type.
        if entry.is_for_people() == Some(false) {
            continue;
        }
        for text in workspace.values_in(&entry.origin, &entry.username) {
            let Some(reserved) = reserved_prefix(text) else { continue };
            let at = text.slice(0..reserved.prefix.len());
            let found = findings.at(at, format!("user name `{}` begins with `{}`", text.shown(), reserved.prefix));
            match (reserved.prefix, reserved.is_documented) {
                (_, true) => found.why("access entries cannot use this prefix"),
                ("session", _) => found.why("not documented, and refused all the same by some reports").likely(),
                _ => found.why("reserved in lower case; in other letters it misleads").level(Level::Warning),
            };
            found.help("leave the user name out, and EKS makes one from the principal and the session");
        }
    }
}
