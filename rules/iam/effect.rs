//! The effect of a statement: `Allow` or `Deny`, case-sensitive.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const EFFECTS: [&str; 2] = ["Allow", "Deny"];

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for it in workspace.documents().all_of_eks() {
        for statement in it.document.statements.iter() {
            for (effect, text) in statement.effect.strings() {
                if EFFECTS.contains(&effect) || text.is_unfilled() {
                    continue;
                }
                let found = findings.at(text.span(), format!("`{effect}` is not an effect"));
                found.why("IAM takes `Allow` and `Deny`, in these letters");
                if let Some(right) = EFFECTS.iter().find(|it| it.eq_ignore_ascii_case(effect.trim())) {
                    found.fix_to(Safety::Activating, text, right);
                }
            }
            if statement.effect.is_absent() {
                let place = statement.actions.key.unwrap_or(statement.span);
                findings
                    .at(place, "statement has no `Effect`")
                    .why("IAM has to be told whether to allow or deny this")
                    .help("write `Effect: Allow` or `Effect: Deny`");
            }
        }
    }
}
