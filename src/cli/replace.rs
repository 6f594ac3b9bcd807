//! Writing a file as a whole: who reads it sees what was there before or what is there now, never a half.
//!
//! The text goes into a new file beside the old one, which then takes its name and its permissions. Symbolic links are
//! refused: in a folder that somebody else has filled they may lead anywhere. Who may not write to a file may not replace
//! it either, whatever the folder allows. If something goes wrong, the old file is as it was, and nothing new is left.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Names for the temporary file that are tried, if others are taken.
const TRIES: usize = 16;

/// What is at a path.
enum There {
    Nothing,
    File(Permissions),
    /// A device or a pipe: there is nothing to replace.
    Stream,
}

/// Makes a file, or replaces what was in it. A device or a pipe (`/dev/stderr`, `>(…)`) is written to as it is.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    match there(path)? {
        There::Nothing => put(path, text, None),
        There::File(permissions) => put(path, text, Some(permissions)),
        There::Stream => OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes()),
    }
}

/// Replaces what is in a file, if it is still what it was when it was read.
pub fn change(path: &Path, old: &str, new: &str) -> io::Result<()> {
    let There::File(permissions) = there(path)? else {
        return Err(io::Error::other("it is not a file that can be written"));
    };
    if fs::read(path)? != old.as_bytes() {
        return Err(io::Error::other("the file is not UTF-8, or has changed since it was read"));
    }
    put(path, new, Some(permissions))
}

fn there(path: &Path) -> io::Result<There> {
    match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => Err(io::Error::other("it is a folder")),
        Ok(meta) if meta.is_file() => match fs::symlink_metadata(path)?.is_symlink() {
            true => Err(io::Error::other("it is a symbolic link, which is not followed; name the file it leads to")),
            false => Ok(There::File(meta.permissions())),
        },
        Ok(_) => Ok(There::Stream),
        Err(error) if error.kind() == io::ErrorKind::NotFound => match fs::symlink_metadata(path) {
            Ok(_) => Err(io::Error::other("it is a symbolic link that leads nowhere")),
            Err(_) => Ok(There::Nothing),
        },
        Err(error) => Err(error),
    }
}

/// Puts a text at a path. `permissions`: those of the file that is there.
fn put(path: &Path, text: &str, permissions: Option<Permissions>) -> io::Result<()> {
    if permissions.is_some() {
        OpenOptions::new().write(true).open(path)?;
    }
    let (temporary, mut file) = beside(path)?;
    // The permissions come first: what nobody else may read is not to be read while it is written.
    let written = permissions
        .map_or(Ok(()), |it| file.set_permissions(it))
        .and_then(|()| file.write_all(text.as_bytes()))
        .and_then(|()| file.sync_all())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that is gone when the test is over.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("ekslint-replace-{}-{name}", std::process::id()));
            fs::create_dir(&folder).expect("no other test has the name");
            Self(folder)
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).expect("it is there");
            let names = entries.map(|it| it.expect("it is there").file_name().to_string_lossy().into_owned());
            let mut names: Vec<_> = names.collect();
            names.sort();
            names
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_file_is_changed_only_if_it_is_what_was_read() {
        let folder = Folder::new("change");
        let file = folder.0.join("a.yaml");
        fs::write(&file, "old").expect("a file of a test");
        let error = change(&file, "older", "new").expect_err("it is not what was read");
        assert!(error.to_string().contains("has changed since it was read"), "{error}");
        assert_eq!(fs::read_to_string(&file).expect("it is there"), "old");
        change(&file, "old", "new").expect("it is what was read");
        assert_eq!(fs::read_to_string(&file).expect("it is there"), "new");
        assert!(change(&folder.0.join("b.yaml"), "", "new").is_err(), "what is not there is not made");
        assert!(change(&folder.0, "", "new").is_err());
        assert_eq!(folder.names(), ["a.yaml"]);
    }

    #[test]
    fn a_failure_leaves_nothing_behind() {
        let folder = Folder::new("failure");
        // A folder takes the name between the look and the rename.
        let taken = folder.0.join("taken");
        fs::create_dir(&taken).expect("a folder of a test");
        assert!(put(&taken, "text", None).is_err());
        assert_eq!(folder.names(), ["taken"]);
        assert!(write(&folder.0.join("no/such"), "text").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_kept_and_links_are_refused() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let folder = Folder::new("unix");
        let file = folder.0.join("a");
        fs::write(&file, "old").expect("a file of a test");
        fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("it is ours");
        for text in ["new", "newer"] {
            write(&file, text).expect("it can be written");
            assert_eq!(fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o600);
        }
        change(&file, "newer", "newest").expect("it can be written");
        assert_eq!(fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o600);
        let link = folder.0.join("link");
        symlink("a", &link).expect("a link of a test");
        for error in [write(&link, "x"), change(&link, "newest", "x")] {
            let error = error.expect_err("it is a link");
            assert!(error.to_string().starts_with("it is a symbolic link"), "{error}");
        }
        assert_eq!(fs::read_to_string(&file).expect("it is there"), "newest");
        assert_eq!(folder.names(), ["a", "link"]);
    }
}
