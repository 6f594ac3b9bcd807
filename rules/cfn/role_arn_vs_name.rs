//! A property that wants the ARN of a role, and gets its name.

use crate::iam::{is_name_letter, is_variable};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for (property, field) in workspace.role_arns() {
        let property = field.key.map_or(property, |key| workspace.written_key(key));
        for text in field.known() {
            if let Some(role) = workspace.role_by_ref(text) {
                let found = report.at(text.span(), format!("`{property}` is given the name of a role, not its ARN"));
                found.label(text.span(), "`Ref` of a role is its name").label(role.origin.name, "the role");
                if let Some(edit) = workspace.swapped_reference(text) {
                    found.fix(Safety::Safe, "write the ARN of the role", [edit]);
                }
                continue;
            }
            // Users are principals too: what is no ARN there is another finding.
            let takes_users = property.eq_ignore_ascii_case("PrincipalArn");
            let Some(name) = text.as_str().filter(|it| is_name(it) && !takes_users) else { continue };
            if is_variable(text) || text.is_slot() {
                continue;
            }
            let found = report.at(text.span(), format!("`{property}` is given a name, not an ARN"));
            found.label(text.span(), "EKS wants the whole ARN of the role");
            let role = workspace.role(text).filter(|it| it.origin.name.file == text.span().file);
            match role.and_then(|it| it.origin.resource.as_ref()) {
                Some(id) => {
                    if let Some(edit) = workspace.reference_to(text, id) {
                        found.fix(Safety::Safe, "write the ARN of the role", [edit]);
                    }
                }
                None => drop(found.help(format!("write `arn:aws:iam::<account id>:role/{name}`"))),
            }
        }
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.chars().all(is_name_letter)
}
