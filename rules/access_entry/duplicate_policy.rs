//! An access policy that one access entry has twice.

use crate::collections::HashMap;
use crate::facts::Item;
use crate::prelude::*;
use crate::workspace::Shipped;

pub const LEVEL: Level = Level::Error;

/// How many policies an entry can have (schema of `AWS::EKS::AccessEntry`).
const MOST: usize = 20;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        let items = &entry.policies.items;
        let mut before: HashMap<String, Vec<(&Item<PolicyAssociation>, Shipped<'_>)>> = HashMap::default();
        for item in items {
            let under = if item.branch.is_always() { &entry.origin.branch } else { &item.branch };
            let Some(arn) = workspace.shipped_under(under, &item.value.arn) else { continue };
            let before = before.entry(key(arn.value)).or_default();
            let first = before.iter().find_map(|(other, first)| {
                let (text, first) = arn.same(*first, same_policy)?;
                other.branch.surely_meets(&item.branch).then_some((*other, text, first))
            });
            if before.len() < MOST {
                before.push((item, arn));
            }
            let Some((other, text, first)) = first else { continue };
            let found =
                findings.at(text.span(), format!("access policy `{}` is associated twice", Arn::shown_name(text)));
            found.why("an entry has each policy once, with one scope").label(first.span(), "the first time");
            found.otherwise("associate it once: with the namespaces of both, or with the whole cluster");
            if covers(&other.value, &item.value) {
                let change = Change::remove(item.value.span);
                found.fix(Safety::Suggestion, "remove the second, which adds nothing", change);
            }
        }
        let always = items.iter().filter(|it| it.branch.is_always()).collect::<Vec<_>>();
        if let (true, Some(extra)) = (always.len() > MOST, always.get(MOST)) {
            findings
                .at(extra.value.span, format!("access entry with {} access policies", always.len()))
                .why(format!("an entry has at most {MOST}"))
                .help("use Kubernetes groups and role bindings for what is left");
        }
    }
}

/// What two spellings of one policy have in common.
fn key(text: &Text) -> String {
    Arn::parse(text).map_or_else(|| text.bytes().to_owned(), |it| it.resource().bytes().to_owned())
}

/// Two spellings of a partition are one policy: an entry and its policies are of one partition.
fn same_policy(a: &Text, b: &Text) -> Option<bool> {
    match (Arn::parse(a), Arn::parse(b)) {
        (Some(a), Some(b)) => a.resource().same(&b.resource()),
        _ => a.same(b),
    }
}

/// True if the scope of one association certainly holds that of another.
fn covers(wide: &PolicyAssociation, narrow: &PolicyAssociation) -> bool {
    if wide.scope.is("cluster") == Some(true) {
        return true;
    }
    // What is the same is written the same.
    let mut written: HashMap<&str, Vec<&Text>> = HashMap::default();
    wide.namespaces.iter().for_each(|it| written.entry(it.bytes()).or_default().push(it));
    let listed = |name: &Text| {
        let mut like = written.get(name.bytes()).into_iter().flatten().take(MOST);
        like.any(|it| it.same(name) == Some(true))
    };
    wide.scope.is("namespace") == Some(true)
        && narrow.scope.is("namespace") == Some(true)
        && narrow.namespaces.complete
        && narrow.namespaces.iter().all(listed)
}
