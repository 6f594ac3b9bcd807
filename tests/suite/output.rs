//! Where reports go.

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;

use crate::cli::{BROKEN, Folder, PLAIN};

#[test]
fn a_report_can_go_into_a_file() {
    let folder = Folder::new();
    folder.file("a.yaml", PLAIN);
    let run = folder.run(["check", "--output-format", "json", "--output-file", "out.txt"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""));
    let report = fs::read_to_string(folder.0.join("out.txt")).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&report).is_ok());
}

#[test]
fn several_reports_come_from_one_run() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN);
    let formats =
        ["json", "json-lines", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "azure", "markdown"];
    let mut args = vec!["check".to_owned(), "a.yaml".to_owned(), "--output-format".to_owned(), "grouped".to_owned()];
    for format in formats {
        args.extend(["--output-format".to_owned(), format!("{format}=out.{format}")]);
    }
    let run = folder.run(&args);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert_eq!(run.stdout, "a.yaml\n  8:47  error    aws-auth/role-path  role ARN in `aws-auth` has a path\n");
    assert!(run.stderr.trim_start().starts_with("1 error"), "a report for people has a summary: {run:?}");
    for format in formats {
        let alone = folder.run(["check", "a.yaml", "--output-format", format]);
        assert_eq!(fs::read_to_string(folder.0.join(format!("out.{format}"))).unwrap(), alone.stdout, "{format}");
        assert_eq!(alone.stderr, "", "{format}: a report for programs has none");
        assert!(alone.stdout.contains("role-path"), "{format}: {alone:?}");
    }
    let hidden =
        fs::read_dir(&folder.0).unwrap().filter(|it| it.as_ref().unwrap().file_name().as_encoded_bytes()[0] == b'.');
    assert_eq!(hidden.count(), 0, "nothing temporary is left");
}

#[test]
fn what_cannot_be_written_is_said_before_anything_is_read() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN).file("sub/x", "");
    let table: [(&[&str], &str); 9] = [
        (
            &["--output-format", "json", "--output-format", "sarif"],
            "two reports for standard output, `json` and `sarif`; give one of them a file: --output-format sarif=FILE",
        ),
        (&["--output-format", "sarif=x", "--output-format", "json=x"], "two reports for x"),
        (&["--output-format", "sarif=x", "--output-format", "json=./x"], "two reports for ./x"),
        (&["--output-format", "sarif=sub/../x", "--output-format", "json=sub/.././x"], "two reports for sub/.././x"),
        (&["--output-format", "sarif=x", "--output-file", "y"], "--output-file is for one report"),
        (
            &["--output-format", "sarif", "--output-format", "json", "--output-file", "y"],
            "--output-file is for one report",
        ),
        (&["--output-format", "serif"], "there is no format `serif`; did you mean `sarif`?"),
        (&["--output-format", "pdf=x"], "there is no format `pdf`; there are full, concise, "),
        (&["--output-format", "json="], "which file? write json=FILE, or json alone for standard output"),
    ];
    for (args, message) in table {
        let run = folder.run([&["check", "a.yaml"], args].concat());
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{args:?}: {run:?}");
        assert!(run.stderr.contains(message), "{args:?}: {run:?}");
    }
}

#[test]
fn one_report_that_cannot_be_written_does_not_keep_the_others_from_it() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN);
    let run = folder.run(
        ["check", "a.yaml"]
            .into_iter()
            .chain(["json=no/such/x", "sarif=.", "concise"].into_iter().flat_map(|it| ["--output-format", it])),
    );
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("ekslint: cannot write to no/such/x: no such file or folder\n"), "{run:?}");
    assert!(run.stderr.contains("ekslint: cannot write to .: it is a folder\n"), "each of them: {run:?}");
    assert!(run.stdout.starts_with("a.yaml:8:47: "), "{run:?}");
}

