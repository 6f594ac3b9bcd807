//! `--watch`: a run after each change.
//!
//! Changes are seen by looking: each file's time and size, over and over. The system could tell of them (the library for
//! that is `notify`), but not for folders that come from elsewhere (NFS, a folder of the host in a container), not for more
//! folders than a limit of the system allows, and it tells of what `.gitignore` hides too. So looking has to be there in any
//! case, it is the same everywhere, and for a large repository it costs a few hundredths of a processor.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::config;
use super::lint::{self, Ran};
use super::options::{Check, Prepared};
use super::output::Target;
use super::streams::{Failure, complain, has_reader};
use crate::walk::search;
use crate::walk::survey::{Stamp, real, stamp, survey};

/// How often is looked, unless looking takes long.
const PAUSE: Duration = Duration::from_millis(300);
/// How much longer nothing is done than is looked: 15 is six hundredths of a processor.
const IDLE: u32 = 15;
/// How long nothing may change before a change is over: editors write a file in several steps.
const CALM: Duration = Duration::from_millis(100);
/// How often is waited for calm. A file that is written to without end does not keep a run from it.
const MOST_CALMS: usize = 20;

/// What was there when somebody looked.
#[derive(PartialEq)]
struct Seen {
    /// What would be linted.
    files: BTreeMap<PathBuf, Stamp>,
    /// What files of units refer to.
    referred: BTreeMap<PathBuf, Stamp>,
    /// What may fill placeholders in, if there are any.
    searched: BTreeMap<PathBuf, Stamp>,
    /// What says how: the configuration, or where one could be; the list of files; the baseline.
    others: BTreeMap<PathBuf, Stamp>,
}

impl Seen {
    /// Looks at what only a run has shown to matter, and the run before it had not. What was seen before the run stays as it was
    /// then: it may have changed in the meantime.
    fn learn(&mut self, before: &Ran, ran: &Ran, look: impl Fn(&Ran) -> Self) {
        if before.searched == ran.searched && before.referred == ran.referred {
            return;
        }
        let now = look(ran);
        if before.searched != ran.searched {
            self.searched = now.searched;
        }
        let old = std::mem::replace(&mut self.referred, now.referred);
        for (path, stamp) in &mut self.referred {
            old.get(path).inspect(|it| *stamp = **it);
        }
    }
}

/// Lints after each change, for as long as somebody is there. The first run may fail as any other does.
pub fn watch(options: &Check, targets: &[Target], first: Prepared, started: Instant) -> Result<u8, Failure> {
    // Theirs would be changes without end.
    let reports: Vec<PathBuf> = targets.iter().filter_map(Target::file).map(whole).collect();
    let look = |prepared: &Prepared, ran: &Ran| look(options, prepared, &reports, ran);
    let mut prepared = first;
    let mut analysis = prepared.analysis();
    clear();
    // Before anything is read: what changes in the meantime is another change.
    let mut seen = look(&prepared, &Ran::default());
    let mut ran = lint::run(options, targets, &prepared, &mut analysis, started)?;
    seen.learn(&Ran::default(), &ran, |it| look(&prepared, it));
    loop {
        // What changes after this line is seen.
        status(options, seen.files.len());
        seen = wait(&seen, &|| look(&prepared, &ran));
        if !clear() && !options.output.quiet {
            complain("something has changed: linting again");
        }
        let outcome = options.prepare().and_then(|it| {
            prepared = it;
            analysis.configure(prepared.configuration.clone());
            let before = std::mem::replace(&mut seen, look(&prepared, &ran));
            // It was read after `before` was seen: what has changed since then is a change still to come.
            for (path, stamp) in before.others {
                seen.others.entry(path).and_modify(|it| *it = stamp);
            }
            lint::run(options, targets, &prepared, &mut analysis, Instant::now())
        });
        match outcome {
            Ok(it) => {
                seen.learn(&ran, &it, |it| look(&prepared, it));
                ran = it;
            }
            Err(Failure(message)) => message.lines().for_each(complain),
        }
        if !has_reader() {
            return Ok(0);
        }
    }
}

/// Waits until something has changed, and nothing changes any more.
fn wait(seen: &Seen, look: &impl Fn() -> Seen) -> Seen {
    let mut pause = PAUSE;
    let mut now = loop {
        thread::sleep(pause);
        let started = Instant::now();
        let now = look();
        pause = PAUSE.max(started.elapsed() * IDLE);
        if now != *seen {
            break now;
        }
    };
    for _ in 0..MOST_CALMS {
        thread::sleep(CALM);
        let next = look();
        if next == now {
            break;
        }
        now = next;
    }
    now
}

fn look(options: &Check, Prepared { request, configuration }: &Prepared, reports: &[PathBuf], ran: &Ran) -> Seen {
    let mut searched = if ran.searched { search::survey(request) } else { BTreeMap::new() };
    searched.retain(|it, _| !reports.contains(it));
    let mut files = survey(request);
    files.retain(|it, _| !reports.contains(it));
    let named: Vec<PathBuf> = request.paths.iter().chain(&request.listed).cloned().collect();
    let mut others = config::candidates(&options.settings, &named, &request.stdin_name);
    others.extend(options.list().cloned());
    others.extend(options.against.file(configuration).ok().flatten());
    let referred = ran.referred.iter().map(|it| (it.clone(), stamp(it))).collect();
    Seen { files, referred, searched, others: others.into_iter().map(|it| (real(&it), stamp(&it))).collect() }
}

/// A path without links in it, of a file that may not be there yet.
fn whole(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    real(folder).join(path.file_name().unwrap_or_default())
}

/// Clears the terminal, if what is printed goes to one.
fn clear() -> bool {
    let can = io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|it| it != "dumb");
    if can {
        let mut stdout = io::stdout().lock();
        // To the upper left, and away with what is below. What was there before the first run stays, further up.
        let _ = write!(stdout, "\x1B[2J\x1B[H").and_then(|()| stdout.flush());
    }
    can
}

fn status(options: &Check, files: usize) {
    if !options.output.quiet {
        let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
        let _ = writeln!(io::stderr().lock(), "watching {files}; Ctrl-C ends");
    }
}
