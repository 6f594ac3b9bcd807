//! A value in `aws-auth` that begins with `{{` and has no quotes.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for section in workspace.aws_auth_sections() {
        for fault in section.faults.iter().filter(|it| it.kind == FaultKind::UnquotedTemplate) {
            let found = report
                .at(fault.span, format!("a value of `{}` begins with `{{{{` and has no quotes", section.kind.key()));
            found.label(fault.span, "YAML reads a mapping here, and EKS drops every entry of this key");
            found.fix(Safety::Activating, "put it in quotes", Change::quote(fault.span));
        }
    }
}
