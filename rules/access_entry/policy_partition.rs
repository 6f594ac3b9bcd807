//! An access policy of another partition than its principal.

use crate::prelude::*;
use crate::source::HoleKind;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        let Some(principal) = entry.principal.only().and_then(Arn::parse) else {
            stranger(workspace, entry, findings);
            continue;
        };
        for policy in entry.policies.iter() {
            let Some(text) = policy.arn.only() else { continue };
            let Some(arn) = Arn::parse(text).filter(Arn::is_access_policy) else { continue };
            let Some(partition) = arn.partition_str() else { continue };
            let is_portable = principal.partition().only_hole().is_some_and(|it| it.kind == HoleKind::Partition);
            if is_portable && partition == "aws" {
                findings
                    .at(arn.partition().span(), "access policy with a partition written out")
                    .why("works in the partition `aws` only")
                    .label(principal.partition().span(), "this follows the partition of the stack")
                    .help("write `!Sub arn:${AWS::Partition}:eks::aws:cluster-access-policy/…`")
                    .level(Level::Warning);
                continue;
            }
            let Some(own) = principal.partition_str().filter(|it| crate::iam::partition(it).is_some()) else {
                continue;
            };
            if own == partition {
                continue;
            }
            findings
                .at(
                    arn.partition().span(),
                    format!("access policy of the partition `{partition}` for a principal of `{own}`"),
                )
                .why("no policy has this ARN where the principal is")
                .label(principal.partition().span(), format!("the principal is of `{own}`"))
                .fix_to(Safety::Activating, &arn.partition(), own);
        }
    }
}

/// The principal does not show its partition, and the file names another one for all that it attaches.
fn stranger(workspace: &Workspace, entry: &AccessEntry, findings: &mut Findings) {
    let named = workspace.environments().named_partitions(entry.origin.name.file);
    let Some((own, places)) = named.first_key_value().filter(|_| named.len() == 1) else { return };
    for text in entry.policies.iter().filter_map(|it| it.arn.only()) {
        let Some(arn) = Arn::parse(text).filter(Arn::is_access_policy) else { continue };
        let Some(partition) = arn.partition_str().filter(|it| it != own) else { continue };
        let place = arn.partition().span();
        findings
            .at(place, format!("access policy of the partition `{partition}`, and the roles here are of `{own}`"))
            .why("no policy has this ARN where the roles are")
            .label(places[0], format!("policies of `{own}` are attached here"))
            .fix_to(Safety::Suggestion, place, own);
    }
}
