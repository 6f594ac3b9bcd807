//! Bytes of files, as many as are read.

use std::io::{self, Read};

/// Bytes of a file that are read. A larger file is not linted, and the run says so.
pub const LIMIT: usize = 16 << 20;
/// Reads everything, up to the limit. Bytes are counted as they come: the size that a file claims may be wrong.
pub fn fill(buffer: &mut Vec<u8>, input: impl Read) -> io::Result<()> {
    buffer.clear();
    input.take(LIMIT as u64 + 1).read_to_end(buffer)?;
    if buffer.len() > LIMIT {
        return Err(io::Error::other(format!("larger than {} MiB, which is all that is read of a file", LIMIT >> 20)));
    }
    Ok(())
}
