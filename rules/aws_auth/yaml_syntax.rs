//! The text of `mapRoles`, `mapUsers` or `mapAccounts` is not YAML.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for (section, violation) in workspace.aws_auth().violations() {
        let ViolationKind::Syntax(words) = &violation.kind else { continue };
        let key = section.kind.key();
        let all = match section.kind {
            SectionKind::Roles => "EKS drops all role mappings, those of the nodes too, until this is fixed",
            SectionKind::Users => "EKS drops all user mappings until this is fixed",
            SectionKind::Accounts => "EKS drops all mapped accounts until this is fixed",
        };
        findings
            .at(violation.span, format!("the text of `{key}` is not YAML"))
            .why(words.clone())
            .label(section.key.span(), all);
    }
}
