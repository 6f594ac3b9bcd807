//! A key of an entry of `aws-auth` that is missing, misspelt or there twice.

use crate::collections::{HashMap, HashSet};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for section in workspace.aws_auth().sections() {
        let dropped = dropped_arns(section);
        for mapping in &section.mappings {
            strange_keys(mapping, findings);
            missing_arn(&dropped, mapping, findings);
            repeated_keys(mapping, findings);
        }
    }
}

fn strange_keys(mapping: &Mapping, findings: &mut Findings) {
    let (section, arn_key) = (mapping.section.key(), mapping.section.arn_key());
    for (key, meant) in mapping.strange_keys() {
        let name = key.shown();
        let found = findings.at(key.span(), format!("`{name}` is not a key of `{section}`"));
        match meant {
            Some(meant) if meant == arn_key => {
                found.why(format!("without `{meant}` EKS drops this entry")).fix(
                    Safety::Activating,
                    format!("call it `{meant}`"),
                    Change::write(key, meant),
                );
            }
            Some("groups") => {
                found
                    .why("EKS passes over it, and the entry gives no groups")
                    .help("call it `groups`, and make it a list")
                    .level(Level::Warning);
            }
            Some(meant) => {
                found
                    .why("EKS passes over it")
                    .fix(Safety::Activating, format!("call it `{meant}`"), Change::write(key, meant))
                    .level(Level::Warning);
            }
            None => {
                found.why("EKS passes over it").level(Level::Note);
            }
        }
    }
}

/// The values of a section that would be ARNs, and are no text, in order.
fn dropped_arns(section: &Section) -> Vec<Span> {
    let arn_key = section.kind.arn_key();
    let is_dropped = |it: &&Violation| match &it.kind {
        ViolationKind::Scalar { field, .. } => field.eq_ignore_ascii_case(arn_key),
        _ => false,
    };
    let mut dropped: Vec<Span> = section.violations.iter().filter(is_dropped).map(|it| it.span).collect();
    dropped.sort_unstable_by_key(|it| it.bounds());
    dropped
}

fn missing_arn(dropped: &[Span], mapping: &Mapping, findings: &mut Findings) {
    let arn_key = mapping.section.arn_key();
    let first = dropped.partition_point(|it| it.start < mapping.span.start);
    let is_dropped = dropped.get(first).is_some_and(|it| mapping.span.contains(*it));
    let is_given = mapping.arn.is_written() || is_dropped || mapping.has_key("sso");
    if is_given || mapping.misspells(arn_key) || mapping.keys.iter().any(Text::has_holes) {
        return;
    }
    if let Some(key) = mapping.arn.key {
        findings.at(key, format!("`{arn_key}` is empty")).why("EKS drops this entry");
    } else {
        let at = mapping.keys.first().map_or(mapping.span, Text::span);
        findings
            .at(at, format!("an entry of `{}` has no `{arn_key}`", mapping.section.key()))
            .why("EKS drops this entry")
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
    let before: HashSet<&str> = before.iter().map(|it| it.bytes()).collect();
    (after.len() > 1 && after.iter().all(|it| before.contains(it.bytes()))).then(|| (own[first], own[second]))
}

fn repeated_keys(mapping: &Mapping, findings: &mut Findings) {
    // Keys that a merge brings in stand elsewhere, and are there to be replaced.
    let own: Vec<&Text> = mapping.keys.iter().filter(|it| mapping.span.contains(it.span())).collect();
    if let Some((first, second)) = two_in_one(mapping, &own) {
        findings
            .at(first.span(), "two entries are written as one")
            .why("this one has no effect")
            .label(second.span(), "the last one counts: no `-` begins an entry here")
            .help("write `- ` before the first key of the second entry")
            .level(Level::Warning);
        return;
    }
    // The decoder takes keys in the order of their bytes, and of equal ones the last.
    let mut last: HashMap<String, &Text> = HashMap::default();
    for key in &own {
        let other = last.entry(key.bytes().to_ascii_lowercase()).or_insert(key);
        if (other.bytes(), other.span().bounds()) < (key.bytes(), key.span().bounds()) {
            *other = key;
        }
    }
    let mut seen = HashSet::default();
    for key in own {
        let name = key.bytes();
        let Some(other) = last.get(&name.to_ascii_lowercase()).filter(|it| it.span() != key.span()) else { continue };
        if !seen.insert(key.span()) {
            continue;
        }
        let found = findings.at(key.span(), format!("`{}` is there twice in one entry", name.to_lowercase()));
        found.why("this one has no effect");
        if other.bytes() == name {
            found.label(other.span(), "the last one counts").level(Level::Warning);
        } else {
            found.label(other.span(), "this one counts, whatever their order: small letters come last");
        }
        found.help("remove one of them");
    }
}
