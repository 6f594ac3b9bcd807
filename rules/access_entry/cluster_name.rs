//! An access entry whose `ClusterName` is not the name of a cluster.

use crate::prelude::*;
use crate::source::{Attribute, Piece};

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        for text in workspace.values_in(&entry.origin, &entry.cluster) {
            if text.is_unfilled() {
                continue;
            }
            if let Some(reference) = text.reference() {
                let is_cluster = workspace.clusters().of(&Field::of(text.clone())).is_some();
                if is_cluster && reference.attribute != Attribute::Ref {
                    let what = match &reference.attribute {
                        Attribute::Other(name) => format!("the `{name}`"),
                        _ => "the ARN".to_owned(),
                    };
                    let found = findings.at(text.span(), format!("`ClusterName` is {what} of the cluster"));
                    found.why("a name is asked for");
                    found.otherwise(format!("`!Ref {}` is its name", reference.resource));
                    found.fix_if(Safety::Activating, "refer to its name", Change::swap_reference(text));
                }
                continue;
            }
            if let Some(why) = violation(text) {
                let found = findings.at(text.span(), format!("`{}` is not the name of a cluster", text.shown()));
                found.why(why);
                let arn = Arn::parse(text).filter(|it| it.kind() == Some("cluster"));
                let name = arn.and_then(|it| it.name()?.as_str().map(|name| name.trim().to_owned()));
                found.fix_or_help(
                    Safety::Suggestion,
                    "write its name",
                    name.map(|it| Change::write(text, it)),
                    "write the name as `aws eks list-clusters` shows it",
                );
            }
        }
    }
}

/// Why a text can be no name: `^[0-9A-Za-z][A-Za-z0-9\-_]{0,99}$` (botocore, `CreateClusterRequest`).
fn violation(text: &Text) -> Option<&'static str> {
    if text.is_empty() {
        return Some("an access entry belongs to one cluster");
    }
    if text.starts_with("arn:") == Some(true) {
        return Some("an ARN, where a name is asked for");
    }
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let mut known = text.pieces().filter_map(|piece| match piece {
        Piece::Known(known) => Some(known),
        Piece::Hole(_) => None,
    });
    if known.any(|it| !it.bytes().all(letter)) {
        return Some("names of clusters have letters, digits, `-` and `_` only");
    }
    let name = text.as_str()?;
    match name.starts_with(['-', '_']) {
        true => Some("names of clusters begin with a letter or digit"),
        false if name.len() > 100 => Some("names of clusters have at most 100 characters"),
        false => None,
    }
}
