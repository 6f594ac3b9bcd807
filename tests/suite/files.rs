//! Which files are read: lists of them, and what is shown of them.

use std::fs;
use std::process::{Command, Stdio};

use crate::cli::{BROKEN, Folder, NOTED, Run};

const TEMPLATE: &str = "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: app\n";
const POLICY: &str = r#"{"Statement": [{"Effect": "Allow", "Action": "eks:DescribeCluster", "Resource": "*"}]}"#;
const EKSCTL: &str = "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: shop, region: eu-west-1}\n";

/// The files that findings are in.
fn found(run: &Run) -> Vec<&str> {
    run.stdout.lines().filter_map(|it| it.split(':').next()).collect()
}

#[test]
fn a_list_says_what_is_linted() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN).file("b c.yaml", BROKEN).file("sub/d.yaml", BROKEN).file("not-listed.yaml", BROKEN);
    folder.file("-", BROKEN).file("-q.yaml", BROKEN);
    let table: [(&str, &[&str], &[&str], &str); 7] = [
        ("a.yaml\nb c.yaml\n", &[], &["a.yaml", "b c.yaml"], "lines"),
        ("a.yaml\r\n\r\nb c.yaml\r\n", &[], &["a.yaml", "b c.yaml"], "lines of Windows"),
        ("a.yaml\0b c.yaml\0", &[], &["a.yaml", "b c.yaml"], "names that end in NUL"),
        ("sub\n", &[], &["sub/d.yaml"], "a folder"),
        ("a.yaml\n./a.yaml\nsub/../a.yaml\n", &[], &["a.yaml"], "one file, three names"),
        ("-q.yaml\n", &[], &["-q.yaml"], "not an option"),
        ("a.yaml\n", &["sub"], &["a.yaml", "sub/d.yaml"], "besides what is named"),
    ];
    for (list, paths, expected, reason) in table {
        folder.file("list", list);
        let args = ["check", "--output-format", "concise", "--files-from"];
        let run = folder.run([&args[..], &["list"], paths].concat());
        assert_eq!((run.code, found(&run).as_slice()), (Some(1), expected), "{reason}: {run:?}");
        let piped = folder.run_with(&[&args[..], &["-"], paths].concat(), list.as_bytes());
        assert_eq!(piped.stdout, run.stdout, "{reason}: from standard input");
    }
    let dash = folder.run_with(&["check", "--files-from", "-"], b"-\n");
    assert!(dash.stderr.contains("no .yaml, .yml, .json or .template files"), "a file of that name: {dash:?}");
}

