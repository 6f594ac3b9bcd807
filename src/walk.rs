//! Paths into sources: what the user named, and what lies in the folders that the user named.
//!
//! The result depends on the files alone, not on the order of the arguments or on how many threads read.

pub mod past;

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ekslint::config::Globs;
use ekslint::lower;
use ekslint::report::Problem;
use ekslint::source::Source;
use ignore::{DirEntry, WalkBuilder, WalkState};
use rayon::prelude::*;

/// Bytes of a file that are read. A larger file is not linted, and the run says so.
pub const LIMIT: usize = 16 << 20;
/// How files are called that are looked at in folders.
const EXTENSIONS: [&str; 4] = ["yaml", "yml", "json", "template"];

/// What to read.
#[derive(Clone, Debug)]
pub struct Request {
    /// Files, folders, and `-` for standard input.
    pub paths: Vec<PathBuf>,
    /// What standard input is called.
    pub stdin_name: String,
    pub threads: usize,
    /// What is passed over where it is come across.
    pub exclude: Vec<Globs>,
    /// What is excluded is passed over even where it is named.
    pub force_exclude: bool,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Walk {
    /// The files that may have something to do with EKS, in the order of their paths.
    pub sources: Vec<Source>,
    /// What could not be read, in the order of paths.
    pub problems: Vec<Problem>,
    /// How many files were read, with those that were put aside at once.
    pub files_read: usize,
    /// The bytes of those files.
    pub bytes_read: u64,
    /// True if there was nothing to read, and no problem either.
    pub nothing: bool,
}

/// Reads everything.
pub fn walk(request: &Request) -> Walk {
    let mut reader = Reader::default();
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for path in &request.paths {
        if path.as_os_str() == "-" {
            reader.stdin(&request.stdin_name);
            continue;
        }
        let shown = shown(path);
        match fs::metadata(path) {
            Err(error) => reader.batch.problem(shown, reason(&error)),
            Ok(_) if request.force_exclude && is_excluded(path, &request.exclude) => {}
            Ok(meta) if meta.is_dir() => folders.push((shown, path)),
            Ok(meta) if meta.is_file() => files.push((shown, path)),
            Ok(_) => {
                reader.batch.problem(shown, "not a regular file; standard input is read if it is named `-`".to_owned());
            }
        }
    }
    // Short names first, so that a file that was named twice has the name that reads best.
    files.sort_by(|a, b| (a.0.len(), &a.0).cmp(&(b.0.len(), &b.0)));
    folders.sort_by(|a, b| (a.0.len(), &a.0).cmp(&(b.0.len(), &b.0)));
    reader.named(&files);
    for (shown, path) in &folders {
        reader.folder(shown, path, request);
    }
    reader.links();
    reader.finish()
}

#[derive(Default)]
struct Reader {
    batch: Batch,
    /// The true paths of all files that were read.
    claimed: HashSet<PathBuf>,
    /// Symbolic links to files, found in folders: how they are shown, and the true path of the folder.
    links: Vec<(String, PathBuf, PathBuf)>,
    stdin: bool,
}

/// What one thread has read.
#[derive(Default)]
struct Batch {
    /// Shown path, true path, text. The true path keeps the order fixed for paths that look the same.
    sources: Vec<(String, PathBuf, Source)>,
    problems: Vec<Problem>,
    /// How many files were read to their end.
    read: usize,
    /// Their bytes.
    bytes: u64,
    /// The true paths of all that were opened.
    tried: Vec<PathBuf>,
    links: Vec<(String, PathBuf, PathBuf)>,
    buffer: Vec<u8>,
}

/// A batch of a thread of the walk, which hands over what it has when the thread is done.
struct Handed<'a> {
    batch: Batch,
    all: &'a Mutex<Batch>,
}

impl Drop for Handed<'_> {
    fn drop(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        // A thread that panicked while it held the lock is reported when the walk joins it.
        self.all.lock().unwrap_or_else(PoisonError::into_inner).append(batch);
    }
}

impl Batch {
    fn append(&mut self, other: Self) {
        self.sources.extend(other.sources);
        self.problems.extend(other.problems);
        self.read += other.read;
        self.bytes += other.bytes;
        self.tried.extend(other.tried);
        self.links.extend(other.links);
    }

    fn problem(&mut self, path: String, reason: String) {
        self.problems.push(Problem { path, reason });
    }

