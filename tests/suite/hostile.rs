//! Files that are made to hurt, through the program: an exit code, no crash, nothing in the output that a terminal or a CI
//! service would obey, and no file changed. Sizes are bounded by count elsewhere; here they are large enough that work
//! that grows with their square would not end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cli::{Folder, Run};

/// A mapping of `aws-auth` with this name, which is found fault with: the name is quoted in the report.
fn mapping(name: &str) -> Vec<u8> {
    let arn = format!("arn:aws:iam::222233334444:role/team/{name}");
    let value = format!("- {{rolearn: {}, username: dev, groups: [dev]}}\n", serde_json::json!(arn));
    let object = serde_json::json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "aws-auth", "namespace": "kube-system"},
        "data": {"mapRoles": value},
    });
    object.to_string().into_bytes()
}

fn account(name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n  namespace: shop\n  annotations:\n    \
         eks.amazonaws.com/role-arn: arn:aws:iam::22223333444:role/app\n"
    )
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

/// Every file below a folder, with what it holds.
fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(content(&path));
        } else {
            found.insert(path.clone(), std::fs::read(path).unwrap());
        }
    }
    found
}

/// What holds for every file and every format.
fn is_harmless(run: &Run, what: &str) {
    assert!(matches!(run.code, Some(0..=2)), "{what}: {run:?}");
    assert!(
        !run.stderr.contains("internal error of ekslint") && !run.stdout.contains("[internal-error]"),
        "{what}: {}",
        run.stderr
    );
    for text in [&run.stdout, &run.stderr] {
        let obeyed = |it: char| {
            it.is_control() && it != '\n'
                || matches!(it, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}')
        };
        assert_eq!(text.chars().find(|it| obeyed(*it)), None, "{what}: {text:?}");
        let command = |line: &&str| ["::", "##vso[", "##[", "##teamcity["].iter().any(|it| line.starts_with(it));
        assert_eq!(text.lines().find(command), None, "{what}");
    }
}

/// Exit code, and what the report has to say.
fn answers(files: &[(&str, Vec<u8>)], code: i32, says: &str, why: &str) {
    let folder = Folder::new();
    for (path, bytes) in files {
        folder.file(path, bytes);
    }
    let before = content(&folder.0);
    let run = folder.run(["check", "--level", "note"]);
    is_harmless(&run, why);
    assert_eq!(run.code, Some(code), "{why}: {run:?}");
    assert!(run.stdout.contains(says) || run.stderr.contains(says), "{why}: {run:?}");
    // What is large is about reading, not about writing.
    let is_small = before.values().all(|it| it.len() < 10_000);
    for format in ["concise", "json", "sarif"].into_iter().filter(|_| is_small) {
        is_harmless(&folder.run(["check", "--level", "note", "--output-format", format]), &format!("{why}, {format}"));
    }
    assert!(content(&folder.0) == before, "{why}: a file was changed");
}

#[test]
fn what_a_file_holds_is_answered() {
    let good = || account("app").into_bytes();
    let marked = |text: &str| format!("# AWS::IAM:: aws-auth\n{text}").into_bytes();
    let cut = |text: String, end: usize| text.as_bytes()[..end].to_vec();
    let many = |count: usize, line: fn(usize) -> String| (0..count).map(line).collect::<String>();
    let table: [(Vec<u8>, i32, &str, &str); 27] = [
        (marked(&"[".repeat(100_000)), 1, "deeper than 200", "deep brackets"),
        (marked(&"{a: ".repeat(100_000)), 1, "deeper than 200", "deep braces that nothing closes"),
        (marked(&"- ".repeat(50_000)), 1, "deeper than 200", "deep items on one line"),
        (marked("a: &a [*a]\n"), 1, "inside the value that it stands for", "an alias to itself"),
        (marked("a: &a {<<: *a}\n"), 1, "inside the value that it stands for", "a mapping that merges itself"),
        (marked(&"k: v\n".repeat(50_000)), 0, "no findings", "one key fifty thousand times"),
        (marked(&many(50_000, |at| format!("kkkkkkkkkkkkkkkkkk{at}: v\n"))), 0, "no findings", "keys with one start"),
        (marked(&format!("a: {}\n", "x".repeat(1_000_000))), 0, "no findings", "a long value"),
        (marked(&format!("{}: x\n", "k".repeat(500_000))), 1, "syntax", "a key longer than YAML allows"),
        (marked(&"---\na: b # aws-auth\n".repeat(20_000)), 0, "no findings", "many documents"),
        (marked("a\0b\n"), 1, "NUL", "no text file"),
        (cut(account("app"), 150), 1, "", "a file that ends in the middle"),
        ([good(), b"# \xFF\xFE\n".to_vec()].concat(), 1, "not UTF-8", "bytes that are no text"),
        ([b"\xEF\xBB\xBF".to_vec(), good()].concat(), 1, "role-arn", "a byte order mark"),
        ([b"\xFF\xFE".to_vec(), utf16(&account("app"), u16::to_le_bytes)].concat(), 1, "role-arn", "UTF-16"),
        (utf16(&account("app"), u16::to_be_bytes), 1, "syntax", "UTF-16 that does not say so"),
        (account("app").replace('\n', "\r\n").into_bytes(), 1, "role-arn", "line breaks of Windows"),
        (account("app").trim_end().as_bytes().to_vec(), 1, "role-arn", "no line break at the end"),
        (account("\"a\u{202E}b\u{2066}c\"").into_bytes(), 1, "role-arn", "text that shows itself backwards"),
        (marked("<<<<<<< HEAD\na: b\n=======\na: c\n>>>>>>> x\n"), 1, "syntax", "a conflict of git"),
        (mapping("\u{1B}[31m\u{1B}]8;;http://x\u{7}y\u{9B}2J"), 1, "aws-auth/", "sequences of a terminal"),
        (mapping("a\n::error file=x::y\n::stop-commands::z"), 1, "aws-auth/", "commands of GitHub"),
        (mapping("a\r##vso[task.setvariable variable=PATH]x\n##[group]y"), 1, "aws-auth/", "commands of Azure"),
        (mapping("a\n##teamcity[buildStatus status='SUCCESS']"), 1, "aws-auth/", "messages of TeamCity"),
        (mapping("{}%s%n${jndi:ldap://x}]]><script>|`*`[x](javascript:y)"), 1, "aws-auth/", "markup of all kinds"),
        (
            marked(
                "Resources: []\n---\nResources: {A: 1, B: null, C: {Type: []}, D: {Type: AWS::IAM::Role, Properties: 3}}\n",
            ),
            0,
            "no findings",
            "other types than expected",
        ),
        (marked("--- !!map\n!!python/object:os.system {a: !<x> b}\n"), 0, "", "tags of others"),
    ];
    for (bytes, code, says, why) in table {
        answers(&[("a.yaml", bytes)], code, says, why);
    }
}

