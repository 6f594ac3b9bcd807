//! A misspelt annotation of a service account.

use crate::iam::ACCOUNT_ANNOTATIONS;
use crate::names::{distance, folded, nearest};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const DOMAIN: &str = "eks.amazonaws.com";

/// Words that people write for `role-arn`.
const OTHER_NAMES_FOR_ROLE_ARN: &[&str] = &["role", "arn", "rolearn", "iamrole", "iamrolearn"];

/// Domains that people write for `eks.amazonaws.com`.
const OTHER_DOMAINS: &[&str] = &[
    "eks.amazon.com",
    "eks.aws.com",
    "eks.amazonaws.com.cn",
    "eks.aws.amazon.com",
    "amazonaws.com",
    "eks.amazonaws.io",
    "eks.amazonaws",
];

pub fn check(workspace: &Workspace, report: &mut Report) {
    let mut has_kube2iam = false;
    for account in &workspace.facts.service_accounts {
        for annotation in &account.meta.annotations {
            let Some(key) = annotation.key.as_str() else { continue };
            // Where kube2iam or one of its kin runs, this is right: nobody can tell from the files. Once is enough.
            if key == "iam.amazonaws.com/role" {
                if std::mem::replace(&mut has_kube2iam, true) {
                    continue;
                }
                report
                    .at(annotation.key.span(), "`iam.amazonaws.com/role` is kube2iam's annotation, not EKS's")
                    .label(annotation.key.span(), "EKS gives no role for it")
                    .help("for IAM roles for service accounts the key is `eks.amazonaws.com/role-arn`")
                    .level(Level::Note);
                continue;
            }
            let Some(meant) = meant(key) else { continue };
            let right = format!("{DOMAIN}/{meant}");
            // Only what cannot be anything else is changed by a machine.
            let slip = distance(&folded(key), &folded(&right), 1).is_some() && key.starts_with("eks.amazonaws.com/");
            let safety = if slip { Safety::Activating } else { Safety::Suggestion };
            report
                .at(annotation.key.span(), format!("`{key}` is not an annotation that EKS reads"))
                .label(annotation.key.span(), format!("did you mean `{right}`?"))
                .fix(safety, format!("write `{right}`"), [Edit::replace(annotation.key.span(), right.clone())]);
        }
    }
}

/// The name after the domain that a misspelt key was meant to have.
fn meant(key: &str) -> Option<&'static str> {
    let (domain, name) = key.split_once('/')?;
    let right_domain = domain == DOMAIN;
    let near_domain = OTHER_DOMAINS.contains(&domain) || distance(&folded(domain), &folded(DOMAIN), 1).is_some();
    if !right_domain && !near_domain {
        return None;
    }
    // What the webhook reads, after the domain.
    let names = || ACCOUNT_ANNOTATIONS.iter().filter_map(|it| Some(it.split_once('/')?.1));
    if let Some(name) = names().find(|it| *it == name) {
        return (!right_domain).then_some(name);
    }
    if OTHER_NAMES_FOR_ROLE_ARN.contains(&folded(name).as_str()) {
        return Some("role-arn");
    }
    nearest(name, names())
}
