//! Whether something fills a placeholder in: which files are searched for it, through the program.

use std::fs;
use std::path::Path;

use crate::baseline::{commit, git, repository};
use crate::cli::{Folder, Run};
use crate::watch::{Watcher, put};

/// A service account with a value for its role.
fn account(role: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app\n  namespace: shop\n  annotations:\n    \
         eks.amazonaws.com/role-arn: {role}\n"
    )
}

const TOKEN: &str = "arn:aws:iam::ACCOUNT_ID:role/app";
const SED: &str = "sed -i s/ACCOUNT_ID/$ACCOUNT/ k8s/sa.yaml\n";

/// The findings of a run: `path:line: level[rule]`.
fn found(run: &Run) -> Vec<String> {
    let place = |line: &str| {
        let (place, rest) = line.split_once(": ")?;
        let (path, line) = place.rsplit_once(':')?.0.rsplit_once(':')?;
        Some(format!("{path}:{line}: {}", rest.split(' ').next()?))
    };
    run.stdout.lines().filter_map(place).collect()
}

fn check(folder: &Folder, args: &[&str]) -> Vec<String> {
    let run = folder.run([&["check", "--output-format", "concise", "--level", "note"], args].concat());
    assert!(run.code == Some(0) || run.code == Some(1), "{run:?}");
    found(&run)
}

const WARNED: [&str; 1] = ["k8s/sa.yaml:7: warning[common/placeholder]"];

fn folder() -> Folder {
    let folder = Folder::new();
    folder.file("k8s/sa.yaml", account(TOKEN));
    folder
}

