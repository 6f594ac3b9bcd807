//! What is left unread, or cannot be reported on, is said: silence never looks like success.

use crate::cli::{BROKEN, Folder};

/// An override that turns everything off.
fn off(paths: &str) -> String {
    format!("level = \"note\"\n\n[[overrides]]\npaths = [{paths}]\nignore = [\"all\"]\n")
}

#[test]
fn overrides_that_turn_everything_off_are_a_failure_where_folders_are_named() {
    let table: [(&str, &[&str], i32, &str); 11] = [
        ("\"**\"", &["check"], 2, "no file that was read can be reported on"),
        ("\"**\"", &["check", "k8s"], 2, "neither in a part of it"),
        ("\"*.yaml\"", &["check", "."], 2, "however the pattern is written"),
        ("\"k8s\"", &["check", "k8s"], 2, "a folder of which all is turned off"),
        ("\"k8s\"", &["check"], 0, "other files were read, although none is about EKS"),
        ("\"**\"", &["check", "--allow-empty"], 0, "somebody knows"),
        ("\"**\"", &["check", "k8s/a.yaml"], 0, "a hook names files"),
        ("\"**\"", &["check", "k8s", "b.yaml"], 0, "files and folders"),
        ("\"**\"", &["check", "--files-from", "list.txt"], 0, "a list names files"),
        ("\"**\"", &["check", "--select", "aws-auth"], 2, "to select rules changes nothing"),
        ("\"other\"", &["check"], 1, "it is about other files"),
    ];
    let folder = Folder::new();
    folder.file("k8s/a.yaml", BROKEN).file("b.yaml", "a: b\n").file("list.txt", "k8s/a.yaml\nk8s\n");
    for (paths, args, code, why) in table {
        folder.file("ekslint.toml", off(paths));
        let run = folder.run(args);
        assert_eq!(run.code, Some(code), "{paths} {args:?}, {why}: {run:?}");
        let is_said = run.stderr.contains("no rule can report in ");
        assert_eq!(is_said, code == 2 || args.contains(&"--allow-empty"), "{paths} {args:?}, {why}: {run:?}");
    }
    folder.file("ekslint.toml", off("\"**\""));
    let said = "ekslint: no rule can report in k8s: the override at ekslint.toml:3 turns all of them off for every file that was \
                read; `exclude` is for files that are not to be linted; --allow-empty makes the exit code 0\n";
    assert!(folder.run(["check", "k8s"]).stderr.starts_with(said), "{:?}", folder.run(["check", "k8s"]));
    assert_eq!(folder.run(["baseline"]).code, Some(2), "it would hold nothing");
    // A second override may turn rules on again.
    folder.file("ekslint.toml", off("\"**\"") + "\n[[overrides]]\npaths = [\"k8s\"]\nselect = [\"aws-auth\"]\n");
    assert_eq!(folder.run(["check"]).code, Some(1));
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_of_the_folder_are_counted() {
    use std::os::unix::fs::symlink;

    let folder = Folder::new();
    folder.file("common/a.yaml", BROKEN).file("app/b.yaml", "a: b\n");
    symlink("../common/a.yaml", folder.0.join("app/link.yaml")).unwrap();
    let notice = "ekslint: 1 link leads out of the folder that was named, or nowhere, and is not read: app/link.yaml\n";
    let run = folder.run(["check", "app"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stderr.starts_with(notice), "{run:?}");
    assert!(run.stderr.contains("1 file read, not about EKS, 1 link not read"), "{run:?}");
    let run = folder.run(["check", "-q", "--output-format", "json", "app"]);
    assert_eq!(run.stderr, notice, "{run:?}");
    assert!(run.stdout.contains("\"links_out\": 1"), "{run:?}");
    // What it leads to is read for another reason.
    for args in [&["check", "."][..], &["check", "app", "common"], &["check", "app", "common/a.yaml"]] {
        let run = folder.run(args);
        assert_eq!(run.code, Some(1), "{args:?}: {run:?}");
        assert!(!run.stderr.contains("link"), "{args:?}: {run:?}");
    }
    // Whether something is there is not told, and what is no input is not counted.
    symlink("../nowhere", folder.0.join("app/nowhere.yml")).unwrap();
    symlink("/dev/zero", folder.0.join("app/zero.json")).unwrap();
    symlink("../common", folder.0.join("app/folder")).unwrap();
    let run = folder.run(["check", "app"]);
    let notice =
        "ekslint: 3 links lead out of the folder that was named, or nowhere, and are not read, such as app/link.yaml\n";
    assert!(run.stderr.starts_with(notice), "{run:?}");
}

#[test]
fn submodules_that_only_an_ignore_file_hides_are_counted() {
    let folder = Folder::repository();
    for path in ["sub", "vendor/deep", "seen", "empty"] {
        folder.file(format!("{path}/aws-auth.yaml"), BROKEN);
        let inside = Folder(folder.0.join(path));
        inside.git(&["init", "-q"]);
        inside.git(&["add", "-A"]);
        inside.git(&["commit", "-qm", "first"]);
        std::mem::forget(inside);
    }
    folder.file("b.yaml", "a: b\n");
    folder.git(&["add", "b.yaml", "sub", "vendor/deep", "seen", "empty"]);
    let hidden = |run: &crate::cli::Run, count: usize| run.stderr.contains(&format!(", {count} tracked file"));
    folder.file(".ignore", "sub/\n");
    let run = folder.run(["check"]);
    assert!(run.stderr.starts_with("ekslint: 1 submodule is hidden by .ignore: sub\n") && hidden(&run, 1), "{run:?}");
    folder.file(".ignore", "sub/\nvendor\nb.yaml\nempty\n");
    std::fs::remove_dir_all(folder.0.join("empty")).unwrap();
    std::fs::create_dir(folder.0.join("empty")).unwrap();
    let run = folder.run(["check"]);
    let notice = "ekslint: 3 tracked files and submodules are hidden by .ignore, such as b.yaml\n";
    assert!(run.stderr.starts_with(notice) && hidden(&run, 3), "an empty one hides nothing: {run:?}");
}

#[test]
fn what_is_named_and_excluded_says_so() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN).file("list.txt", "a.yaml\n");
    let said = "`a.yaml` is excluded by `*` of --exclude\n";
    for args in [&["--force-exclude", "--exclude", "*", "a.yaml"][..], &["--exclude", "*", "--files-from", "list.txt"]]
    {
        let run = folder.run([&["check"], args].concat());
        assert_eq!(run.code, Some(0), "a hook names files: {run:?}");
        assert!(run.stderr.ends_with(said), "{run:?}");
    }
    assert_eq!(folder.run(["check", "--exclude", "*", "a.yaml"]).code, Some(1), "what is named is meant");
}
