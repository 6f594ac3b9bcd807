//! A misspelt annotation of a service account.

use crate::iam::{ACCOUNT_ANNOTATIONS, POD_ANNOTATIONS};
use crate::names::{distance, folded, listed, nearest};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const DOMAIN: &str = "eks.amazonaws.com";

/// Words that people write for `role-arn`.
const OTHER_NAMES_FOR_ROLE_ARN: &[&str] = &["role", "arn", "rolearn", "arnrole", "iamrole", "iamrolearn"];

/// Domains of other services, where `role-arn` behind them shows what was meant.
const DOMAINS_WITH_ROLE_ARN: &[&str] = &["iam.amazonaws.com", "sts.amazonaws.com", "aws.amazon.com"];

/// Whole keys without a domain, that give nothing else than a role.
const BARE_KEYS: &[&str] = &["rolearn", "iamrolearn", "eksrolearn", "awsrolearn"];

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
            let Some(meant) = meant(key).or_else(|| bare(key, annotation)) else {
                if let Some(like) = begins_like(key) {
                    report
                        .at(annotation.key.span(), format!("`{key}` is not an annotation that this version knows"))
                        .label(annotation.key.span(), format!("did you mean `{like}`?"))
                        .help(format!("EKS reads {}", listed(ACCOUNT_ANNOTATIONS.iter().copied())))
                        .level(Level::Note);
                }
                continue;
            };
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

/// The annotation that a key which is in no table begins like: `token-expiry`, `token-expiration`.
fn begins_like(key: &str) -> Option<&'static str> {
    let first_word = |key: &str| key.rsplit('/').next()?.split_once('-').map(|(word, _)| word.to_owned());
    let is_of_eks = key.split_once('/').is_some_and(|(domain, _)| domain == DOMAIN);
    if !is_of_eks || ACCOUNT_ANNOTATIONS.contains(&key) || POD_ANNOTATIONS.contains(&key) {
        return None;
    }
    let word = first_word(key)?;
    ACCOUNT_ANNOTATIONS.iter().copied().find(|it| first_word(it).as_ref() == Some(&word))
}

/// The same for a key without a domain, if its value is a role.
fn bare(key: &str, annotation: &Annotation) -> Option<&'static str> {
    let is_role =
        annotation.text().is_some_and(|it| it.starts_with("arn:") == Some(true) && it.contains(":role/") == Some(true));
    (is_role && BARE_KEYS.contains(&folded(key).as_str())).then_some("role-arn")
}

/// The name after the domain that a misspelt key was meant to have.
fn meant(key: &str) -> Option<&'static str> {
    let Some((domain, name)) = key.split_once('/') else {
        // Another sign for the slash: `eks.amazonaws.com.role-arn`.
        let rest = key.strip_prefix(DOMAIN)?.strip_prefix(['.', '-', '_', ':', '|'])?;
        return ACCOUNT_ANNOTATIONS.iter().filter_map(|it| Some(it.split_once('/')?.1)).find(|it| *it == rest);
    };
    let right_domain = domain == DOMAIN;
    let near_domain = OTHER_DOMAINS.contains(&domain)
        || DOMAINS_WITH_ROLE_ARN.contains(&domain) && name == "role-arn"
        || distance(&folded(domain), &folded(DOMAIN), 1).is_some();
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
