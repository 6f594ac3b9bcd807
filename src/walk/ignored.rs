//! What ignore files hide: `.ignore`, `.gitignore` and `.git/info/exclude`, with Git's meaning.
//!
//! Ignore files come with a pull request, so they are hostile input. They are read here and not by the library that walks:
//! regular files only, no links, with limits on size, lines and work. Nothing above the root of the repository counts, or
//! above the linted folder where there is no repository. What Git tracks cannot be hidden by Git's own ignore files.

mod file;
mod index;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use ekslint::collections::HashMap;
use ekslint::report::{Problem, visible, visible_path};

use super::inside::{self, is_repository};
use super::paths::{self, candidate};
use ekslint::patterns::{MOST_STEPS, Patterns};
use file::{IgnoreFile, Rule};
use index::Tracked;

pub use file::{By, here};

/// Bytes that are read of an ignore file.
const LONGEST_FILE: u64 = 1 << 20;
/// Bytes of a line, as many as Linux allows for a path.
const LONGEST_LINE: usize = 4096;
/// Bytes of all ignore files of a run.
const MOST_BYTES: u64 = 16 << 20;
/// Files that cannot be read and are told.
const MOST_PROBLEMS: usize = 20;
/// Bytes of the files in `.git` that name another folder.
const LONGEST_POINTER: u64 = 8192;

/// What ignore files say about the files below one folder. Shared by all threads of a walk.
#[derive(Default)]
pub struct Ignored {
    /// Whether names that start with a dot are hidden.
    hides_dots: bool,
    /// By the paths of folders, as bytes: each entry of a walk is asked for, and paths are compared and hashed part by part.
    levels: Arc<RwLock<HashMap<OsString, Arc<Level>>>>,
    /// How many bytes of ignore files were read for `levels`.
    bytes: Arc<AtomicU64>,
    steps: AtomicU64,
    messages: Mutex<Messages>,
    /// Tracked files that could be inputs and that only `.ignore` hides, and submodules.
    tracked_hidden: Mutex<BTreeSet<PathBuf>>,
}

/// What somebody has to know about the ignore files themselves.
#[derive(Default)]
pub struct Messages {
    pub notices: BTreeSet<String>,
    /// Limits that keep ignore files from being applied.
    pub problems: BTreeSet<Problem>,
    /// Files that say what Git tracks, and cannot be read.
    pub unread: BTreeSet<Problem>,
}

/// A folder with rules of its own, and those above it that count.
struct Level {
    parent: Option<Arc<Level>>,
    folder: PathBuf,
    repository: Option<Arc<Repository>>,
    ignore: Option<Arc<IgnoreFile>>,
    gitignore: Option<Arc<IgnoreFile>>,
    /// Git ignores the folder, and it was entered only because it holds tracked files.
    lost: Option<Rule>,
}

struct Repository {
    root: PathBuf,
    /// `.git`, or where it points to in a worktree or submodule.
    git: Option<PathBuf>,
    exclude: Option<Arc<IgnoreFile>>,
    tracked: OnceLock<Tracked>,
}

enum Verdict {
    Shown,
    /// A folder of which only the tracked files count.
    Lost(Rule),
    Hidden(By),
}

impl Ignored {
    /// For a walk of `root`, a path without links. The folder itself was named, so nothing hides it.
    pub fn new(root: &Path, hides_dots: bool) -> Self {
        let ignored = Self { hides_dots, ..Self::default() };
        let top = inside::root(root);
        let mut above: Vec<&Path> = root.ancestors().take_while(|it| it.starts_with(top)).collect();
        above.reverse();
        let mut level = None;
        for folder in above {
            let next = ignored.level(folder, level.as_ref(), None);
            ignored.keep(folder, &next);
            level = Some(next);
        }
        ignored
    }

    /// For another walk, which enters hidden folders too: what was read for this one is not read again. Nothing if this walk
    /// was not above or in `root`, or did not come to its end.
    pub fn again(&self, root: &Path) -> Option<Self> {
        // Rules of a folder do not depend on whether names that start with a dot are hidden.
        let (levels, bytes) = (self.levels.clone(), self.bytes.clone());
        (self.known(root).is_some() && !self.is_too_much()).then(|| Self { levels, bytes, ..Self::default() })
    }

