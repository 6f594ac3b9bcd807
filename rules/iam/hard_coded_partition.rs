//! An ARN that names its partition where the stack's own would do, or names one that its region is not in.

use std::collections::BTreeMap;

use crate::iam::partition_of_region;
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let regions = workspace.environments().known_partitions();
    // Notes are one for each deployment: whoever turns to another partition has to look at all of them anyway.
    let mut notes: BTreeMap<u32, Vec<Note>> = BTreeMap::new();
    for it in workspace.documents().resources_of_eks() {
        let text = it.text;
        let Some(arn) = Arn::parse(text) else { continue };
        let Some(partition) = arn.partition_str() else { continue };
        let own = arn.region_str().and_then(partition_of_region).map(|it| (it, arn.region().span()));
        let of_deployment = || regions.get(&workspace.deployment(text.span().file)?).copied();
        let region = own.or_else(|| of_deployment().filter(|_| it.is_always));
        match region {
            Some((right, place)) if right.id != partition && crate::iam::partition(partition).is_some() => {
                let found =
                    findings.at(arn.partition().span(), format!("`{partition}` is not the partition of this region"));
                found
                    .level(Level::Error)
                    .why(format!("IAM wants `{}` here, and rejects the policy", right.id))
                    .label(
                        place,
                        if workspace.environments().is_in_configuration(place) {
                            format!("this file is deployed to `{}`", right.id)
                        } else {
                            format!("a region of `{}`", right.id)
                        },
                    )
                    .fix_to(Safety::Activating, &arn.partition(), right.id);
            }
            _ if it.in_template && partition == "aws" => {
                let is_sure = !holds_references(text.bytes());
                let file = text.span().file;
                notes
                    .entry(workspace.files.rank(workspace.deployment(file).map_or(file, Deployment::file)))
                    .or_default()
                    .push(Note { partition: arn.partition(), is_sure });
            }
            _ => {}
        }
    }
    strangers(workspace, findings);
    for arns in notes.into_values() {
        let Some(first) = arns.first() else { continue };
        let place = first.partition.span();
        let found = findings.at(place, "the partition `aws` is hard-coded");
        found.why("elsewhere it is `aws-cn`, `aws-us-gov`, …");
        match arns.len() {
            1 => {}
            2 => drop(found.label(arns[1].partition.span(), "here too")),
            more => drop(found.help(format!("{} more ARNs in this file name it", more - 1))),
        }
        // Where nobody can tell, the other ARNs are changed without it.
        let any_sure = arns.iter().any(|it| it.is_sure);
        let changed = arns.iter().filter(|it| it.is_sure || !any_sure);
        let changes = changed.map(|arn| Change::write_pattern(&arn.partition, "${AWS::Partition}"));
        found.fix(Safety::Safe, "take the partition of the stack", changes.collect::<Vec<_>>());
    }
}

/// An ARN with the partition `aws` in a template.
struct Note {
    partition: Text,
    /// True if the ARN can be made a pattern of `Fn::Sub` and keeps its meaning.
    is_sure: bool,
}

/// True for a text with a `${…}` that `Fn::Sub` would read, and that is no variable of IAM: whether it was meant for CloudFormation
/// nobody can tell.
fn holds_references(text: &str) -> bool {
    text.split("${").skip(1).any(|part| {
        let variable = part.split('}').next().unwrap_or_default();
        variable.split_once(':').is_none_or(|(_, key)| key.starts_with(':'))
    })
}

/// Policies of one role that are of several partitions: a role is in one, and can have none of another.
fn strangers(workspace: &Workspace, findings: &mut Findings) {
    let regions = workspace.environments().known_partitions();
    for role in workspace.roles().of_eks() {
        if workspace.deployments(role.origin.name.file).any(|it| regions.contains_key(&it)) {
            continue;
        }
        let attached = role.managed_policies.items.iter().filter(|it| it.branch.is_always());
        let named: Vec<Text> = attached.filter_map(|it| Arn::parse(&it.value)).map(|it| it.partition()).collect();
        let known = |it: &Text| it.as_str().filter(|it| crate::iam::partition(it).is_some()).map(str::to_owned);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        named.iter().filter_map(known).for_each(|it| *counts.entry(it).or_default() += 1);
        // As many of the one as of the other: the commercial partition is meant where nothing else is said.
        let most = counts.iter().max_by_key(|(id, count)| (**count, *id == "aws")).map(|(id, _)| id.clone());
        let Some(most) = most.filter(|_| counts.len() > 1) else { continue };
        let Some(other) = named.iter().find(|it| known(it).as_ref() == Some(&most)) else { continue };
        for stranger in named.iter().filter(|it| known(it).is_some_and(|it| it != most)) {
            let id = stranger.shown();
            findings
                .at(stranger.span(), format!("`{id}` is not the partition of this role's other policies"))
                .level(Level::Error)
                .why("a role has policies of its own partition only")
                .label(other.span(), format!("this one is of `{most}`"))
                .fix_to(Safety::Suggestion, stranger, &most);
        }
    }
}
