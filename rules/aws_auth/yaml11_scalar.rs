//! A name in `aws-auth` that YAML takes for a number or for yes and no.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for (_, violation) in workspace.aws_auth().violations() {
        let ViolationKind::Scalar { field, found } = &violation.kind else { continue };
        let at = violation.span;
        let written = workspace.written(at);
        let effect = match field.to_ascii_lowercase().as_str() {
            "groups" => "EKS reads a group without a name",
            "username" => "EKS drops it: the user name is empty",
            _ => "EKS drops it, and the entry with it",
        };
        if *found == "empty" {
            findings
                .at(at, "a group is empty")
                .why(effect)
                .help("write a group, or remove the item")
                .level(Level::Warning);
            continue;
        }
        if matches!(*found, "a mapping" | "a list") {
            findings.at(at, format!("`{field}` is {found}, not a string")).why(effect).help("write a string");
            continue;
        }
        let title = format!("`{written}` in `{field}` is {found}, not a string");
        let found = findings.at(at, title);
        found.why(effect);
        found.fix(Safety::Activating, "put it in quotes", Change::quote(at));
    }
}
