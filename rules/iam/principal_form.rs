//! A principal of a trust policy that IAM rejects because of how it is written.

use crate::collections::HashSet;
use crate::iam::{
    PRINCIPAL_KINDS, PolicyDocument, Principal, PrincipalForm, PrincipalViolation, Statement, is_service_around_eks,
};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let web_identities: HashSet<Span> = workspace.web_identities().all().iter().map(|it| it.statement.span).collect();
    for (trust, is_about_eks) in trusts(workspace) {
        for statement in trust.statements.iter() {
            let mut seen = HashSet::default();
            for principal in statement.principals.iter() {
                let Some(violation) = principal.violation() else {
                    if is_about_eks && principal.is_kind("AWS") {
                        slip(principal, findings);
                    }
                    continue;
                };
                // That is the finding of `irsa/federated-principal`, which knows more about providers.
                let is_provider = violation == PrincipalViolation::Kind("Federated")
                    && principal.form == PrincipalForm::Map
                    && is_known(&principal.kind)
                    && principal.value.contains(":oidc-provider/") == Some(true);
                if is_provider && web_identities.contains(&statement.span) {
                    continue;
                }
                if !is_about_eks && !is_service_around_eks(&principal.value.trim()) {
                    continue;
                }
                if seen.insert(once_per(principal, violation, statement)) {
                    one(principal, violation, statement, findings);
                }
            }
        }
    }
}

/// The ARN of a role or user with a field too few or too many.
fn slip(principal: &Principal, findings: &mut Findings) {
    if let Some(violation) = Arn::slip(&principal.value) {
        findings
            .at(violation.span, format!("principal `{}` {}", principal.value.shown(), violation.what))
            .why("IAM finds no such principal, and rejects the policy")
            .help("write `arn:aws:iam::<account id>:role/<path and name>`");
    }
}

/// Every trust policy, with whether it is about EKS.
fn trusts(workspace: &Workspace) -> Vec<(&PolicyDocument, bool)> {
    let of_eks = workspace.documents().of_eks(DocumentKind::Trust);
    let mut trusts: Vec<_> = of_eks.map(|it| (it.document, true)).collect();
    let known: HashSet<Span> = trusts.iter().map(|(it, _)| it.span).collect();
    let others = workspace.documents().trusts_without_use().map(|(it, _)| it).filter(|it| !known.contains(&it.span));
    trusts.extend(others.map(|it| (it, false)));
    trusts
}

/// One wrong list or type is one cause, whatever it holds.
fn once_per(principal: &Principal, violation: PrincipalViolation, statement: &Statement) -> Span {
    match violation {
        PrincipalViolation::List(_) => statement.principal_key.unwrap_or(statement.span),
        PrincipalViolation::NestedMap | PrincipalViolation::Kind(_) => principal.kind.span(),
        _ => principal.value.span(),
    }
}

fn one(principal: &Principal, violation: PrincipalViolation, statement: &Statement, findings: &mut Findings) {
    let (kind, value) = (&principal.kind, &principal.value);
    let (written, shown) = (value.shown(), value.trim().shown());
    match violation {
        PrincipalViolation::Text(right) => {
            let found = findings.at(value.span(), format!("principal `{shown}` is a string, not a map"));
            found.why("the only string that IAM accepts here is `*`: it rejects the policy");
            found.otherwise("write a map, such as `Service: <service>` or `Federated: <ARN of an OIDC provider>`");
            if let Some(right) = right {
                found.otherwise(format!("write `{right}: {shown}`"));
                found.fix(
                    Safety::Activating,
                    format!("write `{right}: {shown}`"),
                    Change::make_entry(value, right, shown),
                );
            }
        }
        PrincipalViolation::List(right) => {
            let found = findings.at(value.span(), "the principal of this statement is a list, not a map");
            found.why("IAM accepts no list here, and rejects the policy");
            let all: Vec<_> = statement.principals.iter().map(|it| it.value.trim().shown()).collect();
            let is_one = statement.principals.iter().all(|it| it.violation() == Some(violation));
            found.help(match (right.filter(|_| is_one), all.as_slice()) {
                (Some(right), [only]) => format!("write a map: `{right}: {only}`"),
                (Some(right), _) => format!("write a map: `{right}: [{}]`", all.join(", ")),
                (None, _) => "write a map, with a list of principals under each type".to_owned(),
            });
        }
        PrincipalViolation::NestedMap => {
            findings
                .at(value.span(), format!("principal `{shown}` is inside a map under `{}`", kind.shown()))
                .why("IAM accepts a string or a list of strings here, and rejects the policy")
                .help(format!("write `{}: {shown}`", kind.shown()));
        }
        // A statement that names nobody is the finding of `principal-missing`.
        PrincipalViolation::Empty if names_nobody(statement) => {}
        PrincipalViolation::Empty => {
            findings
                .at(value.whole(), "a principal is the empty string")
                .why("IAM rejects the policy")
                .help("remove it, or name the principal");
        }
        PrincipalViolation::Whitespace => {
            findings
                .at(value.span(), format!("principal `{shown}` has leading or trailing whitespace"))
                .why("IAM does not trim principals: it finds no such principal, and rejects the policy")
                .fix(Safety::Activating, "remove the whitespace", Change::write(value, shown));
        }
        PrincipalViolation::Scheme(length) => {
            let scheme = value.slice(0..length);
            findings
                .at(scheme, format!("service principal `{written}` is written as a URL"))
                .why("IAM finds no such service, and rejects the policy")
                .fix(Safety::Activating, "remove the scheme", Change::delete(scheme));
        }
        PrincipalViolation::Kind(right) => {
            let (title, label) = if is_known(kind) {
                (
                    format!("`{shown}` is {}, not {}", noun(right), noun(&kind.shown())),
                    format!("IAM accepts {} under `{right}` only, and rejects the policy", plural(right)),
                )
            } else {
                let kinds = crate::names::listed(PRINCIPAL_KINDS);
                (
                    format!("`{}` is not a type of principal", kind.shown()),
                    format!("IAM knows {kinds} (case-sensitive), and rejects the policy"),
                )
            };
            let found = findings.at(kind.span(), title);
            found.why(label).otherwise(format!("write it under `{right}`"));
            let mut same_key = statement.principals.iter().filter(|it| it.kind.span() == kind.span());
            let is_taken = statement.principals.iter().any(|it| it.is_kind(right));
            if !is_taken && same_key.all(|it| it.violation() == Some(violation)) {
                found.fix_to(Safety::Activating, kind.span(), right);
            }
        }
    }
}

fn names_nobody(statement: &Statement) -> bool {
    statement.principals.complete && statement.principals.iter().all(|it| it.value.trim().is_empty())
}

fn is_known(kind: &Text) -> bool {
    kind.as_str().is_some_and(|it| PRINCIPAL_KINDS.contains(&it))
}

fn noun(kind: &str) -> &'static str {
    match kind {
        "AWS" => "an account, role or user",
        "Federated" => "an identity provider",
        "Service" => "a service",
        _ => "a canonical user",
    }
}

fn plural(kind: &str) -> &'static str {
    match kind {
        "AWS" => "accounts, roles and users",
        "Federated" => "identity providers",
        "Service" => "services",
        _ => "canonical users",
    }
}
