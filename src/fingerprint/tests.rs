//! What a fingerprint depends on, and what it does not.

use std::path::Path;

use super::*;
use crate::analysis::Analysis;
use crate::diagnostic::{Certainty, Level};
use crate::source::{FileId, Source};

const MANIFESTS: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: aws-auth
  namespace: kube-system
data:
  mapRoles: |
    - rolearn: arn:aws:iam::111122223333:role/a
      username: x
    - rolearn: arn:aws:iam::111122223333:role/b
      username: BAD
---
kind: RoleBinding
metadata: {name: readers, namespace: shop}
subjects:
  - kind: User
    name: ann
  - kind: Group
    name: WORSE
";

const TEMPLATE: &str = "\
Resources:
  NodeRole:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/One
        - arn:aws:iam::aws:policy/BAD
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: WORSE}
";

/// The fingerprints of a finding at each `needle`.
fn of(path: &str, text: &str, rule: &'static str, needles: &[&str]) -> Vec<Fingerprint> {
    let workspace = Analysis::of(vec![Source::new(path, text)]).snapshot(&());
    let mut found = Vec::new();
    for needle in needles {
        for (start, _) in text.match_indices(needle) {
            let range = start as u32..(start + needle.len()) as u32;
            found.push(Diagnostic {
                rule,
                level: Level::Error,
                certainty: Certainty::Certain,
                span: Span::new(FileId::new(0), range),
                message: format!("at {start}"),
                labels: Vec::new(),
                help: None,
                fixes: Vec::new(),
                build: None,
            });
        }
    }
    fingerprints(&workspace, "/here/", &found)
}

fn one(text: &str, needle: &str) -> Fingerprint {
    let all = of("a.yaml", text, "area/rule", &[needle]);
    let [only] = all.as_slice() else { panic!("{needle} once in {text}: {all:?}") };
    only.clone()
}

#[test]
fn a_place_is_said_in_keys_and_names() {
    let policy = "{\"Policy\": \"{\\\"Statement\\\": [{\\\"Sid\\\": \\\"S\\\", \\\"Action\\\": \\\"BAD\\\"}]}\"}";
    let rows = [
        (
            MANIFESTS,
            "BAD",
            "[ConfigMap kube-system/aws-auth]/data/mapRoles[arn:aws:iam::111122223333:role/b]/username",
            "the string of `mapRoles`",
        ),
        (MANIFESTS, "WORSE", "[RoleBinding shop/readers]/subjects[Group WORSE]/name", "a subject by its name"),
        (
            TEMPLATE,
            "policy/BAD",
            "Resources/NodeRole/Properties/ManagedPolicyArns[arn:aws:iam::aws:policy/BAD]",
            "an ARN",
        ),
        (
            TEMPLATE,
            "WORSE",
            "Resources/NodeRole/Properties/AssumeRolePolicyDocument/Statement[*]/Principal/Service",
            "a statement has no name",
        ),
        (TEMPLATE, "NodeRole", "Resources/NodeRole", "a key stands for its entry"),
        (policy, "BAD", "Policy/Statement[S]/Action", "a document in a string, through its escapes"),
        ("a/b: {\"c[0]\": BAD}", "BAD", "\"a/b\"/\"c[0]\"", "keys that look like places are quoted"),
        ("x: &a {y: BAD}\nz: *a\n", "BAD", "x/y", "an anchor is where it is written"),
        ("a: b: c: BAD\n", "BAD", "", "what cannot be read has no place"),
        ("script: |\n  set -e\n  run BAD\n", "BAD", "script", "a string that holds no document"),
    ];
    for (text, needle, expected, reason) in rows {
        assert_eq!(one(text, needle).place, expected, "{reason}");
    }
}

