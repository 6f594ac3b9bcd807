//! `ekslint check`: which of the things that it can do its options ask for.

use std::mem::ManuallyDrop;
use std::time::Instant;

use super::options::Check;
use super::streams::Failure;
use super::{lint, show_files, watch};

/// Does what the options ask for, and says the exit code.
pub fn check(options: &Check, started: Instant) -> Result<u8, Failure> {
    let targets = options.output.targets()?;
    options.share_stdin()?;
    rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads())
        .build_global()
        .map_err(|it| Failure(format!("cannot start {} threads: {it}", options.threads())))?;
    let prepared = options.prepare()?;
    if options.files.show_files {
        return show_files::show(options, &targets, &prepared);
    }
    if options.watch {
        return watch::watch(options, &targets, prepared, started);
    }
    // The program ends, and to free what is known of very many files one by one takes a while.
    let mut analysis = ManuallyDrop::new(prepared.analysis());
    Ok(lint::run(options, &targets, &prepared, &mut analysis, started)?.code)
}
