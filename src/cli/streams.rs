//! Standard output and standard error.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use super::progress;
use crate::walk;

/// What went so wrong that the exit code is 2: lines for standard error.
pub struct Failure(pub String);

/// Whether nobody reads what goes to standard output any more.
static READER_IS_GONE: AtomicBool = AtomicBool::new(false);

pub fn has_reader() -> bool {
    !READER_IS_GONE.load(Ordering::Relaxed)
}

/// Writes to standard output.
pub fn print(text: &str) -> Result<(), Failure> {
    print_with(|stdout| stdout.write_all(text.as_bytes()))
}

/// Writes to standard output what is made while it is written.
pub fn print_with(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let _alone = progress::erase();
    let mut stdout = io::stdout().lock();
    match write(&mut stdout).and_then(|()| stdout.flush()) {
        // The reader has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            READER_IS_GONE.store(true, Ordering::Relaxed);
            Ok(())
        }
        Err(error) => Err(Failure(format!("cannot write to standard output: {}", walk::reason(&error)))),
        Ok(()) => Ok(()),
    }
}

/// Bytes of a message on standard error beyond this number are left out.
const LONGEST_MESSAGE: usize = 4_000;

/// One line on standard error.
pub fn complain(message: &str) {
    let _alone = progress::erase();
    // There is no other place left to complain to.
    // An argument or a name in it may have any length.
    let end = (0..=LONGEST_MESSAGE.min(message.len())).rev().find(|at| message.is_char_boundary(*at)).unwrap_or(0);
    let more = if end < message.len() { "…" } else { "" };
    let _ = writeln!(io::stderr().lock(), "ekslint: {}{more}", &message[..end]);
}
