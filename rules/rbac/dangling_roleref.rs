//! A binding whose role is not there, or cannot be.

use std::collections::BTreeMap;

use crate::collections::{HashMap, HashSet};
use crate::names::Candidates;
use crate::prelude::*;
use crate::source::FileId;
use crate::workspace::is_built_in;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let roles = workspace.rbac().roles_by_name();
    let names = [workspace.rbac().role_names(false), workspace.rbac().role_names(true)];
    let unread = workspace.unread_folders();
    let orphans = orphans(workspace);
    let mut declared: HashMap<(bool, &str), HashSet<&str>> = HashMap::default();
    for role in &workspace.facts.rbac_roles {
        let place = (role.cluster_wide, workspace.folder(role.meta.span()));
        declared.entry(place).or_default().extend(role.meta.name.string());
    }
    // Where a namespace is not written, it may be any.
    let placed: HashSet<(&str, Option<&str>)> = roles
        .iter()
        .filter(|((cluster_wide, _), _)| !cluster_wide)
        .flat_map(|((_, name), found)| found.iter().map(|it| (*name, it.meta.namespace.string())))
        .collect();
    let mut absent: BTreeMap<(&str, &str), Vec<Span>> = BTreeMap::new();
    let renaming = renaming(workspace);
    let listed: HashSet<(bool, FileId)> =
        workspace.facts.rbac_roles.iter().map(|it| (it.cluster_wide, it.meta.whole.file)).collect();
    for binding in &workspace.facts.role_bindings {
        if !is_legal(binding, findings) {
            continue;
        }
        let (Some(is_role), Some((name, text))) = (binding.names_role(), binding.role.name.strings().next()) else {
            continue;
        };
        if is_built_in(name) || unread.contains(workspace.folder(text.span())) {
            continue;
        }
        // Who asks a cluster for its bindings alone does not see roles.
        if workspace.is_described(text.span()) && !listed.contains(&(!is_role, text.span().file)) {
            continue;
        }
        let kind = if is_role { "Role" } else { "ClusterRole" };
        let found = roles.get(&(!is_role, name)).map_or(&[][..], Vec::as_slice);
        let namespace = binding.meta.namespace.string();
        let is_in = |namespace| placed.contains(&(name, namespace));
        if !found.is_empty() && (!is_role || namespace.is_none() || is_in(None) || is_in(namespace)) {
            continue;
        }
        if let [only] = found {
            // Two namespaces in one file were written by one hand; in two files, another overlay may fit.
            let one_file = only.meta.span().file == text.span().file;
            let namespace = namespace.unwrap_or_default();
            let found = findings.at(text.span(), format!("no Role `{name}` in the namespace `{namespace}`"));
            found.why("a RoleBinding finds Roles of its own namespace only");
            let other = only.meta.namespace.known().next().map_or(only.meta.span(), Text::span);
            found.label(other, "it is in this one");
            if one_file {
                found.likely().level(Level::Warning);
            }
            continue;
        }
        if !found.is_empty() || names[usize::from(!is_role)].contain(name) != Some(false) {
            continue;
        }
        let folder = workspace.folder(text.span());
        let of_other_kind = roles.get(&(is_role, name)).map_or(&[][..], Vec::as_slice).iter();
        let mut of_other_kind = of_other_kind.filter(|it| workspace.folder(it.meta.span()) == folder);
        if let Some(other) = of_other_kind.find(|it| it.cluster_wide || it.meta.may_share_namespace(&binding.meta)) {
            wrong_kind(binding, other, name, findings);
            continue;
        }
        let here = orphans.get(&(!is_role, folder));
        if let Some(near) = here.and_then(|it| findings.nearest(it, name, text.span())) {
            let found = findings.at(text.span(), format!("there is no {kind} `{name}`"));
            found.likely().level(Level::Warning).why(format!("did you mean `{near}`?"));
            if let Some(orphan) = roles.get(&(!is_role, near)).and_then(|it| it.first()) {
                found.label(orphan.meta.span(), "nothing binds this one");
            }
            found.fix_to(Safety::Suggestion, text, near);
            continue;
        }
        // Kustomize may put something before or behind the names of a folder.
        let declared = declared.get(&(!is_role, folder));
        if is_renamed(&renaming, kind, folder) {
            continue;
        }
        if declared.is_some_and(|names| is_name_with_more(name, names)) {
            continue;
        }
        absent.entry((kind, name)).or_default().push(text.span());
    }
    // A chart makes such a role, and every environment binds it.
    for ((kind, name), places) in absent {
        let found = findings.at(places[0], format!("the {kind} `{name}` is not in these files"));
        found.why("where it does not exist, the binding grants nothing, and nobody says so");
        for more in places.iter().skip(1).take(3) {
            found.label(*more, "bound here too");
        }
    }
}

