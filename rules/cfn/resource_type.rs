//! A type of resource of EKS that does not exist.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for MisspeltType { written, right } in &workspace.facts.misspelt_types {
        findings
            .at(written.span(), format!("no resource type `{}` exists", written.shown()))
            .why("CloudFormation rejects the template")
            .fix_to(Safety::Activating, written, right);
    }
}
