//! A key that is not in the schema of eksctl, so that eksctl rejects the file.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for UnknownKey { key, object, fault } in &workspace.facts.unknown_keys {
        if matches!(fault, KeyFault::Case { .. }) {
            continue;
        }
        let what = if object.is_empty() { "a top-level key".to_owned() } else { format!("a key of `{object}`") };
        let found = findings.at(key.span(), format!("`{}` is not {what}", key.shown()));
        match fault {
            KeyFault::Case { .. } => {}
            KeyFault::Misspelled { known, is_there: false } => {
                found.why("eksctl rejects the whole file").fix_to(Safety::Activating, key, known);
            }
            KeyFault::Misspelled { known, is_there: true } => {
                found.why("eksctl rejects the whole file").help(format!("remove it: `{known}` is also set"));
            }
            KeyFault::Misplaced { path } => {
                found.why("eksctl rejects the whole file").help(format!("write it as `{path}`")).likely();
            }
            KeyFault::Unknown => {
                found
                    .why("eksctl rejects the whole file, unless your version supports this key")
                    .help("remove it, or check the schema of your version of eksctl")
                    .possible();
            }
        }
    }
}