/// Whether a kustomization of this folder, or of one above, gives roles other names by a patch.
fn is_renamed(renaming: &HashSet<(&str, &str)>, kind: &str, folder: &str) -> bool {
    let mut above = Some(folder);
    while let Some(folder) = above {
        if renaming.contains(&(kind, folder)) {
            return true;
        }
        above = (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(parent, _)| parent));
    }
    false
}

/// The kinds of objects to which patches give other names, with the folders of the kustomizations.
fn renaming(workspace: &Workspace) -> HashSet<(&str, &str)> {
    let changes =
        workspace.facts.kustomizations.iter().flat_map(|it| it.changes.iter().map(move |change| (it, change)));
    let renames = changes.filter(|(_, change)| matches!(change.what, Changed::Name));
    let kinds = renames.filter_map(|(it, change)| Some((change.target.as_ref()?.kind.as_deref()?, it)));
    kinds.map(|(kind, it)| (kind, workspace.folder(it.span))).collect()
}

/// A role of this name is there, and is of the other kind.
fn wrong_kind(binding: &RoleBinding, other: &RbacRole, name: &str, findings: &mut Findings) {
    let Some((kind, text)) = binding.role.kind.strings().next() else { return };
    let right = if other.cluster_wide { "ClusterRole" } else { "Role" };
    let found = findings.at(text.span(), format!("`{name}` is a {right}, not a {kind}"));
    found.likely().level(Level::Warning).why("the binding finds none of this kind, and grants nothing");
    found.label(other.meta.span(), format!("this is the {right}"));
    if binding.cluster_wide {
        found.help("make it a ClusterRole, or write a RoleBinding in the namespace of the Role");
    } else {
        found.fix_to(Safety::Suggestion, text, right);
    }
}

/// True for `demo-reader` and `reader-v2` where `reader` is declared.
fn is_name_with_more(name: &str, declared: &HashSet<&str>) -> bool {
    // No object has a longer name, and each hyphen costs as much as the name is long.
    const LONGEST: usize = 253;
    let mut hyphens = name.match_indices('-').take(if name.len() > LONGEST { 0 } else { LONGEST });
    hyphens.any(|(at, _)| declared.contains(&name[..at]) || declared.contains(&name[at + 1..]))
}

/// Whether the API server takes the reference, whatever there is.
fn is_legal(binding: &RoleBinding, findings: &mut Findings) -> bool {
    let role = &binding.role;
    if let Some((group, text)) = role.api_group.strings().find(|(group, _)| !group.is_empty() && *group != RBAC_GROUP) {
        let found = findings.at(text.span(), format!("roles are not of the API group `{group}`"));
        found
            .certainty(Certainty::Certain)
            .level(Level::Error)
            .why(format!("the only one they have is `{RBAC_GROUP}`"));
        found.fix_to(Safety::Activating, text, RBAC_GROUP);
        return false;
    }
    let is_taken = |kind: &str| kind == "ClusterRole" || kind == "Role" && !binding.cluster_wide;
    let Some((kind, text)) = role.kind.strings().find(|(kind, _)| !is_taken(kind)) else { return true };
    let found = findings.at(
        text.span(),
        if kind == "Role" {
            "a ClusterRoleBinding cannot bind a Role".to_owned()
        } else {
            format!("`{kind}` is not a kind of role")
        },
    );
    found.certainty(Certainty::Certain).level(Level::Error);
    if binding.cluster_wide {
        found
            .why("a Role is of one namespace; this binding is of all")
            .help("bind a ClusterRole, or write a RoleBinding in the namespace of the Role");
    } else {
        found.why("Kubernetes takes `Role` and `ClusterRole`");
    }
    false
}

/// Roles that no binding names, by their folder: what a misspelt name leaves behind.
fn orphans(workspace: &Workspace) -> HashMap<(bool, &str), Candidates<'_>> {
    let bindings = workspace.facts.role_bindings.iter();
    let bound: HashSet<(bool, &str)> =
        bindings.filter_map(|it| Some((!it.names_role()?, it.role.name.string()?))).collect();
    let mut orphans: HashMap<_, Vec<_>> = HashMap::default();
    for role in &workspace.facts.rbac_roles {
        for (name, text) in role.meta.name.strings().filter(|(name, _)| !bound.contains(&(role.cluster_wide, *name))) {
            if !is_built_in(name) {
                orphans.entry((role.cluster_wide, workspace.folder(text.span()))).or_default().push(name);
            }
        }
    }
    orphans.into_iter().map(|(place, names)| (place, names.into_iter().collect())).collect()
}
