//! No file takes all memory or all time, and no limit is silent: each is named where it is reached.
//!
//! Everything here is bounded by count. The largest inputs are those that would be the slowest if it were not.

use ekslint::Analysis;
use ekslint::diagnostic::Level;
use ekslint::source::Source;

use crate::cli::Folder;
use crate::pages::pages;

/// What the rule about limits says of a file.
fn limits(path: &str, text: &str) -> Vec<(Level, String)> {
    let workspace = Analysis::of(vec![Source::new(path, text)]).snapshot(&());
    let found = ekslint::lint(&workspace);
    found.into_iter().filter(|it| it.rule == "limit").map(|it| (it.level, it.message)).collect()
}

fn nested(levels: usize) -> String {
    format!("# AWS::IAM::\na: {}{}\n", "[".repeat(levels), "]".repeat(levels))
}

/// A service account, with something beside it that is too much.
fn beside_account(more: &str) -> String {
    format!("apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: app}}\n{more}")
}

fn laughs(levels: usize) -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..levels {
        text += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "));
    }
    beside_account(&text)
}

fn merges(count: usize) -> String {
    let keys: String = (0..99).map(|at| format!("k{at}: v, ")).collect();
    beside_account(&format!("one: &one {{{keys}}}\nall:\n  <<: [{}]\n", vec!["*one"; count].join(", ")))
}

fn merged_in_a_row(levels: usize) -> String {
    let chain = (1..=levels).map(|at| format!("m{at}: &m{at} {{<<: *m{}}}\n", at - 1));
    beside_account(&format!("m0: &m0 {{k: v}}\n{}", chain.collect::<String>()))
}

fn lists(levels: usize) -> String {
    let open = r#"{"apiVersion":"v1","kind":"List","items":["#.repeat(levels);
    let account = r#"{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"app"}}"#;
    format!("{open}{account}{}", "]}".repeat(levels))
}

/// A role whose name is this value.
fn role(name: &str) -> String {
    format!("Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: {name}\n")
}

fn functions(levels: usize) -> String {
    role(&format!("{}x{}", "{\"Fn::Base64\": ".repeat(levels), "}".repeat(levels)))
}

fn conditions(count: usize) -> String {
    role(&(0..count).fold("x".to_owned(), |inner, at| format!("!If [C{at}, v{at}, {inner}]")))
}

fn substituted(count: usize) -> String {
    let names: String = (0..count).map(|at| format!("${{V{at}}}")).collect();
    let values: Vec<_> = (0..count).map(|at| format!("V{at}: !If [C{at}, a, b]")).collect();
    role(&format!("!Sub [\"{names}\", {{{}}}]", values.join(", ")))
}

/// A policy as JSON in a string, with this many levels in it.
fn policy(levels: usize) -> String {
    let deep = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let document = format!("{{\"Statement\": [], \"x\": {deep}}}");
    format!(
        "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: '{document}'\n"
    )
}

fn manifest(levels: usize) -> String {
    let deep = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let object = format!("{{\"apiVersion\": \"v1\", \"kind\": \"ServiceAccount\", \"x\": {deep}}}");
    format!("Resources:\n  M:\n    Type: Custom::KubeManifest\n    Properties:\n      Manifest: '{object}'\n")
}

/// A cluster whose role is a parameter of this many values.
fn parameter(values: usize) -> String {
    let values: Vec<_> = (0..values).map(|at| format!("arn:aws:iam::111122223333:role/r{at}")).collect();
    format!(
        "Parameters:\n  Role: {{Type: String, AllowedValues: [{}]}}\nResources:\n  Cluster:\n    Type: AWS::EKS::Cluster\n    \
         Properties: {{RoleArn: !Ref Role}}\n",
        values.join(", ")
    )
}

/// A cluster, and add-ons of which it cannot be known to which cluster they belong.
fn loose(addons: usize) -> String {
    let addon = |at| {
        format!(
            "  A{at}:\n    Type: AWS::EKS::Addon\n    Properties: {{AddonName: vpc-cni, ClusterName: !ImportValue c{at}}}\n"
        )
    };
    let cluster = "Resources:\n  Cluster:\n    Type: AWS::EKS::Cluster\n    Properties: {Name: one}\n";
    format!("{cluster}{}", (0..addons).map(addon).collect::<String>())
}

