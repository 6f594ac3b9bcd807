//! The text of `mapRoles`, `mapUsers` or `mapAccounts` is not YAML.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for section in workspace.facts.aws_auths.iter().flat_map(|it| &it.sections) {
        for fault in &section.faults {
            let FaultKind::Syntax(words) = &fault.kind else { continue };
            let key = section.kind.key();
            let all = match section.kind {
                SectionKind::Roles => "all role mappings, those of the nodes too, are dropped until this is mended",
                SectionKind::Users => "all user mappings are dropped until this is mended",
                SectionKind::Accounts => "all mapped accounts are dropped until this is mended",
            };
            report.at(fault.span, format!("the text of `{key}` is not YAML: {words}")).label(fault.span, all);
        }
    }
}
