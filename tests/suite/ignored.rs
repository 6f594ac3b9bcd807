//! Ignore files come with a pull request: they cost little whatever they are, mean what they mean to Git, and hide nothing
//! that Git tracks. And a run that read nothing never looks like one that found nothing.

use std::process::{Command, Stdio};

use crate::cli::{BROKEN, Folder, NOTED, Run};

impl Folder {
    pub fn git(&self, args: &[&str]) {
        let mut command = Command::new("git");
        command.current_dir(&self.0).args(["-c", "user.name=t", "-c", "user.email=t@example.com"]).args(args);
        let output = command.stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {output:?}");
    }

    pub fn repository() -> Self {
        let folder = Self::new();
        folder.git(&["init", "-q"]);
        folder
    }

    /// The files that a run reads, and what it says besides.
    fn read(&self, args: &[&str]) -> (Vec<String>, Run) {
        let run = self.run([&["check", "--show-files"], args].concat());
        let is_read =
            |it: &&str| !it.contains(": ignored by ") && !it.contains(": hidden: ") && !it.contains(": left out: ");
        let files =
            run.stdout.lines().filter(is_read).filter_map(|it| it.split(':').next()).map(str::to_owned).collect();
        (files, run)
    }
}

#[cfg(unix)]
#[test]
fn only_regular_ignore_files_are_read() {
    use std::os::unix::fs::symlink;
    for name in [".gitignore", ".ignore", ".git/info/exclude"] {
        let folder = Folder::repository();
        folder.file("a.yaml", BROKEN).file("patterns", "*\n");
        let _ = std::fs::remove_file(folder.0.join(name));
        for target in ["/dev/zero", "/dev/stdin", "patterns", "nowhere"] {
            symlink(target, folder.0.join(name)).unwrap();
            let run = folder.run(["check", "--output-format", "concise"]);
            assert_eq!(run.code, Some(1), "{name} -> {target}: {run:?}");
            let said = format!("ekslint: {name}: not read as an ignore file: not a regular file\n");
            assert_eq!(run.stderr, said, "{name} -> {target}");
            std::fs::remove_file(folder.0.join(name)).unwrap();
        }
        assert!(Command::new("mkfifo").arg(folder.0.join(name)).status().unwrap().success());
        let run = folder.run(["check", "--output-format", "concise"]);
        assert_eq!(run.code, Some(1), "a pipe as {name}: {run:?}");
    }
}

#[test]
fn large_ignore_files_are_cut_and_that_is_said() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN).file("b.yaml", BROKEN);
    let line = format!("{}\n", "x".repeat(4096));
    folder.file(".gitignore", format!("a.yaml\n{}b.yaml\n", line.repeat(300)));
    let (files, run) = folder.read(&[]);
    assert_eq!(files, ["b.yaml"], "what comes before the limit holds");
    assert_eq!(run.stderr, "ekslint: .gitignore: larger than 1 MiB; the patterns after that are not applied\n");

    folder.file(".gitignore", format!("a.yaml\n{}\n{}\n", "*".repeat(4097), "?".repeat(4097)));
    let (files, run) = folder.read(&[]);
    assert_eq!(files, ["b.yaml"]);
    assert_eq!(run.stderr, "ekslint: .gitignore: 2 lines longer than 4096 bytes not applied\n");
}

/// Which of them would be read depends on the threads, so nothing in the folder is.
#[test]
fn more_ignore_files_than_are_read_are_a_failure() {
    let folder = Folder::new();
    let text = "# x\n".repeat(1 << 18);
    for at in 0..17 {
        folder.file(format!("{at}/a.yaml"), "a: b\n").file(format!("{at}/.gitignore"), &text);
    }
    folder.file("9/.gitignore", format!("{text}a.yaml\n")).file("a.yaml", BROKEN);
    for threads in ["1", "2", "8"] {
        let run = folder.run(["check", "--output-format", "concise", "--threads", threads]);
        let problem = "ekslint: 9/.gitignore: not read: there are more than 16 MiB of ignore files, so nothing in the folder \
                       that was named is read\n";
        let seen = (run.code, run.stdout.as_str(), run.stderr.as_str());
        assert_eq!(seen, (Some(2), "", problem), "{threads}");
    }
}

