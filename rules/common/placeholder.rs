//! A value copied from documentation that was never filled in.

use std::collections::HashSet;

use crate::iam::{ROLE_ARN, is_variable, placeholder};
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, report: &mut Report) {
    let mut examples = HashSet::new();
    for text in workspace.identities() {
        let Some(found) = placeholder(text) else { continue };
        if found.is_slot {
            report
                .at(found.span, format!("`{}` was never filled in", found.text))
                .label(found.span, "this names nobody yet");
        } else if examples.insert(found.span.file) {
            report
                .at(found.span, format!("`{}` is an account of the AWS documentation", found.text))
                .label(found.span, "replace it if it was copied from there")
                .level(Level::Note);
        }
    }
    for text in in_small_letters(workspace).filter(|it| is_variable(it) && !it.is_slot()) {
        report
            .at(text.span(), format!("`{}` was never filled in", text.shown()))
            .label(text.span(), "this names nobody yet");
    }
}

/// What cannot be a word in capitals: an ARN, and what Kubernetes allows small letters in only. There one is a slot,
/// whatever it says.
fn in_small_letters(workspace: &Workspace) -> impl Iterator<Item = &Text> {
    let facts = &workspace.facts;
    let mapped = workspace.mappings().flat_map(|it| it.arn.known());
    let entered = facts.access_entries.iter().flat_map(|it| it.principal.known());
    let annotated = facts.service_accounts.iter().filter_map(|it| it.meta.annotation(ROLE_ARN)?.text());
    let accounts = facts.service_accounts.iter();
    let accounts = accounts.flat_map(|it| it.meta.name.known().chain(it.meta.namespace.known()));
    mapped.chain(entered).chain(annotated).chain(accounts)
}