    /// Why a file or folder is hidden, if it is; whoever asks knows that the folder it is in is not.
    pub fn hides(&self, path: &Path, is_folder: bool) -> Option<By> {
        let level = path.parent().and_then(|it| self.level_of(it))?;
        let lost = match self.judge(&level, path, is_folder) {
            Verdict::Hidden(by) => return Some(by),
            Verdict::Lost(rule) => Some(rule),
            Verdict::Shown => None,
        };
        // A walk before this one may have read it.
        if is_folder && self.known(path).is_none() {
            self.keep(path, &self.level(path, Some(&level), lost));
        }
        None
    }

    /// What is to be said about the ignore files that were read.
    pub fn messages(&self) -> Messages {
        let mut messages = std::mem::take(&mut *self.messages.lock().unwrap_or_else(PoisonError::into_inner));
        if self.steps.load(Ordering::Relaxed) > MOST_STEPS && messages.problems.is_empty() {
            let reason = "its patterns take too much work, so nothing in the folder that was named is read".to_owned();
            messages.problems.extend(self.costliest().map(|path| Problem { path: here(&path), reason }));
        }
        messages
    }

    /// Whether there are more ignore files than are read, or their patterns took too much work. Then what was found in the walk
    /// depends on its order, and is of no use; whether it is so does not depend on the order.
    pub fn is_too_much(&self) -> bool {
        self.steps.load(Ordering::Relaxed) > MOST_STEPS || self.bytes.load(Ordering::Relaxed) > MOST_BYTES
    }

    /// The ignore file whose patterns took the most work.
    fn costliest(&self) -> Option<PathBuf> {
        let levels = self.levels.read().unwrap_or_else(PoisonError::into_inner);
        let exclude = |it: &Level| it.repository.as_ref().and_then(|it| it.exclude.clone());
        let files = levels.values().flat_map(|it| [it.ignore.clone(), it.gitignore.clone(), exclude(it)]).flatten();
        let most = files.max_by_key(|it| (it.steps.load(Ordering::Relaxed), it.path.clone()));
        most.map(|it| it.path.clone())
    }