#[cfg(unix)]
#[test]
fn notices_are_few() {
    let folder = Folder::new();
    for at in 10..40 {
        folder.file(format!("{at}/a.yaml"), "a: b\n");
        std::os::unix::fs::symlink("nowhere", folder.0.join(format!("{at}/.gitignore"))).unwrap();
    }
    let run = folder.run(["check"]);
    assert_eq!(run.stderr.matches("not read as an ignore file").count(), 20, "{run:?}");
    assert!(run.stderr.contains("ekslint: 10 more notices about ignore files\n"), "{run:?}");
}

#[test]
fn no_pattern_takes_the_stack_or_the_day() {
    let folder = Folder::new();
    let nested = |count: usize| format!("{}a{}\n", "{".repeat(count), "}".repeat(count));
    let stars = format!("{}b\n", "*a".repeat(100));
    folder.file("a.yaml", BROKEN).file(format!("{}.yaml", "a".repeat(200)), BROKEN);
    for text in
        [nested(50_000), nested(2000), stars.repeat(2000), "[".repeat(4000), "**/".repeat(1300), "\\".repeat(4095)]
    {
        for name in [".gitignore", ".ignore"] {
            folder.file(name, &text);
            assert_eq!(folder.read(&[]).0.len(), 2, "{name}: {}", &text[..20]);
            std::fs::remove_file(folder.0.join(name)).unwrap();
        }
    }
}

/// Which files the patterns were applied to would depend on the threads, so the folder is not read at all.
#[test]
fn patterns_that_take_too_much_work_are_a_failure_that_names_them() {
    let folder = Folder::new();
    let text = format!("*[b]{}\n", "?".repeat(200));
    folder.file("other.yaml", BROKEN).file("k8s/x/.ignore", text.repeat(2000)).file(".gitignore", text.repeat(20));
    for at in 0..20 {
        folder.file(format!("k8s/{at}.yaml"), BROKEN).file(format!("k8s/x/{}{at}.yaml", "a".repeat(220)), BROKEN);
    }
    for (threads, paths) in [("1", &["."][..]), ("8", &["other.yaml", "k8s"])] {
        let args = ["check", "--output-format", "concise", "--threads", threads];
        let run = folder.run([&args, paths].concat());
        let problem = "ekslint: k8s/x/.ignore: its patterns take too much work, so nothing in the folder that was named \
                       is read\n";
        assert_eq!((run.code, run.stderr.as_str()), (Some(2), problem), "{paths:?}: {run:?}");
        let found: Vec<&str> = run.stdout.lines().filter_map(|it| it.split(':').next()).collect();
        assert!(
            found.iter().all(|it| *it == "other.yaml") && found.is_empty() == (paths == ["."]),
            "{paths:?}: {run:?}"
        );
    }
}

#[test]
fn patterns_mean_what_they_mean_to_git() {
    let table = [
        ("{a,b}.yaml", false, "braces are literal"),
        ("[[:lower:]].yaml", true, "named classes"),
        ("a.yaml  ", true, "trailing spaces"),
        ("**/a.yaml", true, "two stars"),
        ("*\n!a.yaml", false, "the last line wins"),
        ("[a.yaml", false, "an unclosed class"),
    ];
    for (text, is_hidden, why) in table {
        let folder = Folder::new();
        folder.file("a.yaml", BROKEN).file("x.yaml.json", BROKEN).file(".gitignore", format!("{text}\n"));
        let (files, _) = folder.read(&[]);
        assert_eq!(!files.contains(&"a.yaml".to_owned()), is_hidden, "{text:?}: {why}");
    }
}

