//! What was there before: baselines, and `--diff-base`, through the program.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cli::{BROKEN, Folder, NOTED, Run};

const FILE: &str = "ekslint-baseline.json";

/// The same mapping with another path in its ARN: another finding.
fn other() -> String {
    BROKEN.replace("team/dev", "team/ops")
}

/// The finding of [`BROKEN`], with all lines moved, and a new one below.
fn one_more() -> String {
    format!(
        "# A comment.\n\n{BROKEN}    - rolearn: arn:aws:iam::222233334444:role/new/x\n      username: x\n      groups: [dev]\n"
    )
}

/// The findings of a run, one a line, and its exit code.
pub fn check(folder: &Folder, args: &[&str]) -> (Option<i32>, Vec<String>) {
    let run = folder.run([&["check", "--output-format", "concise"], args].concat());
    assert!(run.code != Some(2), "{args:?}: {run:?}");
    (run.code, run.stdout.lines().map(str::to_owned).collect())
}

/// The exit code and the only message of a run that could not do what it was asked.
fn refusal(folder: &Folder, args: &[&str]) -> String {
    let run = folder.run([&["check"], args].concat());
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{args:?}: {run:?}");
    assert_eq!(run.stderr.lines().count(), 1, "one message: {run:?}");
    run.stderr
}