/// Access entries of one principal on one cluster, each under a condition of its own.
fn entries(count: usize) -> String {
    let entry = |at| {
        format!(
            "  E{at}:\n    Type: AWS::EKS::AccessEntry\n    Condition: C{at}\n    Properties: {{ClusterName: one, \
             PrincipalArn: arn:aws:iam::111122223333:role/r}}\n"
        )
    };
    format!("Resources:\n{}", (0..count).map(entry).collect::<String>())
}

/// An access entry without permissions, and bindings of this many users.
fn users(count: usize) -> String {
    let entry = "Resources:\n  Entry:\n    Type: AWS::EKS::AccessEntry\n    Properties: {ClusterName: one, PrincipalArn: \
                 arn:aws:iam::111122223333:role/r}\n";
    let subjects = (0..count).map(|at| format!("- {{kind: User, name: u{at}, apiGroup: rbac.authorization.k8s.io}}\n"));
    format!(
        "{entry}---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: b}}\nroleRef: {{kind: \
         ClusterRole, name: view, apiGroup: rbac.authorization.k8s.io}}\nsubjects:\n{}",
        subjects.collect::<String>()
    )
}

/// Of one rule, what is more severe is kept, however late it comes.
#[test]
fn the_most_severe_findings_of_a_rule_are_kept() {
    let groups = "          -\n".repeat(20_001);
    let text = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: aws-auth, namespace: kube-system}}\ndata:\n  mapRoles: |\n    \
         - rolearn: arn:aws:iam::111122223333:role/r\n      username: u\n      groups:\n{groups}          - yes\n",
    );
    let found = ekslint::lint(&Analysis::of(vec![Source::new("a.yaml", text)]).snapshot(&()));
    let of_rule = |level| found.iter().filter(|it| it.rule == "aws-auth/yaml11-scalar" && it.level == level).count();
    assert!(of_rule(Level::Error) > 0, "{:?}", found.first());
    assert!(found.iter().any(|it| it.rule == "limit"));
}

#[test]
fn every_limit_is_named_where_it_is_reached_and_not_before() {
    use Level::Warning;
    let deep = "nested deeper than 200 levels";
    let cases = "more than 32 cases of one value";
    let merged = "the merge keys of this mapping stand for more than 10000 values";
    type Make = fn(usize) -> String;
    // What makes the file, the largest that is read, what is said of one more, and the reason.
    let table: [(Make, usize, Level, &str, &str); 15] = [
        (nested, 199, Warning, deep, "brackets in a mapping"),
        (
            laughs,
            5,
            Warning,
            "the aliases of this document stand for more than 1000000 values",
            "ten times as much each",
        ),
        (merges, 100, Warning, merged, "a mapping counts one more than its 99 entries"),
        (
            merged_in_a_row,
            32,
            Warning,
            "mappings merged into each other deeper than 32 levels",
            "few values, many levels",
        ),
        (lists, 32, Warning, "lists of objects nested deeper than 32 levels", "what is inside would be lost"),
        (functions, 64, Warning, "functions nested deeper than 64 levels", "one value is unknown"),
        (conditions, 31, Warning, cases, "`Fn::If` inside `Fn::If`: one case more than conditions"),
        (substituted, 5, Warning, cases, "each value of `Fn::Sub` doubles its cases"),
        (policy, 199, Warning, deep, "a document in a string has levels of its own"),
        (manifest, 199, Warning, deep, "so has a manifest"),
        (|size| nested(size).replace('\n', "\r\n"), 199, Warning, deep, "line breaks make no difference"),
        (
            parameter,
            20,
            Warning,
            "more than 20 values of a parameter to compare with names of roles",
            "each time that the parameter is given",
        ),
        (
            loose,
            1_000,
            Warning,
            "more than 1000 resources of which it cannot be known to which cluster they belong",
            "each may be of each cluster",
        ),
        (
            users,
            1_000,
            Warning,
            "too many things have one name to compare each with all of them",
            "the entry may be for each of them",
        ),
        (
            entries,
            8,
            Warning,
            "too many things have one name to compare each with all of them",
            "each may be there together with each other",
        ),
    ];
    for (make, most, level, message, why) in table {
        assert_eq!(limits("a.yaml", &make(most)), [], "{why}: {most} is allowed");
        let beyond = limits("a.yaml", &make(most + 1));
        assert_eq!(beyond, [(level, message.to_owned())], "{why}: {} is not", most + 1);
        let far = limits("a.yaml", &make(most * 3));
        let times = far.iter().filter(|(_, it)| it == message).count();
        assert_eq!(times, 1, "{why}: far beyond, it is said once: {far:?}");
    }
}

