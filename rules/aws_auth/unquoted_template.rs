//! A value in `aws-auth` that begins with `{{` and has no quotes.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for section in workspace.facts.aws_auths.iter().flat_map(|it| &it.sections) {
        for fault in section.faults.iter().filter(|it| it.kind == FaultKind::UnquotedTemplate) {
            let written = &workspace.source(fault.span.file).text[fault.span.range()];
            let found = report
                .at(fault.span, format!("a value of `{}` begins with `{{{{` and has no quotes", section.kind.key()));
            found.label(fault.span, "YAML reads a mapping here, and every entry of this key is dropped");
            if !written.contains(['"', '#', '\n']) {
                found.fix(
                    Safety::Activating,
                    "put it in quotes",
                    [Edit::replace(fault.span, format!("\"{written}\""))],
                );
            }
        }
    }
}
