//! A value in `aws-auth` that begins with `{{` and has no quotes.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for (section, violation) in
        workspace.aws_auth().violations().filter(|(_, it)| it.kind == ViolationKind::UnquotedTemplate)
    {
        findings
            .at(violation.span, format!("a value of `{}` begins with `{{{{` and has no quotes", section.kind.key()))
            .why("YAML reads a mapping here, and EKS drops every entry of this key")
            .fix(Safety::Activating, "put it in quotes", Change::quote(violation.span));
    }
}
