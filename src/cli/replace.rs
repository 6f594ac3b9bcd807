//! Writing a file as a whole: who reads it sees what was there before or what is there now, never a half.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Names for the temporary file that are tried, if others are taken.
const TRIES: usize = 16;

/// Replaces a file, or makes it.
///
/// The text goes into a new file beside it, which then takes its name and its permissions. A symbolic link is refused: in
/// a folder that somebody else has filled it may lead anywhere. A device or a pipe (`/dev/stderr`, `>(…)`) is written to as
/// it is, since there is nothing to replace.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let permissions = match fs::metadata(path) {
        Ok(meta) if meta.is_file() => {
            if fs::symlink_metadata(path)?.is_symlink() {
                return Err(io::Error::other(
                    "it is a symbolic link, which is not followed; name the file it leads to",
                ));
            }
            Some(meta.permissions())
        }
        Ok(meta) if meta.is_dir() => return Err(io::Error::other("it is a folder")),
        Ok(_) => return OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => match fs::symlink_metadata(path) {
            Ok(_) => return Err(io::Error::other("it is a symbolic link that leads nowhere")),
            Err(_) => None,
        },
        Err(error) => return Err(error),
    };
    let (temporary, mut file) = beside(path)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| permissions.map_or(Ok(()), |it| file.set_permissions(it)))
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // Nothing more can be done about it; what went wrong first is what is said.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// A new file in the folder of another one.
fn beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path.file_name().ok_or_else(|| io::Error::other("it has no name"))?;
    let mut last = None;
    for index in 0..TRIES {
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}-{index}.tmp", std::process::id()));
        let candidate = path.with_file_name(hidden);
        // Never an existing file, and so never through a link.
        match OpenOptions::new().write(true).create_new(true).open(&candidate) {
            Ok(file) => return Ok((candidate, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(last.unwrap_or_else(|| io::Error::other("no name is free for a temporary file")))
}
