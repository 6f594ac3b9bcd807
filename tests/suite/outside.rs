//! What a repository says of paths leads to nothing outside of it: neither a path in its configuration nor a link.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;

use crate::baseline::{commit, git, repository};
use crate::cli::{BROKEN, Folder, Run};
use crate::writing::names;

/// A folder `repo` with a finding, beside a folder `elsewhere`.
fn folders(with_git: bool) -> Folder {
    let folder = Folder::new();
    folder.file("repo/a.yaml", BROKEN).file("elsewhere/secret", "token-of-somebody = 1\n");
    if with_git {
        folder.file("repo/.git/HEAD", "");
    }
    folder
}

fn run(folder: &Folder, args: &[&str]) -> Run {
    Run::from(folder.command(args).current_dir(folder.0.join("repo")).output().unwrap())
}

/// The words that a refusal has for everything outside, whatever is there.
const OUTSIDE: &str = "ekslint.toml:1:12: `baseline` leads out of the repository";

#[test]
fn a_baseline_of_the_configuration_stays_in_the_repository() {
    for with_git in [true, false] {
        let folder = folders(with_git);
        assert_eq!(run(&folder, &["baseline", "--output", "../elsewhere/old.json"]).code, Some(0), "somebody typed it");
        symlink("../elsewhere", folder.0.join("repo/sub")).unwrap();
        symlink("../elsewhere/old.json", folder.0.join("repo/link.json")).unwrap();
        symlink("../elsewhere/new.json", folder.0.join("repo/nowhere.json")).unwrap();
        symlink("loop.json", folder.0.join("repo/loop.json")).unwrap();
        let absolute = folder.0.join("elsewhere/old.json");
        let missing = folder.0.join("elsewhere/missing/x.json");
        for path in [
            "../elsewhere/old.json",
            "../elsewhere/new.json",
            "../elsewhere/secret/x.json",
            "../missing/x.json",
            "./sub/../../elsewhere/old.json",
            "sub/old.json",
            "sub/new.json",
            "sub/secret/x.json",
            "sub/missing/x.json",
            "link.json",
            "nowhere.json",
            "loop.json",
            absolute.to_str().unwrap(),
            missing.to_str().unwrap(),
            "/dev/stdin",
            "/dev/null",
            "/proc/self/environ",
            "/",
            "..",
        ] {
            folder.file("repo/ekslint.toml", format!("baseline = \"{path}\"\n"));
            for args in [&["check"][..], &["check", "--update-baseline"], &["baseline"], &["baseline", "--accept-new"]]
            {
                let run = run(&folder, args);
                assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{path} {args:?}: {run:?}");
                assert!(run.stderr.contains(OUTSIDE) && run.stderr.lines().count() == 1, "{path} {args:?}: {run:?}");
            }
            assert_eq!(names(&folder.0.join("elsewhere")), ["old.json", "secret"], "{path}");
        }
    }
}

#[test]
fn a_baseline_may_be_anywhere_in_the_repository() {
    let folder = folders(true);
    folder.file("repo/k8s/a.yaml", BROKEN).file("repo/baselines/keep", "");
    symlink("baselines", folder.0.join("repo/linked")).unwrap();
    let here = folder.0.join("repo/absolute.json");
    for path in ["../x.json", "../baselines/x.json", "../linked/y.json", here.to_str().unwrap()] {
        folder.file("repo/k8s/ekslint.toml", format!("baseline = \"{path}\"\n"));
        assert_eq!(run(&folder, &["check", "k8s"]).code, Some(2), "{path} is missing");
        let written = run(&folder, &["baseline", "k8s"]);
        assert_eq!(written.code, Some(0), "{path}: {written:?}");
        assert_eq!(run(&folder, &["check", "k8s"]).code, Some(0), "{path}");
    }
    assert_eq!(names(&folder.0.join("repo/baselines")), ["keep", "x.json", "y.json"]);
    // What somebody types may lead anywhere, and is what counts.
    folder.file("repo/k8s/ekslint.toml", "baseline = \"../../elsewhere/x.json\"\n");
    assert_eq!(run(&folder, &["baseline", "k8s", "--output", "../elsewhere/x.json"]).code, Some(0));
    for option in [["--baseline", "../elsewhere/x.json"], ["--config", "baseline=\"../elsewhere/x.json\""]] {
        let run = run(&folder, &["check", "k8s", option[0], option[1]]);
        assert_eq!(run.code, Some(0), "{option:?}: {run:?}");
    }
}

