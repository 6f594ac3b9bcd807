//! Files that are written: reports, baselines and directives. What is there is replaced whole or not at all, keeps what it has, and
//! nothing else is written to.

use std::fs;
use std::path::Path;

use crate::cli::{BROKEN, Folder, Run};

/// The names of what is in a folder, in their order.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = entries.collect();
    names.sort();
    names
}

fn report(folder: &Folder, file: &str) -> Run {
    folder.run(["check", "a.yaml", "--output-format", "concise", "--output-file", file])
}

/// A name may have as many bytes as the system allows.
#[test]
fn long_names_are_written() {
    let folder = Folder::new();
    let (yaml, json) = (format!("{}.yaml", "n".repeat(245)), format!("{}.json", "b".repeat(245)));
    folder.file("a.yaml", BROKEN).file(&yaml, BROKEN);
    let txt = "r".repeat(250);
    for _ in 0..2 {
        assert_eq!(report(&folder, &txt).code, Some(1), "new, and again");
        assert!(fs::read_to_string(folder.0.join(&txt)).unwrap().starts_with("a.yaml:8:47: "));
    }
    assert_eq!(folder.run(["baseline", "a.yaml", "--output", &json]).code, Some(0));
    let run = folder.run(["check", &yaml, "--add-ignore"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(names(&folder.0), ["a.yaml", &json, &yaml, &txt]);
}

/// Two runs that write one file at a time leave the text of one of them.
#[test]
fn runs_at_the_same_time_leave_one_whole_report() {
    let folder = Folder::new();
    folder.file("few.yaml", BROKEN);
    folder.file("many.yaml", vec![BROKEN; 200].join("---\n"));
    let args = |input: &'static str| ["check", input, "--output-format", "json", "--output-file", "out.json"];
    let whole = |input: &'static str| {
        folder.run(args(input));
        fs::read_to_string(folder.0.join("out.json")).unwrap()
    };
    let whole = [whole("few.yaml"), whole("many.yaml")];
    for _ in 0..10 {
        let children = ["few.yaml", "many.yaml", "few.yaml", "many.yaml"].map(|it| {
            let mut command = folder.command(args(it));
            command.stderr(std::process::Stdio::null()).spawn().unwrap()
        });
        children.into_iter().for_each(|mut it| assert_eq!(it.wait().unwrap().code(), Some(1)));
        assert!(whole.contains(&fs::read_to_string(folder.0.join("out.json")).unwrap()));
    }
    assert_eq!(names(&folder.0), ["few.yaml", "many.yaml", "out.json"]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
    use std::os::unix::net::UnixListener;
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, Stdio};
    use std::thread;
    use std::time::Duration;

    use super::*;

    fn shell(folder: &Folder, script: &str) -> Run {
        let mut command = Command::new("bash");
        command.args(["-c", script]).current_dir(&folder.0).stdin(Stdio::null());
        command.env("EKSLINT", env!("CARGO_BIN_EXE_ekslint"));
        Run::from(command.output().unwrap())
    }

    fn pipe(path: &Path) {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }

    #[test]
    fn links_pipes_and_sockets_are_refused_as_reports() {
        let folder = Folder::new();
        folder.file("a.yaml", BROKEN).file("file", "text");
        pipe(&folder.0.join("pipe"));
        let _socket = UnixListener::bind(folder.0.join("socket")).unwrap();
        for (name, target) in [("null", "/dev/null"), ("out", "/dev/stdout"), ("fifo", "pipe"), ("link", "file")] {
            symlink(target, folder.0.join(name)).unwrap();
        }
        let link = "it is a symbolic link, which is not followed; name the file it leads to";
        let table = [
            ("null", link),
            ("out", link),
            ("fifo", link),
            ("link", link),
            ("pipe", "it is a named pipe; write the report to standard output instead"),
            ("socket", "it is a socket"),
            ("./", "it is a folder"),
            ("new/", "it is a folder"),
            ("/dev/fd/12345", "no such file or folder"),
        ];
        let before = names(&folder.0);
        for (name, why) in table {
            let run = report(&folder, name);
            assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{name}: {run:?}");
            assert!(run.stderr.contains(&format!("cannot write to {name}: {why}\n")), "{name}: {run:?}");
        }
        assert_eq!(names(&folder.0), before);
        assert_eq!(fs::read_to_string(folder.0.join("file")).unwrap(), "text");
    }

    #[test]
    fn streams_and_devices_that_somebody_typed_are_written_to() {
        let folder = Folder::new();
        folder.file("a.yaml", BROKEN);
        assert_eq!(report(&folder, "/dev/null").code, Some(1));
        for name in ["/dev/stdout", "/dev/fd/1"] {
            assert!(report(&folder, name).stdout.starts_with("a.yaml:8:47: "), "{name}");
        }
        assert!(report(&folder, "/dev/stderr").stderr.contains("a.yaml:8:47: "));
        let table = [
            ("--output-file >(cat > out; echo done >> out); sleep 1", "a process that reads it"),
            ("--output-file /dev/stdout > out", "a file as standard output"),
            ("--output-file /dev/fd/3 3> out", "a file that the shell opened"),
        ];
        for (rest, why) in table {
            let run = shell(&folder, &format!("\"$EKSLINT\" check a.yaml -q --output-format concise {rest}"));
            let out = fs::read_to_string(folder.0.join("out")).unwrap();
            assert!(out.starts_with("a.yaml:8:47: "), "{why}: {out} {run:?}");
        }
        // A process that does not read it, and is over.
        let script =
            "exec 3> >(exec true); sleep 1; \"$EKSLINT\" check a.yaml --output-format concise --output-file /dev/fd/3";
        let run = shell(&folder, script);
        assert!(run.code == Some(2) && run.stderr.contains("cannot write to /dev/fd/3: broken pipe"), "{run:?}");
    }

    #[test]
    fn nothing_is_written_out_of_the_repository_through_a_link() {
        let folder = Folder::new();
        folder.file("repo/a.yaml", BROKEN).file("repo/.git/HEAD", "").file("repo/in/keep", "").file("out/keep", "");
        symlink("../out", folder.0.join("repo/link")).unwrap();
        symlink("in", folder.0.join("repo/inside")).unwrap();
        symlink("repo", folder.0.join("typed")).unwrap();
        // Links that somebody made outside, and that lead on through a link of the repository.
        symlink("repo/link", folder.0.join("chain")).unwrap();
        symlink(folder.0.join("typed/inside/../link"), folder.0.join("long-chain")).unwrap();
        symlink("repo/inside", folder.0.join("good-chain")).unwrap();
        symlink("loop", folder.0.join("loop")).unwrap();
        let check = |file: &str| {
            let mut command = folder.command(["check", "a.yaml", "--output-format", "json", "--output-file", file]);
            Run::from(command.current_dir(folder.0.join("repo")).output().unwrap())
        };
        for file in [
            "link/x.json",
            "inside/../link/x.json",
            "../chain/x.json",
            "../long-chain/x.json",
            "../long-chain/../out/x.json",
            "../loop/x.json",
        ] {
            let run = check(file);
            assert_eq!(run.code, Some(2), "{file}: {run:?}");
            let why =
                "a symbolic link in its path leads out of the repository, or nowhere; name the folder it leads to";
            assert!(run.stderr.contains(&format!("cannot write to {file}: {why}")), "{run:?}");
        }
        assert_eq!(names(&folder.0.join("out")), ["keep"]);
        for file in ["inside/x.json", "../out/x.json", "../typed/in/y.json", "../good-chain/z.json"] {
            assert_eq!(check(file).code, Some(1), "{file}");
        }
        assert_eq!(names(&folder.0.join("repo/in")), ["keep", "x.json", "y.json", "z.json"]);
        folder.file("out/b.yaml", BROKEN);
        let mut command = folder.command(["check", "link", "--add-ignore"]);
        let run = Run::from(command.current_dir(folder.0.join("repo")).output().unwrap());
        assert!(run.code == Some(1) && run.stderr.contains("cannot write: a symbolic link in its path"), "{run:?}");
        assert_eq!(fs::read_to_string(folder.0.join("out/b.yaml")).unwrap(), BROKEN);
    }

    #[test]
    fn what_a_file_has_is_kept_and_what_is_lost_is_said() {
        let folder = Folder::new();
        let file = folder.0.join("a.yaml");
        folder.file("a.yaml", BROKEN);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o2651)).unwrap();
        let is_root = chown(&file, Some(12345), Some(54321)).is_ok();
        if is_root {
            fs::set_permissions(&file, fs::Permissions::from_mode(0o2651)).unwrap();
        }
        let flags = rustix::fs::XattrFlags::empty();
        let has_attributes = rustix::fs::setxattr(&file, "user.note", b"kept", flags).is_ok();
        let before = fs::metadata(&file).unwrap();
        fs::hard_link(&file, folder.0.join("other")).unwrap();
        let run = folder.run(["check", "a.yaml", "--add-ignore"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let said = "ekslint: a.yaml: written, but it had 2 names (hard links); the others keep the old text\n";
        assert!(run.stderr.contains(said), "{run:?}");
        assert_eq!(fs::read_to_string(folder.0.join("other")).unwrap(), BROKEN);
        let after = fs::metadata(&file).unwrap();
        assert_ne!(before.ino(), after.ino());
        let kept = |it: &fs::Metadata| (it.uid(), it.gid(), it.mode());
        assert_eq!(kept(&before), kept(&after));
        if has_attributes {
            let mut value = [0; 8];
            assert_eq!(rustix::fs::getxattr(&file, "user.note", &mut value[..]), Ok(4));
        }
        assert_eq!(names(&folder.0), ["a.yaml", "other"]);
    }

    #[test]
    fn a_limit_on_the_size_of_files_is_an_error() {
        let folder = Folder::new();
        let text = vec![BROKEN; 100].join("---\n");
        folder.file("a.yaml", &text).file("out.json", "old");
        let run = shell(&folder, "ulimit -f 2; \"$EKSLINT\" check a.yaml --output-format json --output-file out.json");
        assert!(run.code == Some(2) && run.stderr.contains("cannot write to out.json: file too large"), "{run:?}");
        let run = shell(&folder, "ulimit -f 2; \"$EKSLINT\" check a.yaml -q --add-ignore");
        assert!(run.code == Some(1) && run.stderr.contains("cannot write: file too large"), "{run:?}");
        let run = shell(&folder, "ulimit -f 2; \"$EKSLINT\" check a.yaml --output-format json > printed");
        assert!(run.code == Some(2) && run.stderr.contains("cannot write to standard output"), "{run:?}");
        assert_eq!(names(&folder.0), ["a.yaml", "out.json", "printed"]);
        assert_eq!(fs::read_to_string(folder.0.join("a.yaml")).unwrap(), text);
        assert_eq!(fs::read_to_string(folder.0.join("out.json")).unwrap(), "old");
    }

    /// Sends a signal to `ekslint check --add-ignore` a while after it has changed its first file, and gives the signal that
    /// ended it, if it was not over before.
    fn interrupted(folder: &Folder, signal: &str, pause: Duration) -> Option<i32> {
        let mut command = folder.command(["check", "-q", "--add-ignore"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let first = folder.0.join("0.yaml");
        while fs::metadata(&first).unwrap().len() == BROKEN.len() as u64 && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(pause);
        let _ =
            Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).stderr(Stdio::null()).status();
        child.wait().unwrap().signal()
    }

    #[test]
    fn signals_leave_nothing_half() {
        const FILES: usize = 150;
        /// Runs for each signal. How long a run takes depends on what else the machine does.
        const ROUNDS: u64 = 40;
        let folder = Folder::new();
        let name = |at: usize| format!("{at}.yaml");
        let fill = || {
            (0..FILES).for_each(|at| {
                folder.file(name(at), BROKEN);
            })
        };
        fill();
        assert_eq!(interrupted(&folder, "0", Duration::ZERO), None, "nothing is sent");
        let done = fs::read_to_string(folder.0.join("0.yaml")).unwrap();
        assert_ne!(done, BROKEN);
        let signals = [("HUP", 1), ("INT", 2), ("QUIT", 3), ("TERM", 15)];
        // The parent process may ignore some, as `nohup` does, and programs leave those alone.
        let ignored = ignored_signals();
        for (signal, _) in signals.into_iter().filter(|(_, number)| ignored & (1 << (number - 1)) == 0) {
            let mut ended = 0;
            for round in 0..ROUNDS {
                fill();
                ended += u32::from(interrupted(&folder, signal, Duration::from_millis(round % 4)).is_some());
                assert_eq!(names(&folder.0).len(), FILES, "{signal} in round {round}: {:?}", names(&folder.0));
                for at in 0..FILES {
                    let text = fs::read_to_string(folder.0.join(name(at))).unwrap();
                    assert!(text == BROKEN || text == done, "{signal} in round {round}: {text}");
                }
                if ended > 1 {
                    break;
                }
            }
            assert!(ended > 0, "no run was ended by {signal}");
        }
    }

    /// The signals that this process ignores, a bit for each; none where that cannot be told.
    fn ignored_signals() -> u64 {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|it| it.strip_prefix("SigIgn:"));
        mask.and_then(|it| u64::from_str_radix(it.trim(), 16).ok()).unwrap_or(0)
    }

    /// `nohup` and a shell that puts a program into the background ignore signals for it.
    #[cfg(target_os = "linux")]
    #[test]
    fn signals_that_are_ignored_stay_ignored() {
        let folder = Folder::new();
        (0..150).for_each(|at| {
            folder.file(format!("{at}.yaml"), BROKEN);
        });
        let script = "trap '' HUP INT; \"$EKSLINT\" check -q --add-ignore & sleep 0.2; \
                      for _ in 1 2 3 4 5; do kill -HUP $!; kill -INT $!; sleep 0.1; done; wait $!";
        let run = shell(&folder, script);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert_eq!(folder.run(["check"]).code, Some(0), "all of them were written");
    }
}