/// A file about nothing that ekslint knows is passed over unread, also if it is named: `pre-commit` names every file of a
/// commit. That it was is said, so that nobody takes it for a file without faults.
#[test]
fn a_file_that_cannot_matter_is_said_to_be_none_of_ours() {
    for text in ["[".repeat(100_000), "a: [}".to_owned(), "{\"a\": 1,}".to_owned(), "a\tb: :".to_owned()] {
        let folder = Folder::new();
        folder.file("a.yaml", &text);
        for args in [&["check"][..], &["check", "a.yaml"]] {
            let run = folder.run(args);
            assert_eq!(run.code, Some(0));
            assert!(run.stderr.starts_with("no findings · 1 file read, not about EKS"), "{run:?}");
        }
    }
}

#[test]
fn what_a_file_is_called_is_answered() {
    let bytes = || account("app").into_bytes();
    let mut names = vec![
        "-rf.yaml",
        "--fix.yaml",
        "@file.yaml",
        "a b#c?d%41.yaml",
        "ü\u{202E}lmay.yaml",
        "CON.yaml",
        "d.yaml/x.yaml",
    ];
    if cfg!(unix) {
        names.extend(["a\n::error::x.yaml", "\u{1B}[2Jx.yaml", "a\r##vso[x]y.yaml", "a\\b.yaml", "'\"`|<x>.yaml"]);
    }
    for name in names {
        answers(&[(name, bytes())], 1, "role-arn", &format!("{name:?}"));
    }
    let folder = Folder::new();
    folder.file("-rf.yaml", bytes());
    assert_eq!(folder.run(["check", "--", "-rf.yaml"]).code, Some(1), "`--` ends the options");
}

/// The same fault in many places: what is told of each must not grow with their number.
#[test]
fn findings_do_not_grow_faster_than_files() {
    let told = |count: usize, make: fn(usize) -> String| {
        let folder = Folder::new();
        folder.file("a.yaml", (0..count).map(make).collect::<String>());
        folder.run(["check", "--level", "note", "--output-format", "json"]).stdout.len() as f64
    };
    type Make = fn(usize) -> String;
    let table: [(Make, &str); 4] = [
        (|_| format!("---\n{}", account("app")), "equal accounts"),
        (|at| format!("---\n{}", account(&format!("app{at}"))), "different accounts"),
        (
            |at| {
                let head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: aws-auth, namespace: kube-system}\n\
                            data:\n  mapRoles: |\n";
                let entry = "    - {rolearn: 'arn:aws:iam::222233334444:role/x/dev', username: dev, groups: [dev]}\n";
                if at == 0 { format!("{head}{entry}") } else { entry.to_owned() }
            },
            "equal mappings",
        ),
        (
            |at| {
                let head = if at == 0 { "Resources:\n" } else { "" };
                format!(
                    "{head}  E{at}: {{Type: AWS::EKS::AccessEntry, Properties: {{ClusterName: c, PrincipalArn: \
                     'arn:aws:iam::222233334444:role/x'}}}}\n"
                )
            },
            "equal access entries",
        ),
    ];
    for (make, why) in table {
        let (few, many) = (told(200, make), told(800, make));
        assert!(many < few * 5.0, "{why}: {few} bytes for 200, {many} for 800");
    }
}
