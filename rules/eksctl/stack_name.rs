//! The name of a service account that cannot be a part of the name of a stack.

use crate::names::is_dns_subdomain;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for item in workspace.facts.eksctl_items.iter().filter(|it| it.kind == ItemKind::ServiceAccount) {
        let Some(text) = item.key(EksctlKey::Name).and_then(|it| it.text.as_ref()) else { continue };
        let Some(name) = text.as_str() else { continue };
        // With a role that is there eksctl makes no stack.
        if item.key(EksctlKey::AttachRoleArn).is_some_and(|it| it.is_set != Some(false)) {
            continue;
        }
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let is_plain = |c: char| is_letter(c) || matches!(c, '*' | '?' | '.' | ':' | '_' | '/');
        let is_name = name.chars().all(is_letter);
        // Another rule reports what is wrong for Kubernetes, too.
        let is_reported = item.set(EksctlKey::RoleOnly).is_none() && !is_dns_subdomain(name);
        if is_name || is_reported || !name.chars().all(is_plain) {
            continue;
        }
        findings
            .at(text.span(), format!("CloudFormation does not allow `{name}` in a stack name"))
            .why("eksctl names the stack of the role after the service account")
            .help("name the service account with letters, digits and `-` only; `subjectPattern` takes wildcards");
    }
}