#[test]
fn edits_around_a_finding_keep_its_fingerprint() {
    let rows = [
        (MANIFESTS, "BAD", "\ndata:", "\n# a comment\n\ndata:", "lines above"),
        (MANIFESTS, "BAD", "apiVersion: v1", "kind: X\nmetadata: {name: y}\n---\napiVersion: v1", "a document above"),
        (MANIFESTS, "BAD", "    - rolearn: arn:aws:iam::111122223333:role/a\n      username: x\n", "", "an item goes"),
        (MANIFESTS, "BAD", "mapRoles: |\n", "mapRoles: |\n    - rolearn: new\n      username: n\n", "an item comes"),
        (MANIFESTS, "WORSE", "  - kind: User\n    name: ann\n", "", "a subject goes"),
        (
            TEMPLATE,
            "WORSE",
            "      ManagedPolicyArns:",
            "      Path: /x/\n      ManagedPolicyArns:",
            "a property comes",
        ),
        (TEMPLATE, "BAD", "  NodeRole:", "  Other:\n    Type: AWS::IAM::Role\n  NodeRole:", "a resource above"),
        (TEMPLATE, "BAD", "        - arn:aws:iam::aws:policy/One\n", "", "another ARN goes"),
        (
            TEMPLATE,
            "WORSE",
            "          - Effect",
            "          - {Effect: Deny}\n          - Effect",
            "a statement above",
        ),
        (TEMPLATE, "WORSE", "\n", "\r\n", "other line breaks"),
    ];
    for (text, needle, old, new, reason) in rows {
        let edited = text.replacen(old, new, if old == "\n" { usize::MAX } else { 1 });
        assert_ne!(edited, text, "{reason}");
        let before = of("a.yaml", text, "r", &[needle]);
        let after = of("a.yaml", &edited, "r", &[needle]);
        assert_eq!(before, after, "{reason}");
    }
    let short = TEMPLATE.split("      Assume").next().unwrap();
    let wide = short.replace("  ", "    ").replace("- ", "-   ");
    assert_eq!(one(short, "policy/BAD"), one(&wide, "policy/BAD"), "another indentation");
    let swapped = TEMPLATE.replace(
        "        - arn:aws:iam::aws:policy/One\n        - arn:aws:iam::aws:policy/BAD\n",
        "        - arn:aws:iam::aws:policy/BAD\n        - arn:aws:iam::aws:policy/One\n",
    );
    assert_eq!(one(TEMPLATE, "policy/BAD"), one(&swapped, "policy/BAD"), "another order");
}

#[test]
fn another_finding_has_another_fingerprint() {
    let base = &one(TEMPLATE, "WORSE");
    let value = one(&TEMPLATE.replace("WORSE", "WORST"), "WORST");
    let place = one(&TEMPLATE.replace("NodeRole", "Other"), "WORSE");
    let rule = &of("a.yaml", TEMPLATE, "area/other", &["WORSE"])[0];
    let path = &of("b.yaml", TEMPLATE, "area/rule", &["WORSE"])[0];
    for (other, reason) in [(&value, "value"), (&place, "place"), (rule, "rule"), (path, "path")] {
        assert_ne!(base.hash, other.hash, "another {reason}");
    }
    assert_eq!(of("/here/a.yaml", TEMPLATE, "area/rule", &["WORSE"])[0], *base, "paths are relative where they can be");
}

#[test]
fn equal_findings_are_counted() {
    let text = "Statement:\n  - {Action: BAD}\n  - {Action: BAD}\n";
    let two = of("a.yaml", text, "area/rule", &["BAD"]);
    assert_eq!((two[0].count, two[1].count), (1, 2));
    assert_eq!(two[0].hash, two[1].hash);
    let three = of("a.yaml", &text.replacen("  -", "  - {Action: BAD}\n  -", 1), "area/rule", &["BAD"]);
    assert_eq!(three[..2], two, "the first two are known, one is new");
}

#[test]
fn files_of_one_name_are_told_apart() {
    // As two names that are not UTF-8 may be shown.
    let file = |place: &str| Source { place: Path::new(place).into(), ..Source::new("a\u{FFFD}.yaml", TEMPLATE) };
    let workspace = Analysis::of(vec![file("a\u{1}"), file("a\u{2}")]).snapshot(&());
    let at = |file: u32| Diagnostic {
        rule: "area/rule",
        level: Level::Error,
        certainty: Certainty::Certain,
        span: Span::new(FileId::new(file), 0..9),
        message: String::new(),
        labels: Vec::new(),
        help: None,
        fixes: Vec::new(),
        build: None,
    };
    let found = fingerprints(&workspace, "", &[at(0), at(1)]);
    assert_eq!((found[0].count, found[1].count), (1, 2));
}

#[test]
fn the_scheme_is_what_it_was() {
    // What is written into baselines and logs has to mean the same in the next version.
    assert_eq!(one(TEMPLATE, "WORSE").to_string(), "e99c734d86a9b0e6e2f623e4671e5caf:1");
}

#[test]
fn many_findings_cost_little() {
    let lines: String = (0..20_000).map(|it| format!("  - {{Action: BAD, n: {it}}}\n")).collect();
    let text = format!("Statement:\n{lines}");
    let found = of("a.yaml", &text, "area/rule", &["BAD"]);
    assert_eq!((found.len(), found[19_999].count), (20_000, 20_000));
    let nested = format!("{}BAD{}", "[".repeat(150), "]".repeat(150));
    assert!(one(&nested, "BAD").place.chars().count() < 600);
}
