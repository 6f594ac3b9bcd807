//! Suppressions: what a directive is for, what is said of those that do nothing, and how they are written.

use std::fs;
use std::path::Path;

use ekslint::analysis::{self, Analysis, Outcome};
use ekslint::config::{Configuration, Origin, Selection};
use ekslint::date::Date;
use ekslint::diagnostic::Diagnostic;
use ekslint::source::{FileId, Source};
use ekslint::suppress::Settings;
use ekslint::suppress::add::{self, Wish};
use ekslint::workspace::Workspace;

use crate::cli::{BROKEN, Folder};
use crate::pages::{pages, workspace};

fn judged(workspace: &Workspace) -> Outcome {
    let settings = Settings::on(Date::parse("2026-01-01").unwrap());
    analysis::check(workspace, &Selection::default(), &settings, &())
}

fn one(path: &str, text: &str) -> Outcome {
    judged(&Analysis::of(vec![Source::new(path, text)]).snapshot(&()))
}

/// The findings of a rule that are left, and how many are suppressed.
fn counts(text: &str, rule: &str) -> (usize, usize) {
    let path = if text.trim_start().starts_with('{') { "a.json" } else { "a.yaml" };
    let outcome = one(path, text);
    let left = outcome.findings.iter().filter(|it| it.rule == rule).count();
    let suppressed = outcome.suppressed.iter().filter(|it| it.finding.rule == rule).count();
    (left, suppressed)
}

/// Two mappings whose ARNs have paths. Comments go in the places of the marks.
const AWS_AUTH: &str = "«head»
apiVersion: v1 «first»
kind: ConfigMap
metadata:
  name: aws-auth
  namespace: kube-system
«above data»
data: «data»
  «above key»
  mapRoles: | «key»
    «above item»
    - rolearn: arn:aws:iam::222233334444:role/team/dev «item»
      «above username»
      username: dev «username»
      groups: [dev]
      «below item»
    «above second»
    - rolearn: arn:aws:iam::222233334444:role/team/ops «second»
      username: ops
      groups: [ops]
  «below»
";

/// The ConfigMap with something in the place of one mark, and nothing in the others.
fn aws_auth(mark: &str, comment: &str) -> String {
    let marked = AWS_AUTH.replace(&format!("«{mark}»"), comment);
    let lines = marked.lines().filter(|it| !(it.trim().starts_with('«') && it.trim().ends_with('»')));
    let plain = |line: &str| line.split('«').next().unwrap_or_default().trim_end().to_owned() + "\n";
    lines.map(plain).collect()
}

#[test]
fn a_directive_is_for_what_it_stands_on() {
    let table = [
        ("head", 0, 2, "above the first key: the whole document"),
        ("first", 2, 0, "behind the first key: that key"),
        ("above data", 0, 2, "above a key: all below it"),
        ("data", 0, 2, "behind a key: all below it"),
        ("above key", 0, 2, "above the first key of a mapping that has a key of its own: that key"),
        ("key", 0, 2, "behind the bar of a block scalar"),
        ("above item", 1, 1, "above an item inside mapRoles"),
        ("item", 1, 1, "on the line of the item"),
        ("above username", 2, 0, "above another key of the item"),
        ("username", 2, 0, "behind another key of the item"),
        ("below item", 2, 0, "deeper than the item that follows"),
        ("above second", 1, 1, "between two items: the one below"),
        ("second", 1, 1, "on the line of the second item"),
        ("below", 2, 0, "below everything"),
    ];
    for (mark, left, suppressed, why) in table {
        for directive in ["# ekslint: ignore[aws-auth/role-path] reason", "# ekslint: ignore[aws-auth]"] {
            let text = aws_auth(mark, directive);
            assert_eq!(counts(&text, "aws-auth/role-path"), (left, suppressed), "{mark}: {why}\n{text}");
            let windows = text.replace('\n', "\r\n");
            assert_eq!(counts(&windows, "aws-auth/role-path"), (left, suppressed), "{mark}, CRLF: {why}");
            let unused = counts(&text, "suppression/unused").0;
            assert_eq!(unused > 0, suppressed == 0, "{mark}: it is said of it if it does nothing");
        }
    }
}

