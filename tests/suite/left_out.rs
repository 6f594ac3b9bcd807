//! What limits keep out of a report of many files, or of many things of one name, and what says so.

use ekslint::analysis::{self, Analysis};
use ekslint::config::Selection;
use ekslint::date::Date;
use ekslint::diagnostic::Level;
use ekslint::source::Source;
use ekslint::suppress::Settings;

use crate::bounds::{account, each, limits, trust, wrong_account};
use crate::cli::Folder;

/// Each file is within its own limit. What says so is about the run, and nothing in a file suppresses it.
#[test]
fn findings_of_a_run_are_bounded() {
    const FILES: usize = 4;
    const OF_FILE: usize = 7_600;
    let path = |at: usize| format!("{at}.yaml");
    let text = |at: usize| {
        format!("# ekslint: ignore-file[limit] x\n{}", each(OF_FILE, |it| wrong_account(at * OF_FILE + it)))
    };
    let check = |order: [usize; FILES], threads: usize| {
        let sources = order.iter().map(|it| Source::new(path(*it), text(*it))).collect();
        let workspace = Analysis::of(sources).snapshot(&());
        let run = || analysis::check(&workspace, &Selection::default(), &Settings::on(Date::FIRST), &());
        let outcome = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(run);
        let found = outcome.findings.iter().chain(&outcome.left_out);
        let found = found.map(|it| format!("{}:{} {}", workspace.path(it.span.file), it.span.start, it.message));
        (found.collect::<Vec<_>>(), outcome)
    };
    let (found, outcome) = check([0, 1, 2, 3], 1);
    assert!(check([3, 1, 0, 2], 3).0 == found, "whatever the order and the number of threads");
    let errors = outcome.findings.iter().filter(|it| it.level == Level::Error).count();
    let unused = outcome.findings.iter().filter(|it| it.rule.starts_with("suppression/")).count();
    assert_eq!((errors, unused), (30_000, FILES), "the least severe are left out");
    let only = outcome.left_out.expect("something is left out");
    let left_out = FILES * OF_FILE - 30_000;
    assert!(only.message.starts_with("more than 30000 findings in all files: "), "{}", only.message);
    assert!(only.message.ends_with(" are left out"), "{}", only.message);
    let said: usize = only.message.split(' ').rev().nth(3).unwrap().parse().unwrap();
    assert!(said >= left_out, "{}", only.message);
    assert_eq!((only.rule, only.level), ("limit", Level::Error), "as severe as the worst of them");
}

/// A baseline does not hold back for ever that findings are left out: others may be among them tomorrow.
#[test]
fn no_baseline_holds_a_limit_of_the_run() {
    let folder = Folder::new();
    for at in 0..4 {
        folder.file(format!("{at}.yaml"), each(7_600, |it| wrong_account(at * 7_600 + it)));
    }
    let run = folder.run(["baseline"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stderr.contains("does not hold all findings: more than 30000 findings in all files"), "{}", run.stderr);
    let run = folder.run(["check", "--baseline", "ekslint-baseline.json", "--output-format", "concise"]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!((run.code, lines.len()), (Some(1), 1), "{lines:?}");
    assert!(lines[0].contains("error[limit] more than 30000 findings in all files"), "{lines:?}");
}

/// What is not compared with all of its name is named.
#[test]
fn namesakes_beyond_a_limit_are_named() {
    let arn = "arn:aws:iam::111122223333:role/nodes";
    let group = |at: usize, cluster: &str| {
        format!(
            "  N{at}:\n    Type: AWS::EKS::Nodegroup\n    Properties: {{ClusterName: {cluster}, NodeRole: '{arn}'}}\n"
        )
    };
    let entry =
        format!("  E:\n    Type: AWS::EKS::AccessEntry\n    Properties: {{ClusterName: b, PrincipalArn: '{arn}'}}\n");
    let groups = |count: usize| format!("Resources:\n{}{entry}", each(count, |it| group(it, "a")));
    let policy = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy";
    let roles = |count: usize| {
        let role = |at: usize| {
            format!(
                "  R{at}:\n    Type: AWS::IAM::Role\n    Condition: C{at}\n    Properties: {{RoleName: one, \
                 ManagedPolicyArns: ['{policy}']}}\n"
            )
        };
        let conditions = each(count, |it| format!("  C{it}: !Equals [!Ref AWS::Region, r{it}]\n"));
        format!("Conditions:\n{conditions}Resources:\n{}", each(count, role))
    };
    let statements = |count: usize| {
        let role = |at: usize| {
            format!(
                "  R{at}:\n    Type: AWS::IAM::Role\n    Properties: {{{}}}\n",
                trust("'system:serviceaccount:shop:app'")
            )
        };
        let audience =
            account("app", "x").replace("annotations:\n", "annotations:\n    eks.amazonaws.com/audience: own\n");
        format!("Resources:\n{}{audience}", each(count, role).replace("RoleName: one, ", ""))
    };
    let alike = "too many things have one name to compare each with all of them";
    let beyond = "more than 300 node groups or Fargate profiles in a file";
    let table: [(&str, String, &[&str]); 7] = [
        ("node groups of one role", groups(100), &[]),
        ("more of them", groups(101), &[alike]),
        ("node groups of one file", groups(301), &[beyond, alike]),
        ("roles of one name", roles(101), &[]),
        ("more of them", roles(102), &[alike]),
        ("statements that name one account", statements(200), &[]),
        ("more of them", statements(201), &[alike]),
    ];
    for (what, text, expected) in table {
        assert_eq!(limits(what, vec![("a.yaml".to_owned(), text)]), expected, "{what}");
    }
}
