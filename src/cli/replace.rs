//! Writing a file as a whole: who reads it sees what was there before or what is there now, never a half.
//!
//! The text goes into a new file in the same folder, which then takes the name of the old one and all that the old one has:
//! owner, mode, extended attributes, on Linux the access control list. What could not be kept is said. Other names of the file (hard
//! links) keep the old text, which is said too: to write into the file itself would not be safe, and they may be anywhere.
//!
//! Symbolic links are not written through: in a folder that somebody else has filled they may lead anywhere. A link in the
//! path of the folder does not lead out of its repository. Pipes, devices and sockets are refused, except the streams and
//! devices in `/dev` that somebody typed. Who may not write to a file may not replace it either, whatever the folder allows.
//! If something goes wrong, the old file is as it was, and nothing new is left.

use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ekslint::report::visible_path;

use super::keep;
use super::streams::{Failure, complain, print_with};
use super::temporary::Temporary;
use crate::walk::inside::{self, Stopped};

/// What is at a path.
enum There {
    /// A file can be made here.
    Nothing(PathBuf),
    File(PathBuf),
    Stdout,
    Stderr,
    /// A stream that the shell has opened: `/dev/fd/63`, which is `>(…)`.
    Open,
    /// `/dev/null`, `/dev/tty`.
    Device,
}

/// Makes a file, or replaces what was in it, with what is made while it is written. Streams and devices in `/dev` are written to as
/// they are.
pub fn write(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    match there(path)? {
        There::Nothing(real) => put(&real, write, None),
        There::File(real) => {
            let old = Old::open(&real)?;
            put(&real, write, Some(old))
        }
        There::Stdout => print_with(write).map_err(|Failure(why)| io::Error::other(why)),
        There::Stderr => write(&mut io::stderr().lock()),
        There::Open => write(&mut open_stream(path)?),
        There::Device => write(&mut OpenOptions::new().write(true).open(path)?),
    }
}

/// Replaces what is in a file, if it is still what it was when it was read.
pub fn change(path: &Path, old: &str, new: &str) -> io::Result<()> {
    let There::File(real) = there(path)? else {
        return Err(io::Error::other("it is not a file that can be written"));
    };
    let file = Old::open(&real)?;
    if fs::read(&real)? != old.as_bytes() {
        return Err(io::Error::other("the file is not UTF-8, or has changed since it was read"));
    }
    put(&real, |out| out.write_all(new.as_bytes()), Some(file))
}

fn there(path: &Path) -> io::Result<There> {
    let typed = path.to_str().unwrap_or_default();
    let number = typed.strip_prefix("/dev/fd/").or_else(|| typed.strip_prefix("/proc/self/fd/"));
    match (typed, number) {
        ("/dev/stdout", _) | (_, Some("1")) if cfg!(unix) => return Ok(There::Stdout),
        ("/dev/stderr", _) | (_, Some("2")) if cfg!(unix) => return Ok(There::Stderr),
        (_, Some(number)) if number.bytes().all(|it| it.is_ascii_digit()) => {
            return refusal(fs::metadata(path)?.file_type(), true).map_or(Ok(There::Open), Err);
        }
        _ => {}
    }
    let is_folder = path.as_os_str().as_encoded_bytes().ends_with(b"/");
    let name = path.file_name().filter(|_| !is_folder).ok_or_else(|| io::Error::other("it is a folder"))?;
    let here = std::env::current_dir().and_then(fs::canonicalize)?;
    let folder = inside::typed(&here, path.parent().unwrap_or(Path::new(""))).map_err(|it| match it {
        Stopped::Outside => {
            let why = "a symbolic link in its path leads out of the repository, or nowhere";
            io::Error::other(format!("{why}; name the folder it leads to"))
        }
        Stopped::Git => io::Error::other("a symbolic link in its path leads into `.git`; name the folder it leads to"),
        Stopped::Failed(error) => error,
    })?;
    let real = folder.join(name);
    match fs::symlink_metadata(&real) {
        Ok(meta) if meta.is_file() => Ok(There::File(real)),
        Ok(meta) => refusal(meta.file_type(), path.starts_with("/dev")).map_or(Ok(There::Device), Err),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(There::Nothing(real)),
        Err(error) => Err(error),
    }
}