    /// Tracked files that could be inputs and that only `.ignore` hides, and submodules. Some may be excluded.
    pub fn tracked_hidden(&self) -> BTreeSet<PathBuf> {
        std::mem::take(&mut *self.tracked_hidden.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether Git tracks something in a folder. `None`: the folder above is in no repository, or the index cannot be read.
    pub fn holds_tracked(&self, folder: &Path) -> Option<bool> {
        let level = folder.parent().and_then(|it| self.level_of(it))?;
        let repository = level.repository.as_ref()?;
        let index = repository.git.as_ref()?.join("index");
        let is_known = !self.tracked(repository).is_empty() || fs::symlink_metadata(index).is_err();
        is_known.then(|| self.is_tracked(&level, folder, true))
    }

    fn keep(&self, folder: &Path, level: &Arc<Level>) {
        let mut levels = self.levels.write().unwrap_or_else(PoisonError::into_inner);
        levels.insert(folder.as_os_str().to_owned(), level.clone());
    }

    fn known(&self, folder: &Path) -> Option<Arc<Level>> {
        self.levels.read().unwrap_or_else(PoisonError::into_inner).get(folder.as_os_str()).cloned()
    }

    /// The rules for what is in a folder. A walk has asked for each folder before; a question about paths alone may not have.
    fn level_of(&self, folder: &Path) -> Option<Arc<Level>> {
        let mut missing: Vec<&Path> = Vec::new();
        for folder in folder.ancestors() {
            if self.known(folder).is_some() {
                for folder in missing.into_iter().rev() {
                    let level = self.known(folder.parent()?)?;
                    let lost = match self.judge(&level, folder, true) {
                        // Callers ask from the top down, so nobody asks for what is in a hidden folder; if somebody did, only
                        // what Git tracks in it would count.
                        Verdict::Lost(rule) | Verdict::Hidden(By::Rule(rule)) => Some(rule),
                        Verdict::Hidden(By::Dot | By::TooMuch) | Verdict::Shown => None,
                    };
                    self.keep(folder, &self.level(folder, Some(&level), lost));
                }
                break;
            }
            missing.push(folder);
        }
        self.known(folder)
    }

    /// The rules of a folder: those of the folder above, if it has none of its own.
    fn level(&self, folder: &Path, parent: Option<&Arc<Level>>, lost: Option<Rule>) -> Arc<Level> {
        let repository = is_repository(folder).then(|| Arc::new(self.repository(folder)));
        let ignore = self.file(folder.join(".ignore"));
        let gitignore = self.file(folder.join(".gitignore"));
        // What is above a repository says nothing about it.
        let parent = parent.filter(|_| repository.is_none()).cloned();
        if let Some(parent) = &parent
            && ignore.is_none()
            && gitignore.is_none()
            && lost.is_none()
        {
            return parent.clone();
        }
        let lost = lost.or_else(|| parent.as_ref()?.lost.clone()).filter(|_| repository.is_none());
        let repository = repository.or_else(|| parent.as_ref()?.repository.clone());
        Arc::new(Level { parent, folder: folder.to_owned(), repository, ignore, gitignore, lost })
    }

    fn judge(&self, level: &Arc<Level>, path: &Path, is_folder: bool) -> Verdict {
        // What is hidden is not entered, so the walk is soon over.
        if self.is_too_much() {
            return Verdict::Hidden(By::TooMuch);
        }
        let before = self.steps.load(Ordering::Relaxed);
        let mut steps = before;
        let found = self.decide(level, path, is_folder, &mut steps);
        if steps > before {
            self.steps.fetch_add(steps - before, Ordering::Relaxed);
        }
        let mut is_wanted = false;
        let mut by_git = level.lost.clone();
        match found {
            Some(Found { rule, is_negated: false, is_git: false }) => {
                self.count_tracked(level, path, is_folder);
                return Verdict::Hidden(By::Rule(rule));
            }
            Some(Found { rule, is_negated: false, is_git: true }) => by_git = by_git.or(Some(rule)),
            Some(_) => is_wanted = true,
            None => {}
        }
        let is_dot = self.hides_dots && path.file_name().is_some_and(|it| it.as_encoded_bytes().starts_with(b"."));
        match by_git {
            Some(rule) if !self.is_tracked(level, path, is_folder) => Verdict::Hidden(By::Rule(rule)),
            Some(_) if is_dot => Verdict::Hidden(By::Dot),
            Some(rule) if is_folder => Verdict::Lost(rule),
            Some(_) => Verdict::Shown,
            None if is_dot && !is_wanted => Verdict::Hidden(By::Dot),
            None => Verdict::Shown,
        }
    }

    /// The line that decides: `.ignore` before `.gitignore` before `.git/info/exclude`, and the nearest folder first.
    fn decide(&self, level: &Arc<Level>, path: &Path, is_folder: bool, steps: &mut u64) -> Option<Found> {
        let mut ask = |file: &Arc<IgnoreFile>, folder: &Path, is_git: bool| {
            let before = *steps;
            *steps += 1;
            let hit = file.patterns.decide(&below(path, folder), is_folder, steps);
            file.steps.fetch_add(*steps - before, Ordering::Relaxed);
            let hit = hit?;
            let rule = Rule { file: file.clone(), line: hit.line };
            Some(Found { rule, is_negated: hit.is_negated, is_git })
        };
        let levels = || std::iter::successors(Some(level), |it| it.parent.as_ref());
        for level in levels() {
            if let Some(found) = level.ignore.as_ref().and_then(|it| ask(it, &level.folder, false)) {
                return Some(found);
            }
        }
        for level in levels() {
            if let Some(found) = level.gitignore.as_ref().and_then(|it| ask(it, &level.folder, true)) {
                return Some(found);
            }
        }
        let repository = level.repository.as_ref()?;
        ask(repository.exclude.as_ref()?, &repository.root, true)
    }

    /// Whether Git tracks a file, or something in a folder.
    fn is_tracked(&self, level: &Level, path: &Path, is_folder: bool) -> bool {
        let Some(repository) = &level.repository else { return false };
        let (tracked, inside) = (self.tracked(repository), below(path, &repository.root));
        tracked.holds(&inside) || is_folder && tracked.below(&inside).next().is_some()
    }

    fn count_tracked(&self, level: &Level, path: &Path, is_folder: bool) {
        let Some(repository) = &level.repository else { return };
        let (tracked, inside) = (self.tracked(repository), below(path, &repository.root));
        // Folders above were entered, so they are not hidden.
        let name = inside.len() - path.file_name().map_or(0, OsStr::len);
        let mut hidden = self.tracked_hidden.lock().unwrap_or_else(PoisonError::into_inner);
        if is_folder {
            let below = tracked.below(&inside).filter(|it| !self.hides_name(&it[name..]));
            let place = |it: &[u8]| repository.root.join(&*String::from_utf8_lossy(it));
            hidden.extend(below.map(place).filter(|it| candidate(it)));
            let submodules = tracked.submodules(&inside).filter(|it| !self.hides_name(&it[name..])).map(place);
            // One that was not fetched hides nothing.
            hidden.extend(submodules.filter(|it| fs::read_dir(it).is_ok_and(|mut it| it.next().is_some())));
        } else if candidate(path) && !self.hides_name(&inside[name..]) && tracked.holds(&inside) {
            hidden.insert(path.to_owned());
        }
    }

    /// Whether a name in a path that Git wrote starts with a dot, if that hides it.
    fn hides_name(&self, path: &[u8]) -> bool {
        self.hides_dots && path.split(|it| *it == b'/').any(|it| it.starts_with(b"."))
    }

    fn tracked<'r>(&self, repository: &'r Repository) -> &'r Tracked {
        repository.tracked.get_or_init(|| {
            let file = repository.git.as_ref().map(|it| it.join("index"));
            let read = match file.as_deref().map_or_else(|| Err(io::Error::other("no folder")), open) {
                Ok(Some(input)) => limited(input, index::LONGEST),
                // Nothing was added to the repository yet.
                Ok(None) => return Tracked::default(),
                Err(error) => Err(error),
            };
            let shared = |name: &str| {
                let input = open(&repository.git.as_ref()?.join(name)).ok()??;
                limited(input, index::LONGEST).ok().filter(|(_, is_cut)| !is_cut).map(|(bytes, _)| bytes)
            };
            let tracked = read.ok().filter(|(_, is_cut)| !is_cut).and_then(|(bytes, _)| Tracked::parse(&bytes, shared));
            tracked.unwrap_or_else(|| {
                // Git tells nobody what it tracks, so what is hidden may be what matters.
                let reason = "cannot be read, so tracked files that .gitignore names are ignored too";
                self.unreadable(&file.unwrap_or_else(|| repository.root.join(".git")), reason);
                Tracked::default()
            })
        })
    }

