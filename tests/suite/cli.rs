//! The program as it is run: exit codes, what goes to which stream, and that the output depends on the input alone.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

#[cfg(unix)]
mod unix;

/// A folder that goes away at the end of a test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("ekslint-cli-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn file(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> &Self {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub fn command<I: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = I>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ekslint"));
        command.args(args).current_dir(&self.0).stdin(Stdio::null());
        for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "SOURCE_DATE_EPOCH"] {
            command.env_remove(name);
        }
        command
    }

    pub fn run<I: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = I>) -> Run {
        Run::from(self.command(args).output().unwrap())
    }

    pub fn run_with(&self, args: &[&str], stdin: &[u8]) -> Run {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(stdin).unwrap();
        Run::from(child.wait_with_output().unwrap())
    }

    /// How many files a run read, by its JSON report.
    pub fn files_read<I: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = I>) -> u64 {
        let mut command = self.command(["check", "--output-format", "json"]);
        let run = Run::from(command.args(args).output().unwrap());
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        report["summary"]["files_read"].as_u64().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

pub const PLAIN: &str = "a: b\n";

/// An error: the path.
pub const BROKEN: &str = "apiVersion: v1
kind: ConfigMap
metadata:
  name: aws-auth
  namespace: kube-system
data:
  mapRoles: |
    - rolearn: arn:aws:iam::222233334444:role/team/dev
      username: dev:{{SessionName}}
      groups: [dev]
";

/// A note: the account.
pub const NOTED: &str = "apiVersion: v1
kind: ServiceAccount
metadata:
  name: app
  namespace: shop
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/app
";

#[test]
fn exit_codes_follow_the_findings() {
    let folder = Folder::new();
    folder.file("broken.yaml", BROKEN).file("noted.yaml", NOTED);
    let table: [(&[&str], i32, &str); 8] = [
        (&["broken.yaml"], 1, "an error is above the default"),
        (&["noted.yaml"], 0, "a note is not"),
        (&["noted.yaml", "--fail-on", "note"], 1, "unless notes are asked for"),
        (&["broken.yaml", "--fail-on", "error"], 1, "an error"),
        (&["broken.yaml", "--fail-on", "never"], 0, "nothing fails"),
        (&["broken.yaml", "--output-format", "sarif"], 1, "the same for each format"),
        (&["broken.yaml", "missing.yaml"], 2, "what could not be done wins"),
        (&["broken.yaml", "-q"], 1, "quietly"),
    ];
    for (args, code, why) in table {
        let run = folder.run([&["check"], args].concat());
        assert_eq!(run.code, Some(code), "{args:?}: {why}: {run:?}");
    }
    let both = folder.run(["check", "broken.yaml", "missing.yaml"]);
    assert!(both.stdout.contains("error[aws-auth/role-path]"), "findings are printed all the same: {both:?}");
}

#[test]
fn notes_are_counted_and_held_back() {
    let folder = Folder::new();
    folder.file("noted.yaml", NOTED);
    let run = folder.run(["check"]);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("held back, show with --level note"), "{run:?}");
    let shown = folder.run(["check", "--level", "note", "--output-format", "concise"]).stdout;
    assert!(shown.starts_with("noted.yaml:7:46: note[common/placeholder] "), "{shown}");
}

#[test]
fn places_are_the_same_in_each_format() {
    let folder = Folder::new();
    folder.file("a b.yaml", BROKEN);
    let concise = folder.run(["check", "--output-format", "concise"]).stdout;
    assert!(concise.starts_with("a b.yaml:8:47: error[aws-auth/role-path] "), "{concise}");
    let json: serde_json::Value =
        serde_json::from_str(&folder.run(["check", "--output-format", "json"]).stdout).unwrap();
    assert_eq!(json["findings"][0]["rule"], "aws-auth/role-path");
    let sarif: serde_json::Value =
        serde_json::from_str(&folder.run(["check", "--output-format", "sarif"]).stdout).unwrap();
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b.yaml");
    assert_eq!((place["region"]["startLine"].as_u64(), place["region"]["startColumn"].as_u64()), (Some(8), Some(47)));
}