    /// Reads a file; keeps it if it may matter, or was `named` on the command line.
    fn file(&mut self, shown: String, path: &Path, real: PathBuf, named: bool) {
        self.tried.push(real.clone());
        if let Err(error) = File::open(path).and_then(|it| fill(&mut self.buffer, it)) {
            return self.problem(shown, reason(&error));
        }
        self.read += 1;
        self.bytes += self.buffer.len() as u64;
        if named || lower::matters(&self.buffer) {
            let mut source = Source::decode(shown.clone(), &self.buffer);
            source.place.clone_from(&real);
            self.sources.push((shown, real, source));
        }
    }

    /// Takes what the walk has found.
    fn entry(&mut self, entry: Result<DirEntry, ignore::Error>, folder: &Folder, claimed: &HashSet<PathBuf>) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return self.walk_error(&error, folder),
        };
        if !candidate(entry.path()) {
            return;
        }
        let Some(kind) = entry.file_type() else { return };
        let Ok(inside) = entry.path().strip_prefix(&folder.real) else { return };
        let shown = join(folder.shown, &shown(inside));
        if kind.is_symlink() {
            self.links.push((shown, entry.into_path(), folder.real.clone()));
        } else if kind.is_file() {
            // Folders are never entered through links, so this is the true path.
            let real = folder.real.join(inside);
            if !claimed.contains(&real) {
                self.file(shown, entry.path(), real, false);
            }
        }
    }

    fn walk_error(&mut self, error: &ignore::Error, folder: &Folder) {
        let path = error_path(error).and_then(|it| it.strip_prefix(&folder.real).ok());
        let shown = path.map_or_else(|| folder.shown.to_owned(), |it| join(folder.shown, &shown(it)));
        let reason = error.io_error().map_or_else(|| error.to_string(), reason);
        self.problem(if shown.is_empty() { ".".to_owned() } else { shown }, reason);
    }
}

/// A folder that was named.
struct Folder<'a> {
    shown: &'a str,
    /// Its path without links in it. The walk goes through this path: it would not enter a link.
    real: PathBuf,
}

impl Reader {
    fn stdin(&mut self, name: &str) {
        if std::mem::replace(&mut self.stdin, true) {
            return;
        }
        match fill(&mut self.batch.buffer, io::stdin().lock()) {
            Ok(()) => {
                let mut source = Source::decode(name, &self.batch.buffer);
                source.place = std::env::current_dir().and_then(fs::canonicalize).unwrap_or_default().join(name);
                self.batch.sources.push((name.to_owned(), PathBuf::from("-"), source));
                self.batch.read += 1;
                self.batch.bytes += self.batch.buffer.len() as u64;
            }
            Err(error) => self.batch.problem(name.to_owned(), reason(&error)),
        }
    }

    /// Files that were named: they are read whatever they are called.
    fn named(&mut self, files: &[(String, &PathBuf)]) {
        let mut new = Vec::new();
        for (shown, path) in files {
            match fs::canonicalize(path) {
                Ok(real) if self.claimed.insert(real.clone()) => new.push((shown, path, real)),
                Ok(_) => {}
                Err(error) => self.batch.problem(shown.clone(), reason(&error)),
            }
        }
        self.read_all(new, true);
    }

    fn folder(&mut self, shown: &str, path: &Path, request: &Request) {
        let real = match fs::canonicalize(path) {
            Ok(real) => real,
            Err(error) => return self.batch.problem(shown.to_owned(), reason(&error)),
        };
        let folder = Folder { shown: if shown == "." { "" } else { shown }, real };
        let all = Mutex::new(Batch::default());
        let claimed = &self.claimed;
        let mut walk = WalkBuilder::new(&folder.real);
        if !request.exclude.is_empty() {
            let exclude = request.exclude.clone();
            walk.filter_entry(move |entry| {
                let is_folder = entry.file_type().is_some_and(|it| it.is_dir());
                // A folder that was named is meant, whatever is excluded.
                entry.depth() == 0 || !exclude.iter().any(|it| it.name(entry.path(), is_folder))
            });
        }
        walk.require_git(false)
            // What one user ignores everywhere must not change what a project is told.
            .git_global(false)
            .follow_links(false)
            .threads(request.threads)
            .build_parallel()
            .run(|| {
                let mut handed = Handed { batch: Batch::default(), all: &all };
                let folder = &folder;
                Box::new(move |entry| {
                    handed.batch.entry(entry, folder, claimed);
                    WalkState::Continue
                })
            });
        let mut batch = all.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.claimed.extend(batch.tried.drain(..));
        self.links.append(&mut batch.links);
        self.batch.append(batch);
    }

