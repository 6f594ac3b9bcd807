//! `ekslint check`: which of the things that it can do its options ask for.

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
    Ok(lint::run(options, &targets, &prepared, &mut prepared.analysis(), started)?.code)
}