/// Why something is not written to. `is_meant`: somebody typed the name of a stream or a device.
fn refusal(kind: FileType, is_meant: bool) -> Option<io::Error> {
    let why = if kind.is_dir() {
        "it is a folder"
    } else if kind.is_symlink() {
        "it is a symbolic link, which is not followed; name the file it leads to"
    } else if kind.is_file() {
        return None;
    } else {
        match special(kind)? {
            "device" if is_meant => return None,
            "device" => "it is a device; to write to one, name it by its path in /dev",
            "pipe" if is_meant => return None,
            "pipe" => "it is a named pipe; write the report to standard output instead",
            "socket" => "it is a socket",
            _ => "it is a disk",
        }
    };
    Some(io::Error::other(why))
}

/// What something is that is no file, no folder and no link.
#[cfg(unix)]
fn special(kind: FileType) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt;
    let table = [(kind.is_char_device(), "device"), (kind.is_fifo(), "pipe"), (kind.is_socket(), "socket")];
    Some(table.into_iter().find(|it| it.0).map_or("disk", |it| it.1))
}

#[cfg(not(unix))]
fn special(_: FileType) -> Option<&'static str> {
    Some("device")
}

/// Opens a stream that the shell has opened. What is in a file stays.
fn open_stream(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true);
    #[cfg(unix)]
    {
        use rustix::fs::{OFlags, fcntl_setfl};
        // A pipe that nobody reads any more would be waited for.
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, OFlags::NONBLOCK.bits() as i32);
        let file = options.open(path).map_err(|error| match error.raw_os_error() {
            Some(code) if code == rustix::io::Errno::NXIO.raw_os_error() => io::Error::other("nobody reads it"),
            _ => error,
        })?;
        fcntl_setfl(&file, OFlags::APPEND)?;
        Ok(file)
    }
    #[cfg(not(unix))]
    options.open(path)
}

/// A file that is replaced.
struct Old {
    file: File,
    meta: Metadata,
}

impl Old {
    fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().write(true).open(path)?;
        let meta = file.metadata()?;
        Ok(Self { file, meta })
    }
}

/// Puts a text at a path without links in it.
fn put(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>, old: Option<Old>) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut new = Temporary::new(folder, old.is_some()).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => io::Error::other("permission denied: its folder takes no new files"),
        _ => error,
    })?;
    // The rights come first: what nobody else may read is not to be read while it is written.
    let lost = old.as_ref().map_or_else(|| Ok(Vec::new()), |it| keep::keep(&new.file, &it.file, &it.meta))?;
    write(&mut new.file)?;
    new.file.sync_all()?;
    new.name(path)?;
    let shown = || visible_path(&crate::walk::ignored::here(path)).into_owned();
    if !lost.is_empty() {
        complain(&format!("{}: written, but not everything could be kept: {}", shown(), lost.join(", ")));
    }
    let names = old.map_or(1, |it| keep::names(&it.meta));
    if names > 1 {
        complain(&format!("{}: written, but it had {names} names (hard links); the others keep the old text", shown()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::walk::scratch::Folder;

    fn put_text(path: &Path, text: &str) -> io::Result<()> {
        write(path, |out| out.write_all(text.as_bytes()))
    }

    #[test]
    fn a_file_is_changed_only_if_it_is_what_was_read() {
        let folder = Folder::new("replace-change");
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
    fn a_failure_leaves_nothing_in_the_folder() {
        let folder = Folder::new("replace-failure");
        // A folder takes the name between the look and the rename.
        let taken = folder.0.join("taken");
        fs::create_dir(&taken).expect("a folder of a test");
        assert!(put(&taken, |out| out.write_all(b"text"), None).is_err());
        assert_eq!(folder.names(), ["taken"]);
        assert!(put_text(&folder.0.join("no/such"), "text").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_kept_and_links_are_refused() {
        use std::fs::Permissions;
        use std::os::unix::fs::{PermissionsExt, symlink};

        let folder = Folder::new("replace-unix");
        let file = folder.0.join("a");
        fs::write(&file, "old").expect("a file of a test");
        fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("it is ours");
        for text in ["new", "newer"] {
            put_text(&file, text).expect("it can be written");
            assert_eq!(fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o600);
        }
        change(&file, "newer", "newest").expect("it can be written");
        assert_eq!(fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o600);
        let link = folder.0.join("link");
        symlink("a", &link).expect("a link of a test");
        for error in [put_text(&link, "x"), change(&link, "newest", "x")] {
            let error = error.expect_err("it is a link");
            assert!(error.to_string().starts_with("it is a symbolic link"), "{error}");
        }
        assert_eq!(fs::read_to_string(&file).expect("it is there"), "newest");
        assert_eq!(folder.names(), ["a", "link"]);
    }
}