fn written() -> Folder {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN).file("k8s/b.yaml", other()).file("k8s/noted.yaml", NOTED);
    let run = folder.run(["baseline"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{run:?}");
    folder
}

fn text(folder: &Folder) -> String {
    fs::read_to_string(folder.0.join(FILE)).unwrap()
}

fn entries(folder: &Folder) -> usize {
    text(folder).matches("\"fingerprint\"").count()
}

#[test]
fn only_what_is_new_counts() {
    let folder = written();
    assert_eq!(check(&folder, &["."]).0, Some(1), "a baseline that nobody names does nothing");
    assert_eq!(check(&folder, &["--baseline", FILE]), (Some(0), vec![]));
    assert_eq!(check(&folder, &["--baseline", FILE, "--level", "note", "--fail-on", "note"]), (Some(0), vec![]));
    folder.file("a.yaml", one_more());
    let (code, found) = check(&folder, &["--baseline", FILE]);
    assert_eq!((code, found.len()), (Some(1), 1), "{found:?}");
    assert!(found[0].starts_with("a.yaml:13:"), "the new one, though the other has moved: {found:?}");
    let run = folder.run(["check", "--baseline", FILE]);
    let summary = run.stderr.lines().find(|it| it.contains(" read, ")).unwrap();
    assert!(summary.contains("in the baseline, show with --show-suppressed") && !summary.contains("stale"), "{run:?}");
    let shown = folder.run(["check", "--baseline", FILE, "--show-suppressed", "--output-format", "concise"]).stdout;
    assert!(
        shown.contains("suppressed error[aws-auth/role-path]") && shown.contains("(it is in the baseline)"),
        "{shown}"
    );
    let statistics = folder.run(["check", "--baseline", FILE, "--statistics"]).stdout;
    assert!(statistics.starts_with("1  aws-auth/role-path"), "{statistics}");
}

#[test]
fn the_file_is_the_same_on_every_run_and_reads_well() {
    let folder = written();
    let first = text(&folder);
    assert_eq!(folder.run(["baseline", "k8s", "a.yaml"]).code, Some(0));
    assert_eq!(text(&folder), first, "the order of the paths is no matter");
    let lines: Vec<&str> = first.lines().filter(|it| it.contains("fingerprint\"")).collect();
    assert!(lines.iter().any(|it| it.contains("\"path\":\"k8s/b.yaml\"")), "{first}");
    assert!(lines.iter().all(|it| it.starts_with('{') && it.contains("\"message\":")), "a finding a line: {first}");
    // Paths are those from the folder of the baseline, wherever somebody stands.
    let inside =
        folder.command(["check", "--baseline", "../ekslint-baseline.json"]).current_dir(folder.0.join("k8s")).output();
    assert_eq!(inside.unwrap().status.code(), Some(0));
    assert_eq!(folder.run(["baseline", "--output", "k8s/own.json", "k8s"]).code, Some(0));
    assert_eq!(check(&folder, &["--baseline", "k8s/own.json", "k8s"]).0, Some(0));
}

#[test]
fn a_baseline_that_cannot_be_read_is_an_error() {
    let folder = written();
    let good = text(&folder);
    let rows: [(&str, &str); 5] = [
        ("", "an empty file"),
        (&good[..good.len() / 2], "a half"),
        (&good.replace("\"ekslint-baseline\": 1", "\"ekslint-baseline\": 2"), "another version"),
        (&good.replace("\"fingerprint\"", "\"fingerprnt\""), "edited by hand"),
        ("[]", "something else"),
    ];
    for (text, why) in rows {
        folder.file(FILE, text);
        let message = refusal(&folder, &["--baseline", FILE]);
        assert!(message.starts_with("ekslint: ekslint-baseline.json: "), "{why}: {message}");
        let run = folder.run(["baseline", "--accept-new"]);
        assert_eq!(run.code, Some(2), "{why}: nor is it overwritten: {run:?}");
    }
    for (baseline, configured, command) in [
        ("gone.json", "", "ekslint baseline --output gone.json"),
        ("./gone/../gone.json", "gone.json", "ekslint baseline"),
        ("", "gone.json", "ekslint baseline"),
        ("", "k8s/gone.json", "ekslint baseline"),
        ("other.json", "gone.json", "ekslint baseline --output other.json"),
    ] {
        folder
            .file("gone/x", "")
            .file("ekslint.toml", format!("baseline = \"{configured}\"\n").replace("baseline = \"\"", ""));
        let args = ["--baseline", baseline];
        let missing = refusal(&folder, if baseline.is_empty() { &[] } else { &args });
        assert!(
            missing.ends_with(&format!("no such baseline; `{command}` writes one\n")),
            "{baseline} {configured}: {missing}"
        );
    }
    std::fs::remove_file(folder.0.join("ekslint.toml")).unwrap();
    let missing = refusal(&folder, &["--config", "baseline=\"gone.json\""]);
    assert!(missing.contains("`ekslint baseline --output gone.json` writes one"), "{missing}");
    folder.file(FILE, [0xFF, 0xFE]);
    assert!(refusal(&folder, &["--baseline", FILE]).contains("not UTF-8"));
    assert!(refusal(&folder, &["--baseline", "k8s"]).contains("not a regular file"));
    assert!(refusal(&folder, &["--update-baseline"]).contains("which baseline?"));
}

#[test]
fn it_shrinks_on_request_and_grows_on_request() {
    let folder = written();
    let all = entries(&folder);
    folder.file("a.yaml", "a: b\n");
    let run = folder.run(["check", "--baseline", FILE]);
    assert!(run.stderr.contains("stale entr") && run.stderr.contains("remove with --update-baseline"), "{run:?}");
    assert_eq!(entries(&folder), all, "nothing is written unasked");
    let partial: [(&[&str], &str); 4] = [
        (&["k8s"], "the file is not among the paths"),
        (&["a.yaml"], "a file by itself may lack what its findings came from"),
        (&["--exclude", "a.yaml"], "it is excluded"),
        (&["--select", "irsa"], "its rule does not run"),
    ];
    for (args, why) in partial {
        let run = folder.run([&["check", "--baseline", FILE, "--update-baseline"], args].concat());
        assert_eq!(run.code, Some(0), "{run:?}");
        assert_eq!((run.stderr.contains("stale"), entries(&folder)), (false, all), "{why}: {run:?}");
    }
    let run = folder.run(["check", "--baseline", FILE, "--update-baseline", ".", "missing.yaml"]);
    assert_eq!((run.code, entries(&folder)), (Some(2), all), "not where something could not be read: {run:?}");

    folder.file("k8s/b.yaml", one_more().replace("team/dev", "team/ops"));
    let run = folder.run(["check", "--baseline", FILE, "--update-baseline"]);
    assert_eq!(run.code, Some(1), "what is new is not taken in: {run:?}");
    let left = entries(&folder);
    assert!(
        left < all && text(&folder).contains("k8s/b.yaml") && !text(&folder).contains("a.yaml"),
        "{}",
        text(&folder)
    );
    assert!(run.stderr.contains("removed") && !run.stderr.contains("remove with"), "{run:?}");

    let refused = folder.run(["baseline"]);
    assert_eq!((refused.code, entries(&folder)), (Some(2), left), "{refused:?}");
    assert!(refused.stderr.contains("--accept-new"), "{refused:?}");
    assert_eq!(folder.run(["baseline", "--accept-new"]).code, Some(0));
    assert!(entries(&folder) > left);
    assert_eq!(check(&folder, &["--baseline", FILE]).0, Some(0));
    // What lies outside the paths stays.
    let before = text(&folder);
    folder.file("c/new.yaml", BROKEN);
    assert_eq!(folder.run(["baseline", "--accept-new", "c"]).code, Some(0));
    assert!(text(&folder).contains("k8s/b.yaml") && text(&folder).len() > before.len());
}

#[test]
fn the_configuration_names_it() {
    let folder = written();
    folder.file("ekslint.toml", "baseline = \"ekslint-baseline.json\"\n");
    assert_eq!(check(&folder, &["."]).0, Some(0));
    assert_eq!(check(&folder, &[".", "--isolated"]).0, Some(1));
    let inside = folder.command(["check", "."]).current_dir(folder.0.join("k8s")).output().unwrap();
    assert_eq!(inside.status.code(), Some(0), "its path is that from the configuration: {inside:?}");
    fs::remove_file(folder.0.join(FILE)).unwrap();
    assert!(refusal(&folder, &["."]).contains("no such baseline"));
    assert_eq!(folder.run(["baseline", "k8s"]).code, Some(0), "it is written where the configuration says");
    assert_eq!(check(&folder, &["k8s"]).0, Some(0));
}

#[test]
fn what_a_directive_suppresses_is_not_in_it() {
    let folder = Folder::new();
    let silent = BROKEN.replace("role/team/dev", "role/team/dev # ekslint: ignore[aws-auth/role-path] moved");
    folder.file("a.yaml", &silent);
    assert_eq!(folder.run(["baseline"]).code, Some(0));
    assert!(!text(&folder).contains("aws-auth/role-path"), "{}", text(&folder));
    folder.file("a.yaml", BROKEN);
    assert_eq!(check(&folder, &["--baseline", FILE]).0, Some(1), "without the directive it is new");
}

#[test]
fn reports_say_who_holds_back() {
    let folder = written();
    let report = |format: &str, args: &[&str]| -> serde_json::Value {
        let run = folder.run([&["check", "--baseline", FILE, "--output-format", format], args].concat());
        serde_json::from_str(&run.stdout).unwrap()
    };
    let json = report("json", &["--show-suppressed"]);
    assert_eq!((&json["summary"]["errors"], &json["suppressed"][0]["by"]), (&0.into(), &"baseline".into()));
    assert_eq!(report("sarif", &[])["runs"][0]["results"], serde_json::json!([]));
    let wanted = serde_json::json!([{"kind": "external", "justification": "it is in the baseline"}]);
    assert_eq!(report("sarif", &["--show-suppressed"])["runs"][0]["results"][0]["suppressions"], wanted);
}

/// A repository; nothing, said aloud, where there is no `git`.
pub fn repository() -> Option<Folder> {
    let is_there = Command::new("git").arg("--version").stdout(Stdio::null()).status().is_ok_and(|it| it.success());
    if !is_there {
        // Written past the test harness, which hides what a test that passes prints.
        std::io::stderr().write_all(b"skipped: there is no `git` here\n").unwrap();
        return None;
    }
    let folder = Folder::new();
    git(&folder.0, &["init", "-q", "-b", "main"]);
    Some(folder)
}

pub fn git(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(folder);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    // Nothing of whoever runs the tests, such as signatures.
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "protocol.file.allow=always"];
    let output = command.args(identity).args(args).output().unwrap();
    assert!(output.status.success(), "git {args:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

pub fn commit(folder: &Folder, message: &str) {
    git(&folder.0, &["add", "-A"]);
    git(&folder.0, &["commit", "-q", "--allow-empty", "-m", message]);
}

const SINCE: [&str; 2] = ["--diff-base", "main"];

#[test]
fn only_what_is_new_since_a_commit_is_reported() {
    let Some(folder) = repository() else { return };
    folder.file("a.yaml", BROKEN).file("k8s/b.yaml", other());
    commit(&folder, "first");
    git(&folder.0, &["switch", "-q", "-c", "topic"]);
    assert_eq!(check(&folder, &SINCE), (Some(0), vec![]), "nothing has changed");
    folder.file("a.yaml", one_more());
    let (code, found) = check(&folder, &SINCE);
    assert_eq!((code, found.len()), (Some(1), 1), "not committed: {found:?}");
    commit(&folder, "second");
    assert_eq!(check(&folder, &SINCE), (code, found.clone()), "and committed");
    let run = folder.run(["check", "--diff-base", "main"]);
    assert!(run.stderr.contains("there before, show with --show-suppressed"), "{run:?}");
    let inside = |args: &[&str]| {
        let output = folder.command(args).current_dir(folder.0.join("k8s")).output().unwrap();
        Run::from(output)
    };
    assert_eq!(inside(&["check", "--diff-base", "main"]).code, Some(0), "a subfolder");
    assert_eq!(inside(&["check", "--diff-base", "main", ".."]).code, Some(1), "all from a subfolder");
    // The other branch mends it: not the fault of this one.
    git(&folder.0, &["switch", "-q", "main"]);
    folder.file("k8s/b.yaml", "a: b\n");
    commit(&folder, "fixed");
    git(&folder.0, &["switch", "-q", "topic"]);
    assert_eq!(check(&folder, &SINCE), (code, found), "the merge base counts");
    assert_eq!(git(&folder.0, &["status", "--porcelain"]), "", "nothing is changed");
}

#[test]
fn files_that_are_renamed_keep_their_findings() {
    let Some(folder) = repository() else { return };
    folder.file("a.yaml", BROKEN).file("b.yaml", other());
    commit(&folder, "first");
    git(&folder.0, &["switch", "-q", "-c", "topic"]);
    git(&folder.0, &["mv", "a.yaml", "renamed.yaml"]);
    fs::create_dir(folder.0.join("k8s")).unwrap();
    fs::rename(folder.0.join("b.yaml"), folder.0.join("k8s/b.yaml")).unwrap();
    assert_eq!(check(&folder, &SINCE), (Some(0), vec![]), "not committed, with the same text");
    folder.file("renamed.yaml", BROKEN.replace("\ndata:", "\n# A comment.\ndata:"));
    commit(&folder, "moved");
    assert_eq!(check(&folder, &SINCE), (Some(0), vec![]), "committed, with another text");
}

#[test]
fn the_past_goes_through_the_same_filter() {
    let Some(folder) = repository() else { return };
    folder.file("out/a.yaml", BROKEN).file("notes.txt", BROKEN).file(".hidden/a.yaml", BROKEN).file("x.yaml", "a: b\n");
    commit(&folder, "first");
    git(&folder.0, &["switch", "-q", "-c", "topic"]);
    folder.file("new/a.yaml", BROKEN);
    // Their findings are other ones, being in other files; but a file that is not linted must not make one of them known.
    let rows: [(&[&str], i32, &str); 5] = [
        (&["."], 1, "what is new"),
        (&["out"], 0, "what is old"),
        (&["notes.txt"], 0, "a file that is named, whatever it is called"),
        (&[".hidden"], 0, "a hidden folder that is named"),
        (&[".", "--exclude", "new"], 0, "exclusions"),
    ];
    for (args, code, why) in rows {
        assert_eq!(check(&folder, &[&SINCE, args].concat()).0, Some(code), "{why}");
    }
    folder.file(".gitignore", "out\n");
    git(&folder.0, &["mv", "out/a.yaml", "moved.yaml"]);
    assert_eq!(
        check(&folder, &[&SINCE[..], &["moved.yaml"]].concat()).0,
        Some(0),
        "a rename out of what is ignored today"
    );
}

#[test]
fn what_git_cannot_tell_is_an_error() {
    let Some(folder) = repository() else { return };
    folder.file("a.yaml", BROKEN);
    commit(&folder, "first");
    let rows: [(&[&str], &str, &str); 5] = [
        (&["--diff-base", "nowhere"], "there is no commit `nowhere` here", "no such branch"),
        (&["--diff-base=--output=stolen"], "wants a branch, tag or commit", "an option"),
        (&["--diff-base", "main:a.yaml"], "there is no commit", "a file"),
        (&["--diff-base", "main", "-"], "standard input is in none", "standard input"),
        (&["--diff-base", ""], "wants a branch", "nothing"),
    ];
    for (args, expected, why) in rows {
        let message = refusal(&folder, args);
        assert!(message.contains(expected), "{why}: {message}");
    }
    assert!(!folder.0.join("stolen").exists());
    let outside = Folder::new();
    outside.file("a.yaml", BROKEN);
    assert!(refusal(&outside, &SINCE).contains("is in no Git repository"));
    let two = refusal(&folder, &["--diff-base", "main", ".", outside.0.to_str().unwrap()]);
    assert!(two.contains("no Git repository"), "{two}");
    git(&outside.0, &["init", "-q"]);
    let two = refusal(&folder, &["--diff-base", "main", ".", outside.0.to_str().unwrap()]);
    assert!(two.contains("are in two repositories"), "{two}");
    git(&folder.0, &["checkout", "-q", "--orphan", "other"]);
    commit(&folder, "orphan");
    assert!(refusal(&folder, &SINCE).contains("have no commit in common"));
    let run = Run::from(folder.command(["check", "--diff-base", "main"]).env("PATH", "").output().unwrap());
    assert!(run.code == Some(2) && run.stderr.contains("no program `git` in PATH"), "{run:?}");
}

#[test]
fn a_shallow_clone_says_what_to_type() {
    let Some(folder) = repository() else { return };
    folder.file("a.yaml", BROKEN);
    commit(&folder, "first");
    commit(&folder, "second");
    let clone = Folder::new();
    let url = format!("file://{}", folder.0.display());
    git(&clone.0, &["clone", "-q", "--depth=1", &url, "."]);
    let message = refusal(&clone, &["--diff-base", "HEAD~1"]);
    assert!(message.contains("this clone is shallow: `git fetch --unshallow`"), "{message}");
    assert_eq!(check(&clone, &["--diff-base", "origin/main"]).0, Some(0), "what is there can be compared");
}

/// What a repository says to run is not run.
#[cfg(unix)]
#[test]
fn no_program_of_the_repository_runs() {
    let Some(folder) = repository() else { return };
    folder.file("a.yaml", BROKEN).file(".gitattributes", "*.yaml diff=evil filter=evil\n");
    commit(&folder, "first");
    git(&folder.0, &["switch", "-q", "-c", "topic"]);
    git(&folder.0, &["mv", "a.yaml", "b.yaml"]);
    commit(&folder, "second");
    let trap = folder.0.join("trap");
    let run = format!("touch '{}'; cat", trap.display());
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
    ] {
        git(&folder.0, &["config", key, &run]);
    }
    folder.file("b.yaml", one_more());
    assert_eq!(check(&folder, &SINCE).0, Some(1));
    assert!(!trap.exists(), "a program of the repository was run");
}

#[cfg(unix)]
#[test]
fn any_bytes_may_be_in_a_name() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let Some(folder) = repository() else { return };
    for name in [&b"a\nb.yaml"[..], b"\xFF.yaml", b"\xFE.yaml", b" \"q\".yaml", b"k8s/\xC3\xA9.yaml"] {
        folder.file(Path::new(OsStr::from_bytes(name)), BROKEN);
    }
    commit(&folder, "first");
    git(&folder.0, &["switch", "-q", "-c", "topic"]);
    assert_eq!(check(&folder, &SINCE), (Some(0), vec![]));
    assert_eq!(folder.run(["baseline"]).code, Some(0));
    assert_eq!(check(&folder, &["--baseline", FILE]), (Some(0), vec![]));
}

