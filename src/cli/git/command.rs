//! The program `git`, told to read and nothing else.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ekslint::report::visible;

use crate::walk;

/// What a command of Git writes. The error is the rest of a sentence: what Git said.
pub fn run(repository: &Path, args: &[&str]) -> Result<Vec<u8>, String> {
    let output = git(repository).args(args).stdin(Stdio::null()).output().map_err(|it| match it.kind() {
        io::ErrorKind::NotFound => ": there is no program `git` in PATH".to_owned(),
        _ => format!(": {}", walk::reason(&it)),
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().find(|it| !it.trim().is_empty()).map(|it| format!(": {}", visible(it)));
    Err(said.unwrap_or_default())
}

/// Git, with all switched off that could start programs, change files or use the network.
pub fn git(repository: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("--no-pager").arg("--no-replace-objects");
    for setting in [
        "core.fsmonitor=false",
        "core.hooksPath=/dev/null",
        "core.untrackedCache=false",
        // A folder that looks like a bare repository is content of somebody else's.
        "safe.bareRepository=explicit",
    ] {
        command.args(["-c", setting]);
    }
    command.arg("-C").arg(repository);
    // A hook is told its repository by these, and another one may be linted.
    for name in [
        "GIT_DIR",
        "GIT_COMMON_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_PREFIX",
        "GIT_NAMESPACE",
        "GIT_EXTERNAL_DIFF",
    ] {
        command.env_remove(name);
    }
    command
        .env("GIT_OPTIONAL_LOCKS", "0")
        // No protocol at all. A setting such as `protocol.ext.allow` of the repository would count for more than
        // `protocol.allow`, and `ext` starts programs.
        .env("GIT_ALLOW_PROTOCOL", "")
        // Grafts of the repository would make commits look older than they are.
        .env("GIT_GRAFT_FILE", if cfg!(windows) { "NUL" } else { "/dev/null" })
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C");
    command
}

/// The only line of an output.
pub fn line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).lines().next().unwrap_or_default().to_owned()
}

/// A path as Git writes it, whatever bytes are in it.
pub fn path_of(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    return PathBuf::from(<OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes));
    #[cfg(not(unix))]
    return PathBuf::from(OsStr::new(&*String::from_utf8_lossy(bytes)));
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// What a repository says about protocols does not count.
    #[test]
    fn no_protocol_is_allowed() {
        let folder = std::env::temp_dir();
        for allow in ["protocol.allow=always", "protocol.ext.allow=always", "protocol.file.allow=always"] {
            for remote in ["ext::true", "file:///nowhere"] {
                // Settings on the command line count like those of a repository.
                let output = git(&folder).args(["-c", allow, "ls-remote", remote]).stdin(Stdio::null()).output();
                let Ok(output) = output else { return };
                let said = String::from_utf8_lossy(&output.stderr);
                assert!(!output.status.success() && said.contains("not allowed"), "{allow} {remote}: {said}");
            }
        }
    }

    #[test]
    fn the_environment_names_no_other_repository() {
        let command = git(Path::new("."));
        let removed: Vec<&OsStr> = command.get_envs().filter(|it| it.1.is_none()).map(|it| it.0).collect();
        for name in ["GIT_DIR", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"] {
            assert!(removed.contains(&OsStr::new(name)), "{name}");
        }
    }
}