#[test]
fn colour_is_for_those_who_ask() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN);
    let colour = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = folder.command([&["check"], args].concat());
        command.envs(variables.iter().copied());
        Run::from(command.output().unwrap()).stdout.contains('\x1B')
    };
    assert!(!colour(&[], &[]), "not into a pipe");
    assert!(colour(&["--color", "always"], &[]));
    assert!(colour(&["--color", "always"], &[("NO_COLOR", "1")]), "what is said on the command line wins");
    assert!(!colour(&["--color", "never"], &[("FORCE_COLOR", "1")]));
    assert!(colour(&[], &[("FORCE_COLOR", "1")]));
}

#[test]
fn what_is_hidden_in_a_file_is_shown_escaped() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN.replace("role/team/dev", "role/te\u{202E}am\u{200B}/dev"));
    for format in ["full", "concise", "json", "sarif"] {
        let run = folder.run(["check", "--output-format", format]);
        assert_eq!(run.code, Some(1), "{format}");
        assert!(!run.stdout.contains(['\u{202E}', '\u{200B}']), "{format}: {}", run.stdout);
    }
}

#[test]
fn findings_across_files_do_not_depend_on_threads_or_order() {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/shop");
    let folder = Folder::new();
    let run = |args: &[&str], paths: &[&str]| {
        let mut command = folder.command([&["check", "--level", "note"], args].concat());
        command.current_dir(&testdata).args(paths);
        Run::from(command.output().unwrap()).stdout
    };
    let first = run(&["--threads", "1"], &["infra", "k8s"]);
    assert!(first.contains("irsa/trust-mismatch"), "{first}");
    for threads in ["1", "2", "8"] {
        assert_eq!(run(&["--threads", threads], &["infra", "k8s"]), first);
        assert_eq!(run(&["--threads", threads], &["k8s", "infra"]), first);
        assert_eq!(run(&["--threads", threads], &["k8s/rbac.yaml", "k8s", "infra", "infra/cluster.yaml"]), first);
    }
}

#[test]
fn rules_are_listed_and_explained() {
    let folder = Folder::new();
    let listed = folder.run(["rules"]).stdout;
    assert_eq!(listed.lines().count(), ekslint::rules::RULES.len());
    let page = folder.run(["explain", "aws-auth/role-path"]);
    assert_eq!(page.code, Some(0));
    assert!(page.stdout.starts_with("# aws-auth/role-path\n"));
    let near = folder.run(["explain", "aws-auth/role-pth"]);
    assert_eq!(near.code, Some(2));
    assert!(near.stderr.contains("did you mean `aws-auth/role-path`?"), "{near:?}");
    assert!(folder.run(["explain", "role-path"]).stderr.contains("did you mean `aws-auth/role-path`?"));
    let area = folder.run(["explain", "node-role"]).stdout;
    assert!(area.lines().count() > 5 && area.lines().all(|it| it.starts_with("node-role/")), "{area}");
    assert_eq!(folder.run(["explain", "all"]).stdout, listed);
}

/// Whoever types something wrong is told what is right.
#[test]
fn errors_say_what_to_type() {
    let folder = Folder::new();
    folder.file("infra/a.yaml", PLAIN);
    let table: [(&[&str], &str); 19] = [
        (&["chek"], "'check'"),
        (&["scan"], "ekslint check"),
        (&["version"], "ekslint --version"),
        (&["infra"], "to lint it: ekslint check infra"),
        (&["help", "chek"], "'check'"),
        (&["check", "--format", "json"], "--output-format FORMAT"),
        (&["check", "-f", "json"], "--output-format FORMAT"),
        (&["check", "--json"], "--output-format json"),
        (&["check", "-o", "x"], "--output-file FILE"),
        (&["check", "--fix"], "each finding shows what to write"),
        (&["check", "--soft-fail"], "--fail-on never"),
        (&["check", "--jobs=2"], "--threads N"),
        (&["check", "--nonsense"], "'--help'"),
        (&["check", "--levl", "note"], "'--level'"),
        (&["check", "--level", "loud"], "note, warning, error"),
        (&["check", "nothere"], "nothere: no such file or folder"),
        (&["explain"], "ekslint rules"),
        (&["explain", "Not authorized to perform"], "ekslint explain --error TEXT"),
        (&["explain", "--error", "the weather"], "ekslint rules"),
    ];
    for (args, wanted) in table {
        let run = folder.run(args);
        assert_eq!(run.code, Some(2), "{args:?}: {run:?}");
        assert!(run.stderr.contains(wanted), "{args:?}: {run:?}");
        // How to write a path that begins with a dash is no help to whoever wants an option.
        assert!(!run.stderr.contains("as a value"), "{args:?}: {run:?}");
    }
    folder.file("-rf.yaml", PLAIN);
    assert!(folder.run(["check", "-rf.yaml"]).stderr.contains("ekslint check -- -rf.yaml\n"));
    assert_eq!(folder.run(["help", "check"]).stdout, folder.run(["check", "--help"]).stdout);
    assert_eq!(folder.run(["help"]).stdout, folder.run(["--help"]).stdout);
    let more = folder.run(["explain", "--error", "ARN is not mapped"]);
    assert!(more.stderr.contains("ekslint explain aws-auth/"), "{more:?}");
}