#[test]
fn nothing_above_the_root_counts() {
    let folder = Folder::new();
    folder
        .file(".gitignore", "*\n")
        .file(".ignore", "*\n")
        .file("repository/a.yaml", BROKEN)
        .file("plain/b.yaml", BROKEN);
    let inside = Folder(folder.0.join("repository"));
    inside.git(&["init", "-q"]);
    assert_eq!(folder.read(&["repository"]).0, ["repository/a.yaml"], "a repository ends at its root");
    assert_eq!(folder.read(&["plain"]).0, ["plain/b.yaml"], "without one, the linted folder does");
    inside.file(".gitignore", "sub\n").file("sub/c.yaml", BROKEN).file("sub/d/e.yaml", BROKEN);
    assert_eq!(folder.read(&["repository/sub"]).0.len(), 2, "a folder that was named is meant");
    inside.file(".gitignore", "e.yaml\n");
    assert_eq!(
        folder.read(&["repository/sub"]).0,
        ["repository/sub/c.yaml"],
        "between the root and the folder, it counts"
    );
    std::mem::forget(inside);
}

#[test]
fn git_hides_nothing_that_it_tracks() {
    for version in ["2", "3", "4"] {
        let folder = Folder::repository();
        let names =
            ["a.yaml", "out/b.yaml", "out/sub/c.yaml", "out/sub/new.yaml", "d.yaml", "new.yaml", ".hidden/e.yaml"];
        for name in names {
            folder.file(name, BROKEN);
        }
        for name in names.iter().filter(|it| !it.contains("new")) {
            folder.git(&["add", name]);
        }
        folder.file("intent.yaml", BROKEN);
        if version == "3" {
            // Needs the extended flags of version 3.
            folder.git(&["add", "--intent-to-add", "intent.yaml"]);
        } else {
            folder.git(&["update-index", "--index-version", version]);
        }
        let index = std::fs::read(folder.0.join(".git/index")).unwrap();
        assert_eq!(index[7].to_string(), version, "what this test is about");
        folder.file(".gitignore", "out\n*.yaml\n").file(".git/info/exclude", "d.yaml\n");
        let (files, run) = folder.read(&[]);
        let mut wanted = vec!["a.yaml", "d.yaml", "out/b.yaml", "out/sub/c.yaml"];
        if version == "3" {
            wanted.insert(2, "intent.yaml");
        }
        assert_eq!((files, run.stderr.as_str()), (wanted.iter().map(ToString::to_string).collect(), ""), "{version}");

        folder.file(".ignore", "out\nd.yaml\nnew.yaml\n");
        let run = folder.run(["check"]);
        assert!(run.stderr.contains(", 3 tracked files hidden by .ignore"), "{version}: {run:?}");
        let notice = "ekslint: 3 tracked files are hidden by .ignore, such as d.yaml\n";
        for format in ["sarif", "github", "json"] {
            let run = folder.run(["check", "-q", "--output-format", format]);
            assert_eq!(run.stderr, notice, "{version} {format}");
            assert_eq!(run.stdout.contains("\"tracked_hidden\": 3"), format == "json", "{version}: {run:?}");
        }
        // What is hidden for another reason is not counted.
        folder.file(".ignore", "out\nd.yaml\n.hidden\n");
        let run = folder.run(["check", "-q", "--output-format", "json", "--exclude", "c.yaml", "--exclude", "d.yaml"]);
        assert_eq!(run.stderr, "ekslint: 1 tracked file is hidden by .ignore: out/b.yaml\n", "{version}");
    }
}

#[test]
fn worktrees_and_submodules_have_an_index_too() {
    let folder = Folder::new();
    folder.file("main/a.yaml", BROKEN).file("main/.gitignore", "*.yaml\n");
    let main = Folder(folder.0.join("main"));
    main.git(&["init", "-q"]);
    main.git(&["add", "-f", "."]);
    main.git(&["commit", "-qm", "first"]);
    main.git(&["worktree", "add", "-q", "../tree"]);
    folder.file("tree/new.yaml", BROKEN).file("tree/x.json", "{}").file("main/.git/info/exclude", "x.json\n");
    assert_eq!(
        folder.read(&["tree"]).0,
        ["tree/a.yaml"],
        "the index of the worktree, the exclusions of the repository"
    );
    std::mem::forget(main);
}

