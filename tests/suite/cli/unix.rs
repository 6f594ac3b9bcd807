//! Names, pipes, links and permissions that only Unix has.

use super::*;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

#[test]
fn a_named_pipe_does_not_hang() {
    let folder = Folder::new();
    if !Command::new("mkfifo").arg(folder.0.join("pipe.yaml")).status().is_ok_and(|it| it.success()) {
        return;
    }
    let run = folder.run(["check", "pipe.yaml"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.starts_with("ekslint: pipe.yaml: not a regular file"), "{run:?}");
    folder.file("a.yaml", PLAIN);
    assert_eq!(folder.files_read(["."]), 1, "one in a folder is left out");
}

#[test]
fn an_unreadable_file_does_not_end_the_run() {
    let folder = Folder::new();
    folder.file("a.yaml", PLAIN).file("b.yaml", PLAIN);
    let path = folder.0.join("a.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        // Nothing is unreadable for root.
        return;
    }
    let run = folder.run(["check"]);
    assert_eq!(run.code, Some(2));
    assert_eq!(run.stderr, "ekslint: a.yaml: permission denied\n");
    assert!(run.stdout.contains("1 file read"), "{run:?}");
}

#[test]
fn names_need_not_be_utf_8() {
    let folder = Folder::new();
    let name = OsStr::from_bytes(b"a\xFF.yaml");
    if fs::write(folder.0.join(name), PLAIN).is_err() {
        return;
    }
    assert_eq!(folder.files_read(["."]), 1);
    assert_eq!(folder.files_read([name]), 1);
}

#[test]
fn links_are_read_once_and_do_not_lead_out() {
    let folder = Folder::new();
    let outside = Folder::new();
    outside.file("secret.yaml", PLAIN).file("in/x.yaml", PLAIN);
    folder.file("a.yaml", PLAIN).file("plain", PLAIN);
    symlink("a.yaml", folder.0.join("again.yaml")).unwrap();
    symlink("plain", folder.0.join("link.yaml")).unwrap();
    symlink("plain", folder.0.join("other.yaml")).unwrap();
    symlink("nowhere", folder.0.join("dangling.yaml")).unwrap();
    symlink("loop.yaml", folder.0.join("loop.yaml")).unwrap();
    symlink("/dev/zero", folder.0.join("zero.yaml")).unwrap();
    symlink(outside.0.join("secret.yaml"), folder.0.join("secret.yaml")).unwrap();
    symlink(outside.0.join("in"), folder.0.join("folder")).unwrap();
    assert_eq!(folder.files_read(["."]), 2, "a.yaml, and plain by one of its links");
    assert_eq!(folder.files_read([".", "secret.yaml"]), 3, "a link that is named is meant");
    assert_eq!(folder.files_read(["folder"]), 1, "so is one to a folder");
}

#[test]
fn a_full_disk_is_a_failure() {
    let folder = Folder::new();
    folder.file("a.yaml", BROKEN);
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let run = Run::from(folder.command(["check"]).stdout(full).stderr(Stdio::piped()).output().unwrap());
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.starts_with("ekslint: cannot write to standard output: "), "{run:?}");
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let folder = Folder::new();
    folder.file("a.yaml", PLAIN);
    let mut command = folder.command(["check", "--output-format", "sarif", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Nobody reads before anything is written: the program still waits for its input.
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(PLAIN.as_bytes()).unwrap();
    let run = Run::from(child.wait_with_output().unwrap());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}