#[test]
fn comments_of_all_kinds_are_read() {
    let table = [
        ("#ekslint:ignore[aws-auth/role-path]", 1, "no spaces"),
        ("## ekslint: ignore [ aws-auth/role-path , aws-auth/arn-format ] - why", 1, "many spaces"),
        ("# checkov:skip=CKV_AWS_1:why # ekslint: ignore[aws-auth/role-path] why", 1, "behind another tool's"),
        ("# ekslint: ignore[rbac] a # ekslint: ignore[aws-auth/role-path] b", 1, "two in one comment"),
        ("# ekslint: ignore[aws-auth/role-path] until=2026-01-01", 1, "the last day"),
        ("# ekslint: ignore[aws-auth/role-path] until=2025-12-31", 0, "the day after"),
        ("# ekslint: ignore[aws-auth/role-path] why until=2026-01-01", 1, "a day behind the reason"),
        ("# ekslint: ignore[aws-auth/role-path] expires=2026-01-01", 0, "another word for the day"),
        ("# ekslint: ignore[aws-auth/rolepath]", 0, "no such rule"),
        ("# ekslint: ignore[syntax, aws-auth/role-path]", 1, "one of several"),
        ("# ekslint: ignore", 0, "no rule"),
        ("# ekslint: ignore[]", 0, "no rule in the brackets"),
        ("# ekslint: ignore[aws-auth/role-path", 0, "never closed"),
        ("# ekslint: disable[aws-auth/role-path]", 0, "another order"),
        ("# ekslint ignore[aws-auth/role-path]", 0, "the colon is missing"),
        ("# ekslint: ignore-file[aws-auth/role-path]", 0, "not at the top"),
    ];
    for (comment, suppressed, why) in table {
        let text = aws_auth("item", comment);
        let outcome = one("a.yaml", &text);
        let count = outcome.suppressed.iter().filter(|it| it.finding.rule == "aws-auth/role-path").count();
        assert_eq!(count, suppressed, "{comment}: {why}");
        let said = outcome.findings.iter().any(|it| it.rule.starts_with("suppression/"));
        assert!(said || suppressed > 0, "{comment}: {why}: nothing is said");
    }
    for prose in ["# ekslint ignores this", "# see ekslint: the docs", "# run ekslint on it", "#foo#ekslint: ignore[x]"]
    {
        let outcome = one("a.yaml", &aws_auth("item", prose));
        assert!(outcome.findings.iter().all(|it| !it.rule.starts_with("suppression/")), "{prose}");
    }
}

/// Service accounts whose role ARN has two colons too few.
const ACCOUNT: &str = "apiVersion: v1
kind: ServiceAccount
metadata:
  name: app
  namespace: shop
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam:role/app
";
const RULE: &str = "irsa/role-arn-format";

#[test]
fn streams_and_files() {
    let directive = format!("# ekslint: ignore[{RULE}] why\n");
    let whole = format!("# ekslint: ignore-file[{RULE}] why\n");
    let a = ACCOUNT;
    assert_eq!(counts(a, RULE).0, 1, "the example has the finding that all of this is about");
    let table = [
        (format!("{directive}---\n{a}---\n{a}"), 1, 1, "above the first `---`"),
        (format!("{directive}\n\n# more\n{a}---\n{a}"), 1, 1, "empty lines and comments between"),
        (format!("--- {directive}{a}---\n{a}"), 1, 1, "behind a `---`"),
        (format!("{a}{directive}---\n{a}"), 1, 1, "above another `---`: the document below"),
        (format!("{a}---\n{directive}{a}"), 1, 1, "below a `---`"),
        (format!("{a}{directive}---\na: b\n---\n{a}"), 2, 0, "the document below is about something else"),
        (format!("a: b\n{directive}---\n{a}"), 0, 1, "below a document about something else"),
        (format!("{a}---\n{a}{directive}"), 2, 0, "nothing is below"),
        (format!("{whole}{a}---\n{a}"), 0, 2, "the whole file"),
        (format!("# Copyright\n\n{whole}---\n{a}---\n{a}"), 0, 2, "in the head of the file"),
        (format!("\u{FEFF}{whole}{a}---\n{a}"), 0, 2, "behind a byte order mark"),
        (format!("{a}---\n{whole}{a}"), 2, 0, "at the top of a document that is not the first"),
        (format!("{whole}{directive}{a}"), 0, 1, "two for one finding"),
        (
            a.replace("annotations:\n", &format!("annotations: {{\n{directive}")).replace("role/app\n", "role/app }\n"),
            0,
            1,
            "in braces",
        ),
        (
            a.replace("annotations:\n    ", "annotations: { a: b, ")
                .replace("role/app\n", &format!("role/app}}  {directive}")),
            0,
            1,
            "behind braces on one line",
        ),
        (
            a.replace("arn: arn", "arn:\n      arn").replace("role/app\n", &format!("role/app {directive}")),
            0,
            1,
            "behind a value on a line of its own",
        ),
        (
            a.replace("arn: arn", "arn:\n      \"arn")
                .replace("role/app\n", &format!("\\\n      role/app\" {directive}")),
            0,
            1,
            "behind the end of a value over several lines",
        ),
        (
            a.replace("  annotations:", &format!("  labels:\n    note: |\n      {directive}  annotations:")),
            1,
            0,
            "in a string",
        ),
    ];
    for (text, left, suppressed, why) in table {
        assert_eq!(counts(&text, RULE), (left, suppressed), "{why}:\n{text}");
    }
}