#[test]
fn what_a_list_names_is_taken_as_if_it_was_come_across() {
    let folder = Folder::new();
    // With what looks like a mark, and is no YAML.
    folder.file("README.md", format!("# About: aws-auth\n\n```yaml\n{BROKEN}```\n* a: b: c\n"));
    folder.file("main.tf", "data = { \"eks.amazonaws.com/role-arn\" = x }\n");
    folder.file("a.yaml", BROKEN).file("vendor/b.yaml", BROKEN);
    let list = "README.md\nmain.tf\na.yaml\nvendor/b.yaml\n";
    folder.file("list", list);
    let run = folder.run(["check", "--files-from", "list", "--exclude", "vendor", "--output-format", "concise"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(found(&run), ["a.yaml"], "neither what has another name, nor what is excluded: {run:?}");
    folder.file("notes.txt", BROKEN);
    let typed = folder.run(["check", "--files-from", "list", "--output-format", "concise", "notes.txt"]);
    assert!(found(&typed).contains(&"notes.txt"), "somebody who types it means it: {typed:?}");
    assert!(!typed.stderr.contains("not a kind of file"), "a list names all kinds: {typed:?}");
}

#[test]
fn a_list_can_be_wrong() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN).file("empty", "").file("blank", "\n\r\n").file("list", "a.yaml\ngone.yaml\n");
    folder.file("large", vec![b'x'; (16 << 20) + 1]).file("other", "README.md\n").file("README.md", "x");
    folder.file("folders", "empty-folder\n");
    std::fs::create_dir(folder.0.join("empty-folder")).unwrap();
    let table: [(&[&str], i32, &str); 10] = [
        (&["--files-from", "folders"], 2, "ekslint: nothing to lint in the list folders: no .yaml"),
        (&["--files-from", "list"], 2, "ekslint: gone.yaml: no such file or folder\n"),
        (&["--files-from", "gone"], 2, "ekslint: --files-from: gone: no such file or folder\n"),
        (&["--files-from", "large"], 2, "ekslint: --files-from: large: larger than 16 MiB"),
        (&["--files-from", "."], 2, "ekslint: --files-from: .: is a directory\n"),
        (&["--files-from", "-", "-"], 2, "ekslint: `-` is a file to lint, and `--files-from -` a list: standard input"),
        (&["--files-from", "empty"], 0, "ekslint: nothing to lint: the list empty is empty\n"),
        (&["--files-from", "blank"], 0, "ekslint: nothing to lint: the list blank is empty\n"),
        (&["--files-from", "-"], 0, "ekslint: nothing to lint: the list on standard input is empty\n"),
        (
            &["--files-from", "other"],
            0,
            "ekslint: nothing to lint in the list other: no .yaml, .yml, .json or .template files\n",
        ),
    ];
    for (args, code, message) in table {
        let run = folder.run([&["check"], args].concat());
        assert_eq!(run.code, Some(code), "{args:?}: {run:?}");
        assert!(run.stderr.starts_with(message), "{args:?}: {run:?}");
        let rest = &run.stderr[message.len()..];
        assert!(code == 2 || rest.is_empty(), "one line: {args:?} {run:?}");
    }
    let both = folder.run(["check", "--files-from", "list", "--output-format", "concise"]);
    assert_eq!(found(&both), ["a.yaml"], "the run goes on: {both:?}");
    let besides = folder.run(["check", "--files-from", "empty", "a.yaml"]);
    assert!(besides.code == Some(1) && !besides.stderr.contains("nothing to lint"), "{besides:?}");
}

#[test]
fn what_git_lists_can_be_linted() {
    let folder = Folder::new();
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(&folder.0).args(["-c", "user.name=t", "-c", "user.email=t@example.com"]).args(args);
        command.stdin(Stdio::null()).output().unwrap()
    };
    folder.file("a.yaml", "a: b\n").file("same.yaml", BROKEN).file("README.md", "x").file("gone.yaml", "a: b\n");
    assert!(git(&["init", "-q"]).status.success());
    assert!(git(&["add", "."]).status.success());
    assert!(git(&["commit", "-qm", "first"]).status.success());
    let list = || git(&["diff", "--name-only", "--diff-filter=d", "-z"]).stdout;
    let args = ["check", "--files-from", "-", "--output-format", "concise"];
    let clean = folder.run_with(&args, &list());
    assert_eq!((clean.code, clean.stdout.as_str()), (Some(0), ""), "nothing has changed: {clean:?}");
    let since = folder.run_with(&[&args[..], &["--diff-base", "HEAD"]].concat(), &list());
    assert_eq!(since.code, Some(0), "and nothing is new: {since:?}");

    folder.file("a.yaml", BROKEN).file("README.md", "aws-auth: [");
    fs::remove_file(folder.0.join("gone.yaml")).unwrap();
    let changed = folder.run_with(&args, &list());
    assert_eq!((changed.code, found(&changed)), (Some(1), vec!["a.yaml"]), "{changed:?}");
    let since = folder.run_with(&[&args[..], &["--diff-base", "HEAD"]].concat(), &list());
    assert_eq!((since.code, found(&since)), (Some(1), vec!["a.yaml"]), "it was not there: {since:?}");
}