#[test]
fn what_fills_in_is_looked_for_in_many_files() {
    assert_eq!(check(&folder(), &[]), WARNED);
    let files = [
        ("deploy.sh", SED),
        ("bin/deploy", "#!/usr/bin/env bash\nsed s/ACCOUNT_ID/1/\n"),
        ("scripts/render.py", "text.replace('ACCOUNT_ID', account)\n"),
        ("Makefile", "deploy:\n\tsed s/ACCOUNT_ID/1/\n"),
        ("Taskfile.yml", "tasks:\n  deploy: perl -pe 's|\\bACCOUNT_ID\\b|1|'\n"),
        ("justfile", "deploy:\n  sed s/ACCOUNT_ID/1/\n"),
        ("buildspec.yml", "phases: {build: {commands: ['sed s/ACCOUNT_ID/1/']}}\n"),
        (".github/workflows/deploy.yml", "jobs: {x: {steps: [{run: 'sed s/ACCOUNT_ID/1/'}]}}\n"),
        (".gitlab-ci.yml", "x: {script: ['sed s/ACCOUNT_ID/1/']}\n"),
        (".circleci/config.yml", "run: sed s/ACCOUNT_ID/1/\n"),
        ("Jenkinsfile", "sh 'sed s/ACCOUNT_ID/1/'\n"),
        ("azure-pipelines.yml", "- bash: sed s/ACCOUNT_ID/1/\n"),
        ("cloudbuild.yaml", "substitutions: {ACCOUNT_ID: x}\n"),
        ("README.md", "Replace ACCOUNT_ID by your account.\n"),
        ("Tiltfile", "k8s_yaml(str(read_file('k8s/sa.yaml')).replace('ACCOUNT_ID', '1'))\n"),
        (".env", "ACCOUNT_ID=1\n"),
        ("main.tf", "content = replace(file(\"k8s/sa.yaml\"), \"ACCOUNT_ID\", var.account)\n"),
        ("ansible/main.yml", "- replace: {path: k8s/sa.yaml, regexp: ACCOUNT_ID, replace: '1'}\n"),
        ("package.json", "{\"scripts\": {\"deploy\": \"sed s/ACCOUNT_ID/1/\"}}\n"),
    ];
    for (path, text) in files {
        let folder = folder();
        folder.file(path, text);
        assert_eq!(check(&folder, &[]), [] as [&str; 0], "{path}");
        assert_eq!(check(&folder, &["--threads", "1"]), [] as [&str; 0], "{path}");
    }
    let others = [
        ("deploy.sh", "sed s/AWS_ACCOUNT_ID/1/ k8s/sa.yaml\n", "another word"),
        ("bin/deploy", "sed s/ACCOUNT_ID/1/\n", "no script"),
        ("logo.png", "ACCOUNT_ID", "an image"),
        (
            "k8s/kustomization.yaml",
            "resources: [sa.yaml]\nimages: [{name: app, newName: ACCOUNT_ID.dkr.ecr.eu-west-1.amazonaws.com/app}]\n",
            "a kustomization that sets something else",
        ),
        ("k8s/deployment.yaml", "image: ACCOUNT_ID.dkr.ecr.eu-west-1.amazonaws.com/x\n", "another manifest"),
        (".git/hooks/pre-commit.sh", SED, "the repository itself"),
        ("node_modules/x/README.md", SED, "other people's code"),
    ];
    for (path, text, why) in others {
        let folder = folder();
        folder.file(path, text);
        assert_eq!(check(&folder, &[]), WARNED, "{path}: {why}");
    }
    let ignored = folder();
    ignored.file(".gitignore", "build\n").file("build/deploy.sh", SED);
    assert_eq!(check(&ignored, &[]), WARNED, "an ignored file is not everywhere");
    let utf16: Vec<u8> = [0xFEFF].into_iter().chain(SED.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let windows = folder();
    windows.file("deploy.ps1", utf16);
    assert_eq!(check(&windows, &[]), [] as [&str; 0], "a script of Windows");
}

#[test]
fn the_repository_is_searched_and_nothing_above_it() {
    let outer = Folder::new();
    outer.file("repository/k8s/sa.yaml", account(TOKEN)).file("deploy.sh", SED);
    let inside = |path: &str, args: &[&str]| {
        let mut command = outer.command([&["check", "--output-format", "concise"], args].concat());
        found(&Run::from(command.current_dir(outer.0.join(path)).output().unwrap())).len()
    };
    assert_eq!(inside("repository", &["k8s"]), 1, "without Git the linted folder");
    assert_eq!(inside("repository", &[".."]), 0, "which may be any");
    outer.file("repository/scripts/deploy.sh", SED);
    assert_eq!(inside("repository", &["k8s"]), 1, "a folder beside it");
    assert_eq!(inside("repository", &["k8s", "scripts"]), 0, "several folders");
    assert_eq!(inside("repository/k8s", &["sa.yaml"]), 1, "the folder of a file");
    fs::create_dir(outer.0.join("repository/.git")).unwrap();
    for args in [&["k8s"][..], &["k8s/sa.yaml"], &["--files-from", "list"]] {
        outer.file("repository/list", "k8s/sa.yaml\n");
        assert_eq!(inside("repository", args), 0, "{args:?}: with Git the repository");
    }
    assert_eq!(inside("repository/k8s", &["."]), 0, "from a subfolder");
    fs::remove_file(outer.0.join("repository/scripts/deploy.sh")).unwrap();
    assert_eq!(inside("repository/k8s", &["."]), 1, "never above the repository");
}

/// A script fills in the files of its own repository, of those around and inside it, and of those that are in none.
#[test]
fn a_script_of_another_repository_fills_nothing_in() {
    let table = [
        (&["a", "b"][..], "b/deploy.sh", 1, "two repositories side by side"),
        (&["a", "b"], "a/deploy.sh", 0, "its own"),
        (&["a", "b"], "deploy.sh", 0, "of none"),
        (&["b"], "b/deploy.sh", 0, "the file is of none"),
        (&["a", "a/modules/b"], "a/modules/b/deploy.sh", 0, "a submodule"),
        (&["", "a"], "deploy.sh", 0, "the repository around it"),
    ];
    for (repositories, script, count, why) in table {
        let folder = Folder::new();
        folder.file("a/k8s/sa.yaml", account(TOKEN)).file(script, SED).file("b/README.md", "");
        repositories.iter().for_each(|it| fs::create_dir_all(folder.0.join(it).join(".git")).unwrap());
        assert_eq!(check(&folder, &[]).len(), count, "{why}");
    }
    let folder = Folder::new();
    for path in ["a", "b"] {
        folder.file(format!("{path}/sa.yaml"), account(TOKEN));
        fs::create_dir_all(folder.0.join(path).join(".git")).unwrap();
    }
    folder.file("b/deploy.sh", SED);
    assert_eq!(check(&folder, &[]), ["a/sa.yaml:7: warning[common/placeholder]"], "each repository by itself");
}

#[test]
fn ignore_files_above_the_repository_are_not_read() {
    for (name, has_git) in [(".gitignore", true), (".ignore", true), (".ignore", false)] {
        let outer = Folder::new();
        outer.file(name, "scripts\n").file("repository/k8s/sa.yaml", account(TOKEN));
        outer.file("repository/scripts/deploy.sh", SED);
        if has_git {
            fs::create_dir(outer.0.join("repository/.git")).unwrap();
        }
        let mut command = outer.command(["check", "--output-format", "concise", "."]);
        let run = Run::from(command.current_dir(outer.0.join("repository")).output().unwrap());
        assert_eq!(found(&run), [] as [&str; 0], "{name}, Git: {has_git}");
        outer.file("repository/.ignore", "scripts\n");
        assert_eq!(found(&Run::from(command.output().unwrap())).len(), 1, "one of the repository is");
    }
}

#[test]
fn without_a_search_it_is_a_note() {
    let folder = folder();
    folder.file("deploy.sh", SED);
    let args = ["check", "-", "--output-format", "concise", "--level", "note"];
    let run = folder.run_with(&args, account(TOKEN).as_bytes());
    assert_eq!((run.code, found(&run)), (Some(0), vec!["<stdin>:7: note[common/placeholder]".to_owned()]));
    let both = folder.run_with(&[&args[..], &["k8s"]].concat(), account(TOKEN).as_bytes());
    assert_eq!(found(&both).len(), 2, "{both:?}");
    assert_eq!(both.code, Some(1), "with a folder there is one: {both:?}");
}

#[test]
fn the_configuration_names_what_is_filled_in() {
    let folder = folder();
    folder.file("k8s/b.yaml", account("arn:aws:iam::<account>:role/app"));
    assert_eq!(check(&folder, &[]).len(), 2);
    folder.file("ekslint.toml", "filled-placeholders = [\"ACCOUNT_ID\"]\n");
    assert_eq!(check(&folder, &[]), ["k8s/b.yaml:7: warning[common/placeholder]"]);
    assert_eq!(check(&folder, &["--config", "filled-placeholders=['ACCOUNT_ID', '<account>']"]), [] as [&str; 0]);
    let wrong = folder.run(["check", "--config", "filled-placeholders=['']"]);
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
}

#[test]
fn a_token_in_many_places_is_one_note() {
    let folder = Folder::new();
    let accounts = |count: usize| vec![account(TOKEN); count].join("---\n");
    folder.file("a.yaml", accounts(10));
    assert_eq!(check(&folder, &[]).len(), 10);
    folder.file("b.yaml", account(TOKEN)).file("c.yaml", account("arn:aws:iam::<id>:role/app"));
    let notes = ["a.yaml:7: note[common/placeholder]", "c.yaml:7: warning[common/placeholder]"];
    assert_eq!(check(&folder, &[]), notes, "other tokens are counted by themselves");
}

#[test]
fn a_file_with_the_placeholder_does_not_fill_it_in() {
    let folder = Folder::new();
    // One that is linted and searched.
    folder.file("k8s/README.yaml", account(TOKEN)).file(".github/sa.yaml", account(TOKEN));
    assert_eq!(check(&folder, &["k8s", ".github/sa.yaml"]).len(), 2, "each has it as an unfilled value");
}

#[test]
fn baselines_and_commits_go_the_same_way() {
    let filled = folder();
    filled.file("deploy.sh", SED);
    assert!(filled.run(["baseline"]).stderr.contains("0 findings"));

    let Some(folder) = repository() else { return };
    folder.file("k8s/sa.yaml", account(TOKEN)).file("deploy.sh", SED);
    commit(&folder, "with a script");
    git(&folder.0, &["switch", "-q", "-c", "topic"]);
    fs::remove_file(folder.0.join("deploy.sh")).unwrap();
    commit(&folder, "without");
    assert_eq!(check(&folder, &["--diff-base", "main"]), WARNED, "it was filled in, and is not any more");
    git(&folder.0, &["switch", "-q", "main"]);
    fs::remove_file(folder.0.join("deploy.sh")).unwrap();
    commit(&folder, "without");
    git(&folder.0, &["switch", "-q", "-c", "later"]);
    folder.file("k8s/b.yaml", account("arn:aws:iam::<id>:role/app"));
    assert_eq!(check(&folder, &["--diff-base", "main"]), ["k8s/b.yaml:7: warning[common/placeholder]"]);
}

/// What is searched at a commit is chosen as it is today: else a placeholder that has been there all along would be new.
#[test]
fn a_commit_is_searched_as_the_files_of_today_are() {
    let large = vec![b'x'; (16 << 20) + 1];
    let table: [(&str, &[u8], &str); 6] = [
        ("node_modules/pkg/deploy.sh", SED.as_bytes(), "code of others"),
        ("k8s/vendor/.venv/deploy.sh", SED.as_bytes(), "code of others, further down"),
        ("private/deploy.sh", SED.as_bytes(), "`.ignore` hides it"),
        ("k8s/hidden/deploy.sh", SED.as_bytes(), "an ignore file further down hides it"),
        ("large.md", &large, "too large"),
        ("zz/.github/pic.png", SED.as_bytes(), "not a kind of file that fills in"),
    ];
    for (path, content, why) in table {
        let Some(folder) = repository() else { return };
        folder.file("k8s/sa.yaml", account(TOKEN)).file(".ignore", "/private/\n").file("k8s/.ignore", "hidden\n");
        folder.file(path, content);
        commit(&folder, "first");
        assert_ne!(check(&folder, &[]), [] as [&str; 0], "{path}: {why}");
        let args = ["check", "--output-format", "concise", "--level", "note", "--diff-base", "HEAD"];
        let run = folder.run(args);
        assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{path}: {why}: {run:?}");
    }
}

/// A folder that cannot be read is named, and counts only if it can hold something of the repository.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_named() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    let run = |folder: &Folder, path: &str| {
        let closed = folder.0.join(path);
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
        let args = ["check", "--output-format", "concise", "--level", "note", "k8s"];
        let mut command = folder.command(args);
        // Nothing is closed to root.
        if fs::metadata("/proc/self").map_or(0, |it| it.uid()) == 0 {
            command.uid(65534);
        }
        let run = Run::from(command.output().unwrap());
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
        (found(&run), run)
    };
    let Some(folder) = repository() else { return };
    folder.file("k8s/sa.yaml", account(TOKEN)).file("tools/x.sh", "exit\n").file(".gitignore", "ignored\n");
    commit(&folder, "first");
    folder.file("data/x.sh", "exit\n").file("ignored/x.sh", "exit\n").file("data/tools/x.sh", "exit\n");
    for path in ["data", "ignored", "data/tools"] {
        let (found, run) = run(&folder, path);
        assert_eq!(found, WARNED, "{path} holds nothing of the repository: {run:?}");
    }
    let (noted, told) = run(&folder, "tools");
    assert_eq!(noted, ["k8s/sa.yaml:7: note[common/placeholder]", "k8s/sa.yaml:7: note[limit]"], "{told:?}");
    let named = "a folder that cannot be searched for what fills placeholders in: tools\n";
    assert!(told.stdout.contains(named), "{told:?}");
    let (noted, told) = run(&folder, "tools/x.sh");
    assert_eq!(noted.len(), 2, "{told:?}");
    assert!(told.stdout.contains("that could fill placeholders in and cannot be read: tools/x.sh\n"), "{told:?}");
    // Nobody knows what it holds where the index cannot be read.
    folder.file(".git/index", "no index");
    assert_eq!(run(&folder, "data").0.len(), 2);
}

