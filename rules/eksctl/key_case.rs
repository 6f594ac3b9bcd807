//! A key that eksctl ignores because it is written in another case.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for UnknownKey { key, object, fault } in &workspace.facts.unknown_keys {
        let KeyFault::Case { known, is_there } = fault else { continue };
        let place = if object.is_empty() { String::new() } else { format!(" of `{object}`") };
        let found = findings.at(key.span(), format!("eksctl ignores `{}`{place}", key.shown()));
        found.why(format!("keys are case-sensitive: eksctl reads `{known}`"));
        if *is_there {
            found.help(format!("remove it: `{known}` is also set"));
        } else {
            found.fix_to(Safety::Activating, key, known);
        }
    }
}