/// Git trusts what is in `.git`, and a pull request brings nothing into it.
#[test]
fn nothing_leads_into_git() {
    let folder = folders(true);
    folder.file("repo/.git/info/keep", "").file("repo/sub/.git/keep", "");
    let git = [".git", ".git/info", "sub/.git"];
    let all = || git.map(|it| names(&folder.0.join("repo").join(it)));
    let before = all();
    symlink(".git/info", folder.0.join("repo/link")).unwrap();
    for path in [".git/index.lock", ".GIT/x.json", "link/a.json", "sub/.git/a.json", "./sub/../.git/info/a.json"] {
        folder.file("repo/ekslint.toml", format!("baseline = \"{path}\"\n"));
        for args in [&["check"][..], &["baseline"]] {
            let run = run(&folder, args);
            let said = "ekslint.toml:1:12: `baseline` leads into `.git`; name a file beside it\n";
            assert!(run.code == Some(2) && run.stderr.ends_with(said), "{path} {args:?}: {run:?}");
        }
    }
    fs::remove_file(folder.0.join("repo/ekslint.toml")).unwrap();
    symlink(".git/info/keep", folder.0.join("repo/ekslint-baseline.json")).unwrap();
    let written = run(&folder, &["baseline"]);
    assert!(
        written.code == Some(2) && written.stderr.contains("a symbolic link that leads into `.git`"),
        "{written:?}"
    );
    let written = run(&folder, &["check", "--output-format", "json", "--output-file", "link/a.json"]);
    assert!(written.code == Some(2) && written.stderr.contains("leads into `.git`"), "{written:?}");
    symlink(".git/info/keep", folder.0.join("repo/ekslint.toml")).unwrap();
    let read = run(&folder, &["check"]);
    assert!(read.code == Some(2) && read.stderr.contains("a symbolic link that leads into `.git`"), "{read:?}");
    assert_eq!(all(), before);
}

#[test]
fn the_baseline_that_nobody_named_is_no_link_out_of_the_repository() {
    for target in ["../elsewhere/secret", "../elsewhere/new.json", "/dev/null"] {
        let folder = folders(true);
        symlink(target, folder.0.join("repo/ekslint-baseline.json")).unwrap();
        let run = run(&folder, &["baseline"]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.starts_with("ekslint: ekslint-baseline.json: a symbolic link that leads to no"), "{run:?}");
        assert_eq!(names(&folder.0.join("elsewhere")), ["secret"]);
    }
}

