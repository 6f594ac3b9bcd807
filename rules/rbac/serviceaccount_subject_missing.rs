//! A binding for a service account that is not there, though one is that was surely meant.

use std::collections::{HashMap, HashSet};

use crate::names::{Candidates, folded, nearest};
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

/// Short names are near each other without being slips: `app-sa` and `api-sa`.
const SHORTEST: usize = 10;
/// The same of a word of a name.
const SHORT_WORD: usize = 4;

pub fn check(workspace: &Workspace, report: &mut Report) {
    let manifests = || workspace.facts.service_accounts.iter().filter(|it| it.is_manifest);
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
    let mut orphans: HashMap<&str, Vec<&ServiceAccount>> = HashMap::new();
    for account in manifests() {
        let place = account.meta.name.string().zip(account.meta.namespace.string());
        if place.is_some_and(|place| !bound.contains(&place)) {
            orphans.entry(workspace.folder(account.meta.whole)).or_default().push(account);
        }
    }
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
            let in_namespace = here.iter().filter(|it| it.meta.namespace.string() == Some(namespace));
            let near: Candidates<'_> = in_namespace.filter_map(|it| it.meta.name.string()).collect();
            let near = near.nearest(name).filter(|it| is_slip(name, it) && !used.contains(name));
            // Two namespaces in one file were written by one hand.
            let same: Vec<_> =
                here.iter().filter(|it| it.meta.name.string() == Some(name) && it.meta.whole.file == file).collect();
            let (text, meant, account) = match (near, same.as_slice()) {
                (Some(meant), _) => {
                    let account = here.iter().find(|it| it.meta.name.string() == Some(meant));
                    (name_text, meant, account)
                }
                (None, [only]) => (namespace_text, only.meta.namespace.string().unwrap_or_default(), Some(*only)),
                _ => continue,
            };
            // An account of the same name may be elsewhere; in `default`, where guides have theirs, it is seldom.
            let is_likely = near.is_some() || namespace == "default" || nearest(namespace, [meant]).is_some();
            let found = report.at(text.span(), format!("there is no service account `{namespace}/{name}`"));
            found.label(text.span(), format!("did you mean `{meant}`?"));
            if !is_likely {
                found.level(Level::Note);
            }
            if let Some(account) = account {
                found.label(account.meta.span(), "nothing binds this one");
            }
            found.fix(Safety::Suggestion, format!("write `{meant}`"), [Edit::replace(text.span(), meant)]);
        }
    }
}

/// True if a long word differs: `shop-reder`. Short words tell things apart: `-a` and `-b`, `east` and `west`.
fn is_slip(name: &str, meant: &str) -> bool {
    let words = |it| str::split(it, ['-', '.']).collect::<Vec<_>>();
    let (own, other) = (words(name), words(meant));
    let mut differ = own.iter().zip(&other).filter(|(own, other)| own != other);
    let is_in_long_words =
        own.len() == other.len() && differ.all(|(own, other)| own.len().min(other.len()) > SHORT_WORD);
    meant.len() >= SHORTEST && (is_in_long_words || folded(name) == folded(meant))
}