#[test]
fn data_can_say_it_too() {
    let role = |metadata: &str| {
        format!(
            "{{\"Resources\": {{\"A\": {{\"Type\": \"AWS::EKS::AccessEntry\", {metadata} \"Properties\": \
             {{\"ClusterName\": \"c\", \"PrincipalArn\": \"arn:aws:iam::222233334444:role/x\", \
             \"KubernetesGroups\": [\"system:masters\"]}}}}}}}}"
        )
    };
    let rule = "access-entry/group-reserved";
    assert_eq!(counts(&role(""), rule).0, 1, "the example has the finding that all of this is about");
    let table = [
        ("{\"rule\": \"access-entry/group-reserved\", \"reason\": \"why\"}", 1, "one"),
        ("[{\"rules\": [\"iam\", \"access-entry\"], \"until\": \"2026-01-01\"}]", 1, "a list, with several rules"),
        ("\"access-entry/group-reserved: why\"", 1, "the short form"),
        ("[\"iam\", \"access-entry until=2026-01-01: why\"]", 1, "a list of short forms"),
        ("[{\"rule\": \"access-entry\", \"until\": \"2025-12-31\"}]", 0, "over"),
        ("[{\"rule\": \"access-entry\", \"why\": \"x\"}]", 0, "another key"),
        ("[]", 0, "nothing"),
        ("\"access-entry because\"", 0, "a reason without a colon"),
    ];
    for (ignore, suppressed, why) in table {
        let text = role(&format!("\"Metadata\": {{\"ekslint\": {{\"ignore\": {ignore}}}}},"));
        assert_eq!(counts(&text, rule).1, suppressed, "{why}");
        let of_template = role("").replace(
            "{\"Resources",
            &format!("{{\"Metadata\": {{\"ekslint\": {{\"ignore\": {ignore}}}}}, \"Resources"),
        );
        assert_eq!(counts(&of_template, rule).1, suppressed, "{why}, for the template");
    }
    let annotation =
        format!("  annotations:\n    ekslint/ignore: |\n      iam: no\n      {RULE} until=2026-01-01: why\n");
    assert_eq!(counts(&ACCOUNT.replace("  annotations:\n", &annotation), RULE), (0, 1), "an annotation with lines");
    let template = format!(
        "apiVersion: v1\nkind: List\nitems:\n- {}",
        ACCOUNT
            .replace('\n', "\n  ")
            .replace("annotations:\n", &format!("annotations:\n      ekslint/ignore: {RULE}\n"))
    );
    assert_eq!(counts(&template, RULE), (0, 1), "in a list");
}