/// They may be those of folders that are searched and not linted, so nobody else says it.
#[test]
fn ignore_files_that_are_not_applied_are_named() {
    let folder = folder();
    folder.file(".git/HEAD", "");
    for at in 10..27 {
        folder.file(format!("tools/{at}/.gitignore"), "# x\n".repeat(1 << 18));
    }
    let run = folder.run(["check", "--output-format", "concise", "--level", "note", "k8s"]);
    assert_eq!(found(&run), ["k8s/sa.yaml:7: note[common/placeholder]", "k8s/sa.yaml:7: note[limit]"], "{run:?}");
    assert!(run.stdout.contains("an ignore file that could not be applied: tools/26/.gitignore\n"), "{run:?}");
}

#[test]
fn a_script_that_changes_is_a_change() {
    let folder = folder();
    let mut watcher = Watcher::start(&folder, &["."]);
    watcher.until("k8s/sa.yaml:7:46: warning[common/placeholder]");
    watcher.idle("1 file");
    put(&folder, "deploy.sh", SED);
    let filled = watcher.idle("1 file");
    assert!(!filled.iter().any(|it| it.contains("placeholder")), "{filled:?}");
    put(&folder, "deploy.sh", "exit\n");
    watcher.until("k8s/sa.yaml:7:46: warning[common/placeholder]");
}

