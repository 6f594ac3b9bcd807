//! An access policy that is not given by the ARN of an access policy.

use crate::iam::access_policy;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for entry in &workspace.facts.access_entries {
        for policy in entry.policies.iter() {
            for text in workspace.values(&policy.arn) {
                if let Some(fault) = fault(text) {
                    let found =
                        report.at(text.span(), format!("`{}` is not the ARN of an access policy", text.shown()));
                    found.label(fault.span, fault.why);
                    match fault.right {
                        Some(right) => {
                            found.fix(Safety::Safe, format!("write `{right}`"), [Edit::replace(text.span(), right)]);
                        }
                        None => {
                            found.help("access policies are `arn:aws:eks::aws:cluster-access-policy/<name>`");
                        }
                    }
                }
            }
        }
    }
}

struct Fault {
    span: Span,
    why: &'static str,
    right: Option<String>,
}

fn fault(text: &Text) -> Option<Fault> {
    if crate::iam::placeholder(text).is_some_and(|it| it.is_slot) {
        return None;
    }
    let Some(arn) = Arn::parse(text) else {
        let name = text.as_str()?;
        let known = access_policy(name).is_some();
        let right = known.then(|| format!("arn:aws:eks::aws:cluster-access-policy/{name}"));
        return Some(Fault { span: text.span(), why: "an ARN is asked for", right });
    };
    let fields = [&arn.service, &arn.region, &arn.account];
    // A field that only a deploy knows may be right.
    if fields.iter().any(|it| it.has_holes())
        || arn.resource.pieces().next().is_some_and(|it| !matches!(it, crate::source::Piece::Known(_)))
    {
        return None;
    }
    let right = || {
        let name = arn.name()?;
        let name = name.as_str()?;
        // A name that only IAM has was not meant for EKS: which access policy is wanted, nobody can tell.
        access_policy(name)?;
        Some(format!("arn:{}:eks::aws:cluster-access-policy/{name}", arn.partition.as_str()?))
    };
    let (span, why) = if arn.service.as_str() == Some("iam") {
        (arn.service.span(), "a policy of IAM; access entries take access policies of EKS")
    } else if arn.service.as_str() != Some("eks") {
        (arn.service.span(), "access policies are of the service `eks`")
    } else if !arn.region.is_empty() {
        (arn.region.span(), "access policies have no region")
    } else if arn.account.as_str() != Some("aws") {
        (arn.account.span(), "access policies are of the account `aws`")
    } else if arn.kind() != Some("cluster-access-policy") {
        (arn.resource.span(), "access policies are `cluster-access-policy/<name>`")
    } else {
        return None;
    };
    Some(Fault { span, why, right: right() })
}
