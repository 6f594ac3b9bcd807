//! An association of EKS Pod Identity for a service account, or a namespace, that cannot exist.

use crate::iam::{SUBJECT_PREFIX, account_of_subject, is_variable};
use crate::names::{is_dns_label, is_dns_subdomain};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for association in &workspace.facts.pod_identity_associations {
        for text in workspace.values_in(&association.origin, &association.service_account) {
            name(text, "service account", is_dns_subdomain, findings);
        }
        for text in workspace.values_in(&association.origin, &association.namespace) {
            name(text, "namespace", is_dns_label, findings);
        }
    }
}

fn name(text: &Text, kind: &str, is_possible: fn(&str) -> bool, findings: &mut Findings) {
    let Some(name) = text.as_str().filter(|_| !text.is_unfilled() && !is_variable(text)) else { return };
    // What a person or another tool is to fill in.
    if is_possible(name) || name.contains(['$', '<', '{', '[', '%', '#']) {
        return;
    }
    if name.contains(['*', '?']) {
        findings
            .at(text.span(), format!("no {kind} is called `{name}`"))
            .why("wildcards are not supported in associations")
            .help(format!("write an association for each {kind}"));
    } else if let Some((_, account)) = account_of_subject(name).filter(|_| kind == "service account") {
        let found = findings.at(text.span(), format!("no service account is called `{name}`"));
        found.why(format!("`{SUBJECT_PREFIX}` and the namespace are for trust policies of IRSA"));
        found.fix_to(Safety::Activating, text, account);
    } else {
        findings
            .at(text.span(), format!("`{name}` cannot be the name of a {kind}"))
            .why("Kubernetes takes lowercase letters, digits and `-`, with a letter or digit at the ends")
            .help(format!("write the name of the {kind} as Kubernetes has it"));
    }
}
