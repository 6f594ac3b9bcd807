//! An access policy that only AWS associates.

use crate::iam::{PolicyAudience, access_policy, managed_policy};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        for policy in entry.policies.iter() {
            for text in workspace.values_in(&entry.origin, &policy.arn) {
                let Some(name) = Arn::parse(text).filter(Arn::is_access_policy).and_then(|it| it.name()) else {
                    continue;
                };
                let Some(policy) = name.as_str().and_then(access_policy) else { continue };
                let (why, level) = match policy.audience {
                    PolicyAudience::ServiceLinkedRoles => ("for service-linked roles of AWS only", Level::Error),
                    PolicyAudience::AutoMode => {
                        ("EKS associates it itself, with the cluster role of Auto Mode", Level::Warning)
                    }
                    PolicyAudience::Anybody | PolicyAudience::Services => continue,
                };
                findings
                    .at(name.span(), format!("access policy `{}` is not for roles of your own", policy.name))
                    .why(why)
                    .help(match managed_policy(policy.name) {
                        Some(_) => {
                            "remove it; the policy of this name in IAM belongs on the role of a cluster in Auto Mode"
                        }
                        None => "remove it, and choose a policy for people and programs if the principal is one",
                    })
                    .level(level);
            }
        }
    }
}