#[test]
fn a_split_index_is_read() {
    let folder = Folder::repository();
    folder.file("a.yaml", BROKEN).file("b.yaml", BROKEN);
    folder.git(&["add", "a.yaml"]);
    folder.git(&["update-index", "--split-index"]);
    folder.git(&["add", "b.yaml"]);
    folder.file(".gitignore", "*.yaml\n").file("new.yaml", BROKEN);
    let (files, run) = folder.read(&[]);
    assert_eq!((files, run.stderr.as_str()), (vec!["a.yaml".to_owned(), "b.yaml".to_owned()], ""));
}

#[test]
fn an_index_that_cannot_be_read_is_told_once() {
    let folder = Folder::repository();
    folder.file("a.yaml", BROKEN).file("b.yaml", BROKEN).file("c/d.yaml", BROKEN);
    folder.git(&["add", "."]);
    folder.file(".gitignore", "a.yaml\nc\n");
    let whole = std::fs::read(folder.0.join(".git/index")).unwrap();
    let mut many = whole.clone();
    many[8..12].fill(0xFF);
    let split = [&whole[..whole.len() - 20], b"link\0\0\0\x14", &[1; 20], &[0; 20]].concat();
    for (index, why) in
        [(&whole[..70], "cut"), (&b"DIRC"[..], "short"), (&b""[..], "empty"), (&many, "no end"), (&split, "split")]
    {
        folder.file(".git/index", index);
        let (files, run) = folder.read(&[]);
        assert_eq!((files, run.code), (vec![".git/index".to_owned(), "b.yaml".to_owned()], Some(2)), "{why}");
        assert_eq!(
            (run.stdout.clone() + &run.stderr).matches(".git/index: cannot be read, so tracked files").count(),
            1,
            "{why}: {run:?}"
        );
    }
    folder.file(".gitignore", "unused\n");
    assert_eq!(folder.read(&[]).1.stderr, "", "nothing is hidden, so nobody asks");
}

/// What looks back and what fills placeholders in go by the same rules.
#[test]
fn commits_are_read_by_the_same_rules() {
    let folder = Folder::repository();
    folder.file(".gitignore", "{a,b}.yaml\nforced.yaml\n").file("a.yaml", BROKEN).file("forced.yaml", BROKEN);
    folder.git(&["add", "-f", "."]);
    folder.git(&["commit", "-qm", "first"]);
    let run = folder.run(["check", "--diff-base", "HEAD"]);
    assert_eq!(run.code, Some(0), "nothing is new: {run:?}");
    assert!(run.stderr.contains("there before"), "{run:?}");
}

/// The files of today cost too little to reach the limit, and those of the commit too much.
#[test]
fn a_limit_that_only_a_commit_reaches_is_said() {
    let folder = Folder::repository();
    folder.file(".ignore", format!("*[b]{}\n", "?".repeat(200)).repeat(2000)).file("a.yaml", BROKEN);
    for at in 0..40 {
        folder.file(format!("{}{at}.yaml", "a".repeat(220)), BROKEN);
    }
    folder.git(&["add", "-f", "."]);
    folder.git(&["commit", "-qm", "first"]);
    for at in 0..40 {
        std::fs::remove_file(folder.0.join(format!("{}{at}.yaml", "a".repeat(220)))).unwrap();
    }
    let says = "ekslint: .ignore: too large, or its patterns take too much work for the files of the commit, \
                so findings that it has may be reported as new\n";
    let run = folder.run(["check", "--diff-base", "HEAD"]);
    assert!(run.stderr.contains(says), "{run:?}");
    assert!(!folder.run(["check"]).stderr.contains(".ignore"), "the files of today do not reach it");
    // Where today's files reach it too, that has been said.
    for at in 0..40 {
        folder.file(format!("{}{at}.yaml", "a".repeat(220)), BROKEN);
    }
    let run = folder.run(["check", "--diff-base", "HEAD"]);
    assert_eq!((run.code, run.stderr.matches(".ignore").count()), (Some(2), 1), "{run:?}");
}

