//! A binding for a service account that is not there, though one is that was surely meant.

use std::collections::{HashMap, HashSet};

use crate::names::{Candidates, is_long_word_misspelt, nearest};
use crate::prelude::*;
use crate::source::FileId;

pub const LEVEL: Level = Level::Warning;
pub const CERTAINTY: Certainty = Certainty::Likely;

pub fn check(workspace: &Workspace, report: &mut Report) {
    let declared: HashSet<(&str, Option<&str>)> = workspace
        .facts
        .service_accounts
        .iter()
        .filter_map(|it| Some((it.meta.name.string()?, it.meta.namespace.string())))
        .collect();
    let mut bound: HashSet<(&str, &str)> = HashSet::new();
    for subject in workspace.facts.role_bindings.iter().flat_map(|it| it.subjects.iter()) {
        bound.extend(subject.name.string().zip(subject.namespace.string()));
    }
    // Only an account that nothing binds may be the one that was meant.
    let mut orphans: HashMap<&str, Vec<Orphan<'_>>> = HashMap::new();
    for account in workspace.facts.service_accounts.iter().filter(|it| it.is_manifest) {
        let Some((name, namespace)) = account.meta.name.string().zip(account.meta.namespace.string()) else { continue };
        if !bound.contains(&(name, namespace)) {
            orphans.entry(workspace.folder(account.meta.whole)).or_default().push(Orphan { account, name, namespace });
        }
    }
    let orphans: HashMap<&str, Orphans<'_>> = orphans.into_iter().map(|(at, found)| (at, Orphans::of(found))).collect();
    // What pods use is declared somewhere.
    let used: HashSet<&str> = workspace.facts.workloads.iter().filter_map(|it| it.service_account.string()).collect();
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
            let is_there = declared.contains(&(name, Some(namespace))) || declared.contains(&(name, None));
            if is_there || name == "default" || name_text.is_slot() || namespace_text.is_slot() {
                continue;
            }
            let others = here.in_namespace.get(namespace);
            let near = others.and_then(|it| it.nearest(name));
            others.into_iter().for_each(|it| report.compared(it, name_text.span()));
            let near = near.filter(|it| is_long_word_misspelt(name, it) && !used.contains(name));
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
            found.label(text.span(), format!("did you mean `{meant}`?"));
            if !is_likely {
                found.possible();
            }
            if let Some(orphan) = orphan {
                found.label(orphan.account.meta.span(), "nothing binds this one");
            }
            found.fix(Safety::Suggestion, format!("write `{meant}`"), Change::write(text, meant));
        }
    }
}

/// An account that nothing binds.
#[derive(Clone, Copy)]
struct Orphan<'w> {
    account: &'w ServiceAccount,
    name: &'w str,
    namespace: &'w str,
}

/// Those of one folder.
struct Orphans<'w> {
    by_name: HashMap<&'w str, OfName<'w>>,
    in_namespace: HashMap<&'w str, Candidates<'w>>,
}

/// Those of one name.
#[derive(Default)]
struct OfName<'w> {
    in_file: HashMap<FileId, Vec<Orphan<'w>>>,
    /// The first of each namespace.
    in_namespace: HashMap<&'w str, Orphan<'w>>,
}

impl<'w> Orphans<'w> {
    fn of(found: Vec<Orphan<'w>>) -> Self {
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
