//! An ARN in `aws-auth` whose role is declared with another case.

use crate::collections::HashMap;
use crate::iam::PrincipalArn;
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    if workspace.aws_auth().mappings().next().is_none() {
        return;
    }
    let mut declared: HashMap<String, Vec<_>> = HashMap::default();
    for role in &workspace.facts.roles {
        for (name, place) in role.name.strings() {
            declared.entry(name.to_ascii_lowercase()).or_default().push((role, name, place));
        }
    }
    for mapping in workspace.aws_auth().mappings() {
        let Some((text, PrincipalArn::Role(arn))) = mapping.principal() else { continue };
        let Some(name) = arn.name() else { continue };
        let Some(mapped) = name.as_str().filter(|_| workspace.roles().named(text).is_none()) else { continue };
        let alike = declared.get(&mapped.to_ascii_lowercase()).into_iter().flatten();
        let mut others = alike.filter(|(_, name, _)| *name != mapped);
        let (Some((role, wanted, place)), None) = (others.next(), others.next()) else { continue };
        let account = workspace.roles().account_of(role);
        if account.is_some() && arn.account_id().is_some() && account != arn.account_id() {
            continue;
        }
        if account.is_none() && workspace.environments().are_apart(text.span().file, place.span().file) {
            continue;
        }
        // A role of the same name in another account has every right to its own case.
        let is_own = arn.account().is_own_account() && workspace.are_together(text.span().file, place.span().file);
        let is_same = account.is_some() && account == arn.account_id();
        let certainty = if is_same || is_own { Certainty::Certain } else { Certainty::Possible };
        findings
            .at(name.span(), format!("role `{wanted}` is called `{mapped}` in `aws-auth`"))
            .why("EKS lets it in all the same, but `eksctl` does not find it")
            .label(place.span(), "its name, as IAM keeps it")
            .certainty(certainty)
            .fix_to(Safety::Safe, &name, wanted);
    }
}