#[test]
fn a_configuration_is_no_link_out_of_the_repository() {
    for with_git in [true, false] {
        for name in ["ekslint.toml", ".ekslint.toml", ".config/ekslint.toml"] {
            for target in ["elsewhere/secret", "elsewhere/missing"] {
                let folder = folders(with_git);
                let link = folder.0.join("repo").join(name);
                fs::create_dir_all(link.parent().unwrap()).unwrap();
                symlink(folder.0.join(target), &link).unwrap();
                for args in [&["check"][..], &["baseline"], &["config", "show"]] {
                    let run = run(&folder, args);
                    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{name} {args:?}: {run:?}");
                    let said = format!("ekslint: {name}: a symbolic link that leads to no file in the repository");
                    assert!(run.stderr.starts_with(&said) && run.stderr.lines().count() == 1, "{args:?}: {run:?}");
                    assert!(!run.stderr.contains("token-of-somebody"), "{run:?}");
                }
                assert_eq!(run(&folder, &["check", "--isolated"]).code, Some(1), "without it");
            }
        }
    }
    let folder = folders(true);
    folder.file("elsewhere/ekslint.toml", "select = [\"rbac\"]\n");
    symlink("../elsewhere", folder.0.join("repo/.config")).unwrap();
    assert_eq!(run(&folder, &["check"]).code, Some(2), "a folder in its path is a link");
    assert_eq!(run(&folder, &["check", "--config", ".config/ekslint.toml"]).code, Some(0), "somebody typed it");
    for device in ["/dev/zero", "/dev/stdin", "/proc/self/environ"] {
        let folder = folders(true);
        symlink(device, folder.0.join("repo/ekslint.toml")).unwrap();
        assert_eq!(run(&folder, &["check"]).code, Some(2), "{device}");
    }
}

#[test]
fn a_configuration_may_be_a_link_in_the_repository() {
    let folder = folders(true);
    folder.file("repo/common/strict.toml", "select = [\"rbac\"]\n").file("repo/k8s/a.yaml", BROKEN);
    symlink("../common/strict.toml", folder.0.join("repo/k8s/ekslint.toml")).unwrap();
    assert_eq!(run(&folder, &["check", "k8s"]).code, Some(0));
    let shown = run(&folder, &["config", "show", "k8s"]).stdout;
    assert!(shown.starts_with("# k8s/ekslint.toml\n"), "{shown}");
}

/// Files in `.git` that say that history is another one: only what the commits themselves say counts.
#[test]
fn grafts_and_replaced_commits_do_not_make_findings_old() {
    let Some(folder) = repository() else { return };
    folder.file("a.yaml", "a: b\n");
    commit(&folder, "first");
    let first = git(&folder.0, &["rev-parse", "HEAD"]);
    git(&folder.0, &["switch", "-q", "-c", "topic"]);
    folder.file("b.yaml", BROKEN);
    commit(&folder, "second");
    let second = git(&folder.0, &["rev-parse", "HEAD"]);
    let check = |why: &str| {
        let run = folder.run(["check", "--diff-base", "main", "--output-format", "concise"]);
        assert!(run.code == Some(1) && run.stdout.starts_with("b.yaml:8:47: "), "{why}: {run:?}");
    };
    check("nothing");
    let grafts = folder.0.join(".git/info/grafts");
    fs::write(&grafts, format!("{first} {second}\n")).unwrap();
    check("a graft: the first commit comes after the second");
    fs::remove_file(grafts).unwrap();
    git(&folder.0, &["replace", &first, &second]);
    check("the first commit is another one");
}

/// Where a submodule was, a link may lead to a repository of somebody else.
#[test]
fn a_link_in_the_place_of_a_submodule_is_not_followed() {
    let Some(folder) = repository() else { return };
    let inner = Folder(folder.0.join("inner"));
    inner.file("a.yaml", BROKEN);
    git(&inner.0, &["init", "-q", "-b", "main"]);
    commit(&inner, "first");
    let outer = Folder(folder.0.join("outer"));
    outer.file("a.yaml", "a: b\n");
    git(&outer.0, &["init", "-q", "-b", "main"]);
    git(&outer.0, &["add", "a.yaml"]);
    // A commit that the other repository does not have, so that git would say so.
    git(&outer.0, &["update-index", "--add", "--cacheinfo", &format!("160000,{},sub", "1".repeat(40))]);
    git(&outer.0, &["commit", "-q", "-m", "first"]);
    symlink("../inner", outer.0.join("sub")).unwrap();
    let run = Run::from(folder.command(["check", "--diff-base", "HEAD"]).current_dir(&outer.0).output().unwrap());
    assert_eq!(run.code, Some(0), "{run:?}");
    std::mem::forget((inner, outer));
}
