//! `--watch`: a change brings a new report. Nothing here is timed: each step waits for what it wants to see.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::cli::{BROKEN, Folder, NOTED};

/// What a machine that does a hundred other things needs, and then some.
const DEADLINE: Duration = Duration::from_secs(60);

/// A program that watches, and ends with the test.
pub struct Watcher {
    child: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl Watcher {
    /// Both streams go into one pipe, so that what they say stays in its order.
    pub fn start(folder: &Folder, args: &[&str]) -> Self {
        let (reader, writer) = io::pipe().unwrap();
        let mut command = folder.command([&["check", "--watch", "--output-format", "concise"], args].concat());
        let child = command.stdout(writer.try_clone().unwrap()).stderr(writer).spawn().unwrap();
        let (send, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(reader).lines().map_while(Result::ok) {
                // The test may be over.
                let _ = send.send(line);
            }
        });
        Self { child, lines, seen: Vec::new() }
    }

    /// Waits for a line, and gives all that came up to it.
    pub fn until(&mut self, wanted: &str) -> Vec<String> {
        let started = Instant::now();
        let mut passed = Vec::new();
        loop {
            let left = DEADLINE.saturating_sub(started.elapsed());
            let Ok(line) = self.lines.recv_timeout(left) else {
                panic!("no line with `{wanted}`; there were {:#?}", self.seen);
            };
            self.seen.push(line.clone());
            passed.push(line.clone());
            if line.contains(wanted) {
                return passed;
            }
        }
    }

    /// Waits until it waits for changes itself.
    pub fn idle(&mut self, files: &str) -> Vec<String> {
        self.until(&format!("watching {files}; Ctrl-C ends"))
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Puts a file there at once: a half that is written already is a change of its own, if the machine is slow.
pub fn put(folder: &Folder, path: &str, content: &str) {
    folder.file("half", content);
    fs::create_dir_all(folder.0.join(path).parent().unwrap()).unwrap();
    fs::rename(folder.0.join("half"), folder.0.join(path)).unwrap();
}

#[test]
fn each_change_brings_a_report() {
    let folder = Folder::new();
    folder.file("a.yaml", NOTED).file("notes.txt", "x");
    let mut watcher = Watcher::start(&folder, &["."]);
    let first = watcher.idle("1 file");
    assert_eq!(first.len(), 1, "nothing is wrong yet: {first:?}");

    put(&folder, "a.yaml", BROKEN);
    let changed = watcher.until("a.yaml:8:47: error[aws-auth/role-path]");
    assert!(changed.iter().any(|it| it.ends_with("linting again")), "the runs are told apart: {changed:?}");
    watcher.idle("1 file");

    put(&folder, "sub/b.yaml", BROKEN);
    watcher.until("sub/b.yaml:8:47: ");
    watcher.idle("2 files");

    fs::remove_file(folder.0.join("a.yaml")).unwrap();
    let removed = watcher.idle("1 file");
    assert!(!removed.iter().any(|it| it.contains("a.yaml:")), "{removed:?}");

    put(&folder, "sub/b.yaml", NOTED);
    let saved = watcher.idle("1 file");
    assert!(!saved.iter().any(|it| it.contains(".yaml:")), "{saved:?}");
    assert!(watcher.child.try_wait().unwrap().is_none(), "it goes on");
}

#[test]
fn the_configuration_is_watched_even_while_it_is_broken() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN);
    let mut watcher = Watcher::start(&folder, &["--level", "note"]);
    watcher.until("a.yaml:8:47: ");
    watcher.idle("1 file");
    put(&folder, "ekslint.toml", "[levels]\naws-auth = \"off\"\n");
    let off = watcher.idle("1 file");
    assert!(!off.iter().any(|it| it.contains("role-path")), "{off:?}");
    put(&folder, "ekslint.toml", "[levels\n");
    watcher.until("ekslint: ekslint.toml:1:");
    watcher.idle("1 file");
    put(&folder, "ekslint.toml", "[levels]\naws-auth = \"note\"\n");
    watcher.until("a.yaml:8:47: note[aws-auth/role-path]");
    watcher.idle("1 file");
    fs::remove_file(folder.0.join("ekslint.toml")).unwrap();
    watcher.until("a.yaml:8:47: error[aws-auth/role-path]");
}

#[test]
fn a_report_that_is_written_is_no_change() {
    let folder = Folder::new();
    folder.file("a.yaml", NOTED).file("list", "a.yaml\nb.yaml\n").file("b.yaml", "a: b\n");
    // Its name is one that is read, and it is below what is watched.
    let args = ["--output-format", "json=report.json", "--files-from", "list", "."];
    let mut watcher = Watcher::start(&folder, &args);
    watcher.idle("2 files");
    let report = || fs::read_to_string(folder.0.join("report.json")).unwrap();
    assert!(!report().contains("role-path"));
    put(&folder, "a.yaml", BROKEN);
    let next = watcher.until("a.yaml:8:47: ");
    assert_eq!(next.iter().filter(|it| it.ends_with("linting again")).count(), 1, "{next:?}");
    watcher.idle("2 files");
    assert!(report().contains("role-path"), "it is written anew");
    // Had the report been a change, there would be a run before this one.
    put(&folder, "b.yaml", BROKEN);
    let last = watcher.until("b.yaml:8:47: ");
    assert_eq!(last.iter().filter(|it| it.ends_with("linting again")).count(), 1, "{last:?}");
}

#[test]
fn a_list_and_what_is_not_there_yet_are_watched() {
    let folder = Folder::new();
    folder.file("list", "a.yaml\n").file("b.yaml", BROKEN);
    let mut watcher = Watcher::start(&folder, &["--files-from", "list"]);
    watcher.until("ekslint: a.yaml: no such file or folder");
    watcher.idle("1 file");
    put(&folder, "a.yaml", BROKEN);
    watcher.until("a.yaml:8:47: ");
    watcher.idle("1 file");
    put(&folder, "list", "b.yaml\n");
    watcher.until("b.yaml:8:47: ");
}

#[test]
fn only_the_report_goes_to_standard_output() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN);
    let mut command = folder.command(["check", "--watch", "a.yaml"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(said.any(|it| it == "watching 1 file; Ctrl-C ends"));
    child.kill().unwrap();
    let report = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(report, folder.run(["check", "a.yaml"]).stdout, "as it is without --watch, and nothing clears a screen");
}

#[test]
fn some_things_cannot_be_watched() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN);
    let table: [(&[&str], &str); 7] = [
        (&["-"], "--watch watches files, and standard input (`-`) is none"),
        (&["--files-from", "-"], "--watch reads the list again: give it a file"),
        (&["--add-ignore"], "'--watch' cannot be used with '--add-ignore[=<REASON>]'"),
        (&["--update-baseline"], "'--watch' cannot be used with '--update-baseline'"),
        (&["--show-files"], "'--watch' cannot be used with '--show-files'"),
        (&["--config", "fail-on=loud"], "`loud` is not known here"),
        (&["--baseline", "gone.json"], "no such baseline"),
    ];
    for (args, message) in table {
        let run = folder.run([&["check", "--watch"], args].concat());
        assert_eq!(run.code, Some(2), "{args:?}: {run:?}");
        assert!(run.stderr.contains(message), "{args:?}: {run:?}");
    }
}