/// A reader that has seen enough is no failure, and changes no exit code.
#[test]
fn a_reader_may_go_away() {
    let folder = Folder::new();
    // More than a pipe holds, so that writing goes on when the reader is gone.
    for at in 0..200 {
        folder.file(format!("{at:04}.yaml"), BROKEN);
    }
    for format in ["full", "json", "concise"] {
        let mut child = folder
            .command(["check", "--quiet", "--output-format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}: {output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
    }
}

#[test]
fn what_is_suppressed_is_in_reports_that_can_say_so() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN);
    folder.run(["check", "a.yaml", "--add-ignore=agreed in 2031"]);
    let formats = ["full", "concise", "grouped", "json", "json-lines", "sarif", "junit", "markdown"];
    for format in formats {
        let run = folder.run(["check", "a.yaml", "--quiet", "--show-suppressed", "--output-format", format]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{format}: {run:?}");
        assert!(run.stdout.contains("role-path") && run.stdout.contains("agreed in 2031"), "{format}: {run:?}");
        let plain = folder.run(["check", "a.yaml", "--quiet", "--output-format", format]);
        assert!(!plain.stdout.contains("agreed in 2031"), "{format}");
    }
    for format in ["github", "gitlab", "checkstyle", "rdjson", "azure"] {
        let run = folder.run(["check", "a.yaml", "--show-suppressed", "--output-format", format]);
        assert_eq!(run.code, Some(0), "{format}: {run:?}");
        assert!(!run.stdout.contains("role-path"), "{format}: {run:?}");
        let said = format!("ekslint: suppressed findings are left out of {format}: ");
        assert!(run.stderr.starts_with(&said) && run.stderr.lines().count() == 1, "{format}: {run:?}");
    }
    let several = ["json=a", "gitlab=b", "rdjson=c"].into_iter().flat_map(|it| ["--output-format", it]);
    let run = folder.run(["check", "a.yaml", "--show-suppressed"].into_iter().chain(several));
    assert!(run.stderr.contains("are left out of gitlab, rdjson: "), "{run:?}");
    let none = folder.run(["check", "a.yaml", "--no-ignores", "--show-suppressed", "--output-format", "gitlab"]);
    assert_eq!(none.stderr, "", "nothing is suppressed");
}

/// No report looks as if everything had been read when it was not.
#[test]
fn what_could_not_be_read_is_in_every_report_for_services() {
    let folder = Folder::new();
    folder.file("a.yaml", "a: b\n");
    let formats =
        ["json", "json-lines", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "azure", "markdown"];
    for format in formats {
        let run = folder.run(["check", "a.yaml", "gone-1", "--output-format", format]);
        assert_eq!(run.code, Some(2), "{format}: {run:?}");
        assert!(run.stdout.contains("gone-1"), "{format}: {}", run.stdout);
        assert!(run.stderr.contains("gone-1: no such file or folder"), "{format}: {}", run.stderr);
    }
}

/// The page is a promise of these names: what is written is on it.
#[test]
fn every_field_of_the_json_report_is_on_the_page() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN).file("b.yaml", BROKEN);
    folder.run(["check", "a.yaml", "--add-ignore=known"]);
    let args = ["check", ".", "gone", "--show-suppressed", "--level", "note", "--output-format"];
    let json = folder.run(args.into_iter().chain(["json"])).stdout;
    let lines = folder.run(args.into_iter().chain(["json-lines"])).stdout;
    let numbers = folder.run(["check", "--statistics", "--output-format", "json"]).stdout;
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reports.md")).unwrap();
    let mut names = BTreeSet::new();
    for text in [json.as_str(), numbers.as_str()].into_iter().chain(lines.lines()) {
        keys(&serde_json::from_str(text).unwrap(), &mut names);
    }
    assert!(["suppressed", "edits", "reason", "type", "count"].iter().all(|it| names.contains(*it)), "{names:?}");
    let missing: Vec<_> = names.iter().filter(|it| !page.contains(&format!("`{it}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn keys(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    for (key, it) in value.as_object().into_iter().flatten() {
        found.insert(key.clone());
        keys(it, found);
    }
    value.as_array().into_iter().flatten().for_each(|it| keys(it, found));
}

#[test]
fn paths_for_programs_are_relative_to_the_folder() {
    let folder = Folder::new();
    folder.file("sub/a.yaml", BROKEN);
    let here = fs::canonicalize(&folder.0).unwrap();
    let absolute = here.join("sub/a.yaml");
    for format in ["sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "azure"] {
        let report = |path: &std::ffi::OsStr| {
            let args = [std::ffi::OsStr::new("check"), path, "--output-format".as_ref(), format.as_ref()];
            folder.run(args).stdout.replace(&*absolute.to_string_lossy(), "sub/a.yaml")
        };
        assert_eq!(report(absolute.as_os_str()), report("sub/a.yaml".as_ref()), "{format}");
    }
    let sarif = folder.run(["check", &*absolute.to_string_lossy(), "--output-format", "sarif"]).stdout;
    assert!(!sarif.contains(&*here.to_string_lossy()), "a log says nothing of the machine");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_report_never_goes_through_a_link() {
        let folder = Folder::new();
        folder.file("a.yaml", BROKEN).file("precious", "precious");
        symlink("precious", folder.0.join("out.sarif")).unwrap();
        symlink("nowhere", folder.0.join("dangling")).unwrap();
        for name in ["out.sarif", "dangling"] {
            let run = folder.run(["check", "a.yaml", "--output-format", "sarif", "--output-file", name]);
            assert_eq!(run.code, Some(2), "{run:?}");
            assert!(run.stderr.contains(&format!("cannot write to {name}: it is a symbolic link")), "{run:?}");
        }
        assert_eq!(fs::read_to_string(folder.0.join("precious")).unwrap(), "precious");
        assert!(!folder.0.join("nowhere").exists());
    }

    #[test]
    fn a_file_keeps_its_permissions_and_a_device_stays_one() {
        let folder = Folder::new();
        folder.file("a.yaml", BROKEN).file("out", "old");
        fs::set_permissions(folder.0.join("out"), fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!(folder.run(["check", "a.yaml", "--output-format", "concise=out"]).code, Some(1));
        assert_eq!(fs::metadata(folder.0.join("out")).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::read_to_string(folder.0.join("out")).unwrap().starts_with("a.yaml:8:47: "));
        let run = folder.run(["check", "a.yaml", "--output-format", "concise=/dev/stderr", "-q"]);
        assert!(run.stderr.starts_with("a.yaml:8:47: "), "a pipe is written to: {run:?}");
        assert_eq!(folder.run(["check", "a.yaml", "--output-format", "json=/dev/null"]).code, Some(1));
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_said() {
        let folder = Folder::new();
        folder.file("a.yaml", BROKEN);
        let full = || fs::File::options().write(true).open("/dev/full").unwrap();
        let output = folder.command(["check", "a.yaml", "--quiet"]).stdout(full()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains("cannot write to standard output: no space left on device"), "{stderr}");
        let run = folder.run(["check", "a.yaml", "--output-format", "sarif=/dev/full"]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains("cannot write to /dev/full: no space left on device"), "{run:?}");
        // Nobody can be told, and that changes nothing else.
        let output = folder.command(["check", "a.yaml"]).stderr(full()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
    }
}