#[test]
fn submodules_and_large_files_elsewhere_are_known() {
    let Some(folder) = repository() else { return };
    let inner = repository().unwrap();
    inner.file("inner.yaml", BROKEN);
    commit(&inner, "first");
    git(&folder.0, &["submodule", "add", "-q", inner.0.to_str().unwrap(), "sub"]);
    folder.file("lfs.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
    commit(&folder, "first");
    git(&folder.0, &["switch", "-q", "-c", "topic"]);
    assert_eq!(check(&folder, &SINCE), (Some(0), vec![]), "what is in a submodule was there");
    folder.file("lfs.yaml", BROKEN);
    let run = folder.run(["check", "--diff-base", "main"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("kept by Git LFS, so all findings in it are new"), "{run:?}");
}

/// The service account is as it was, and the branch changed the trust policy: that is where services show the finding.
#[test]
fn a_finding_stands_beside_what_the_branch_changed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/shop");
    let text = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let folder = Folder::new();
    folder.file("k8s/checkout.yaml", text("k8s/checkout.yaml"));
    let (wrong, right) = ("serviceaccount:shop:checkuot", "serviceaccount:shop:checkout");
    let role = text("infra/checkout-role.yaml");
    assert!(role.contains(wrong));
    folder.file("infra/role.yaml", role.replace(wrong, right));
    git(&folder.0, &["init", "--quiet", "--initial-branch", "main"]);
    commit(&folder, "before");
    git(&folder.0, &["switch", "--quiet", "--create", "branch"]);
    folder.file("infra/role.yaml", &role);
    commit(&folder, "after");
    let line = role.lines().position(|it| it.contains(wrong)).unwrap() + 1;
    let report = |format: &str, more: &[&str]| {
        folder.run([&["check", "--select", "irsa/trust-mismatch", "--output-format", format], more].concat()).stdout
    };
    let github = report("github", &SINCE);
    assert!(github.starts_with(&format!("::error file=infra/role.yaml,line={line},")), "{github}");
    assert!(github.contains("(k8s/checkout.yaml:7:33)"), "{github}");
    assert!(report("github", &[]).starts_with("::error file=k8s/checkout.yaml,line=7,"), "without a commit");
    assert!(report("azure", &SINCE).contains(&format!("sourcepath=infra/role.yaml;linenumber={line};")));
    let gitlab: serde_json::Value = serde_json::from_str(&report("gitlab", &SINCE)).unwrap();
    assert_eq!(gitlab[0]["location"]["path"], "infra/role.yaml");
    let rdjson: serde_json::Value = serde_json::from_str(&report("rdjson", &SINCE)).unwrap();
    assert_eq!(rdjson["diagnostics"][0]["location"]["path"], "infra/role.yaml");
    let sarif: serde_json::Value = serde_json::from_str(&report("sarif", &SINCE)).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], line);
    let related = result["relatedLocations"].as_array().unwrap();
    let uri = "k8s/checkout.yaml";
    assert!(related.iter().any(|it| it["physicalLocation"]["artifactLocation"]["uri"] == uri), "{result}");
    let other: serde_json::Value = serde_json::from_str(&report("sarif", &[])).unwrap();
    let own = "ekslint/v1";
    let print = |it: &serde_json::Value| it["partialFingerprints"].as_object().unwrap().clone();
    let (now, then) = (print(result), print(&other["runs"][0]["results"][0]));
    let key = now.keys().find(|it| *it != "primaryLocationLineHash").map_or(own, |it| it).to_owned();
    assert_eq!(now[&key], then[&key], "the finding is the same one");
}