    /// Reads an ignore file, if there is one.
    fn file(&self, path: PathBuf) -> Option<Arc<IgnoreFile>> {
        let read = open(&path).and_then(|it| it.map(|it| limited(it, LONGEST_FILE)).transpose());
        let (mut text, is_cut) = match read {
            Ok(Some(read)) => read,
            Ok(None) => return None,
            Err(error) => {
                self.notice(&path, &format!("not read as an ignore file: {}", paths::reason(&error)));
                return None;
            }
        };
        if self.bytes.fetch_add(text.len() as u64, Ordering::Relaxed) + text.len() as u64 > MOST_BYTES {
            let more = format!("not read: there are more than {} MiB of ignore files", MOST_BYTES >> 20);
            self.problem(&path, format!("{more}, so nothing in the folder that was named is read"));
            return None;
        }
        if is_cut {
            // The last line may be half a pattern.
            text.truncate(memchr::memrchr(b'\n', &text).map_or(0, |it| it + 1));
            self.notice(&path, "larger than 1 MiB; the patterns after that are not applied");
        }
        let (patterns, skipped) = Patterns::parse(text, LONGEST_LINE);
        if skipped > 0 {
            let lines = if skipped == 1 { "1 line".to_owned() } else { format!("{skipped} lines") };
            self.notice(&path, &format!("{lines} longer than {LONGEST_LINE} bytes not applied"));
        }
        (!patterns.is_empty()).then(|| Arc::new(IgnoreFile { path, patterns, steps: AtomicU64::default() }))
    }

