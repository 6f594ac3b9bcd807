//! A binding for a service account that is not there, though one is that was surely meant.

use std::collections::{HashMap, HashSet};

use crate::names::{Candidates, folded, nearest};
use crate::prelude::*;
use crate::source::FileId;

pub const LEVEL: Level = Level::Warning;
pub const CERTAINTY: Certainty = Certainty::Likely;

/// Short names are near each other without being slips: `app-sa` and `api-sa`.
const SHORTEST: usize = 10;
/// The same of a word of a name.
const SHORT_WORD: usize = 4;

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
    // Only an account beside a binding, and that nothing binds, may be the one that was meant.
    let bindings = workspace.facts.role_bindings.iter().map(|it| (workspace.folder(it.meta.whole), Vec::new()));
    let mut orphans: HashMap<&str, Vec<Orphan<'_>>> = bindings.collect();
    for account in workspace.facts.service_accounts.iter().filter(|it| it.is_manifest) {
        let Some((name, namespace)) = account.meta.name.string().zip(account.meta.namespace.string()) else { continue };
        if let Some(here) = orphans.get_mut(workspace.folder(account.meta.whole))
            && !bound.contains(&(name, namespace))
        {
            here.push(Orphan { account, name, namespace });
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
            let near = near.filter(|it| is_slip(name, it) && !used.contains(name));
            let (text, meant, orphan) = match near {
                Some(meant) => (name_text, meant, here.by_name.get(&(meant, namespace))),
                // Two namespaces in one file were written by one hand.
                None => match here.in_file.get(&(name, file)) {
                    Some(Some(only)) => (namespace_text, only.namespace, Some(only)),
                    _ => continue,
                },
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
    /// The first of each name and namespace.
    by_name: HashMap<(&'w str, &'w str), Orphan<'w>>,
    /// The only one of a name in a file; nothing if there are several.
    in_file: HashMap<(&'w str, FileId), Option<Orphan<'w>>>,
    in_namespace: HashMap<&'w str, Candidates<'w>>,
}

impl<'w> Orphans<'w> {
    fn of(found: Vec<Orphan<'w>>) -> Self {
        let mut names: HashMap<_, Vec<&str>> = HashMap::new();
        let (mut by_name, mut in_file) = (HashMap::new(), HashMap::new());
        for orphan in found {
            names.entry(orphan.namespace).or_default().push(orphan.name);
            by_name.entry((orphan.name, orphan.namespace)).or_insert(orphan);
            let file = orphan.account.meta.whole.file;
            in_file.entry((orphan.name, file)).and_modify(|it| *it = None).or_insert(Some(orphan));
        }
        let in_namespace = names.into_iter().map(|(at, names)| (at, names.into_iter().collect())).collect();
        Self { by_name, in_file, in_namespace }
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
