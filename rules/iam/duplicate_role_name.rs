//! Two roles of one template with the same name.

use std::collections::BTreeMap;

use crate::prelude::*;
use crate::source::UnitId;
use crate::workspace::Shipped;

pub const LEVEL: Level = Level::Error;

/// A role is compared with this many of its name, which matters only where each stands under conditions of its own.
const MOST_BEFORE: usize = 100;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let declared = workspace.roles().of_eks().filter_map(|it| Some((it.origin.resource.as_ref()?.unit, it)));
    let mut declared: Vec<(UnitId, &Role)> = declared.collect();
    declared.sort_by_key(|(unit, _)| (workspace.files.rank(unit.file), unit.document));
    for of_unit in declared.chunk_by(|a, b| a.0 == b.0).filter(|it| it.len() > 1) {
        check_unit(workspace, of_unit, findings);
    }
}

fn check_unit(workspace: &Workspace, roles: &[(UnitId, &Role)], findings: &mut Findings) {
    // IAM keeps the case of a name, and compares without it.
    let mut by_name: BTreeMap<String, Vec<(&Role, Shipped<'_>, Branch)>> = BTreeMap::new();
    for (_, role) in roles {
        for (text, branch) in role.name.known_under() {
            let Some(branch) = branch.join(&role.origin.branch) else { continue };
            let name = workspace.shipped_value(&branch, text);
            by_name.entry(name.value.shown().to_lowercase()).or_default().push((role, name, branch));
        }
    }
    for found in by_name.values() {
        for (at, (role, name, branch)) in found.iter().enumerate().skip(1) {
            let first = found[..at].iter().take(MOST_BEFORE).find_map(|(other, first, under)| {
                let is_other = other.origin.resource != role.origin.resource
                    && workspace.are_in_one_account(role.origin.name, other.origin.name) == Some(true);
                name.same(*first, is_same_name).filter(|_| is_other && branch.surely_meets(under))
            });
            if first.is_none() && at > MOST_BEFORE {
                findings.not_compared(name.text.span());
            }
            let Some((name, first)) = first else { continue };
            findings
                .at(name.span(), format!("second role of the name `{}`", name.shown()))
                .why("names of roles are unique in an account, whatever their case and path")
                .label(first.span(), "the first one")
                .help("give one of them another name, or leave `RoleName` out: CloudFormation makes up a unique one");
        }
    }
}

fn is_same_name(a: &Text, b: &Text) -> Option<bool> {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => Some(a.eq_ignore_ascii_case(b)),
        _ => a.same(b),
    }
}
