//! What a run is doing that takes long: a line on the terminal, which is gone before anything else is printed.
//!
//! Most runs are over before anybody would look. How many files there will be is not known before they are found, so there
//! is no bar to fill, and a library that draws bars would draw a number and a word.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use ekslint::stage::Stage;

/// How long a run may take without saying anything.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long the line stays as it is.
const TICK: Duration = Duration::from_millis(100);

/// The width of what stands on the terminal now. Everything that is printed goes through [`erase`] first.
static SHOWN: Mutex<usize> = Mutex::new(0);

/// Somebody who waits for a run, and is told what it does.
pub struct Progress {
    state: Arc<State>,
    drawing: Option<(Sender<()>, JoinHandle<()>)>,
}

#[derive(Default)]
struct State {
    files: AtomicUsize,
    /// The place of a stage in [`STAGES`].
    stage: AtomicUsize,
}

/// The stages that are told, and what is said of each after the number of files.
const STAGES: [(Stage, &str); 4] =
    [(Stage::Read, "reading"), (Stage::Link, "linking"), (Stage::Search, "searching"), (Stage::Rules, "checking")];

impl Progress {
    /// Begins to wait, if there is somebody who can see the line.
    pub fn start(quiet: bool) -> Self {
        let state = Arc::new(State::default());
        let wanted = is_wanted(io::stderr().is_terminal(), quiet, |name| std::env::var_os(name));
        let drawing = wanted.then(|| {
            let (end, ended) = mpsc::channel();
            let state = Arc::clone(&state);
            let thread = thread::spawn(move || {
                let mut wait = PATIENCE;
                let mut turns = 0;
                while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                    draw(&state.line(turns));
                    turns += 1;
                    wait = TICK;
                }
                drop(erase());
            });
            (end, thread)
        });
        Self { state, drawing }
    }

    /// Goes up with each file that is read.
    pub fn files(&self) -> &AtomicUsize {
        &self.state.files
    }

    /// Says that a stage begins.
    pub fn begin(&self, stage: Stage) {
        if let Some(at) = STAGES.iter().position(|it| it.0 == stage) {
            self.state.stage.store(at, Ordering::Relaxed);
        }
    }

    /// Takes the line away.
    pub fn end(self) {
        drop(self);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let Some((end, thread)) = self.drawing.take() else { return };
        drop(end);
        // It can only have failed to draw.
        let _ = thread.join();
    }
}

impl State {
    fn line(&self, turns: usize) -> String {
        let files = self.files.load(Ordering::Relaxed);
        let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
        let (_, doing) = STAGES[self.stage.load(Ordering::Relaxed)];
        format!("{} {files} read · {doing}", ["|", "/", "-", "\\"][turns % 4])
    }
}

/// Whether the line is drawn: not where it would be kept, as in the log of a build.
fn is_wanted(is_terminal: bool, quiet: bool, variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let is_dumb = variable("TERM").is_some_and(|it| it == "dumb");
    let is_ci = variable("CI").is_some_and(|it| !it.is_empty() && it != "false" && it != "0");
    is_terminal && !quiet && !is_dumb && !is_ci
}

fn draw(line: &str) {
    let columns = terminal_size::terminal_size_of(io::stderr()).map_or(80, |it| usize::from(it.0.0));
    // A line that is as wide as the terminal would begin the next one.
    let line: String = line.chars().take(columns.saturating_sub(1)).collect();
    let mut shown = SHOWN.lock().unwrap_or_else(PoisonError::into_inner);
    // Spaces instead of a sequence that clears the line: every terminal knows them.
    let _ = write!(io::stderr().lock(), "\r{line:<width$}", width = *shown);
    *shown = line.chars().count();
}

/// Takes the line off the terminal. It stays away as long as somebody holds what this gives.
pub fn erase() -> MutexGuard<'static, usize> {
    let mut shown = SHOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if *shown > 0 {
        let _ = write!(io::stderr().lock(), "\r{:width$}\r", "", width = *shown);
        *shown = 0;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_somebody_who_looks_is_told() {
        let table = [
            (true, false, "TERM=xterm-256color", true, "a terminal"),
            (true, false, "", true, "a terminal of Windows has no TERM"),
            (false, false, "TERM=xterm-256color", false, "a pipe or a file"),
            (true, true, "TERM=xterm-256color", false, "quietly"),
            (true, false, "TERM=dumb", false, "a terminal that cannot go back"),
            (true, false, "TERM=xterm CI=true", false, "a build server that claims to be a terminal"),
            (true, false, "TERM=xterm CI=", true, "not a build server"),
            (true, false, "TERM=xterm CI=false", true, "not a build server either"),
        ];
        for (is_terminal, quiet, variables, expected, reason) in table {
            let variables = variables.split_whitespace().filter_map(|it| it.split_once('='));
            let variable = |name: &str| variables.clone().find(|it| it.0 == name).map(|it| OsString::from(it.1));
            assert_eq!(is_wanted(is_terminal, quiet, variable), expected, "{reason}");
        }
    }

    #[test]
    fn the_line_says_how_many_files_and_what_is_done_with_them() {
        let state = State::default();
        assert_eq!(state.line(0), "| 0 files read · reading");
        let progress = Progress { state: Arc::new(state), drawing: None };
        progress.files().fetch_add(1, Ordering::Relaxed);
        progress.begin(Stage::Rules);
        progress.begin(Stage::Rule("of a test"));
        assert_eq!(progress.state.line(1), "/ 1 file read · checking", "what is inside of a stage does not change it");
    }
}
