//! Two groups that a wrong indentation made into one.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for mapping in workspace.aws_auth().mappings() {
        for group in mapping.groups.iter() {
            let Some(name) = group.as_str() else { continue };
            let parts = parts(name, workspace.written(group.span()));
            if parts.len() > 1 {
                joined(group, &parts, findings);
            } else if name != name.trim() && !name.trim().is_empty() {
                findings
                    .at(group.span(), format!("group `{name}` begins or ends with a space"))
                    .why("the space is part of the name, and no binding has it")
                    .fix(Safety::Activating, "remove the whitespace", Change::write(group, name.trim()));
            }
        }
    }
}

/// The groups that were meant, if they are more than one. A group may be called `Team A - Ops`, or like the entry of a
/// directory, `cn=ops,dc=example`: what tells is a break of the line, or a group of Kubernetes among the parts.
fn parts<'n>(name: &'n str, written: &str) -> Vec<&'n str> {
    let is_broken = written.contains('\n');
    let of_kubernetes = |parts: &[&str]| parts.iter().any(|it| it.starts_with("system:"));
    for separator in [" - ", ",", "\n"] {
        let parts: Vec<_> = name.split(separator).map(str::trim).filter(|it| !it.is_empty()).collect();
        let is_list = parts.len() > 1 && parts.iter().all(|it| !it.contains('='));
        if is_list && (of_kubernetes(&parts) || is_broken && separator != "," || separator == "\n") {
            return parts;
        }
    }
    // A name may hold spaces, but none of Kubernetes does.
    let parts: Vec<_> = name.split_whitespace().collect();
    if parts.len() > 1 && parts.iter().all(|it| it.starts_with("system:")) { parts } else { Vec::new() }
}

fn joined(group: &Text, parts: &[&str], findings: &mut Findings) {
    let shown = crate::names::joined(parts.iter().copied(), " and ");
    let found = findings.at(group.span(), format!("{shown} are one group"));
    found.why("EKS reads a single name here, and no binding has it");
    // What else was meant is for a person to say: it may be all the rights there are.
    let are_of_nodes = parts.iter().all(|it| NODE_GROUPS.contains(it));
    let safety = Safety::activating_if(are_of_nodes);
    found
        .fix(safety, "give each group a line", Change::split_item(group, parts.iter().copied()))
        .otherwise("make each group an item of its own");
}
