//! A slip in the operator of a condition.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

/// The operators of conditions (IAM user guide, "Condition operators"; cfn-lint's schema of policies, 2026-08-19).
const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for it in workspace.documents().all_of_eks() {
        let mut seen = Vec::new();
        for condition in it.document.statements.iter().flat_map(|it| it.conditions.iter()) {
            let Some(written) = condition.base_operator() else { continue };
            // Whether IAM minds the case is not documented. What is no slip may be an operator that is newer than this list.
            if OPERATORS.iter().any(|it| it.eq_ignore_ascii_case(written)) || seen.contains(&condition.operator.span())
            {
                continue;
            }
            let Some(right) = crate::names::nearest(written, OPERATORS.iter().copied()) else { continue };
            seen.push(condition.operator.span());
            let start = condition.operator.bytes().find(written).unwrap_or_default();
            let span = condition.operator.slice(start..start + written.len());
            findings
                .at(span, format!("`{written}` is not an operator of conditions"))
                .why("IAM rejects the whole policy")
                .fix_to(Safety::Activating, span, right);
        }
    }
}
