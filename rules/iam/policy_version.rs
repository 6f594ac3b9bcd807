//! The version of the policy language.

use crate::names::distance;
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

const CURRENT: &str = "2012-10-17";
const OLD: &str = "2008-10-17";

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for it in workspace.documents().all_of_eks() {
        let document = it.document;
        for (version, text) in document.version.strings() {
            if version == CURRENT {
                continue;
            }
            if version != OLD {
                let found = findings.at(text.span(), format!("there is no version `{version}` of the policy language"));
                found.level(Level::Error).why("IAM knows `2012-10-17` and `2008-10-17`");
                let safety = Safety::activating_if(distance(version, CURRENT, 2).is_some());
                found.fix_to(safety, text, CURRENT);
                continue;
            }
            let variable = variable(document);
            let found = findings.at(text.span(), "policy is in the language of 2008");
            found.why("this version has no policy variables");
            if let Some(variable) = variable {
                found.label(variable, "so this is taken literally");
            } else {
                found.level(Level::Note);
            }
            found.fix_to(Safety::Suggestion, text, CURRENT);
        }
        if document.version.is_absent()
            && let Some(key) = document.statements.key
        {
            let variable = variable(document);
            let found = findings.at(key, "policy does not say its version");
            found.why("without one, IAM reads it as of 2008, when there were no policy variables");
            match variable {
                Some(variable) => drop(found.label(variable, "so this is taken literally")),
                None => drop(found.level(Level::Note)),
            }
            // Any `${…}` may be a variable of the newer language, wherever it stands.
            let has_variables = workspace.written(document.span).contains("${");
            let safety = if has_variables { Safety::Suggestion } else { Safety::Safe };
            found.fix(safety, format!("say `{CURRENT}`"), Change::add_entry_before(key, "Version", CURRENT));
        }
    }
}

/// The first policy variable in a document, such as `${aws:username}`.
fn variable(document: &crate::iam::PolicyDocument) -> Option<Span> {
    let mut values = document.statements.iter().flat_map(|statement| {
        let conditions = statement.conditions.iter().flat_map(|it| it.values.iter());
        statement.resources.iter().chain(conditions)
    });
    values.find_map(|text| {
        let start = text.bytes().find("${")?;
        let length = text.bytes()[start..].find('}')?;
        let name = &text.bytes()[start + "${".len()..start + length];
        // `${AWS::Region}` outside `Fn::Sub` is no variable of IAM's, but a slip.
        let is_variable = name.contains(':') && name.starts_with(|c: char| c.is_ascii_lowercase());
        is_variable.then(|| text.slice(start..start + length + 1))
    })
}