#[test]
fn files_are_shown_with_what_they_are() {
    let folder = Folder::new();
    folder
        .file("ekslint.toml", "exclude = [\"vendor\", \"*.gen.json\"]\n")
        .file("cluster.yaml", EKSCTL)
        .file("k8s/auth.yaml", BROKEN)
        .file("k8s/many.yml", format!("{TEMPLATE}---\n{NOTED}"))
        .file(
            "k8s/list.json",
            "[{\"apiVersion\": \"v1\", \"kind\": \"ServiceAccount\", \"metadata\": {\"name\": \"x\"}}]",
        )
        .file("policy.json", POLICY)
        .file("role.template", TEMPLATE)
        .file("plain.yaml", "a: b\n")
        .file("values.yaml", "annotations:\n  eks.amazonaws.com/role-arn: x\n")
        .file("chart.yaml", "{{ if .Values.x }}\n{{ toYaml . }}\naws-auth: {{ x }}\n{{ end }}\n")
        .file("x.gen.json", POLICY)
        .file("vendor/y.yaml", BROKEN)
        .file("notes.txt", BROKEN)
        .file(".gitignore", "out\n")
        .file("out/z.yaml", BROKEN);
    let run = folder.run(["check", "--show-files"]);
    let expected = "\
chart.yaml: looks like the input of a template engine
cluster.yaml: eksctl configuration
k8s/auth.yaml: Kubernetes manifests, aws-auth ConfigMap
k8s/list.json: Kubernetes manifests
k8s/many.yml: Kubernetes manifests, CloudFormation template
out: ignored by .gitignore:1
plain.yaml: nothing in it about EKS
policy.json: IAM policy document
role.template: CloudFormation template
values.yaml: no kind of document that ekslint knows
vendor: excluded by `vendor` of ekslint.toml
x.gen.json: excluded by `*.gen.json` of ekslint.toml
";
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (Some(0), expected, ""), "nothing is linted");
    let one = folder.run(["check", "--show-files", "--threads", "1", "k8s", ".", "k8s/auth.yaml"]);
    assert_eq!(one.stdout, expected, "whatever is named in whichever order");

    let json = folder.run(["check", "--show-files", "--output-format", "json"]);
    let list: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(list.as_array().unwrap().len(), expected.lines().count());
    let kinds = ["Kubernetes manifests", "aws-auth ConfigMap"];
    assert_eq!(list[2], serde_json::json!({ "path": "k8s/auth.yaml", "kinds": kinds, "reason": null }));
    let reason = "excluded by `vendor` of ekslint.toml";
    assert_eq!(list[10], serde_json::json!({ "path": "vendor", "kinds": [], "reason": reason }));
    folder.run(["check", "--show-files", "--output-format", "json=files.txt"]);
    assert_eq!(fs::read_to_string(folder.0.join("files.txt")).unwrap(), json.stdout);
}

#[test]
fn what_is_named_is_shown_too() {
    let folder = Folder::new();
    folder
        .file("auth.txt", BROKEN)
        .file("plain.txt", "a: b\n")
        .file("gen/a.yaml", BROKEN)
        .file("README.md", "aws-auth");
    folder.file("list", "README.md\ngen/a.yaml\ngone.yaml\n");
    let args = ["check", "--show-files", "auth.txt", "plain.txt", "--files-from", "list", "--exclude", "gen"];
    let run = folder.run(args);
    let expected = "\
README.md: not named *.yaml, *.yml, *.json or *.template
auth.txt: Kubernetes manifests, aws-auth ConfigMap
gen/a.yaml: excluded by `gen` of --exclude
gone.yaml: no such file or folder
plain.txt: nothing in it about EKS
";
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), expected), "something could not be read: {run:?}");
    let both = folder.run(["check", "--show-files", ".", "a.yaml", "--exclude", "*.yaml"]);
    assert_eq!(both.stdout, "a.yaml: no such file or folder\ngen/a.yaml: excluded by `*.yaml` of --exclude\n");
    folder.file("a.yaml", BROKEN);
    let both = folder.run(["check", "--show-files", ".", "a.yaml", "--exclude", "*.yaml"]);
    assert!(
        both.stdout.starts_with("a.yaml: Kubernetes manifests, aws-auth ConfigMap\ngen/a.yaml: excluded"),
        "{both:?}"
    );
    let stdin = folder.run_with(&["check", "--show-files", "-", "--stdin-filename", "x.yaml"], TEMPLATE.as_bytes());
    assert_eq!((stdin.code, stdin.stdout.as_str()), (Some(0), "x.yaml: CloudFormation template\n"), "{stdin:?}");
}