#[test]
fn a_run_that_read_nothing_fails_and_says_why() {
    type Files<'a> = &'a [(&'a str, &'a str)];
    let table: [(Files<'_>, &[&str], &str); 7] = [
        (&[("notes.txt", "")], &[], "nothing to lint in .: no .yaml, .yml, .json or .template files"),
        (
            &[(".gitignore", "node_modules\ncdk.out\n"), ("cdk.out/a.template.json", "{}")],
            &[],
            "no file was read in .: `cdk.out/a.template.json` is ignored by `cdk.out` (.gitignore:2)",
        ),
        (
            &[("k8s/.ignore", "# all\n\n*.yaml\n"), ("k8s/x/a.yaml", "a: b\n")],
            &["k8s"],
            "no file was read in k8s: `k8s/x/a.yaml` is ignored by `*.yaml` (k8s/.ignore:3)",
        ),
        (
            &[("ekslint.toml", "exclude = [\"k8s\"]\n"), ("k8s/a.yaml", "a: b\n")],
            &[],
            "no file was read in .: `k8s/a.yaml` is excluded by `k8s` of ekslint.toml; to lint it, name it on the command \
             line; --allow-empty",
        ),
        (
            &[("k8s/a.yaml", "a: b\n")],
            &["k8s", "--exclude", "k8s", "--force-exclude"],
            // To name it would change nothing.
            "no file was read in k8s: `k8s` is excluded by `k8s` of --exclude; --allow-empty makes the exit code 0\n",
        ),
        (
            &[("k8s/a.yaml", "a: b\n")],
            &["--exclude", "a.yaml", "--force-exclude"],
            "no file was read in .: `k8s/a.yaml` is excluded by `a.yaml` of --exclude; --allow-empty makes the exit code",
        ),
        (
            &[(".github/workflows/a.yaml", "a: b\n")],
            &[],
            "no file was read in .: `.github/workflows/a.yaml` is hidden: its name, or that of a folder above it,",
        ),
    ];
    for (files, args, message) in table {
        let folder = Folder::new();
        for (path, text) in files {
            folder.file(path, text);
        }
        for command in [&["check"][..], &["check", "--show-files"], &["check", "--output-format", "json"]] {
            let run = folder.run([command, args].concat());
            assert_eq!(run.code, Some(2), "{message}: {run:?}");
            assert!(run.stderr.starts_with(&format!("ekslint: {message}")), "{message}: {run:?}");
            assert!(run.stderr.ends_with("; --allow-empty makes the exit code 0\n"), "{run:?}");
            let run = folder.run([command, args, &["--allow-empty"]].concat());
            assert_eq!(run.code, Some(0), "{message}: {run:?}");
            let said = message.split("; --allow-empty").next().unwrap_or_default();
            assert!(run.stderr.starts_with(&format!("ekslint: {said}")), "it is said all the same: {run:?}");
        }
        let baseline = folder.run([&["baseline"], args].concat());
        assert_eq!(baseline.code, Some(2), "{baseline:?}");
    }
}

/// The whole ignore file was split into lines for each of them, which took a minute.
#[test]
fn many_ignored_entries_cost_little_where_nothing_was_read() {
    let folder = Folder::new();
    (0..3000).for_each(|at| std::fs::create_dir(folder.0.join(format!("d{at}"))).unwrap());
    folder.file(".gitignore", "# x\n".repeat(260_000) + "d*\n");
    let started = std::time::Instant::now();
    assert_eq!(folder.run(["check"]).code, Some(2));
    let took = started.elapsed();
    assert!(took.as_secs() < 20, "{took:?}");
}

#[test]
fn files_that_have_nothing_to_do_with_eks_are_no_failure() {
    let folder = Folder::new();
    folder.file("a.yaml", "a: b\n").file("empty/notes.txt", "");
    assert_eq!(folder.run(["check"]).code, Some(0));
    assert_eq!(folder.run(["check", "empty", "a.yaml"]).code, Some(0), "something was read");
    assert_eq!(folder.run_with(&["check", "empty", "-"], b"a: b\n").code, Some(0), "standard input was");
}

#[test]
fn a_run_without_rules_fails() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN).file("b.yaml", NOTED);
    let message = "ekslint: no rule can report: `select`, `ignore` and `levels` turn all of them off; \
                   `ekslint config show` says where each is set\n";
    for settings in ["select = []\n", "ignore = [\"all\"]\n", "[levels]\nall = \"off\"\n"] {
        folder.file("ekslint.toml", settings);
        let run = folder.run(["check"]);
        assert_eq!(run.code, Some(2), "{settings}: {run:?}");
        assert!(run.stderr.starts_with(message), "{settings}: {run:?}");
        assert_eq!(folder.run(["check", "--allow-empty"]).code, Some(0), "{settings}");
        assert_eq!(folder.run(["baseline"]).code, Some(2), "{settings}");
        assert_eq!(folder.run(["check", "--select", "all"]).code, Some(1), "{settings}: somebody asks for them");
    }
    folder.file("ekslint.toml", "select = []\n[[overrides]]\npaths = [\"a.yaml\"]\nselect = [\"all\"]\n");
    assert_eq!(folder.run(["check"]).code, Some(1), "some rules run for some files");
}

