//! A section of `aws-auth` that is YAML, but not the list of entries that it has to be.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for (section, violation) in workspace.aws_auth().violations() {
        check_violation(workspace, section, violation, findings);
    }
}

fn check_violation(workspace: &Workspace, section: &Section, violation: &Violation, findings: &mut Findings) {
    let (at, key) = (violation.span, section.kind.key());
    match &violation.kind {
        ViolationKind::NotAList(found) => {
            findings
                .at(at, format!("`{key}` holds {found} instead of a list"))
                .why("EKS reads no entries here")
                .help("begin each entry with `- `");
        }
        ViolationKind::NotAMapping(found) => {
            let is_empty = *found == "empty";
            findings
                .at(at, format!("an entry of `{key}` is {found}"))
                .why("EKS drops it")
                .help(format!("write `- {}: …` and what belongs to it", section.kind.arn_key()))
                .level(if is_empty { Level::Warning } else { Level::Error });
        }
        ViolationKind::GroupsNotAList(found) => {
            let written = &workspace.source(at.file).text[at.range()];
            let found = findings.at(at, format!("`groups` is {found} instead of a list"));
            found.why("EKS drops it: the entry gives no groups");
            if written.contains(['[', ']', '{', '}', '\n', '|', '>', '#', ':']) && !written.starts_with("system:") {
                found.help("write each group as an item of its own: `- dev`");
            } else {
                found.fix(Safety::Activating, "make it a list", Change::make_list(at));
            }
        }
        ViolationKind::GroupNotAString(found) => {
            findings
                .at(at, format!("a group is {found}"))
                .why("EKS reads a group without a name")
                .help("write the name of one group for each item");
        }
        ViolationKind::SecondDocument => {
            findings
                .at(at, format!("`{key}` goes on in a second document"))
                .why("EKS reads up to the `---` before it and no further")
                .help("remove the `---`");
        }
        _ => {}
    }
}
