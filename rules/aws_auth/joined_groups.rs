//! Two groups that a wrong indentation made into one.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for mapping in workspace.facts.aws_auths.iter().flat_map(|it| it.mappings()) {
        for group in mapping.groups.iter() {
            let Some(name) = group.as_str() else { continue };
            let joined = name.contains(" - ") || name.contains('\n') || name.contains(',');
            let blank = name != name.trim();
            if !joined && !blank {
                continue;
            }
            let found = report.at(group.span(), format!("`{}` is one group", name.replace('\n', " ")));
            if joined {
                found
                    .label(group.span(), "YAML reads the next item as part of this one")
                    .help("give each group a line of its own, all with the same indentation");
            } else {
                found.label(group.span(), "the blank is part of its name, and no binding has it");
            }
        }
    }
}
