//! The configuration, through the program: which file is read, what wins, what is refused, and what it changes.

use std::fs;
use std::path::Path;

use ekslint::config::{self, Configuration, Origin, Settings, Table};
use ekslint::source::Source;

use crate::cli::{BROKEN, Folder, NOTED, Run};

/// The rules that speak, one for each finding.
fn rules(run: &Run) -> Vec<String> {
    run.stdout.lines().filter_map(|it| Some(it.split_once('[')?.1.split_once(']')?.0.to_owned())).collect()
}

fn concise(folder: &Folder, args: &[&str]) -> Run {
    folder.run([&["check", "--output-format", "concise", "-q"], args].concat())
}

/// A folder that is the root of a repository, with one file that has an error.
fn repository() -> Folder {
    let folder = Folder::new();
    fs::create_dir(folder.0.join(".git")).unwrap();
    folder.file("k8s/broken.yaml", BROKEN);
    folder
}

const OFF: &str = "ignore = [\"aws-auth\"]\n";
const NOTE: &str = "levels = { aws-auth = \"note\" }\n";

#[test]
fn the_nearest_file_counts() {
    let folder = repository();
    folder.file("ekslint.toml", OFF).file("k8s/.ekslint.toml", "fail-on = \"never\"\n");
    let table: [(&[&str], i32, &str); 5] = [
        (&["."], 0, "of all files the one at the root: the rule is off"),
        (&["k8s"], 0, "of one folder the one in it: nothing fails"),
        (&["k8s/broken.yaml"], 0, "of one file the one in its folder"),
        (&["--isolated", "k8s"], 1, "none"),
        (&["--config", "ekslint.toml", "k8s"], 0, "the one that is named"),
    ];
    for (args, code, why) in table {
        assert_eq!(concise(&folder, args).code, Some(code), "{args:?}: {why}");
    }
    assert_eq!(rules(&concise(&folder, &["."])), [""; 0]);
    assert_eq!(rules(&concise(&folder, &["k8s"])), ["aws-auth/role-path"]);
    // From elsewhere it is the file of what is linted, not the one of where one stands.
    let elsewhere = repository();
    elsewhere.file("ekslint.toml", "this is not TOML");
    let run = concise(&elsewhere, &[folder.0.to_str().unwrap()]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{run:?}");
    // Standard input stands where its name says.
    let run = folder.run_with(&["check", "-", "--stdin-filename", "k8s/x.yaml", "-q"], BROKEN.as_bytes());
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn the_search_ends_at_the_root_of_the_repository() {
    let outer = Folder::new();
    outer.file("ekslint.toml", OFF).file("inner/a/broken.yaml", BROKEN);
    assert_eq!(concise(&outer, &["inner/a"]).code, Some(0), "without a repository the search goes on");
    outer.file("inner/.git", "gitdir: elsewhere\n");
    assert_eq!(concise(&outer, &["inner/a"]).code, Some(1), "a `.git` file is a root as well");
    outer.file("inner/.config/ekslint.toml", OFF);
    assert_eq!(concise(&outer, &["inner/a"]).code, Some(0), "and what lies in the root counts");
}

#[test]
fn two_files_in_one_folder_are_refused() {
    let folder = repository();
    folder.file("ekslint.toml", "").file(".config/ekslint.toml", "");
    let run = concise(&folder, &[]);
    assert_eq!(run.code, Some(2));
    let expected =
        "ekslint: two configuration files in one folder: `ekslint.toml` and `.config/ekslint.toml`; keep one\n";
    assert_eq!(run.stderr, expected);
}

#[test]
fn the_command_line_wins() {
    let folder = repository();
    folder.file("ekslint.toml", "select = [\"irsa\"]\nfail-on = \"never\"\n").file("k8s/noted.yaml", NOTED);
    let table: [(&[&str], i32, &[&str], &str); 9] = [
        (&[], 0, &[], "the file selects another area"),
        (&["--select", "aws-auth"], 0, &["aws-auth/role-path"], "the option selects anew"),
        (&["--select", "aws-auth", "--fail-on", "error"], 1, &["aws-auth/role-path"], "and so does the other one"),
        (&["--config", "select=[\"all\"]"], 0, &["aws-auth/role-path"], "a setting wins over the file"),
        (&["--config", "select=[\"all\"]", "--ignore", "aws-auth"], 0, &[], "an option wins over a setting"),
        (&["--config", "fail-on=error", "--select", "all"], 1, &["aws-auth/role-path"], "a word needs no quotes"),
        (&["--select", "aws-auth,irsa", "--ignore", "aws-auth/role-path"], 0, &[], "the closer name wins"),
        (&["--select", "aws-auth/role-path", "--ignore", "aws-auth"], 0, &["aws-auth/role-path"], "whichever it is"),
        (&["--isolated", "--level", "error"], 1, &["aws-auth/role-path"], "no file at all"),
    ];
    for (args, code, found, why) in table {
        let run = concise(&folder, args);
        assert_eq!((run.code, rules(&run)), (Some(code), found.iter().map(|it| (*it).to_owned()).collect()), "{why}");
    }
}

#[test]
fn levels_count_before_what_is_shown_and_what_fails() {
    let folder = repository();
    folder.file("k8s/noted.yaml", NOTED);
    let table: [(&str, i32, &[&str], &str); 6] = [
        (NOTE, 0, &[], "an error made a note is held back"),
        (
            "[levels]\nall = \"note\"\n\"aws-auth/role-path\" = \"warning\"\n",
            1,
            &["aws-auth/role-path"],
            "the closer name",
        ),
        ("levels = { all = \"off\" }\nselect = [\"all\"]\n", 2, &[], "`off` is as if ignored, and no rule is left"),
        (
            "levels = { aws-auth = \"off\" }\nselect = [\"aws-auth/role-path\"]\n",
            1,
            &["aws-auth/role-path"],
            "and as close",
        ),
        (
            "[levels]\n\"aws-auth/deprecated\" = \"error\"\n\"aws-auth/role-path\" = \"off\"\n",
            1,
            &["aws-auth/deprecated"],
            "a note made an error",
        ),
        ("[levels]\ncommon = \"error\"\naws-auth = \"off\"\n", 0, &[], "what is only possible stays a note"),
    ];
    for (text, code, found, why) in table {
        folder.file("ekslint.toml", text);
        let run = concise(&folder, &[]);
        assert_eq!((run.code, rules(&run)), (Some(code), found.iter().map(|it| (*it).to_owned()).collect()), "{why}");
    }
}

#[test]
fn overrides_hold_for_their_paths() {
    let folder = repository();
    folder.file("gen/a.yaml", BROKEN).file("gen/keep/b.yaml", BROKEN);
    let table: [(&str, &[&str], &[&str], &str); 5] = [
        ("[[overrides]]\npaths = [\"gen\"]\nignore = [\"aws-auth\"]\n", &[], &["k8s/broken.yaml"], "off in a folder"),
        (
            "[[overrides]]\npaths = [\"gen\"]\nignore = [\"all\"]\n[[overrides]]\npaths = [\"gen/keep\"]\nselect = [\"all\"]\n",
            &[],
            &["gen/keep/b.yaml", "k8s/broken.yaml"],
            "the later one changes what the earlier left",
        ),
        (
            "select = [\"irsa\"]\n[[overrides]]\npaths = [\"/gen/*.yaml\"]\nselect = [\"aws-auth\"]\n",
            &[],
            &["gen/a.yaml"],
            "a rule that is off elsewhere runs for one place",
        ),
        (
            "[[overrides]]\npaths = [\"gen\"]\nlevels = { all = \"note\" }\n",
            &[],
            &["k8s/broken.yaml"],
            "a level for a folder",
        ),
        (
            "[[overrides]]\npaths = [\"gen\"]\nselect = [\"aws-auth\"]\n",
            &["--ignore", "aws-auth"],
            &[],
            "what the command line leaves out is out everywhere",
        ),
    ];
    for (text, args, files, why) in table {
        folder.file("ekslint.toml", text);
        let run = concise(&folder, args);
        let found: Vec<_> = run.stdout.lines().filter_map(|it| it.split(':').next()).collect();
        assert_eq!(found, files, "{why}: {run:?}");
    }
    // From another folder the same paths are meant.
    folder.file("ekslint.toml", "[[overrides]]\npaths = [\"gen\"]\nignore = [\"all\"]\n");
    let mut command = folder.command(["check", "-q", "--output-format", "concise", "../gen", "broken.yaml"]);
    let run = Run::from(command.current_dir(folder.0.join("k8s")).output().unwrap());
    assert_eq!(run.stdout.lines().filter_map(|it| it.split(':').next()).collect::<Vec<_>>(), ["broken.yaml"]);
}

#[test]
fn what_is_excluded_is_not_come_across() {
    let folder = repository();
    folder
        .file("vendor/a.yaml", BROKEN)
        .file("vendor/deep/b.yaml", BROKEN)
        .file("ekslint.toml", "exclude = [\"vendor\"]");
    let table: [(&[&str], u64, &str); 8] = [
        (&["."], 1, "a folder with all below it"),
        (&["--isolated", "."], 3, "nothing is excluded"),
        (&["--exclude", "k8s", "."], 0, "an option excludes besides"),
        (&["vendor/a.yaml"], 1, "what is named is read"),
        (&["vendor"], 2, "a folder too"),
        (&["--force-exclude", "vendor/a.yaml", "k8s/broken.yaml"], 1, "unless it shall not"),
        (&["--force-exclude", "vendor", "k8s"], 1, "a folder too"),
        (&["--config", "exclude=[]", "."], 3, "a setting excludes anew"),
    ];
    for (args, files, why) in table {
        assert_eq!(folder.files_read(args), files, "{args:?}: {why}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What is excluded is not even opened.
        fs::set_permissions(folder.0.join("vendor"), fs::Permissions::from_mode(0o000)).unwrap();
        let run = concise(&folder, &["."]);
        fs::set_permissions(folder.0.join("vendor"), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
    }
}

#[test]
fn mistakes_are_all_named_with_their_places() {
    let folder = repository();
    let table = [
        ("selct = []", "1:1: there is no key `selct`; did you mean `select`?", "a key, misspelt"),
        ("fail_on = \"error\"", "1:1: there is no key `fail_on`; did you mean `fail-on`?", "as others spell it"),
        ("select = \"irsa\"", "1:10: a string stands where a list is asked for: write `[\"irsa\"]`", "a list"),
        ("select = [\"irsaa\"]", "1:11: there is no rule or area `irsaa`; did you mean `irsa`?", "an area, misspelt"),
        (
            "ignore = [\"role-path\"]",
            "1:11: there is no rule or area `role-path`; did you mean `aws-auth/role-path`?",
            "an id without its area",
        ),
        (
            "[levels]\n\"aws-auth\" = \"info\"",
            "2:14: `info` is not known here; write one of `error`, `warning`, `note`, `off`",
            "a level of others",
        ),
        ("fail-on = true", "1:11: `true` or `false` stands where a string is asked for", "a type"),
        ("exclude = [\"../x\"]", "1:12: `../x` leads out of the folder that patterns are relative to", "a path"),
        ("[[overrides]]\nignore = []", "1:1: the key `paths` is missing here", "a key that has to be there"),
        ("[[overrides]]\npath = []", "2:1: there is no key `path`; did you mean `paths`?", "is one mistake, not two"),
        (
            "[[clusters]]\nname = \"a\"\naccount = 222233334444",
            "3:11: a number stands where a string is asked for: write `\"222233334444\"`",
            "a number may lose its zeros",
        ),
        (
            "[[clusters]]\nname = \"a\"\nauthentication-mode = \"api\"",
            "3:23: `api` is not known here; did you mean `API`?",
            "another case",
        ),
        (
            "[[clusters]]\nname = \"a\"\nregion = \"cn-north-1\"\npartition = \"aws\"",
            "4:13: the region `cn-north-1` is in the partition `aws-cn`",
            "two facts that cannot be",
        ),
        (
            "[[clusters]]\nname = \"a\"\n[[clusters]]\nname = \"a\"",
            "4:8: a second cluster `a`: give both `paths` to tell them apart",
            "two clusters",
        ),
        ("levels.aws-auth/role-path = \"off\"", "1:16: this is not TOML: ", "a slash without quotes"),
        ("select = [\"all\"", "this is not TOML: ", "no end"),
        ("a = 1\na = 2", "2:1: this is not TOML: ", "a key twice"),
        ("\u{FEFF}selct = []", "1:1: there is no key `selct`", "a byte order mark is no letter"),
    ];
    for (text, expected, why) in table {
        folder.file("ekslint.toml", text);
        let run = concise(&folder, &[]);
        assert_eq!(run.code, Some(2), "{why}: {run:?}");
        let lines: Vec<_> = run.stderr.lines().collect();
        assert!(lines.len() == 1 && lines[0].starts_with("ekslint: ekslint.toml:"), "{why}: {lines:?}");
        assert!(lines[0].contains(expected), "{why}: {lines:?}");
    }
    folder.file("ekslint.toml", "selct = []\nfail-on = 1\n\n[levels]\nirsaa = \"of\"\n");
    let run = concise(&folder, &[]);
    let places: Vec<_> = run.stderr.lines().filter_map(|it| it.split(": ").nth(1)).collect();
    assert_eq!(places, ["ekslint.toml:1:1", "ekslint.toml:2:11", "ekslint.toml:5:1", "ekslint.toml:5:9"]);
    // Each pattern alone is fine.
    let patterns: Vec<_> = (0..20_000).map(|it| format!("\"**/x{it}/**\"")).collect();
    folder.file("ekslint.toml", format!("exclude = [{}]", patterns.join(",")));
    assert!(concise(&folder, &[]).stderr.contains("1:11: more than 1000 patterns in the configuration"));
    // No value can write to a terminal.
    folder.file("ekslint.toml", "\"a\\u001b[31m\\n::error::x\" = 1\n");
    assert!(!concise(&folder, &[]).stderr.contains('\x1b'));
    assert_eq!(concise(&folder, &[]).stderr.lines().count(), 1);
}

#[test]
fn mistakes_of_the_command_line_are_named_by_their_option() {
    let folder = repository();
    let table: [(&[&str], &str); 6] = [
        (&["--select", "irsaa"], "ekslint: --select: there is no rule or area `irsaa`; did you mean `irsa`?\n"),
        (&["--config", "selct=[]"], "ekslint: --config: there is no key `selct`; did you mean `select`?\n"),
        (&["--config", "nowhere.toml"], "ekslint: nowhere.toml: no such file or folder\n"),
        (
            &["--config", "a.toml", "--config", "b.toml"],
            "ekslint: two configuration files: `a.toml` and `b.toml`; name one\n",
        ),
        (
            &["--isolated", "--config", "a.toml"],
            "ekslint: `--isolated` reads no configuration file, and `--config` names one\n",
        ),
        (
            &["--statistics", "--output-format", "sarif"],
            "ekslint: `sarif` has no place for --statistics: write --output-format json\n",
        ),
    ];
    for (args, expected) in table {
        let run = folder.run([&["check"], args].concat());
        assert_eq!((run.code, run.stderr.as_str()), (Some(2), expected), "{args:?}");
    }
}

#[test]
fn a_newer_version_may_be_required() {
    let folder = repository();
    folder.file("ekslint.toml", "required-version = \">=99\"\nsomething-new = 1\n");
    let run = concise(&folder, &[]);
    let own = env!("CARGO_PKG_VERSION");
    let expected = format!(
        "ekslint: ekslint.toml:1:20: this configuration is for ekslint >=99, and this is {own}: \
        install one that fits, or change the key\n"
    );
    assert_eq!((run.code, run.stderr), (Some(2), expected), "and nothing is said of keys that the newer one may know");
    folder.file("ekslint.toml", format!("required-version = \">=0.0.1, <={own}\"\n"));
    assert_eq!(concise(&folder, &[]).code, Some(1));
}

#[test]
fn each_value_shows_where_it_came_from() {
    let folder = repository();
    folder.file(
        "ekslint.toml",
        "# A comment.\nselect = [\n  \"aws-auth\", # why\n]\n\n[levels]\nirsa = \"note\"\n\n[[clusters]]\nname = \"prod\"\n",
    );
    let args = ["config", "show", "k8s", "--ignore", "rbac", "--config", "levels.rbac=error", "--level", "note"];
    let run = folder.run(args);
    let expected = "# ekslint.toml
# required-version  # not set
select = [\"aws-auth\"]  # ekslint.toml:2
ignore = []  # default
# ignore, besides: [\"rbac\"]  # command line, --ignore
level = \"note\"  # command line, --level
fail-on = \"warning\"  # default
exclude = []  # default
# baseline  # not set
# default-namespace  # not set
# docs-url  # not set
filled-placeholders = []  # default
overrides = []  # default
environments = []  # default

[levels]
irsa = \"note\"  # ekslint.toml:7
rbac = \"error\"  # command line, --config

[[clusters]]
name = \"prod\"  # ekslint.toml:10
";
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), expected), "{run:?}");
    // What is shown can be written down again.
    folder.file("ekslint.toml", run.stdout);
    assert_eq!(folder.run(["config", "show"]).code, Some(0));
}

#[test]
fn statistics_count_the_findings_of_each_rule() {
    let folder = repository();
    folder
        .file("k8s/second.yaml", BROKEN.replace("name: aws-auth", "name: aws-auth # once more"))
        .file("n.yaml", NOTED);
    let run = folder.run(["check", "--statistics", "--level", "note", "--select", "aws-auth/role-path,common"]);
    assert_eq!(run.stdout, "2  aws-auth/role-path  2 errors\n1  common/placeholder  1 note\n");
    assert_eq!(run.code, Some(1), "the exit code is that of the findings");
    assert!(run.stderr.contains("2 errors, 1 note"), "{run:?}");
    let run = folder.run(["check", "--statistics", "--output-format", "json", "--select", "aws-auth/role-path"]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        json,
        serde_json::json!([
            { "rule": "aws-auth/role-path", "count": 2, "errors": 2, "warnings": 0, "notes": 0 },
        ])
    );
}

#[test]
fn the_schema_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ekslint.schema.json");
    crate::registry::hold(&path, &format!("{:#}\n", config::schema()));
    let printed = Folder::new().run(["config", "schema"]);
    assert_eq!(printed.stdout, fs::read_to_string(path).unwrap());
}

/// The tables of keys, with the heading under which the page has them.
fn tables() -> [(&'static str, Vec<&'static config::Key>); 4] {
    [
        ("## Keys", Settings::KEYS.iter().collect()),
        ("## `[[overrides]]`", config::Override::KEYS.iter().collect()),
        ("## `[[environments]]`", config::Environment::KEYS.iter().collect()),
        ("## `[[clusters]]`", config::Cluster::KEYS.iter().collect()),
    ]
}

#[test]
fn the_page_has_every_key() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md")).unwrap();
    for (heading, keys) in tables() {
        let section = page.split(&format!("\n{heading}\n")).nth(1).unwrap_or_else(|| panic!("no section {heading}"));
        let section = section.split("\n## ").next().unwrap();
        let rows: Vec<_> = section.lines().filter_map(|it| it.strip_prefix("### `")?.split('`').next()).collect();
        let names: Vec<_> = keys.iter().map(|it| it.name).collect();
        assert_eq!(rows, names, "under {heading}: the keys, in the order of the types");
        for key in keys {
            let entry =
                section.split(&format!("\n### `{}`\n", key.name)).nth(1).unwrap().split("\n### ").next().unwrap();
            let default = format!("Default: {}", key.default.map_or("none".to_owned(), |it| format!("`{it}`")));
            assert!(entry.contains(&default), "{}: the page does not say `{default}`", key.name);
            assert!(entry.contains("```toml\n"), "{}: no example", key.name);
        }
    }
}

#[test]
fn the_examples_of_the_page_are_configurations() {
    for file in ["docs/configuration.md", "README.md"] {
        let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        let examples: Vec<_> = page.split("```toml\n").skip(1).filter_map(|it| it.split("```").next()).collect();
        assert!(!examples.is_empty(), "{file}");
        for example in examples {
            let read = Configuration::defaults().add(Origin::File, Source::new(file, example), Path::new(""));
            assert_eq!(read, Ok(()), "{example}");
        }
    }
}

#[test]
fn the_defaults_are_settings() {
    assert!(!Configuration::defaults().layers().is_empty());
}

/// Where pages are hosted is all that the list of rules takes from the configuration.
#[test]
fn rules_are_listed_whatever_the_configuration_is() {
    let folder = Folder::new();
    folder.file("ekslint.toml", "docs-url = 1\n");
    let run = folder.run(["rules", "--output-format", "json"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let rules: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(rules[0]["id"].is_string() && rules[0]["url"].is_null(), "{rules}");
    let (first, last) = run.stderr.trim_end().split_once('\n').unwrap();
    assert!(first.starts_with("ekslint: ekslint.toml:1:12: "), "{run:?}");
    assert_eq!(last, "ekslint: `url` is null, because the configuration cannot be read");
}
