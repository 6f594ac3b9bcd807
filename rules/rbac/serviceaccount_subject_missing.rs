//! A binding for a service account that is not there, though one is that was surely meant.

use crate::collections::HashMap;
use crate::names::{Candidates, is_long_word_misspelt, nearest};
use crate::prelude::*;
use crate::source::FileId;
use crate::workspace::Unbound;

pub const LEVEL: Level = Level::Warning;
pub const CERTAINTY: Certainty = Certainty::Likely;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    if workspace.facts.role_bindings.is_empty() {
        return;
    }
    let accounts = workspace.service_accounts().names();
    // Only an account beside a binding, and that nothing binds, may be the one that was meant.
    let bindings = workspace.facts.role_bindings.iter().map(|it| (workspace.folder(it.meta.whole), Vec::new()));
    let mut orphans: HashMap<&str, Vec<Unbound<'_>>> = bindings.collect();
    for it in accounts.unbound() {
        if let Some(here) = orphans.get_mut(workspace.folder(it.account.meta.whole)) {
            here.push(it);
        }
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
            if is_there || name == "default" || name_text.is_unfilled() || namespace_text.is_unfilled() {
                continue;
            }
            let others = here.in_namespace.get(namespace);
            let near = others.and_then(|it| findings.nearest(it, name, name_text.span()));
            // What pods use is declared somewhere.
            let near = near.filter(|it| is_long_word_misspelt(name, it) && !accounts.is_used(name));
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
            let found = findings.at(text.span(), format!("there is no service account `{namespace}/{name}`"));
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
    /// The first of each name and namespace.
    by_name: HashMap<(&'w str, &'w str), Unbound<'w>>,
    /// The only one of a name in a file; nothing if there are several.
    in_file: HashMap<(&'w str, FileId), Option<Unbound<'w>>>,
    in_namespace: HashMap<&'w str, Candidates<'w>>,
}

impl<'w> Orphans<'w> {
    fn of(found: Vec<Unbound<'w>>) -> Self {
        let mut names: HashMap<_, Vec<&str>> = HashMap::default();
        let (mut by_name, mut in_file) = (HashMap::default(), HashMap::default());
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
