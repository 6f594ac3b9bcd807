//! A key of an entry of `aws-auth` that is missing, misspelt or there twice.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for section in workspace.aws_auth_sections() {
        for mapping in &section.mappings {
            strange_keys(mapping, report);
            missing_arn(section, mapping, report);
            repeated_keys(mapping, report);
        }
    }
}

fn strange_keys(mapping: &Mapping, report: &mut Report) {
    let (section, arn_key) = (mapping.section.key(), mapping.section.arn_key());
    for (key, meant) in mapping.strange_keys() {
        let name = key.shown();
        let found = report.at(key.span(), format!("`{name}` is not a key of `{section}`"));
        match meant {
            Some(meant) if meant == arn_key => {
                found.label(key.span(), format!("without `{meant}` EKS drops this entry")).fix(
                    Safety::Activating,
                    format!("call it `{meant}`"),
                    Change::write(key, meant),
                );
            }
            Some("groups") => {
                found
                    .label(key.span(), "EKS passes over it, and the entry gives no groups")
                    .help("call it `groups`, and make it a list")
                    .level(Level::Warning);
            }
            Some(meant) => {
                found
                    .label(key.span(), "EKS passes over it")
                    .fix(Safety::Activating, format!("call it `{meant}`"), Change::write(key, meant))
                    .level(Level::Warning);
            }
            None => {
                found.label(key.span(), "EKS passes over it").level(Level::Note);
            }
        }
    }
}

fn missing_arn(section: &Section, mapping: &Mapping, report: &mut Report) {
    let arn_key = mapping.section.arn_key();
    let is_dropped = section.faults.iter().any(|fault| match &fault.kind {
        FaultKind::Scalar { field, .. } => field.eq_ignore_ascii_case(arn_key) && mapping.span.contains(fault.span),
        _ => false,
    });
    let is_given = mapping.arn.is_written() || is_dropped || mapping.has_key("sso");
    if is_given || mapping.misspells(arn_key) || mapping.keys.iter().any(Text::has_holes) {
        return;
    }
    if let Some(key) = mapping.arn.key {
        report.at(key, format!("`{arn_key}` is empty")).label(key, "EKS drops this entry");
    } else {
        let at = mapping.keys.first().map_or(mapping.span, Text::span);
        report
            .at(at, format!("an entry of `{}` has no `{arn_key}`", mapping.section.key()))
            .label(at, "EKS drops this entry")
            .help(format!("add `{arn_key}` with the ARN, or remove the entry"));
    }
}

/// The ARN's key and the same one once more, where nothing but keys that were there before follow on it: the `-` before
/// the second entry was lost.
fn two_in_one<'m>(mapping: &Mapping, own: &[&'m Text]) -> Option<(&'m Text, &'m Text)> {
    let arn_key = mapping.section.arn_key();
    let places: Vec<usize> = (0..own.len()).filter(|at| own[*at].is(arn_key) == Some(true)).collect();
    let &[first, second] = places.as_slice() else { return None };
    let (before, after) = own.split_at(second);
    let is_there = |key: &&&Text| before.iter().any(|it| it.bytes() == key.bytes());
    (after.len() > 1 && after.iter().all(|it| is_there(&it))).then(|| (own[first], own[second]))
}

fn repeated_keys(mapping: &Mapping, report: &mut Report) {
    // Keys that a merge brings in stand elsewhere, and are there to be replaced.
    let own: Vec<&Text> = mapping.keys.iter().filter(|it| mapping.span.contains(it.span())).collect();
    if let Some((first, second)) = two_in_one(mapping, &own) {
        report
            .at(first.span(), "two entries are written as one")
            .label(first.span(), "this one has no effect")
            .label(second.span(), "the last one counts: no `-` begins an entry here")
            .help("write `- ` before the first key of the second entry")
            .level(Level::Warning);
        return;
    }
    for (at, key) in own.iter().enumerate() {
        let name = key.bytes();
        let same = |other: &&&Text| other.bytes().eq_ignore_ascii_case(name) && other.span() != key.span();
        let Some(other) = own.iter().filter(same).max_by_key(|it| (it.bytes(), it.span().bounds())) else { continue };
        // The decoder takes keys in the order of their bytes, and of equal ones the last.
        if (other.bytes(), other.span().bounds()) < (name, key.span().bounds())
            || own[..at].iter().any(|it| it.span() == key.span())
        {
            continue;
        }
        let found = report.at(key.span(), format!("`{}` is there twice in one entry", name.to_lowercase()));
        found.label(key.span(), "this one has no effect");
        if other.bytes() == name {
            found.label(other.span(), "the last one counts").level(Level::Warning);
        } else {
            found.label(other.span(), "this one counts, whatever their order: small letters come last");
        }
        found.help("remove one of them");
    }
}