#[test]
fn text_that_cannot_be_decoded_is_a_failure() {
    let little = |it: char| u32::from(it).to_le_bytes();
    let big = |it: char| u32::from(it).to_be_bytes();
    let folder = Folder::new();
    for mark in ["\u{FEFF}", ""] {
        let text = || mark.chars().chain(BROKEN.chars());
        for bytes in [text().flat_map(little).collect::<Vec<u8>>(), text().flat_map(big).collect()] {
            folder.file("a.yaml", &bytes);
            for (run, name) in [
                (folder.run(["check"]), "a.yaml"),
                (folder.run(["check", "a.yaml"]), "a.yaml"),
                (folder.run_with(&["check", "-"], &bytes), "<stdin>"),
            ] {
                assert_eq!(run.code, Some(2), "{run:?}");
                let said = format!("ekslint: {name}: this is UTF-32, which ekslint does not read; save it as UTF-8\n");
                assert!(run.stderr.starts_with(&said), "{run:?}");
            }
            assert_eq!(folder.run(["check", "--allow-empty"]).code, Some(2), "it is not empty");
        }
    }
}

#[test]
fn the_baseline_in_use_is_no_input() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN);
    assert_eq!(folder.run(["baseline"]).code, Some(0));
    let args = ["--baseline", "ekslint-baseline.json"];
    let read = |run: Run| run.stderr.contains("1 file read");
    assert!(read(folder.run([&["check"], &args[..]].concat())));
    let (_, shown) = folder.read(&args);
    assert!(shown.stdout.contains("ekslint-baseline.json: the baseline in use\n"), "{shown:?}");
    folder.file("ekslint.toml", "baseline = \"ekslint-baseline.json\"\n");
    assert!(read(folder.run(["check"])), "where the configuration names it, too");

    // Larger than an input may be, and yet a baseline.
    let text = std::fs::read_to_string(folder.0.join("ekslint-baseline.json")).unwrap();
    folder.file("ekslint-baseline.json", text + &" ".repeat(17 << 20));
    let run = folder.run(["check"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let run = folder.run(["baseline"]);
    assert_eq!(run.code, Some(0), "it is written anew: {run:?}");
}