#[test]
fn only_rules_that_ran_are_judged() {
    let text = aws_auth("first", "# ekslint: ignore[aws-auth/role-path]");
    let workspace = Analysis::of(vec![Source::new("a.yaml", text.as_str())]).snapshot(&());
    let found = ekslint::lint(&workspace);
    let unused =
        |outcome: Outcome| outcome.findings.iter().filter(|it| it.rule == "suppression/unused").cloned().collect();
    let everything = Selection::default();
    let settings = Settings::on(Date::parse("2026-01-01").unwrap());
    let all: Vec<Diagnostic> = unused(analysis::check(&workspace, &everything, &settings, &()));
    assert_eq!(all.len(), 1);
    let mut configuration = Configuration::defaults();
    let source = Source::new("ekslint.toml", "ignore = ['aws-auth/role-path']");
    configuration.add(Origin::File, source, Path::new("")).unwrap();
    let selection = Selection::new(&configuration);
    let none: Vec<Diagnostic> = unused(analysis::check(&workspace, &selection, &settings, &()));
    assert!(none.is_empty(), "a rule that is off says nothing of its suppressions");
    let not_heeded = Settings { heeded: false, ..settings };
    let outcome = analysis::check(&workspace, &everything, &not_heeded, &());
    assert_eq!((outcome.suppressed.len(), outcome.findings.len()), (0, found.len()));
    let broken = format!("{text}---\nkind: ServiceAccount\n a: b\n");
    assert_eq!(counts(&broken, "suppression/unused").0, 0, "nor does a file that cannot be read");
}

