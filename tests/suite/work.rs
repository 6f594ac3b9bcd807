//! The work that the configuration, functions and directives may ask for is counted, and where it is too much that is said.

use crate::bounds::{account, each, limits, wrong_account};
use crate::cli::{BROKEN, Folder};

/// Patterns that a matcher with states, such as a regular expression, takes very long for.
fn patterns() -> String {
    each(1_000, |it| format!("\"*a{}[c]*\", ", "?".repeat(20 + it % 7)))
}

/// Files with long names, more than are compared with the patterns.
fn files() -> Folder {
    let folder = Folder::new();
    for at in 0..80 {
        folder.file(format!("{}{at}.yaml", "aab".repeat(70)), wrong_account(at));
    }
    folder
}

#[test]
fn files_times_patterns_of_the_configuration_are_bounded() {
    let folder = files();
    let table = [
        (format!("[[overrides]]\nignore = [\"rbac\"]\npaths = [{}]\n", patterns()), "the paths of overrides"),
        (
            format!("[[environments]]\nname = \"e\"\npaths = [{}]\n", patterns()),
            "the paths of clusters and environments",
        ),
        (format!("[[clusters]]\nname = \"c\"\npaths = [{}]\n", patterns()), "the paths of clusters and environments"),
    ];
    for (text, what) in table {
        folder.file("ekslint.toml", text);
        let run = folder.run(["check", "--output-format", "concise"]);
        assert_eq!(run.code, Some(1), "{run:?}");
        let said = format!("[limit] {what} take too much work to compare with all files");
        assert_eq!(run.stdout.matches(&said).count(), 1, "{}", run.stderr);
    }
    // What is excluded is not known, so nothing is read.
    folder.file("ekslint.toml", format!("exclude = [{}]\n", patterns()));
    let said = "ekslint: ekslint.toml: the patterns of `exclude` take too much work, so nothing in the folder that was named is read\n";
    for command in ["check", "baseline"] {
        let run = folder.run([command]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(said), "{run:?}");
    }
}

/// Of many lists each was asked for each folder above each file.
#[test]
fn many_lists_and_deep_folders_cost_little() {
    let folder = Folder::new();
    let deep = "d/".repeat(200);
    for at in 0..200 {
        folder.file(format!("{deep}{at}.yaml"), wrong_account(at));
    }
    let lists =
        each(250, |it| format!("[[overrides]]\npaths = [\"d/x{it}\", \"d/**/{it}.yaml\"]\nignore = [\"irsa\"]\n"));
    folder.file("ekslint.toml", lists);
    let run = folder.run(["check", "--output-format", "concise"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "all of them are turned off: {run:?}");
}

#[test]
fn texts_that_functions_make_are_bounded() {
    let role = |at: usize, name: &str| {
        format!(
            "  R{at}:\n    Type: AWS::IAM::Role\n    Properties: {{RoleName: !Sub [\"{name}\", {{A: {}}}]}}\n",
            "x".repeat(300)
        )
    };
    let template = |count: usize, name: &str| {
        let roles = each(count, |it| role(it, name));
        limits("texts", vec![("a.yaml".to_owned(), format!("Resources:\n{roles}"))])
    };
    assert_eq!(
        template(20, &"${A}".repeat(300)),
        ["functions make more than 4 bytes of text for each byte of this template"]
    );
    assert_eq!(template(20, "${A}${A}"), [""; 0], "people write it twice");
    assert_eq!(template(1, &"${A}".repeat(12)), [""; 0], "a small template may make more");
}

#[test]
fn fixes_are_for_files_of_up_to_4_mib() {
    let folder = Folder::new();
    for (bytes, fixes) in [(0, true), (4 << 20, false)] {
        folder.file("a.yaml", format!("{BROKEN}# {}\n", "x".repeat(bytes)));
        let run = folder.run(["check", "--output-format", "json"]);
        assert_eq!(run.code, Some(1), "{bytes}");
        assert_eq!(run.stdout.contains("\"fixes\": []"), !fixes, "{bytes}: {}", run.stdout);
        assert!(run.stdout.contains("remove the path"), "in words: {}", run.stdout);
    }
}

#[test]
fn directives_are_counted_before_they_are_kept() {
    let annotated = |value: &str| {
        let wrong = account("app", "x").replace("arn:aws:iam::111122223333:", "arn:aws:iam::1:");
        vec![(
            "a.yaml".to_owned(),
            wrong.replace("annotations:\n", &format!("annotations:\n    ekslint/ignore: \"{value}\"\n")),
        )]
    };
    let lines = limits("lines", annotated(&"irsa: x\\n".repeat(20_000)));
    let most = "more than 10000 directives, and names in them, in one file";
    assert!(lines.contains(&most.to_owned()), "{lines:?}");
    assert_eq!(limits("names", annotated(&"irsa,".repeat(20_000))), ["more than 1000 names in one directive"]);
    assert_eq!(limits("few", annotated("irsa: x\\nrbac, iam: y")), [""; 0]);
}