/// The names of files can get among the options of whoever forgets the `--`.
#[test]
fn arguments_give_no_orders() {
    let folder = Folder::new();
    let odd = "--x\n::error::y\u{1B}[31m";
    let table = [vec![odd], vec!["check", odd], vec!["check", "--level", odd], vec!["check", "--output-format", odd]];
    for args in table.into_iter().chain([vec!["explain", odd], vec!["man", odd], vec!["check", "--select", odd]]) {
        let run = folder.run(&args);
        assert_eq!(run.code, Some(2), "{args:?}: {run:?}");
        let orders = run.stderr.lines().any(|it| it.trim_start().starts_with("::"));
        assert!(!orders && !run.stderr.contains('\u{1B}'), "{args:?}: {run:?}");
    }
}

#[test]
fn a_file_named_on_the_command_line_is_read_whatever_its_name() {
    let folder = Folder::new();
    folder.file("mapping.txt", BROKEN);
    assert_eq!(folder.run(["check"]).code, Some(2), "nothing was read in the folder");
    assert_eq!(folder.run(["check", "mapping.txt"]).code, Some(1));
    let stdin = folder.run_with(
        &["check", "-", "--stdin-filename", "from/pipe.yaml", "--output-format", "concise"],
        BROKEN.as_bytes(),
    );
    assert!(stdin.stdout.starts_with("from/pipe.yaml:8:47: "), "{stdin:?}");
}

