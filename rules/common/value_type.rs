//! A list, a mapping or a string where a property takes something else.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for it in &workspace.facts.wrong_types {
        let why = match workspace.unit_kind(it.span) {
            Some(UnitKind::CloudFormation) => "CloudFormation rejects the resource",
            Some(UnitKind::Eksctl) => "eksctl refuses the file",
            Some(UnitKind::AwsOutput | UnitKind::AwsRequest) => "the AWS CLI refuses the request",
            _ => "the API server rejects the object",
        };
        one(it, why, findings);
    }
    for it in workspace.documents().all_of_eks() {
        for wrong in &it.document.wrong_types {
            one(wrong, "IAM rejects the policy", findings);
        }
    }
}

fn one(it: &WrongType, why: &str, findings: &mut Findings) {
    let WrongType { property, wanted, found, .. } = it;
    let found = findings.at(it.span, format!("`{property}` is {}, not {}", found.shown(), wanted.shown()));
    found.why(why);
    match (it.text.as_deref(), wanted) {
        (Some(text), Type::List) => {
            found.fix(Safety::Activating, "write it as a list", Change::make_list(text));
        }
        (Some(text), Type::String) => {
            found.help(format!("write the string alone: `{}`", text.shown()));
        }
        _ => {}
    }
}
