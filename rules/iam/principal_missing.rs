//! A trust policy that does not say whom it lets in, or a permissions policy that does.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for it in workspace.documents().all_of_eks() {
        for statement in it.document.statements.iter() {
            match it.kind {
                DocumentKind::Trust => {
                    let principals = &statement.principals;
                    let is_empty = |it: &crate::iam::Principal| !it.value.has_holes() && it.value.trim().is_empty();
                    let none = principals.complete && principals.iter().all(is_empty);
                    if !none || statement.not_principal.is_some() {
                        continue;
                    }
                    if let Some(key) = statement.principal_key {
                        findings
                            .at(key, "the principal of this statement is empty")
                            .why("it names nobody, and IAM rejects the policy")
                            .help("name a principal, or remove the statement");
                        continue;
                    }
                    let place = statement.actions.key.unwrap_or(statement.span);
                    findings
                        .at(place, "statement of a trust policy has no principal")
                        .why("who may do this, it does not say; IAM rejects the role")
                        .help("write a `Principal`: `Service: ec2.amazonaws.com`, `Federated: <ARN of the OIDC provider>`");
                }
                DocumentKind::Permissions => {
                    let Some(key) = statement.principal_key.or(statement.not_principal) else { continue };
                    findings
                        .at(key, "policy of a role names a principal")
                        .why("it grants to the role that it is attached to; IAM rejects the key")
                        .help("remove it, or move the statement into the trust policy");
                }
            }
        }
    }
}
