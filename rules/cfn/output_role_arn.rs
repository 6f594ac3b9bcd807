//! An output that says ARN, and gives the name of a role.

use crate::collections::HashSet;
use crate::prelude::*;
use crate::source::{Attribute, FileId};

pub const LEVEL: Level = Level::Warning;
pub const CERTAINTY: Certainty = Certainty::Likely;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let outputs = &workspace.facts.outputs;
    // Where another output gives the ARN, this one is meant to be the name, and only says the wrong word.
    let arns = outputs.iter().flat_map(|it| it.value.known()).filter_map(Text::reference);
    let given: HashSet<_> = arns.filter(|it| it.attribute == Attribute::Arn).map(|it| &it.resource).collect();
    let of_eks = about_eks(workspace);
    for output in outputs {
        let Some(promise) = promise(output) else { continue };
        for text in output.value.known() {
            let Some(role) = workspace
                .roles()
                .by_ref(text)
                .filter(|it| of_eks.contains(&text.span().file) || is_of_eks(workspace, it))
            else {
                continue;
            };
            let Some(name) = role.origin.resource.as_ref().filter(|it| !given.contains(it)) else { continue };
            let found = findings.at(text.span(), "output says ARN, and is the name of a role");
            found.why(format!("`Ref` of the role `{name}` is its name")).label(promise, "says ARN");
            found.fix_if(Safety::Suggestion, "give the ARN", Change::swap_reference(text));
        }
    }
}

/// Whether a role is for EKS: by what uses it, by its policies and its name, or because its trust policy speaks of EKS.
fn is_of_eks(workspace: &Workspace, role: &Role) -> bool {
    let is_named = |it: &Text| it.contains("EKS") == Some(true);
    workspace.roles().links(role).is_used()
        || role.managed_policies.iter().any(is_named)
        || role.trust.known().any(|it| it.speaks_of_eks)
}

/// The files that declare something of EKS: their roles are for it, as far as anybody can know.
fn about_eks(workspace: &Workspace) -> HashSet<FileId> {
    let facts = &workspace.facts;
    let clusters = facts.clusters.iter().map(|it| &it.origin).chain(facts.node_groups.iter().map(|it| &it.origin));
    let entries = facts.access_entries.iter().map(|it| &it.origin).chain(facts.addons.iter().map(|it| &it.origin));
    clusters.chain(entries).map(|it| it.name.file).collect()
}

/// Where the output says that it is an ARN: in its name, or else in its description.
fn promise(output: &Output) -> Option<Span> {
    let name = output.name.as_str()?;
    if words(name).any(|word| word.eq_ignore_ascii_case("arn")) {
        return Some(output.name.span());
    }
    let (description, place) = output.description.strings().next()?;
    let says =
        |wanted: &str| description.split(|c: char| !c.is_alphanumeric()).any(|it| it.eq_ignore_ascii_case(wanted));
    (says("arn") && !says("name") && !words(name).any(|it| it == "Name")).then(|| place.span())
}

/// The words of a name in camel case: `NodeRoleArn` is `Node`, `Role`, `Arn`; `RoleARN` is `Role`, `ARN`.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let bytes = name.as_bytes();
    let is_start = move |at: &usize| {
        let before = bytes[*at - 1];
        let here = bytes[*at];
        here.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit())
            || !here.is_ascii_alphanumeric()
            || !before.is_ascii_alphanumeric()
    };
    let mut starts: Vec<usize> = (1..name.len()).filter(|at| name.is_char_boundary(*at)).filter(is_start).collect();
    starts.insert(0, 0);
    starts.push(name.len());
    let ranges: Vec<_> = starts.windows(2).map(|it| it[0]..it[1]).collect();
    ranges.into_iter().map(move |range| &name[range])
}
