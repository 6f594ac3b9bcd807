//! The list of files that are not whole yet.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The files that are not whole yet.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

pub fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}