    /// Links to files that nobody has come across otherwise, and that are in the folder where the link was found.
    fn links(&mut self) {
        let mut links = std::mem::take(&mut self.links);
        links.sort();
        let mut new = Vec::new();
        for (shown, path, root) in &links {
            // A link that leads nowhere is no input.
            let Ok(real) = fs::canonicalize(path) else { continue };
            let regular = fs::metadata(&real).is_ok_and(|it| it.is_file());
            if regular && real.starts_with(root) && self.claimed.insert(real.clone()) {
                new.push((shown, path, real));
            }
        }
        self.read_all(new, false);
    }

    fn read_all(&mut self, files: Vec<(&String, impl AsRef<Path> + Send, PathBuf)>, named: bool) {
        let batches: Vec<Batch> = files
            .into_par_iter()
            .fold(Batch::default, |mut batch, (shown, path, real)| {
                batch.file(shown.clone(), path.as_ref(), real, named);
                batch
            })
            .collect();
        for batch in batches {
            self.batch.append(batch);
        }
    }

    fn finish(self) -> Walk {
        let Batch { mut sources, mut problems, read, bytes, .. } = self.batch;
        sources.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        problems.sort();
        problems.dedup();
        Walk {
            sources: sources.into_iter().map(|(_, _, source)| source).collect(),
            nothing: read == 0 && problems.is_empty(),
            problems,
            files_read: read,
            bytes_read: bytes,
        }
    }
}

/// Reads everything, up to the limit. Bytes are counted as they come: the size that a file claims may be wrong.
fn fill(buffer: &mut Vec<u8>, input: impl Read) -> io::Result<()> {
    buffer.clear();
    input.take(LIMIT as u64 + 1).read_to_end(buffer)?;
    if buffer.len() > LIMIT {
        return Err(io::Error::other(format!("larger than {} MiB, which is all that is read of a file", LIMIT >> 20)));
    }
    Ok(())
}

/// Whether something that was named is excluded: by itself, or by a folder that it is in.
fn is_excluded(path: &Path, exclude: &[Globs]) -> bool {
    let Ok(real) = fs::canonicalize(path) else { return false };
    is_meant(&real, real.is_dir(), exclude)
}

fn is_meant(real: &Path, is_folder: bool, exclude: &[Globs]) -> bool {
    exclude.iter().any(|it| it.hold(real) || is_folder && it.name(real, true))
}

fn candidate(path: &Path) -> bool {
    path.extension().is_some_and(|it| EXTENSIONS.iter().any(|known| it.eq_ignore_ascii_case(known)))
}

/// A path as it is shown: as it was typed, without `.` in it, with `/` between its parts.
fn shown(path: &Path) -> String {
    let mut out = String::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::RootDir => out.push('/'),
            Component::Prefix(it) => out.push_str(&it.as_os_str().to_string_lossy().replace('\\', "/")),
            Component::ParentDir | Component::Normal(_) => {
                if !out.is_empty() && !out.ends_with('/') {
                    out.push('/');
                }
                out.push_str(&component.as_os_str().to_string_lossy());
            }
        }
    }
    if out.is_empty() { ".".to_owned() } else { out }
}

fn join(folder: &str, inside: &str) -> String {
    if folder.is_empty() || folder.ends_with('/') {
        return format!("{folder}{inside}");
    }
    if inside == "." { folder.to_owned() } else { format!("{folder}/{inside}") }
}

/// Why something could not be read, in words that do not depend on the system.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or(&text);
            let mut chars = text.chars();
            chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
        }
    }
}

/// The path that an error of the walk is about.
fn error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error_path(err),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_as_they_were_typed() {
        let table = [(".", "."), ("./a/b.yaml", "a/b.yaml"), ("a//b/./c", "a/b/c"), ("../x", "../x"), ("/a/b", "/a/b")];
        for (path, expected) in table {
            assert_eq!(shown(Path::new(path)), expected);
        }
        assert_eq!(join("", "a.yaml"), "a.yaml");
        assert_eq!(join("/", "a.yaml"), "/a.yaml");
        assert_eq!(join("..", "a.yaml"), "../a.yaml");
    }

    #[test]
    fn only_known_extensions_are_looked_at_in_folders() {
        for name in ["a.yaml", "a.YML", "x/a.json", "stack.template"] {
            assert!(candidate(Path::new(name)), "{name}");
        }
        for name in ["a", "yaml", "a.yaml.bak", ".json"] {
            assert!(!candidate(Path::new(name)), "{name}");
        }
    }
}