#[test]
fn files_are_not_shown_as_findings() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN);
    let table: [(&[&str], &str); 6] = [
        (&["--output-format", "sarif"], "`sarif`: write --output-format json, or none"),
        (&["--output-format", "concise"], "`concise`: write --output-format json, or none"),
        (&["--output-format", "full", "--output-format", "json=x"], "--show-files writes one list"),
        (&["--add-ignore"], "cannot be used with"),
        (&["--update-baseline"], "cannot be used with"),
        (&["--statistics"], "cannot be used with"),
    ];
    for (args, message) in table {
        let run = folder.run([&["check", "--show-files"], args].concat());
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(run.stderr.contains(message), "{args:?}: {run:?}");
    }
    assert_eq!(fs::read_to_string(folder.0.join("a.yaml")).unwrap(), BROKEN);
}

/// What a name holds is text.
#[cfg(unix)]
#[test]
fn names_that_are_shown_give_no_orders() {
    let folder = Folder::new();
    folder.file("evil\x1B[31m\n::error::x.yaml", BROKEN);
    let run = folder.run(["check", "--show-files"]);
    assert!(run.stdout.lines().count() == 1 && !run.stdout.contains('\x1B'), "{run:?}");
}

/// Silence would look like a file without faults.
#[test]
fn kinds_that_are_not_read_are_named() {
    let folder = Folder::new();
    let plan = "{\"format_version\":\"1.2\",\"terraform_version\":\"1.9.0\",\"x\":\"eks.amazonaws.com/role-arn\"}";
    folder
        .file("main.tf", "data = { \"eks.amazonaws.com/role-arn\" = x }\n")
        .file("plan.json", plan)
        .file("lambda.zip", b"PK\x03\x04\0aws-auth\0")
        .file("README.md", format!("# aws-auth\n\n{BROKEN}"))
        .file("plain.txt", "a: b\n")
        .file("a.yaml", BROKEN);
    for name in ["main.tf", "plan.json", "lambda.zip", "README.md"] {
        let said = format!("ekslint: {name}: not a kind of file that ekslint reads\n");
        let run = folder.run(["check", name]);
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (Some(0), "", said.as_str()), "{run:?}");
        let shown = folder.run(["check", "--show-files", name]);
        assert_eq!(shown.stdout, said.trim_start_matches("ekslint: "), "{shown:?}");
        assert_eq!(shown.stderr, "");
        let stdin = folder.run_with(&["check", "-", "--stdin-filename", name], plan.as_bytes());
        assert_eq!((stdin.code, stdin.stderr), (Some(0), said), "what standard input is called counts as well");
        let baseline = folder.run(["baseline", name]);
        assert!(baseline.stderr.contains("not a kind of file that ekslint reads"), "{baseline:?}");
    }
    let both = folder.run(["check", "main.tf", "a.yaml", "--output-format", "concise"]);
    assert_eq!((both.code, found(&both).as_slice()), (Some(1), &["a.yaml"][..]), "{both:?}");
    assert!(both.stderr.starts_with("ekslint: main.tf: not a kind of file that ekslint reads\n"), "{both:?}");
    let text = folder.run(["check", "plain.txt"]);
    assert!(text.stderr.contains("1 file read, not about EKS"), "it was read: {text:?}");
    let all = folder.run(["check"]);
    assert!(!all.stderr.contains("not a kind"), "nobody named them: {all:?}");
}
