//! A service account whose role is not in the files, though its account's other roles are.

use std::collections::BTreeMap;

use crate::collections::{HashMap, HashSet};
use crate::iam::SubjectAnswer;
use crate::names::Candidates;
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

/// Roles of one name beyond this number are not looked at.
const MOST_OF_A_NAME: usize = 100;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let named = || workspace.facts.roles.iter().flat_map(|it| it.name.strings().map(move |(name, _)| (it, name)));
    let names: HashSet<&str> = named().map(|(_, name)| name).collect();
    // A role whose name is the default of a parameter is not missing, and which name a deploy gives it is not known.
    let by_default = workspace.values_of_parameters(workspace.facts.roles.iter().flat_map(|it| it.name.known()));
    let by_default: HashSet<&str> = by_default.filter_map(Text::as_str).collect();
    let candidates: Candidates<'_> = names.iter().copied().collect();
    let mut by_name: HashMap<&str, Vec<&Role>> = HashMap::default();
    named().for_each(|(role, name)| by_name.entry(name).or_default().push(role));
    let mut declared: HashMap<&str, HashSet<&str>> = HashMap::default();
    for (role, name) in named() {
        if let Some(id) = workspace.roles().account_of(role) {
            declared.entry(id).or_default().insert(name);
        }
    }
    let listings = workspace.facts.account_listings.iter().filter(|it| it.what == Listed::Roles);
    let listings: HashMap<&str, Span> = listings.filter_map(|it| Some((it.account.as_str()?, it.span))).collect();
    let mut missing: BTreeMap<&str, Vec<Text>> = BTreeMap::new();
    for account in &workspace.facts.service_accounts {
        let Some(text) = account.meta.role_arn() else { continue };
        let RoleArn::Yes(arn) = RoleArn::check(text) else { continue };
        let Some(name) = arn.name() else { continue };
        let Some(wanted) = name.as_str() else { continue };
        // What runs in a cluster, and an account that is listed whole.
        let id = arn.account_id().filter(|_| workspace.is_described(text.span()));
        let listed = id.and_then(|id| Some((id, *listings.get(id)?)));
        let listed = listed.filter(|(id, _)| !declared.get(id).is_some_and(|it| it.contains(wanted)));
        if listed.is_none() && (names.contains(wanted) || by_default.contains(wanted)) {
            continue;
        }
        // Of a role that is declared very often no one can be meant.
        let few = |it: &Vec<_>| it.len() <= MOST_OF_A_NAME;
        let near =
            || candidates.near(wanted).into_iter().map(|it| &by_name[it]).filter(|it| few(it)).flatten().copied();
        let meant = meant(workspace, account, near, arn.account_id());
        findings.compared(&candidates, name.span());
        if let Some((right, place)) = meant {
            findings
                .at(name.span(), format!("no role `{wanted}` is declared, but `{right}` is"))
                .why(format!("did you mean `{right}`?"))
                .label(place.span(), "this role trusts the service account")
                .fix_to(Safety::Suggestion, &name, right)
                .likely()
                .level(Level::Warning);
            continue;
        }
        if let Some((id, listing)) = listed {
            findings
                .at(name.span(), format!("account `{id}` has no role `{wanted}`"))
                .why("the pods of this service account get no credentials")
                .label(listing, "these are all roles of the account")
                .help("create the role, or correct the ARN")
                .likely()
                .level(Level::Warning);
            continue;
        }
        if let Some((id, _)) = arn.account_id().and_then(|it| declared.get_key_value(it)) {
            missing.entry(id).or_default().push(name);
        }
    }
    for (id, names) in missing {
        let distinct: HashSet<&str> = names.iter().map(Text::bytes).collect();
        // Where most roles of an account are declared elsewhere, so are the rest.
        if distinct.len() > declared[id].len() {
            continue;
        }
        for name in &names {
            findings
                .at(name.span(), format!("no role `{}` is declared in these files", name.shown()))
                .why("other roles of this account are")
                .help("if it is declared elsewhere, all is well");
        }
    }
}

/// A role of nearly the same name that trusts this very service account.
fn meant<'w, I: Iterator<Item = &'w Role>>(
    workspace: &'w Workspace,
    account: &ServiceAccount,
    near: impl Fn() -> I,
    id: Option<&str>,
) -> Option<(&'w str, &'w Text)> {
    if !account.meta.keeps_its_name() {
        return None;
    }
    let (namespace, service_account) = (account.meta.namespace.string()?, account.meta.name.string()?);
    let near = near().filter_map(|role| {
        let (name, place) = role.name.strings().next()?;
        let other_account = matches!((workspace.roles().account_of(role), id), (Some(a), Some(b)) if a != b);
        let elsewhere =
            other_account || workspace.environments().are_apart(account.meta.whole.file, role.origin.name.file);
        let trusts = role.trust.only()?.trusts_subject(namespace, service_account, None);
        (!elsewhere && matches!(trusts, SubjectAnswer::Yes)).then_some((name, place))
    });
    let mut near = near.peekable();
    let first = near.next()?;
    near.peek().is_none().then_some(first)
}
