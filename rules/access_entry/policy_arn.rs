//! An access policy that is not given by the ARN of an access policy.

use crate::iam::access_policy;
use crate::prelude::*;
use crate::source::Piece;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        for policy in entry.policies.iter() {
            for text in workspace.values_in(&entry.origin, &policy.arn) {
                let Some(violation) = violation(text) else { continue };
                let found =
                    findings.at(violation.span, format!("`{}` is not the ARN of an access policy", text.shown()));
                found.why(violation.why);
                if violation.changes.is_empty() {
                    found.help(
                        "write `arn:aws:eks::aws:cluster-access-policy/<name>`; `aws eks list-access-policies` shows the names",
                    );
                } else {
                    found.fix(Safety::Activating, "write it as the ARN of an access policy", violation.changes);
                }
            }
        }
    }
}

struct Violation {
    span: Span,
    why: &'static str,
    /// Empty where nobody can tell which access policy is wanted.
    changes: Vec<Change>,
}

fn violation(text: &Text) -> Option<Violation> {
    if text.is_unfilled() {
        return None;
    }
    let Some(arn) = Arn::parse(text) else {
        let name = text.as_str()?;
        let right = access_policy(name).map(|_| format!("arn:aws:eks::aws:cluster-access-policy/{name}"));
        let changes = right.map(|right| Change::write(text, right)).into_iter().collect();
        return Some(Violation { span: text.span(), why: "an ARN is asked for", changes });
    };
    // A field that only a deploy knows may be right.
    let unknown = [&arn.service(), &arn.region(), &arn.account()].iter().any(|it| it.has_holes());
    if unknown || !matches!(arn.resource().pieces().next(), Some(Piece::Known(_))) {
        return None;
    }
    let of_aws = arn.account_str() == Some("aws");
    let (span, why) = match (arn.service_str(), arn.kind()) {
        (Some("iam"), _) => (arn.service().span(), "a policy of IAM; access entries take access policies of EKS"),
        (Some("eks"), _) if !arn.region().is_empty() => (arn.region().span(), "access policies have no region"),
        (Some("eks"), _) if !of_aws && !arn.account().is_empty() => {
            (arn.account().span(), "access policies are of the account `aws`")
        }
        (Some("eks"), _) if !of_aws => (text.span(), "access policies are of the account `aws`"),
        (Some("eks"), Some("cluster-access-policy")) => return None,
        (Some("eks"), _) => (arn.resource().span(), "access policies are `cluster-access-policy/<name>`"),
        _ => (arn.service().span(), "access policies are of the service `eks`"),
    };
    Some(Violation { span, why, changes: changes(&arn).unwrap_or_default() })
}

/// What makes a right ARN of it, if EKS has a policy of this name. A name that only IAM has was not meant for EKS.
fn changes(arn: &Arn) -> Option<Vec<Change>> {
    let name = arn.name()?;
    let name = name.as_str()?;
    access_policy(name)?;
    let resource = format!("cluster-access-policy/{name}");
    let wanted = [(&arn.service(), "eks"), (&arn.region(), ""), (&arn.account(), "aws"), (&arn.resource(), &resource)];
    let wrong = wanted.into_iter().filter(|(field, right)| field.is(right) != Some(true));
    Some(wrong.map(|(field, right)| Change::write(field, right)).collect())
}