/// What could not be searched may fill it in, and that is said.
#[test]
fn a_search_that_is_cut_is_said() {
    let folder = folder();
    folder.file("a.md", vec![b'x'; (16 << 20) + 1]);
    let cut = ["k8s/sa.yaml:7: note[common/placeholder]", "k8s/sa.yaml:7: note[limit]"];
    assert_eq!(check(&folder, &[]), cut);
    let run = folder.run(["check", "--level", "note"]);
    assert!(run.stdout.contains("note[limit]: a file of more than 16 MiB that could fill placeholders in"), "{run:?}");
    folder.file("b.md", "ACCOUNT_ID");
    assert_eq!(check(&folder, &[]), [] as [&str; 0], "another file does");
    fs::remove_file(folder.0.join("a.md")).unwrap();
    fs::remove_file(folder.0.join("b.md")).unwrap();
    for at in 0..10_001 {
        folder.file(format!("docs/{at}.md"), "");
    }
    assert_eq!(check(&folder, &[]), cut, "too many files");
}

/// Data that names the token again and again fills nothing in, and hides no command.
#[test]
fn a_file_with_many_mentions_is_searched_to_its_end() {
    let folder = folder();
    let data = "x: ACCOUNT_ID\n".repeat(2_500);
    folder.file("deploy/data.yaml", &data);
    assert_eq!(check(&folder, &[]), WARNED);
    folder.file("deploy/data.yaml", format!("{data}script: sed s/ACCOUNT_ID/1/\n"));
    assert_eq!(check(&folder, &[]), [] as [&str; 0]);
}

