//! Where a path leads, and whether that is still in the repository.
//!
//! The links of a repository are the work of whoever sent them, and so are the paths in its configuration. Neither may lead
//! out of it.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::ignored::is_repository;

/// Why a path is not followed to its end.
#[derive(Debug)]
pub enum Stopped {
    /// It leads out of the repository, or a link in it leads nowhere. Which of the two is not told: the answer would say what
    /// exists outside.
    Outside,
    Failed(io::Error),
}

/// The root of the Git repository around a folder, which is a path without links.
pub fn repository(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|it| is_repository(it))
}

/// The part of the disk that a configuration may name files in: the Git repository around its folder, or the folder itself.
pub fn root(folder: &Path) -> &Path {
    repository(folder).unwrap_or(folder)
}

/// The path without links that `path` leads to from `base`, if that is in `root`. The end of the path may be missing.
/// `base` and `root` are paths without links.
pub fn within(root: &Path, base: &Path, path: &Path) -> Result<PathBuf, Stopped> {
    match follow(base, path, &|_, _| true) {
        Ok(real) if real.starts_with(root) => Ok(real),
        // What goes wrong outside of the root is not told either.
        Err((reached, stopped)) if reached.starts_with(root) => Err(stopped),
        Ok(_) | Err(_) => Err(Stopped::Outside),
    }
}

/// The path without links that a path leads to which somebody typed. A link that lies in a repository is not followed out of
/// that repository; the path itself may lead anywhere. The end of the path may be missing.
pub fn typed(base: &Path, path: &Path) -> Result<PathBuf, Stopped> {
    let may_follow = |folder: &Path, target: &Path| repository(folder).is_none_or(|it| target.starts_with(it));
    follow(base, path, &may_follow).map_err(|(_, stopped)| stopped)
}

/// `may_follow`: whether a link in a folder may be followed to where it leads. The error says how far it came.
fn follow(base: &Path, path: &Path, may_follow: &dyn Fn(&Path, &Path) -> bool) -> Result<PathBuf, (PathBuf, Stopped)> {
    let mut real = base.to_owned();
    let mut is_missing = false;
    for component in path.components() {
        let name = match component {
            Component::Normal(name) => name,
            Component::CurDir => continue,
            // A drive or the root.
            Component::Prefix(_) | Component::RootDir => {
                real.push(component);
                continue;
            }
            Component::ParentDir if is_missing => {
                return Err((real, Stopped::Failed(io::ErrorKind::NotFound.into())));
            }
            Component::ParentDir => {
                real.pop();
                continue;
            }
        };
        let next = real.join(name);
        let meta = if is_missing { Err(io::ErrorKind::NotFound.into()) } else { fs::symlink_metadata(&next) };
        real = match meta {
            Ok(meta) if meta.is_symlink() => match fs::canonicalize(&next) {
                Ok(target) if may_follow(&real, &target) => target,
                _ => return Err((real, Stopped::Outside)),
            },
            Ok(_) => next,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                is_missing = true;
                next
            }
            Err(error) => return Err((real, Stopped::Failed(error))),
        };
    }
    Ok(real)
}
