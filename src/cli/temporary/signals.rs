//! The signals that end a program.

use std::fs;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Once, mpsc};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGALRM, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU, SIGXFSZ};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::unfinished::unfinished;

/// How long a second signal waits for files to be removed: a terminal and a program may both send the first one.
const GRACE: Duration = Duration::from_millis(500);

/// The signals that end a program and can be waited for.
const AWAITED: [i32; 8] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU];

/// Lets a file that grows too large be a failed write, and not the end of the program.
pub fn survive_limits() {
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
}

/// Starts to wait for signals, the first time that it is called.
pub(super) fn await_them() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let (ready, is_ready) = mpsc::channel();
        // The handlers are put in by the thread: without it, nobody would do what the signals ask for.
        let waiter = thread::Builder::new().name("signals".to_owned()).spawn(move || {
            let Ok(mut signals) = Signals::new(awaited()) else { return };
            let _ = ready.send(());
            let mut is_first = true;
            for signal in signals.forever() {
                if !is_first {
                    thread::sleep(GRACE);
                    let _ = emulate_default_handler(signal);
                }
                is_first = false;
                let cleaner = thread::Builder::new().name("cleaner".to_owned());
                if cleaner.spawn(move || clean_up(signal)).is_err() {
                    clean_up(signal);
                }
            }
        });
        if waiter.is_ok() {
            // An error: the thread has given up.
            let _ = is_ready.recv();
        }
    });
}

/// Removes what is not whole, and lets a signal do what it does.
fn clean_up(signal: i32) {
    // Never given back: nothing is made or renamed any more.
    let list = unfinished();
    for path in list.iter() {
        let _ = fs::remove_file(path);
    }
    let _ = emulate_default_handler(signal);
}

/// Those that are not ignored: `nohup` and shells that put a program into the background ignore some for it, and that has
/// to stay. Where nobody can tell, SIGHUP is not waited for, because of `nohup`.
fn awaited() -> Vec<i32> {
    let status = fs::read_to_string("/proc/self/status").ok();
    let ignored = status.as_deref().and_then(ignored);
    let is_awaited = |it: &i32| match ignored {
        Some(mask) => mask >> (it - 1) & 1 == 0,
        None => *it != SIGHUP,
    };
    AWAITED.into_iter().filter(is_awaited).collect()
}

/// The signals that a process ignores: the lowest bit is signal 1.
fn ignored(status: &str) -> Option<u64> {
    let mask = status.lines().find_map(|it| it.strip_prefix("SigIgn:"))?;
    // More than 64 signals are there on few processors, and none of ours is above 64.
    let mask = mask.trim();
    u64::from_str_radix(&mask[mask.len().saturating_sub(16)..], 16).ok()
}

#[cfg(test)]
mod tests {
    use std::io::{self, BufRead, BufReader, Write};
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, Stdio};
    use std::time::Instant;

    use super::*;

    const HOLDS: &str = "EKSLINT_TEST_HOLDS_THE_LIST";

    /// Is the program of the next test: it holds the list, as a file system does that does not answer.
    #[test]
    fn holds_the_list() {
        if std::env::var_os(HOLDS).is_some() {
            await_them();
            let _list = unfinished();
            io::stdout().write_all(b"\nholding\n").unwrap();
            thread::sleep(Duration::from_secs(60));
        }
    }

    #[test]
    fn a_second_signal_ends_the_program_whoever_holds_the_list() {
        let name = "cli::temporary::signals::tests::holds_the_list";
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", name, "--nocapture"]).env(HOLDS, "1").stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.map_while(Result::ok).any(|it| it == "holding"));
        // Not SIGINT, which a shell makes programs ignore that it starts in the background.
        let send = || Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        let started = Instant::now();
        assert!(send().success());
        thread::sleep(Duration::from_millis(200));
        assert!(send().success());
        assert_eq!(child.wait().unwrap().signal(), Some(signal_hook::consts::SIGTERM));
        assert!(started.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn ignored_signals_are_read() {
        let table = [
            ("Name:\tx\nSigIgn:\t0000000000001001\nSigCgt:\t0\n", Some(0x1001)),
            ("SigIgn:\t00000000000000010000000000000001\n", Some(1)),
            ("SigIgn:\t\n", None),
            ("Name:\tx\n", None),
        ];
        for (status, expected) in table {
            assert_eq!(ignored(status), expected, "{status}");
        }
    }
}
