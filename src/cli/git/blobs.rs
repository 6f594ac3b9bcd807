//! Files as Git keeps them: read by one process for all files of a repository.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use ekslint::lookup::Reading;
use ekslint::report::visible;

use super::command::git;
use crate::walk::LIMIT;
use crate::walk::past::Reason;

/// A file of a commit.
pub struct Blob {
    /// The repository that holds it: the one that is linted, or a submodule.
    pub repository: PathBuf,
    pub id: String,
    /// Where it is, or would be, today.
    pub place: PathBuf,
    pub reason: Reason,
}

/// Hands out files of one repository with what they hold, or with nothing if that is too much, until somebody has enough.
pub fn each(
    repository: &Path,
    blobs: &[&Blob],
    mut take: impl FnMut(&Blob, Option<Vec<u8>>) -> bool,
) -> io::Result<()> {
    let mut child = git(repository)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::Error::other("no pipe"));
    };
    let ids: String = blobs.iter().map(|it| format!("{}\n", it.id)).collect();
    // Both pipes are short: whoever only writes waits for somebody to read.
    let outcome = std::thread::scope(|scope| {
        scope.spawn(move || input.write_all(ids.as_bytes()));
        let mut output = BufReader::new(output);
        for blob in blobs {
            let bytes = next(&mut output, blob)?;
            if !take(blob, bytes) {
                return Ok(false);
            }
        }
        Ok(true)
    });
    // If its output was not read to the end, it must not be waited for.
    if !matches!(outcome, Ok(true)) {
        let _ = child.kill();
    }
    child.wait()?;
    outcome.map(|_| ())
}

/// The bytes of files of one repository; 0 if it does not have the file.
pub fn sizes(blobs: &[&(Blob, Reading)]) -> io::Result<Vec<u64>> {
    let mut child = git(&blobs[0].0.repository)
        .args(["cat-file", "--batch-check=%(objectsize)"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let Some(mut input) = child.stdin.take() else { return Err(io::Error::other("no pipe")) };
    let ids: String = blobs.iter().map(|it| format!("{}\n", it.0.id)).collect();
    // Both pipes are short: whoever only writes waits for somebody to read.
    let output = std::thread::scope(|scope| {
        scope.spawn(move || input.write_all(ids.as_bytes()));
        child.wait_with_output()
    })?;
    let lines = String::from_utf8_lossy(&output.stdout);
    let mut sizes: Vec<u64> = lines.lines().map(|it| it.parse().unwrap_or(0)).collect();
    sizes.resize(blobs.len(), 0);
    Ok(sizes)
}

/// The next object that `git cat-file --batch` hands out; nothing if it is larger than what is read of a file.
fn next(output: &mut impl BufRead, blob: &Blob) -> io::Result<Option<Vec<u8>>> {
    let mut head = String::new();
    output.read_line(&mut head)?;
    let mut words = head.split_whitespace();
    let size = match (words.next(), words.next(), words.next()) {
        (Some(id), Some("blob"), Some(size)) if id == blob.id => size.parse::<u64>().ok(),
        _ => None,
    };
    let Some(size) = size else {
        let shown = blob.place.to_string_lossy();
        let help = "a partial clone brings it with `git fetch --refetch --filter=blob:limit=16m`";
        return Err(io::Error::other(format!("{} is not in this clone; {help}", visible(&shown))));
    };
    if size > LIMIT as u64 {
        io::copy(&mut output.take(size + 1), &mut io::sink())?;
        return Ok(None);
    }
    let mut bytes = vec![0; size as usize];
    output.read_exact(&mut bytes)?;
    output.read_exact(&mut [0])?;
    Ok(Some(bytes))
}
