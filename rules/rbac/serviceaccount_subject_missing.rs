//! A binding for a service account that is not there, though one is that was surely meant.

use std::collections::HashMap;

use crate::names::{Candidates, is_long_word_misspelt, nearest};
use crate::prelude::*;
use crate::source::FileId;
use crate::workspace::Unbound;

pub const LEVEL: Level = Level::Warning;
pub const CERTAINTY: Certainty = Certainty::Likely;

pub fn check(workspace: &Workspace, report: &mut Report) {
    let accounts = workspace.service_accounts().names();
    // Only an account that nothing binds may be the one that was meant.
    let mut orphans: HashMap<&str, Vec<Unbound<'_>>> = HashMap::new();
    for it in accounts.unbound() {
        orphans.entry(workspace.folder(it.account.meta.whole)).or_default().push(it);
    }
    let orphans: HashMap<&str, Orphans<'_>> = orphans.into_iter().map(|(at, found)| (at, Orphans::of(found))).collect();
    let unread = workspace.unread_folders();
    let built = workspace.built();
    for binding in &workspace.facts.role_bindings {
        let file = binding.meta.whole.file;
        let folder = workspace.folder(binding.meta.whole);
        let is_plain = !unread.contains(folder) && !built.holds(binding.meta.whole);
        let Some(here) = orphans.get(folder).filter(|_| is_plain) else { continue };
        for subject in binding.subjects.iter().filter(|it| it.is_kind("ServiceAccount")) {
            let (Some((name, name_text)), Some((namespace, namespace_text))) =
                (subject.name.strings().next(), subject.namespace.strings().next())
            else {
                continue;
            };
            let is_there = accounts.may_be_declared(Some(namespace), name);
            if is_there || name == "default" || name_text.is_slot() || namespace_text.is_slot() {
                continue;
            }
            let others = here.in_namespace.get(namespace);
            let near = others.and_then(|it| report.nearest(it, name, name_text.span()));
            // What pods use is declared somewhere.
            let near = near.filter(|it| is_long_word_misspelt(name, it) && !accounts.is_used(name));
            // Two namespaces in one file were written by one hand.
            let of_name = here.by_name.get(near.unwrap_or(name));
            let same = of_name.and_then(|it| it.in_file.get(&file)).map_or(&[][..], Vec::as_slice);
            let (text, meant, orphan) = match (near, same) {
                (Some(meant), _) => (name_text, meant, of_name.and_then(|it| it.in_namespace.get(namespace))),
                (None, [only]) => (namespace_text, only.namespace, Some(only)),
                _ => continue,
            };
            // An account of the same name may be elsewhere; in `default`, where guides have theirs, it is seldom.
            let is_likely = near.is_some() || namespace == "default" || nearest(namespace, [meant]).is_some();
            let found = report.at(text.span(), format!("there is no service account `{namespace}/{name}`"));
            found.why(format!("did you mean `{meant}`?"));
            if !is_likely {
                found.possible();
            }
            if let Some(orphan) = orphan {
                found.label(orphan.account.meta.span(), "nothing binds this one");
            }
            found.fix_to(Safety::Suggestion, text, meant);
        }
    }
}

/// The accounts of one folder that nothing binds.
struct Orphans<'w> {
    by_name: HashMap<&'w str, OfName<'w>>,
    in_namespace: HashMap<&'w str, Candidates<'w>>,
}

/// Those of one name.
#[derive(Default)]
struct OfName<'w> {
    in_file: HashMap<FileId, Vec<Unbound<'w>>>,
    /// The first of each namespace.
    in_namespace: HashMap<&'w str, Unbound<'w>>,
}

impl<'w> Orphans<'w> {
    fn of(found: Vec<Unbound<'w>>) -> Self {
        let mut names: HashMap<_, Vec<&str>> = HashMap::new();
        let mut by_name: HashMap<_, OfName<'_>> = HashMap::new();
        for orphan in found {
            names.entry(orphan.namespace).or_default().push(orphan.name);
            let of_name = by_name.entry(orphan.name).or_default();
            of_name.in_namespace.entry(orphan.namespace).or_insert(orphan);
            of_name.in_file.entry(orphan.account.meta.whole.file).or_default().push(orphan);
        }
        Self { by_name, in_namespace: names.into_iter().map(|(at, names)| (at, names.into_iter().collect())).collect() }
    }
}
