//! An access policy whose name EKS does not have.

use crate::iam::{access_policy, managed_policy, nearest_access_policy};
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        for policy in entry.policies.iter() {
            for text in workspace.values_in(&entry.origin, &policy.arn) {
                let Some(arn) = Arn::parse(text).filter(Arn::is_access_policy) else { continue };
                let Some(name) = arn.name() else { continue };
                let Some(known) = name.as_str() else { continue };
                if access_policy(known).is_some() || text.is_unfilled() {
                    continue;
                }
                let found = findings.at(name.span(), format!("EKS has no access policy `{known}`"));
                if managed_policy(known).is_some() {
                    found
                        .why("the name of a policy of IAM")
                        .help("choose an access policy; for an administrator it is `AmazonEKSClusterAdminPolicy`")
                        .level(Level::Error);
                    continue;
                }
                let Some(near) = nearest_access_policy(known) else {
                    found
                        .likely()
                        .why("not known to this version of ekslint")
                        .help("`aws eks list-access-policies` shows the names; AWS adds some every year");
                    continue;
                };
                let right = near.name;
                let is_case = right.eq_ignore_ascii_case(known);
                found.why(format!("there is `{right}`")).fix_to(Safety::activating_if(is_case), &name, right);
                if is_case {
                    found.level(Level::Error);
                } else {
                    found.likely();
                }
            }
        }
    }
}