/// Adds directives for all findings, and says what is left.
fn add_all(workspace: &Workspace, wish: &Wish) -> (Workspace, Vec<(Diagnostic, &'static str)>) {
    let Outcome { findings: found, verdicts, .. } = judged(workspace);
    let plan = add::plan(workspace, &verdicts, &found, wish);
    let sources = workspace.files.iter().map(|(file, source)| {
        let new = plan.files.iter().find(|it| it.0 == file).map_or(&*source.text, |(_, text)| text);
        Source::new(source.path.clone(), new)
    });
    let refused = plan.refused.into_iter().map(|(at, why)| (found[at].clone(), why)).collect();
    (Analysis::of(sources.collect()).snapshot(&()), refused)
}

/// After `--add-ignore` there is nothing left to report, and the facts are what they were.
#[test]
fn written_directives_suppress_all_findings_of_all_pages() {
    let wishes =
        [Wish::default(), Wish { reason: "moved: \"next\" week [x]".to_owned(), until: Date::parse("2026-02-01") }];
    let endings: [fn(&str) -> String; 3] =
        [str::to_owned, |it| it.replace('\n', "\r\n"), |it| format!("\u{FEFF}{}", it.trim_end_matches('\n'))];
    let mut wrong = Vec::new();
    let (mut written, mut unwritten) = (0, 0);
    for (rule, page) in pages().filter(|(it, _)| !it.id.starts_with("suppression/")) {
        for example in &page.fails {
            for (change, wish) in endings.iter().flat_map(|it| wishes.iter().map(move |wish| (it, wish))) {
                let before = workspace(example);
                let sources = before.files.iter().map(|(_, it)| Source::new(it.path.clone(), change(&it.text)));
                let before = Analysis::of(sources.collect()).snapshot(&());
                let count = ekslint::lint(&before).len();
                let (after, refused) = add_all(&before, wish);
                let left = judged(&after);
                written += left.suppressed.len();
                unwritten += refused.len();
                let place = format!("{}, `{}`, {wish:?}", rule.id, example.name);
                if refused.iter().any(|(it, _)| !before.path(it.span.file).ends_with(".json")) {
                    wrong.push(format!("{place}: refused: {refused:?}"));
                }
                if left.findings.len() != refused.len() || left.suppressed.len() + refused.len() != count {
                    let text: Vec<_> = after.files.iter().map(|(_, it)| it.text.to_string()).collect();
                    wrong.push(format!("{place}: left of {count}: {:#?}\n{}", left.findings, text.join("\n===\n")));
                }
                let again = add::plan(&after, &left.verdicts, &left.findings, wish);
                if !again.files.is_empty() {
                    wrong.push(format!("{place}: a second time writes more"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong[..wrong.len().min(6)].join("\n\n"));
    // Policies that stand alone as JSON have no place for a directive.
    assert!(written > 1000 && unwritten * 10 < written, "{written} are suppressed, {unwritten} are not");
}

/// Of objects in a list each has its own annotation, and what needs none gets none; all on one line, too.
#[test]
fn objects_in_a_list_are_told_apart() {
    let account = |name: &str, arn: &str| {
        format!(
            r#"{{ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": {{ "name": "{name}", "namespace": "n", "annotations": {{ "eks.amazonaws.com/role-arn": "{arn}" }} }} }}"#
        )
    };
    let good = account("b", "arn:aws:iam::222233334444:role/b");
    let items = [account("a", "role/a"), good.clone(), account("c", "role/c")].join(", ");
    let text = format!(r#"{{ "apiVersion": "v1", "kind": "List", "items": [{items}] }}"#);
    let before = Analysis::of(vec![Source::new("a.json", text)]).snapshot(&());
    assert_eq!(ekslint::lint(&before).len(), 2);
    let (after, refused) = add_all(&before, &Wish::default());
    assert!(refused.is_empty(), "{refused:?}");
    let left = judged(&after);
    assert_eq!((left.findings.len(), left.suppressed.len()), (0, 2), "{}", after.source(FileId::new(0)).text);
    assert_eq!(after.source(FileId::new(0)).text.matches("ekslint/ignore").count(), 2);
    assert!(after.source(FileId::new(0)).text.contains(&good), "{}", after.source(FileId::new(0)).text);
}

/// What files say is heeded, shown, and not heeded, as the options have it.
#[test]
fn options_are_followed() {
    let folder = Folder::new();
    let text =
        BROKEN.replace("role/team/dev", "role/team/dev # ekslint: ignore[aws-auth/role-path] until=2026-06-30 moved");
    folder.file("a.yaml", &text);
    let run = |args: &[&str], epoch: &str| {
        let output = folder.command([&["check"], args].concat()).env("SOURCE_DATE_EPOCH", epoch).output().unwrap();
        crate::cli::Run::from(output)
    };
    let (before, after) = ("1780000000", "1790000000");
    let quiet = run(&["."], before);
    assert_eq!((quiet.code, quiet.stdout.as_str()), (Some(0), ""), "{quiet:?}");
    assert!(quiet.stderr.contains("1 suppressed, show with --show-suppressed"), "{quiet:?}");
    let shown = run(&[".", "--show-suppressed"], before);
    assert_eq!(shown.code, Some(0), "what is shown does not count: {shown:?}");
    assert!(shown.stdout.starts_with("suppressed error[aws-auth/role-path]: "), "{shown:?}");
    assert!(shown.stdout.ends_with("  suppressed: moved\n"), "{shown:?}");
    let concise = run(&[".", "--show-suppressed", "--output-format", "concise"], before).stdout;
    assert!(concise.starts_with("a.yaml:8:") && concise.ends_with(" (moved)\n"), "{concise}");
    let all = run(&[".", "--no-ignores", "--output-format", "concise"], before);
    assert_eq!((all.code, all.stdout.lines().count()), (Some(1), 1), "{all:?}");
    let over = run(&[".", "--output-format", "concise"], after);
    assert!(over.stdout.contains("suppression/expired") && over.stdout.contains("aws-auth/role-path"), "{over:?}");
    let json: serde_json::Value =
        serde_json::from_str(&run(&[".", "--show-suppressed", "--output-format", "json"], before).stdout).unwrap();
    assert_eq!((&json["summary"]["errors"], &json["summary"]["suppressed"]), (&0.into(), &1.into()));
    assert_eq!(json["suppressed"][0]["reason"], "moved");
    let sarif = |args: &[&str]| -> serde_json::Value {
        serde_json::from_str(&run(&[args, &["--output-format", "sarif"]].concat(), before).stdout).unwrap()
    };
    let wanted = serde_json::json!([{"kind": "inSource", "justification": "moved"}]);
    assert_eq!(sarif(&[".", "--show-suppressed"])["runs"][0]["results"][0]["suppressions"], wanted);
    assert_eq!(sarif(&["."])["runs"][0]["results"], serde_json::json!([]));
    let wrong = run(&["."], "yesterday");
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
    assert!(wrong.stderr.starts_with("ekslint: SOURCE_DATE_EPOCH is `yesterday`"), "{wrong:?}");
}

/// An unused suppression may be for what only other files show.
#[test]
fn of_single_files_unused_suppressions_are_notes() {
    let folder = Folder::new();
    folder.file(
        "a.yaml",
        ACCOUNT
            .replace("role/app", "role/app # ekslint: ignore[irsa/trust-mismatch]")
            .replace(":iam:role", ":iam::222233334444:role"),
    );
    let of_folder = folder.run(["check", ".", "--output-format", "concise"]);
    assert!(of_folder.stdout.contains("warning[suppression/unused]"), "{of_folder:?}");
    let of_file = folder.run(["check", "a.yaml", "--output-format", "concise", "--level", "note"]);
    assert!(of_file.stdout.contains("note[suppression/unused]"), "{of_file:?}");
    assert_eq!(of_file.code, Some(0), "{of_file:?}");
}

#[test]
fn add_ignore_writes_what_was_given_and_nothing_else() {
    let folder = Folder::new();
    let provider = "oidc.eks.eu-west-1.amazonaws.com/id/8A6E78112D7F1C4DC352B1B511DD13CF";
    let json = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {{"Federated": "arn:aws:iam::222233334444:oidc-provider/{provider}"}},
        "Condition": {{"StringEquals": {{"{provider}:sub": "system:serviceaccount:shop:app"}}}}}}]}}"#
    );
    folder.file("a.yaml", BROKEN).file("b.yaml", BROKEN).file("policy.json", json);
    let added = folder.run(["check", "a.yaml", "--add-ignore=the role moves soon"]);
    assert_eq!((added.code, added.stdout.as_str()), (Some(0), ""), "{added:?}");
    assert!(added.stderr.contains("suppressed now by directives in 1 file"), "{added:?}");
    let text = fs::read_to_string(folder.0.join("a.yaml")).unwrap();
    assert!(text.contains("role/team/dev # ekslint: ignore[aws-auth/role-path] the role moves soon\n"), "{text}");
    assert_eq!(fs::read_to_string(folder.0.join("b.yaml")).unwrap(), BROKEN, "it was not given");
    let again = folder.run(["check", "a.yaml", "--add-ignore"]);
    assert_eq!(
        (again.code, fs::read_to_string(folder.0.join("a.yaml")).unwrap()),
        (Some(0), text),
        "nothing is left to do"
    );
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 3, "nothing is left beside the files");
    let stdin = folder.run_with(&["check", "-", "--add-ignore", "--stdin-filename", "b.yaml"], BROKEN.as_bytes());
    assert!(stdin.code == Some(1) && stdin.stderr.contains("standard input cannot be written to"), "{stdin:?}");
    assert_eq!(fs::read_to_string(folder.0.join("b.yaml")).unwrap(), BROKEN);
    let policy = folder.run(["check", "policy.json", "--add-ignore", "--level", "note", "--fail-on", "note"]);
    assert!(policy.code == Some(1) && policy.stderr.contains("is not suppressed: JSON has no comments"), "{policy:?}");
    for wrong in ["--add-ignore=a\nb", "--add-ignore=until=soon", "--add-ignore=# ekslint: ignore[x]"] {
        assert_eq!(folder.run(["check", "b.yaml", wrong]).code, Some(2), "{wrong:?}");
    }
    assert_eq!(fs::read_to_string(folder.0.join("b.yaml")).unwrap(), BROKEN);
}

#[cfg(unix)]
#[test]
fn add_ignore_keeps_permissions_and_follows_no_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new();
    let outside = Folder::new();
    outside.file("x.yaml", BROKEN);
    folder.file("a.yaml", BROKEN);
    fs::set_permissions(folder.0.join("a.yaml"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink(outside.0.join("x.yaml"), folder.0.join("link.yaml")).unwrap();
    let run = folder.run(["check", "a.yaml", "link.yaml", "--add-ignore"]);
    assert!(run.code == Some(1) && run.stderr.contains("it is a symbolic link, which is not followed"), "{run:?}");
    assert_eq!(fs::read_to_string(outside.0.join("x.yaml")).unwrap(), BROKEN);
    assert!(fs::symlink_metadata(folder.0.join("link.yaml")).unwrap().is_symlink());
    let mode = fs::metadata(folder.0.join("a.yaml")).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o640);
    assert!(fs::read_to_string(folder.0.join("a.yaml")).unwrap().contains("# ekslint: ignore["));
}
