//! A key that eksctl does not know, so that it refuses the file.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for UnknownKey { key, object, fault } in &workspace.facts.unknown_keys {
        if matches!(fault, KeyFault::Case { .. }) {
            continue;
        }
        let place = if object.is_empty() { "at the top level".to_owned() } else { format!("in `{object}`") };
        let found = findings.at(key.span(), format!("eksctl does not know `{}` {place}", key.shown()));
        match fault {
            KeyFault::Case { .. } => {}
            KeyFault::Misspelled { known, is_there: false } => {
                found.why("eksctl rejects the whole file").fix_to(Safety::Activating, key, known);
            }
            KeyFault::Misspelled { known, is_there: true } => {
                found.why("eksctl rejects the whole file").help(format!("remove it: `{known}` is set, too"));
            }
            KeyFault::Misplaced { path } => {
                found.why("eksctl rejects the whole file").help(format!("write it as `{path}`")).likely();
            }
            KeyFault::Unknown => {
                found
                    .why("eksctl rejects the whole file, unless your version knows this key")
                    .help("remove it, or check the schema of your version of eksctl")
                    .possible();
            }
        }
    }
}