#[test]
fn other_encodings_are_read_or_named() {
    let folder = Folder::new();
    let utf16: Vec<u8> = [0xFEFF].into_iter().chain(BROKEN.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    folder.file("utf16.yaml", utf16);
    folder.file("latin1.yaml", [BROKEN.as_bytes(), b"# caf\xE9\n"].concat());
    let found = folder.run(["check", "--output-format", "concise"]).stdout;
    assert!(found.contains("utf16.yaml:8:"), "{found}");
    assert!(found.contains("latin1.yaml:8:47: error[aws-auth/role-path]"), "what comes before is read: {found}");
    assert!(found.contains("latin1.yaml:11:6: error[syntax]"), "{found}");
}

#[test]
fn a_clean_folder_is_said_to_be_clean() {
    let folder = Folder::new();
    folder.file("a.yaml", PLAIN).file("sub/b.json", "{}");
    let run = folder.run(["check"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stderr.starts_with("no findings · 2 files read"), "{run:?}");
    assert_eq!(run.stdout, "", "nothing but the report is on standard output");
    assert_eq!(folder.run(["check", "-q"]).stderr, "");
}

#[test]
fn nothing_to_lint_is_said() {
    let folder = Folder::new();
    folder.file("notes.txt", "x");
    let run = folder.run(["check"]);
    assert_eq!(run.code, Some(2), "silence must not look like success");
    let said = "ekslint: nothing to lint in .: no .yaml, .yml, .json or .template files; --allow-empty makes the exit code 0\n";
    assert_eq!(run.stderr, said);
}

#[test]
fn what_cannot_be_done_is_exit_code_2() {
    let folder = Folder::new();
    folder.file("a.yaml", PLAIN);
    let table: [(&[&str], &str); 7] = [
        (&["check", "missing.yaml"], "ekslint: missing.yaml: no such file or folder\n"),
        (&["check", "a.yaml", "missing"], "ekslint: missing: no such file or folder\n"),
        (&["check", "--level", "loud"], "invalid value 'loud'"),
        (&["check", "--nonsense"], "unexpected argument"),
        (
            &["check", "--output-file", "no/such/folder"],
            "ekslint: cannot write to no/such/folder: no such file or folder",
        ),
        (&["explain", "no/such-rule"], "there is no rule or area `no/such-rule`"),
        (&["a.yaml"], "to lint it: ekslint check a.yaml"),
    ];
    for (args, message) in table {
        let run = folder.run(args);
        assert_eq!(run.code, Some(2), "{args:?} {run:?}");
        assert!(run.stderr.contains(message), "{args:?} {run:?}");
    }
    let both = folder.run(["check", "a.yaml", "missing"]);
    assert!(both.stderr.contains("1 file read"), "the run goes on: {both:?}");
}

#[test]
fn help_and_version_are_not_failures() {
    let folder = Folder::new();
    for args in [&["--help"][..], &["--version"], &["check", "--help"], &["rules"]] {
        let run = folder.run(args);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{args:?}");
        if args != ["rules"] {
            assert!(run.stdout.lines().all(|it| it.chars().count() <= 100), "{}", run.stdout);
        }
    }
}

#[test]
fn standard_input_is_read_once_and_only_if_asked() {
    let folder = Folder::new();
    let run = folder.run_with(&["check", "-", "-", "--stdin-filename", "x.yaml"], PLAIN.as_bytes());
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stderr.contains("1 file read"), "{run:?}");
}

#[test]
fn each_format_can_be_parsed() {
    let folder = Folder::new();
    folder.file("a.yaml", PLAIN);
    let json: serde_json::Value =
        serde_json::from_str(&folder.run(["check", "--output-format", "json"]).stdout).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["findings"], serde_json::json!([]));
    let sarif = folder.run(["check", "--output-format", "sarif"]).stdout;
    let log: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    assert!(!sarif.contains(&*folder.0.to_string_lossy()), "no absolute paths: {sarif}");
    assert_eq!(folder.run(["check", "--output-format", "concise"]).stdout, "");
    let rules = folder.run(["rules", "--output-format", "json"]).stdout;
    let rules: serde_json::Value = serde_json::from_str(&rules).unwrap();
    let rule = rules.as_array().unwrap().iter().find(|it| it["id"] == "irsa/sub-missing").unwrap();
    let expected = serde_json::json!({
        "id": "irsa/sub-missing",
        "former_ids": [],
        "area": "irsa",
        "summary": "A role that every service account of a cluster can assume.",
        "level": "warning",
        "certainty": "certain",
        "levels": ["warning"],
        "unsure_levels": [],
        "fixes": [],
        "security_severity": "8.1",
        "statements": [],
        "tags": ["security", "eks", "irsa", "external/cwe/cwe-863"],
        "url": null,
    });
    assert_eq!(*rule, expected);
    folder.file("ekslint.toml", "docs-url = \"https://pages.example/ekslint/\"\n");
    let rules: serde_json::Value =
        serde_json::from_str(&folder.run(["rules", "--output-format", "json"]).stdout).unwrap();
    assert_eq!(rules[0]["url"], "https://pages.example/ekslint/rules/access_entry/cluster_name.html");
}

