//! A misspelt annotation of a service account.

use crate::iam::{ACCOUNT_ANNOTATIONS, POD_ANNOTATIONS, ROLE_ARN};
use crate::names::{folded, is_slip, listed, nearest};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const DOMAIN: &str = "eks.amazonaws.com";

/// Words that people write for `role-arn`.
const OTHER_NAMES_FOR_ROLE_ARN: &[&str] = &["role", "arn", "rolearn", "arnrole", "iamrole", "iamrolearn"];

/// Domains of other services, where `role-arn` behind them shows what was meant.
const DOMAINS_WITH_ROLE_ARN: &[&str] = &["iam.amazonaws.com", "aws.amazon.com"];

/// What a webhook is told to read in guides for other clusters (`--annotation-prefix`), and kube2iam's key.
const KEYS_OF_OTHERS: &[(&str, &str)] =
    &[("iam.amazonaws.com/role", "kube2iam"), ("sts.amazonaws.com/role-arn", "a webhook of one's own")];

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

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let mut reported = Vec::new();
    for account in &workspace.facts.service_accounts {
        let has_role = account.meta.annotation(ROLE_ARN).is_some();
        for annotation in account.meta.annotations.iter().filter(|it| it.is_written) {
            let Some(key) = annotation.key.as_str() else { continue };
            if let Some((_, reader)) = KEYS_OF_OTHERS.iter().find(|it| it.0 == key) {
                // Where that runs, this is right: nobody can tell from the files. Once is enough.
                if !has_role && !reported.contains(reader) {
                    reported.push(reader);
                    of_another(&annotation.key, reader, findings);
                }
                continue;
            }
            let Some(meant) = meant(key).or_else(|| bare(key, annotation)) else {
                if let Some(like) = begins_like(key) {
                    findings
                        .at(annotation.key.span(), format!("`{key}` is not an annotation that this version knows"))
                        .why(format!("did you mean `{like}`?"))
                        .help(format!("EKS reads {}", listed(ACCOUNT_ANNOTATIONS.iter().copied())))
                        .possible();
                }
                continue;
            };
            let right = format!("{DOMAIN}/{meant}");
            // A tool of one's own may read a key of another domain, or without any; beside the right one it surely does.
            let is_of_eks =
                key.split_once('/').map_or(key.starts_with(DOMAIN), |it| is_like_eks(it.0)) || enclosed(key).is_some();
            if !is_of_eks && has_role {
                continue;
            }
            // Only what cannot be anything else is changed by a machine.
            let slip = is_slip(key, &right) && key.starts_with("eks.amazonaws.com/");
            let safety = Safety::activating_if(slip);
            let found = findings.at(annotation.key.span(), format!("`{key}` is not an annotation that EKS reads"));
            found.why(format!("did you mean `{right}`?")).fix_to(safety, &annotation.key, &right);
            if !is_of_eks {
                found.likely();
            }
        }
    }
}

/// A key that something else reads.
fn of_another(key: &Text, reader: &str, findings: &mut Findings) {
    findings
        .at(key.span(), format!("`{}` is the annotation of {reader}, not of EKS", key.shown()))
        .why("EKS gives no role for it")
        .help("for IAM roles for service accounts the key is `eks.amazonaws.com/role-arn`")
        .possible();
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

/// True for the domain of the annotations, and for what people write for it.
fn is_like_eks(domain: &str) -> bool {
    OTHER_DOMAINS.contains(&domain) || is_slip(domain, DOMAIN)
}

/// The name after the domain of a key that stands in something else: a link of Markdown, the address of a page.
fn enclosed(key: &str) -> Option<&'static str> {
    // What a tool replaces may come out right: `${ROLE/#arn/eks.amazonaws.com/role-arn}`.
    if key.contains(['$', '{', '<', '%', '@']) {
        return None;
    }
    let is_of_key = |c: char| c.is_ascii_alphanumeric() || ['.', '-', '_'].contains(&c);
    let is_in = |it: &str| {
        let is_alone = |before: &str, after: &str| !before.ends_with(is_of_key) && !after.starts_with(is_of_key);
        key != it && key.split_once(it).is_some_and(|(before, after)| is_alone(before, after))
    };
    ACCOUNT_ANNOTATIONS.iter().find(|it| is_in(it)).and_then(|it| Some(it.split_once('/')?.1))
}

/// The name after the domain that a misspelt key was meant to have.
fn meant(key: &str) -> Option<&'static str> {
    if let Some(name) = enclosed(key) {
        return Some(name);
    }
    let Some((domain, name)) = key.split_once('/') else {
        // Another sign for the slash: `eks.amazonaws.com.role-arn`.
        let rest = key.strip_prefix(DOMAIN)?.strip_prefix(['.', '-', '_', ':', '|'])?;
        return ACCOUNT_ANNOTATIONS.iter().filter_map(|it| Some(it.split_once('/')?.1)).find(|it| *it == rest);
    };
    let right_domain = domain == DOMAIN;
    let is_of_another = DOMAINS_WITH_ROLE_ARN.contains(&domain) && name == "role-arn";
    if !is_like_eks(domain) && !is_of_another {
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
