//! From an error in a log to the rules whose pages speak of it.
//!
//! The pages quote what AWS, Kubernetes and the nodes print. A line of a log holds such a quotation with other names in
//! it, so lines are compared by their words, and a rare word says more than a common one.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::collections::HashMap;
use crate::page::Page;
use crate::rule::Rule;
use crate::rules::RULES;

/// The least part of the weight of the shorter line that the two have to share.
const ENOUGH: f64 = 0.65;

/// The least number of words that they have to share.
const FEWEST_WORDS: usize = 3;

/// A rule is named only if it shares at least this part of what the best one shares: rules that share no more than common
/// words with an error say nothing of it.
const NEAR_THE_BEST: f64 = 0.75;

/// How many rules are named at most, and all that are as good as the last of them.
const MOST: usize = 5;

/// The rules whose pages speak of an error, the best first.
pub fn rules_for(error: &str) -> Vec<&'static Rule> {
    let asked = words(error);
    if asked.is_empty() {
        return Vec::new();
    }
    // What is quoted inside a sentence is often only a name, and a log is full of names. But who asks for a word means it.
    let fewest = if asked.len() < FEWEST_WORDS { 1 } else { FEWEST_WORDS };
    let pages: Vec<(&Rule, Vec<BTreeSet<String>>)> = RULES.iter().map(|rule| (rule, symptoms(rule, fewest))).collect();
    let mut pages_with: HashMap<&str, usize> = HashMap::default();
    for (_, lines) in &pages {
        let all: BTreeSet<&str> = lines.iter().flatten().map(String::as_str).collect();
        for word in all {
            *pages_with.entry(word).or_default() += 1;
        }
    }
    let weight = |word: &String| {
        let count = pages_with.get(word.as_str()).copied().unwrap_or(1);
        (1.0 + pages.len() as f64 / count as f64).ln()
    };
    let total: f64 = asked.iter().map(weight).sum();
    let mut scores: Vec<(f64, f64, &Rule)> = Vec::new();
    for (rule, lines) in &pages {
        let score = |line: &BTreeSet<String>| {
            let both: Vec<_> = asked.intersection(line).collect();
            if both.len() < FEWEST_WORDS.min(line.len()).min(asked.len()) {
                return None;
            }
            let both: f64 = both.into_iter().map(weight).sum();
            // Either the log holds most of what the page quotes, among names of its own; or somebody typed a part of it.
            let own: f64 = line.iter().map(weight).sum();
            (both >= ENOUGH * own.min(total)).then_some((both, both / (own + total - both)))
        };
        let best = lines.iter().filter_map(score).max_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
        scores.extend(best.map(|(both, part)| (both, part, *rule)));
    }
    // What shares most comes first, then what has least besides, then what is worse.
    scores.sort_by(|a, b| {
        let by_score = b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1));
        by_score.then(b.2.level.cmp(&a.2.level)).then(a.2.id.cmp(b.2.id))
    });
    let best = scores.first().map_or(0.0, |it| it.0);
    let least = scores.get(MOST - 1).map_or(0.0, |it| it.0).max(best * NEAR_THE_BEST);
    scores.into_iter().take_while(|it| it.0 >= least).map(|it| it.2).collect()
}

/// The lines that a page quotes of what is printed, as sets of words; inside a sentence, quotations of so many words.
fn symptoms(rule: &Rule, fewest: usize) -> Vec<BTreeSet<String>> {
    let Ok(page) = Page::parse(rule.page) else { return Vec::new() };
    let Some(text) = page.description.split("## What happens if you deploy it").nth(1) else { return Vec::new() };
    let text = text.split("\n## ").next().unwrap_or_default();
    let mut lines = Vec::new();
    let mut quoted = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            quoted = !quoted;
        } else if quoted {
            lines.push(words(line));
        } else {
            lines.extend(line.split('`').skip(1).step_by(2).map(words).filter(|it| it.len() >= fewest));
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// The words of a line in lowercase. Numbers, single letters, ARNs, addresses and paths are left out: they are the
/// names of one system.
fn words(line: &str) -> BTreeSet<String> {
    let is_name = |word: &&str| word.contains("arn:") || word.contains("://") || word.matches('/').count() > 1;
    let parts =
        line.split_whitespace().filter(|it| !is_name(it)).flat_map(|it| it.split(|c: char| !c.is_alphanumeric()));
    parts
        .filter(|word| word.len() > 1 && !word.bytes().all(|byte| byte.is_ascii_digit()))
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_lead_to_their_rules() {
        let cases = [
            (
                "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
                "irsa/trust-mismatch",
            ),
            ("error: You must be logged in to the server (Unauthorized)", "aws-auth/role-path"),
            (
                "InvalidRequestException: The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
                "auth-mode/access-entry-needs-api",
            ),
            (
                "Failed to pull image \"602401143452.dkr.ecr.us-west-2.amazonaws.com/eks/pause:3.5\": 403 Forbidden",
                "node-role/missing-ecr-pull",
            ),
            (
                "rpc error: code = Unknown desc = failed to pull and unpack image: no basic auth credentials",
                "node-role/missing-ecr-pull",
            ),
            ("Unauthorized", "aws-auth/role-path"),
            ("NotReady", "aws-auth/node-groups"),
            ("identity is not mapped", "aws-auth/sts-arn"),
            ("NodeCreationFailure: Instances failed to join the kubernetes cluster", "aws-auth/node-groups"),
            ("NodeCreationFailure", "node-role/missing-cni-policy"),
        ];
        for (error, wanted) in cases {
            let found: Vec<_> = rules_for(error).iter().map(|rule| rule.id).collect();
            assert!(found.contains(&wanted), "{error}: wanted {wanted}, found {found:?}");
        }
    }

    #[test]
    fn the_right_rule_comes_first() {
        let cases = [
            (
                "Your current IAM principal doesn't have access to Kubernetes objects on this cluster",
                "access-entry/no-permissions",
            ),
            (
                "users \"x\" is forbidden: User \"y\" cannot impersonate resource \"users\" in API group",
                "rbac/user-subject-unmatched",
            ),
            ("failed to assign an IP address to container", "node-role/missing-cni-policy"),
            (
                "Trust policy of role arn:aws:iam::111122223333:role/app is not valid for pods.eks.amazonaws.com",
                "pod-identity/trust",
            ),
            (
                "User: arn:aws:sts::111122223333:assumed-role/a/b is not authorized to perform: sts:TagSession",
                "pod-identity/trust",
            ),
            ("NodeCreationFailure: Instances failed to join the kubernetes cluster", "aws-auth/node-groups"),
            (
                "Policy arn:aws:iam::aws:policy/AmazonEKSWorkerPolicy does not exist or is not attachable.",
                "iam/unknown-aws-managed-policy",
            ),
        ];
        for (error, wanted) in cases {
            let found: Vec<_> = rules_for(error).iter().map(|rule| rule.id).collect();
            assert_eq!(found.first(), Some(&wanted), "{error}: {found:?}");
        }
        let policy = rules_for("Policy arn:aws:iam::aws:policy/x does not exist or is not attachable");
        assert_eq!(policy.len(), 1, "an ARN says nothing of the rule");
        let kubectl =
            "couldn't get current server API group list: the server has asked for the client to provide credentials";
        assert!(rules_for(kubectl).iter().all(|it| it.id.starts_with("aws-auth/") || it.id.starts_with("auth-mode/")));
    }

    #[test]
    fn what_no_page_speaks_of_leads_nowhere() {
        for line in ["", "x", "1", "mountains", "the weather is nice in the mountains today"] {
            assert!(rules_for(line).is_empty(), "{line}");
        }
    }
}
