//! A wildcard in a subject that is compared by letter.

use crate::collections::HashSet;
use crate::iam::SubjectViolation;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for identity in workspace.web_identities().all().iter().filter(|it| it.is_kubernetes()) {
        let conditions = &identity.statement.conditions;
        let operators: HashSet<_> = conditions.iter().map(|it| it.operator.shown()).collect();
        for condition in conditions.iter().filter(|it| it.is_on(":sub") == Some(true)) {
            for value in condition.values.iter() {
                let Some(SubjectViolation::Wildcard(span)) = condition.subject_violation(value) else { continue };
                let operator = condition.operator.shown();
                let negative = operator.contains("Not");
                let words = match negative {
                    true => "it stands for itself here: nobody is kept out",
                    false => "it stands for itself here: nobody is let in",
                };
                let found = findings.at(span, format!("`{operator}` does not know wildcards"));
                found.why(words).label(condition.operator.span(), "compares by letter");
                let like = operator.replace("EqualsIgnoreCase", "Like").replace("Equals", "Like");
                // A second block of the same operator would take the place of the first.
                if operators.contains(&like) {
                    found.help(format!("move the subject to `{like}`"));
                } else {
                    let change = Change::write(&condition.operator, like.clone());
                    found.fix(Safety::Suggestion, format!("compare with `{like}`, which does"), change);
                }
            }
        }
    }
}
