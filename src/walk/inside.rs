//! Where a path leads, and whether that is still in the repository.
//!
//! The links of a repository are the work of its author, and so are the paths in its configuration. Neither may lead
//! out of it.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use ekslint::analysis::ReadFile;
use ekslint::collections::HashMap;

/// Links that are followed in a path, as many as Linux follows.
const MOST_LINKS: usize = 40;

/// Why a path is not followed to its end.
#[derive(Debug)]
pub enum Stopped {
    /// It leads out of the repository, or a link in it leads nowhere. Which of the two is not told: the answer would say what
    /// exists outside.
    Outside,
    /// It leads into `.git`, where Git keeps what it trusts.
    Git,
    Failed(io::Error),
}

/// Whether a folder is the root of a repository. In a worktree or a submodule, `.git` is a file.
pub fn is_repository(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join(".git")).is_ok()
}

/// The root of the Git repository around a folder, which is a path without links.
pub fn repository(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|it| is_repository(it))
}

/// Files, each with the repository around it.
pub fn with_repositories(files: impl Iterator<Item = ReadFile>) -> Vec<ReadFile> {
    let mut repositories = Repositories::default();
    let files = files.map(|mut file| {
        let folder = file.source().place.parent().filter(|it| it.is_absolute());
        let repository = folder.and_then(|it| repositories.around(it));
        file.set_repository(repository);
        file
    });
    files.collect()
}

/// The repositories around folders. Every folder is looked at once.
#[derive(Default)]
pub struct Repositories {
    /// By the paths of folders, as bytes.
    known: HashMap<OsString, Option<Arc<Path>>>,
}

impl Repositories {
    /// The root of the Git repository around a folder, which is an absolute path without links.
    pub fn around(&mut self, folder: &Path) -> Option<Arc<Path>> {
        if let Some(found) = self.known.get(folder.as_os_str()) {
            return found.clone();
        }
        let found = match is_repository(folder) {
            true => Some(folder.into()),
            false => folder.parent().and_then(|it| self.around(it)),
        };
        self.known.insert(folder.as_os_str().to_owned(), found.clone());
        found
    }
}

/// The part of the disk that a configuration may name files in: the Git repository around its folder, or the folder itself.
pub fn root(folder: &Path) -> &Path {
    repository(folder).unwrap_or(folder)
}

/// Whether a path leads into a folder `.git` below `root`. Some file systems are not case-sensitive.
fn is_in_git(root: &Path, path: &Path) -> bool {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let is_git = |it: &OsStr| it.eq_ignore_ascii_case(".git") || cfg!(windows) && it.eq_ignore_ascii_case("git~1");
    inside.components().any(|it| is_git(it.as_os_str()))
}

/// The path without links that `path` leads to from `base`, if that is in `root` and not in `.git`. The end of the path may be
/// missing. `base` and `root` are paths without links.
pub fn within(root: &Path, base: &Path, path: &Path) -> Result<PathBuf, Stopped> {
    match follow(base, path, &|_, _| Ok(())) {
        Ok(real) if real.starts_with(root) && is_in_git(root, &real) => Err(Stopped::Git),
        Ok(real) if real.starts_with(root) => Ok(real),
        // What goes wrong outside of the root is not told either.
        Err((reached, stopped)) if reached.starts_with(root) => Err(stopped),
        Ok(_) | Err(_) => Err(Stopped::Outside),
    }
}

/// The path without links that a path leads to which somebody typed. A link that lies in a repository is not followed out of
/// that repository or into its `.git`; the path itself may lead anywhere. The end of the path may be missing.
pub fn typed(base: &Path, path: &Path) -> Result<PathBuf, Stopped> {
    let may_follow = |folder: &Path, target: &Path| match repository(folder) {
        Some(root) if !target.starts_with(root) => Err(Stopped::Outside),
        Some(root) if is_in_git(root, target) && !is_in_git(root, folder) => Err(Stopped::Git),
        _ => Ok(()),
    };
    follow(base, path, &may_follow).map_err(|(_, stopped)| stopped)
}

/// Whether a link in a folder may be followed to where it leads.
type MayFollow<'a> = dyn Fn(&Path, &Path) -> Result<(), Stopped> + 'a;

/// What is left of a path that is followed.
enum Step {
    /// The root, or a drive.
    Base(OsString),
    Up,
    Name(OsString),
    /// A link in this folder has been followed to its end.
    Followed(PathBuf),
}

/// The steps of a path, last one first.
fn steps(path: &Path) -> impl Iterator<Item = Step> {
    path.components().rev().filter_map(|it| match it {
        Component::CurDir => None,
        Component::ParentDir => Some(Step::Up),
        Component::Normal(name) => Some(Step::Name(name.to_owned())),
        Component::Prefix(_) | Component::RootDir => Some(Step::Base(it.as_os_str().to_owned())),
    })
}

/// `may_follow` is asked for each link, also for those that other links lead to. The error says how far it came.
fn follow(base: &Path, path: &Path, may_follow: &MayFollow<'_>) -> Result<PathBuf, (PathBuf, Stopped)> {
    let mut real = base.to_owned();
    let mut left: Vec<Step> = steps(path).collect();
    let (mut links, mut open) = (0, 0);
    let mut is_missing = false;
    while let Some(step) = left.pop() {
        let name = match step {
            Step::Name(name) => name,
            Step::Base(it) => {
                real.push(it);
                if cfg!(windows) {
                    // Paths without links have another prefix there.
                    real = fs::canonicalize(&real).unwrap_or(real);
                }
                continue;
            }
            Step::Up if is_missing => return Err((real, Stopped::Failed(io::ErrorKind::NotFound.into()))),
            Step::Up => {
                real.pop();
                continue;
            }
            Step::Followed(folder) => {
                if let Err(stopped) = may_follow(&folder, &real) {
                    return Err((folder, stopped));
                }
                open -= 1;
                continue;
            }
        };
        let next = real.join(name);
        let meta = if is_missing { Err(io::ErrorKind::NotFound.into()) } else { fs::symlink_metadata(&next) };
        match meta {
            Ok(meta) if meta.is_symlink() => {
                links += 1;
                let target = fs::read_link(&next).ok().filter(|_| links <= MOST_LINKS);
                let Some(target) = target else { return Err((real, Stopped::Outside)) };
                open += 1;
                left.push(Step::Followed(real.clone()));
                left.extend(steps(&target));
            }
            Ok(_) => real = next,
            // A link leads there.
            Err(_) if open > 0 => return Err((real, Stopped::Outside)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                is_missing = true;
                real = next;
            }
            Err(error) => return Err((real, Stopped::Failed(error))),
        }
    }
    Ok(real)
}
