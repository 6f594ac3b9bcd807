//! What is said where ekslint itself fails.
//!
//! Where a file or a rule fails, the library goes on and the report names it; here its cause goes to standard error, in
//! one line for whom it is reported to. With `RUST_BACKTRACE` set, all of it is printed.

use std::panic::{self, AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use ekslint::report::visible;

use super::streams::complain;

/// Internal errors that are reported one by one. The same one may be in thousands of files.
const MOST_REPORTED: usize = 3;
/// Characters of a message that are shown: it may hold a whole file.
const LONGEST: usize = 200;

/// Lets the panics of the whole program be reported in one line each.
pub fn report_in_one_line() {
    static REPORTED: AtomicUsize = AtomicUsize::new(0);
    if std::env::var_os("RUST_BACKTRACE").is_some_and(|it| it != "0") {
        return;
    }
    panic::set_hook(Box::new(|info| match REPORTED.fetch_add(1, Ordering::Relaxed) {
        reported if reported < MOST_REPORTED => complain(&line(info)),
        MOST_REPORTED => complain("ekslint failed in more places; the report names each"),
        _ => {}
    }));
}

/// Runs the program. If it fails as a whole, that is an exit code like others.
pub fn guard(run: impl FnOnce() -> u8) -> u8 {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        complain("it could not go on, and the report is not whole; RUST_BACKTRACE=1 shows more");
        2
    })
}

fn line(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map(|it| format!(" at {}:{}", it.file(), it.line())).unwrap_or_default();
    let payload = info.payload();
    let owned = payload.downcast_ref::<String>().map(String::as_str);
    let message = owned.or(payload.downcast_ref::<&str>().copied()).unwrap_or("no message");
    let cut: String = message.chars().take(LONGEST).collect();
    let more = if cut.len() < message.len() { "…" } else { "" };
    let version = env!("CARGO_PKG_VERSION");
    format!("please report this internal error of ekslint {version}{place}: {}{more}", visible(&cut))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    /// Set in the process in which the test fails on purpose.
    const CHILD: &str = "EKSLINT_TEST_FAILS";

    /// The hook is of the whole process, so this test runs itself in one of its own.
    #[test]
    fn an_internal_error_is_one_harmless_line_and_exit_code_2() {
        if std::env::var_os(CHILD).is_some() {
            report_in_one_line();
            let fail = |_| drop(catch_unwind(|| panic!("\x1B[31m\n::error::{}", "x".repeat(1_000))));
            (0..10).for_each(fail);
            std::process::exit(i32::from(guard(|| panic!("the last"))));
        }
        let name = "cli::internal_error::tests::an_internal_error_is_one_harmless_line_and_exit_code_2";
        let mut child = Command::new(std::env::current_exe().expect("the test runs"));
        child.args(["--exact", name, "--nocapture"]).env(CHILD, "1").env_remove("RUST_BACKTRACE").stdin(Stdio::null());
        let output = child.output().expect("the test runs");
        let stderr = String::from_utf8(output.stderr).expect("it is text");
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        let lines: Vec<_> = stderr.lines().collect();
        assert_eq!(lines.len(), MOST_REPORTED + 2, "each of the first, that there are more, and the end: {stderr}");
        assert!(lines.iter().all(|it| it.starts_with("ekslint: ") && it.len() < 400), "{stderr}");
        assert!(lines[0].contains("at src/cli/internal_error.rs:"), "{stderr}");
        assert!(!stderr.contains('\x1B'), "{stderr}");
    }
}