    fn repository(&self, root: &Path) -> Repository {
        let git = git_folder(root);
        // Worktrees share it.
        let common = git.as_deref().map(|git| pointer(&git.join("commondir"), git).unwrap_or_else(|| git.to_owned()));
        let exclude = common.and_then(|it| self.file(it.join("info").join("exclude")));
        Repository { root: root.to_owned(), git, exclude, tracked: OnceLock::new() }
    }

    fn notice(&self, path: &Path, what: &str) {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.notices.insert(format!("{}: {}", visible_path(&here(path)), visible(what)));
    }

    /// A file that says what Git tracks, and cannot be read. Of very many the first in their order are told.
    fn unreadable(&self, path: &Path, reason: &str) {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.unread.insert(Problem { path: here(path), reason: reason.to_owned() });
        if messages.unread.len() > MOST_PROBLEMS {
            messages.unread.pop_last();
        }
    }

    fn problem(&self, path: &Path, reason: String) {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        // One is enough, and which one is found first depends on the threads.
        if messages.problems.is_empty() {
            messages.problems.insert(Problem { path: here(path), reason });
        }
    }
}

struct Found {
    rule: Rule,
    is_negated: bool,
    /// Git reads the file too.
    is_git: bool,
}

/// Where the repository keeps its index.
fn git_folder(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if fs::symlink_metadata(&git).is_ok_and(|it| it.is_dir()) {
        return Some(git);
    }
    pointer(&git, root)
}

/// The folder that a small file in or for `.git` names, relative to another folder.
fn pointer(file: &Path, base: &Path) -> Option<PathBuf> {
    let (text, is_cut) = limited(open(file).ok()??, LONGEST_POINTER).ok()?;
    let text = String::from_utf8(text).ok().filter(|_| !is_cut)?;
    let text = text.strip_prefix("gitdir:").unwrap_or(&text).trim();
    (!text.is_empty() && !text.contains('\0')).then(|| base.join(text))
}

/// Opens a regular file. `None`: there is none.
fn open(path: &Path) -> io::Result<Option<File>> {
    let meta = match fs::symlink_metadata(path) {
        Ok(meta) => meta,
        // The folder may be no folder either.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    // A pipe would be waited for, and a link may lead to a device that never ends.
    let is_file = |it: &fs::Metadata| if it.is_file() { Ok(()) } else { Err(io::Error::other("not a regular file")) };
    is_file(&meta)?;
    let file = File::open(path)?;
    is_file(&file.metadata()?)?;
    Ok(Some(file))
}

/// Reads up to a limit, and says whether there is more.
fn limited(file: File, most: u64) -> io::Result<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    let is_cut = bytes.len() as u64 > most;
    bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok((bytes, is_cut))
}

/// What is behind a folder in a path, as Git writes it. The path is known to be in the folder, so nothing is compared: whoever
/// compares folder by folder takes long in deep trees.
fn below<'p>(path: &'p Path, folder: &Path) -> Cow<'p, [u8]> {
    let rest = path.as_os_str().as_encoded_bytes().get(folder.as_os_str().len()..).unwrap_or_default();
    let is_separator = |it: &u8| *it == b'/' || cfg!(windows) && *it == b'\\';
    let rest = if rest.first().is_some_and(is_separator) { &rest[1..] } else { rest };
    if cfg!(windows) {
        return rest.iter().map(|it| if is_separator(it) { b'/' } else { *it }).collect();
    }
    Cow::Borrowed(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A second walk takes what the first one read.
    #[test]
    fn ignore_files_are_read_once() {
        let folder = std::env::temp_dir().join(format!("ekslint-ignored-{}", std::process::id()));
        fs::create_dir_all(folder.join("a")).unwrap();
        let root = fs::canonicalize(&folder).unwrap();
        let written = root.join("a").join(".ignore");
        fs::write(&written, "b.yaml\n").unwrap();
        let (below, hidden) = (root.join("a"), root.join("a").join("b.yaml"));
        let first = Ignored::new(&root, true);
        assert!(first.hides(&below, true).is_none() && first.hides(&hidden, false).is_some());
        let again = first.again(&root).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert!(again.hides(&below, true).is_none() && again.hides(&hidden, false).is_some());
        assert!(
            again.hides(&root.join(".github"), true).is_none() && first.hides(&root.join(".github"), true).is_some()
        );
        assert!(first.again(&root.join("c")).is_none());
    }
}
