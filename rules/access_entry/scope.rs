//! An access policy scope that EKS rejects.

use crate::prelude::*;
use crate::source::Piece;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        for policy in entry.policies.iter() {
            for text in workspace.values_in(&entry.origin, &policy.scope) {
                kind(text, findings);
            }
            if policy.scope.is_absent() && policy.arn.is_written() {
                let at =
                    policy.namespaces.key.unwrap_or_else(|| policy.arn.known().next().map_or(policy.span, Text::span));
                findings
                    .at(at, "access policy without the type of its scope")
                    .why("whether it is for the cluster or for namespaces has to be said")
                    .help("let the type be `cluster`, or `namespace` with a list of namespaces");
            }
            for (text, under) in policy.scope.known_under() {
                match text.as_str() {
                    Some("namespace") => in_namespaces(workspace, policy, text, findings),
                    Some("cluster") => {
                        let listed = policy.namespaces.items.iter().find(|it| it.branch.surely_meets(under));
                        let Some(first) = listed else { continue };
                        let at = policy.namespaces.key.unwrap_or_else(|| first.value.span());
                        findings
                            .at(at, "namespaces in the scope of the whole cluster")
                            .why("a scope has namespaces only if its type is `namespace`")
                            .label(text.span(), "the whole cluster")
                            .help("say which is meant: remove the namespaces, or let the type be `namespace`");
                    }
                    _ => {}
                }
            }
            for name in policy.namespaces.iter() {
                namespace(name, findings);
            }
        }
    }
}

fn kind(text: &Text, findings: &mut Findings) {
    let Some(written) = text.as_str().filter(|it| !matches!(*it, "cluster" | "namespace")) else { return };
    let found = findings.at(text.span(), format!("`{written}` is not a type of access scope"));
    let folded = written.trim().to_ascii_lowercase();
    let near = crate::names::nearest(&folded, ["cluster", "namespace"]);
    let right = ["cluster", "namespace"].into_iter().find(|it| *it == folded.trim_end_matches('s'));
    match right.or(near) {
        Some(it) => found.why(format!("it has to be `{it}` (case-sensitive)")).fix_to(
            Safety::activating_if(right.is_some()),
            text,
            it,
        ),
        None => found.why("it has to be `cluster` or `namespace`").help("write one of the two"),
    };
}

fn in_namespaces(workspace: &Workspace, policy: &PolicyAssociation, scope: &Text, findings: &mut Findings) {
    if policy.namespaces.is_empty() {
        findings
            .at(scope.span(), "scope `namespace` without a namespace")
            .why("which namespaces it is about has to be said")
            .help(format!("list them in `{}`", workspace.spelled(Property::Namespaces, scope.span())));
    }
    let Some(arn) = policy.arn.only() else { return };
    let name = Arn::parse(arn).and_then(|it| it.name());
    if name.is_some_and(|it| it.is("AmazonEKSClusterAdminPolicy") == Some(true)) {
        findings
            .at(arn.span(), "administrator of clusters, in a namespace")
            .why("allowed, and seldom meant")
            .label(scope.span(), "the scope is a namespace")
            .help("for the administrator of a namespace there is `AmazonEKSAdminPolicy`")
            .level(Level::Note);
    }
}

/// A namespace is a DNS label; access scopes also take `*`.
fn namespace(name: &Text, findings: &mut Findings) {
    if name.is_unfilled() {
        return;
    }
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '*');
    let mut known = name.pieces().filter_map(|piece| match piece {
        Piece::Known(known) => Some(known),
        Piece::Hole(_) => None,
    });
    let why = if known.any(|it| !it.chars().all(letter)) {
        "namespaces have small letters, digits and `-`; `*` stands for any of them"
    } else {
        match name.as_str() {
            Some("") => "a namespace has a name",
            Some(known) if known.len() > 63 => "namespaces have at most 63 characters",
            Some(known) if known.starts_with('-') || known.ends_with('-') => {
                "namespaces begin and end with a letter or digit"
            }
            _ => return,
        }
    };
    findings
        .at(name.span(), format!("`{}` is not the name of a namespace", name.shown()))
        .why(why)
        .help("write the names as `kubectl get namespaces` shows them");
}
