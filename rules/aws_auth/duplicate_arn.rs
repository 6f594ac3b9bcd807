//! An ARN that two entries of `aws-auth` map.

use crate::collections::HashMap;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for section in workspace.aws_auth().sections() {
        let mut last: HashMap<String, (&Text, &Mapping)> = HashMap::default();
        // The last entry counts, so the earlier ones are found on the way back.
        for mapping in section.mappings.iter().rev() {
            let Some(arn) = mapping.arn.only().filter(|it| it.as_str().is_some_and(|arn| !arn.trim().is_empty()))
            else {
                continue;
            };
            let (winner, other) = *last.entry(arn.bytes().to_lowercase()).or_insert((arn, mapping));
            if std::ptr::eq(other, mapping) {
                continue;
            }
            // Users are kept by letter and compared without case, in no order.
            let at_random = section.kind == SectionKind::Users && winner.bytes() != arn.bytes();
            let alike = same_rights(mapping, other);
            let what = if section.kind == SectionKind::Roles { "role" } else { "user" };
            let name = Arn::shown_name(arn);
            let found = findings.at(arn.span(), format!("{what} `{name}` is mapped twice"));
            if at_random {
                found
                    .why("this differs from the other in case only")
                    .label(winner.span(), "which of the two counts is a matter of chance");
            } else {
                found.why("this entry has no effect").label(winner.span(), "the last entry of an ARN counts");
            }
            match alike {
                Some(false) => found.help("keep one entry, with the groups that are meant"),
                Some(true) => found.help("remove one of them").level(Level::Warning),
                None => found.help("remove one of them").likely(),
            };
        }
    }
}

/// Whether two entries give the same user name and groups.
fn same_rights(a: &Mapping, b: &Mapping) -> Option<bool> {
    if a.is_damaged || b.is_damaged || !a.groups.complete || !b.groups.complete {
        return None;
    }
    let names = match (a.username.only(), b.username.only()) {
        (Some(a), Some(b)) => a.same(b)?,
        (None, None) => true,
        _ => false,
    };
    let groups = |it: &Mapping| {
        let mut groups: Vec<_> = it.groups.iter().map(Text::shown).collect();
        groups.sort();
        groups.dedup();
        groups
    };
    let known = a.groups.iter().chain(b.groups.iter()).all(|it| it.as_str().is_some());
    known.then(|| names && groups(a) == groups(b))
}