/// A placeholder far behind is not found, so it is said that nobody looked.
#[test]
fn values_that_are_not_searched_to_their_end_are_named() {
    let beyond = (Level::Warning, "a value of more than 16 KiB".to_owned());
    let file = |length: usize| {
        let role = format!("arn:aws:iam::222233334444:role/{}<name>", "a/".repeat(length / 2));
        ACCOUNT.replace("arn:aws:iam::22223333444:role/app", &role[..length.min(role.len())])
    };
    let longest = 16 << 10;
    assert_eq!(limits("a.yaml", &file(longest)), []);
    assert_eq!(limits("a.yaml", &file(longest + 1)), std::slice::from_ref(&beyond));
    assert_eq!(limits("a.yaml", &file(longest + 1).repeat(3)), [beyond], "once for each file");
}

/// What is left out may be what seems to be missing, so nothing is said to be missing beside it.
#[test]
fn what_was_not_read_is_not_said_to_be_missing() {
    let (rule, page) = pages().find(|(rule, _)| rule.id == "rbac/dangling-roleref").unwrap();
    let found = |more: &str| {
        let mut files = page.fails[0].files.clone();
        files.push(("more.yaml".to_owned(), more.to_owned()));
        let sources = files.into_iter().map(|(path, text)| Source::new(path, text));
        let found = ekslint::lint(&Analysis::of(sources.collect()).snapshot(&()));
        found.into_iter().filter(|it| it.rule == rule.id).count()
    };
    assert_eq!(found(""), 1);
    assert_eq!(found(&nested(300)), 0);
}

const ACCOUNT: &str = "---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: app
  namespace: shop
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::22223333444:role/app
";

/// Many findings are many lines: nothing is cut, and the order is that of the file.
#[test]
fn twenty_thousand_findings_are_all_told() {
    const MANY: usize = 20_000;
    let folder = Folder::new();
    folder.file("a.yaml", ACCOUNT.repeat(MANY));
    let run = folder.run(["check", "--output-format", "concise"]);
    assert_eq!(run.code, Some(1));
    let lines: Vec<usize> = run.stdout.lines().filter_map(|it| it.split(':').nth(1)?.parse().ok()).collect();
    assert_eq!(lines.len(), MANY);
    assert!(lines.is_sorted());
}

/// GitHub refuses a log with more than 25,000 results as a whole. The most severe are kept, and what is left out is said.
#[test]
fn a_sarif_log_has_no_more_results_than_github_takes() {
    const MANY: usize = 25_100;
    let folder = Folder::new();
    folder.file("a.yaml", "a: {{{{ # AWS::IAM::\n");
    folder.file("b.yaml", ACCOUNT.repeat(MANY / 2)).file("c.yaml", ACCOUNT.repeat(MANY / 2));
    let log = folder.run(["check", "--output-format", "sarif", "--level", "note"]).stdout;
    let log: serde_json::Value = serde_json::from_str(&log).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 25_000);
    assert_eq!(results[0]["level"], "error", "a note comes first, and is left out");
    let invocation = &log["runs"][0]["invocations"][0];
    let said = invocation["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap();
    assert!(said.contains("of 25101 findings are left out"), "{said}");
}

/// The page lists every limit with its number.
#[test]
fn the_page_names_the_numbers() {
    use ekslint::syntax::{MAX_ALIASED, MAX_DEPTH, MAX_MERGE_DEPTH, MAX_MERGED, MAX_NODES};
    let rule = ekslint::rules::RULES.iter().find(|it| it.id == "limit").unwrap();
    for number in [MAX_ALIASED, MAX_DEPTH, MAX_MERGE_DEPTH, MAX_MERGED, MAX_NODES] {
        assert!(rule.page.contains(&format!("| {number} ")), "{number}");
    }
}
