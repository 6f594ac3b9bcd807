//! A resource of EKS without a property that says who becomes whom.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for MissingProperty { resource, kind, property, near } in &workspace.facts.missing_properties {
        match near {
            Some(key) => {
                findings
                    .at(key.span(), format!("`{}` is not a property of `{kind}`", key.shown()))
                    .why(format!("CloudFormation rejects the resource: `{property}` is missing"))
                    .fix_to(Safety::Activating, key, property);
            }
            None => {
                findings
                    .at(*resource, format!("`{property}` of this `{kind}` is missing"))
                    .why("CloudFormation rejects the resource")
                    .help(format!("add `{property}`"));
            }
        }
    }
}