#[test]
fn a_profile_says_what_was_done_and_changes_no_report() {
    let folder = Folder::new();
    folder.file("a.yaml", [BROKEN, "---\n", NOTED].concat()).file("b.json", "{}").file("c.yaml", NOTED);
    for format in ["full", "concise", "json", "sarif"] {
        let plain = folder.run(["check", "--output-format", format]);
        let run = folder.run(["check", "--output-format", format, "--profile"]);
        assert_eq!((run.code, &run.stdout), (plain.code, &plain.stdout), "{format}");
        assert!(!plain.stderr.contains("elapsed"), "nobody asked: {plain:?}");

        let table = &run.stderr[run.stderr.find("stage  ").unwrap()..];
        let row =
            |name: &str| table.lines().find(|it| it.starts_with(name)).unwrap_or_else(|| panic!("{name}: {table}"));
        let kept = BROKEN.len() + 4 + 2 * NOTED.len();
        let read = format!("3 files, {} bytes; kept 2 files, {kept} bytes", kept + 2);
        assert!(row("read ").ends_with(&read), "{table}");
        assert!(row("  parse ").ends_with("  3 documents"), "each document of a stream is one: {table}");
        // A file without facts has nothing to lower, but each of the others is a service account or `aws-auth`.
        let facts: usize = row("  lower ").rsplit(' ').nth(1).unwrap().parse().unwrap();
        assert!(facts >= 3, "{table}");
        assert!(row("rules ").contains(&format!("  {} rules, ", ekslint::rules::RULES.len())), "{table}");
        assert!(row("report ").ends_with(&format!("  {} bytes", run.stdout.len())), "{table}");
        let named = table
            .lines()
            .filter(|line| ekslint::rules::RULES.iter().any(|it| line.starts_with(&format!("  {} ", it.id))));
        assert_eq!(named.count(), 5, "the slowest rules: {table}");

        // What is done one after the other takes no longer than all of it.
        let elapsed = |name: &str| row(name)[34..46].trim().trim_end_matches(" ms").parse::<f64>().unwrap();
        let stages = ["read ", "link ", "rules ", "report "];
        let sum: f64 = stages.into_iter().map(elapsed).sum();
        assert!(sum > 0.0 && sum <= elapsed("whole run ") + 0.05, "{table}");
    }
    assert!(folder.run(["check", "--profile", "-q"]).stderr.starts_with("\nstage  "), "it is no summary");
}

#[test]
fn the_output_depends_on_the_input_alone() {
    let folder = Folder::new();
    for index in 0..50 {
        folder.file(format!("d{}/f{index}.yaml", index % 7), format!("a: {index}\n"));
    }
    let mut outputs = Vec::new();
    for threads in ["1", "2", "8"] {
        for paths in [["d1", "d2/f2.yaml", "."], [".", "d2/f2.yaml", "./d1"], ["d2//f2.yaml", ".", "d1/."]] {
            let run = folder.run(["check", "--output-format", "json", "--threads", threads].iter().chain(&paths));
            assert_eq!(run.code, Some(0), "{run:?}");
            outputs.push(run.stdout);
        }
    }
    assert!(outputs.windows(2).all(|it| it[0] == it[1]));
    assert!(outputs[0].contains("\"files_read\": 50"), "{}", outputs[0]);
}

#[test]
fn ignored_and_hidden_files_are_left_out_unless_they_are_named() {
    let folder = Folder::new();
    folder
        .file(".gitignore", "out/\n*.gen.yaml\n")
        .file("a.yaml", PLAIN)
        .file("b.gen.yaml", PLAIN)
        .file("out/c.yaml", PLAIN)
        .file(".hidden/d.yaml", PLAIN)
        .file("UPPER.YAML", PLAIN)
        .file("e.txt", PLAIN);
    assert_eq!(folder.files_read(["."]), 2);
    assert_eq!(folder.files_read([".", "b.gen.yaml", "e.txt", ".hidden"]), 5);
}

#[test]
fn a_file_that_is_too_large_is_named() {
    let folder = Folder::new();
    folder.file("big.yaml", vec![b'#'; (16 << 20) + 1]).file("fits.yaml", vec![b'#'; 16 << 20]);
    let run = folder.run(["check"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.starts_with("ekslint: big.yaml: larger than 16 MiB, which is all that is read of a file\n"));
    assert!(run.stderr.contains("1 file read"), "{run:?}");
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let folder = Folder::new();
    let run = folder.run(["check", "evil\x1B[31m\u{202E}.yaml", "::error::x"]);
    assert_eq!(run.code, Some(2));
    for text in [&run.stdout, &run.stderr] {
        assert!(!text.contains(['\x1B', '\u{202E}']), "{text:?}");
    }
}