#[test]
fn only_so_many_placeholders_are_looked_up() {
    let folder = Folder::new();
    let accounts =
        |count: usize| (0..count).map(|at| account(&format!("<role-{at}>"))).collect::<Vec<_>>().join("---\n");
    folder.file("a.yaml", accounts(1000));
    let is_limit = |it: &&String| it.ends_with("note[limit]");
    assert_eq!(check(&folder, &[]).iter().filter(is_limit).count(), 0);
    folder.file("a.yaml", accounts(1001));
    let found = check(&folder, &[]);
    assert_eq!(found.iter().filter(is_limit).count(), 1);
    assert_eq!(found.iter().filter(|it| it.ends_with("note[common/placeholder]")).count(), 1, "the one too many");
    folder.file("a.yaml", account(&format!("<{}>", "x".repeat(300))));
    assert_eq!(check(&folder, &[]), ["a.yaml:7: note[common/placeholder]", "a.yaml:7: note[limit]"], "a long one");
}

#[cfg(unix)]
#[test]
fn only_regular_files_are_searched() {
    let folder = folder();
    let outside = Folder::new();
    outside.file("deploy.sh", SED);
    std::os::unix::fs::symlink(outside.0.join("deploy.sh"), folder.0.join("deploy.sh")).unwrap();
    std::os::unix::fs::symlink(&outside.0, folder.0.join("scripts")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.0.join("zero.sh")).unwrap();
    let pipe = folder.0.join("pipe.sh");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|it| it.success());
    assert!(made && Path::new(&pipe).exists());
    assert_eq!(check(&folder, &[]), WARNED, "neither links nor pipes");
}
