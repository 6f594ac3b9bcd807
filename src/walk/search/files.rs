//! Which files are searched for what fills placeholders in.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ekslint::lookup::{ByRoot, Reading, Token, Unsearched, is_skipped_folder, reading};
use ignore::WalkBuilder;
use rayon::prelude::*;

use crate::walk::ignored::{Ignored, here};
use crate::walk::request::Request;
use crate::walk::seen::{MOST_SEEN, Walked};
use crate::walk::{inside, paths};

/// Files that are searched.
const MOST_FILES: usize = 10_000;
/// Files and folders that are looked at to find them.
const MOST_ENTRIES: usize = MOST_SEEN;
/// Bytes of one file.
pub(super) const MOST_BYTES: u64 = 16 << 20;
/// Bytes of all files.
const MOST_BYTES_IN_ALL: u64 = 256 << 20;

/// Says of repositories, by the paths of their roots, whether their files can fill some token in.
pub fn may_fill(tokens: &[Token]) -> impl Fn(Option<&Arc<Path>>) -> bool {
    let mut wanted: ByRoot<bool> = ByRoot::default();
    tokens.iter().for_each(|it| *wanted.own(it.repository.clone()) = true);
    move |root| wanted.near(root).any(|it| *it)
}

/// A file that may be searched.
pub struct Searched {
    pub reading: Reading,
    /// How many bytes it has.
    pub size: u64,
    /// The root of the repository around it, if there is one.
    pub repository: Option<Arc<Path>>,
}

/// Leaves as many files as are searched, scripts first, and adds what is left out. The files come in the order of their paths.
pub fn limit<T>(files: &mut Vec<T>, of: impl Fn(&T) -> &Searched + Copy, unsearched: &mut Unsearched) {
    limit_count(files, of, unsearched);
    limit_sizes(files, of, unsearched);
}

/// The limit of files. Their sizes need not be known.
fn limit_count<T>(files: &mut Vec<T>, of: impl Fn(&T) -> &Searched, unsearched: &mut Unsearched) {
    // Both parts keep the order of paths.
    let data: Vec<T> = files.extract_if(.., |it| of(it).reading == Reading::Replaces).collect();
    files.extend(data);
    for file in files.drain(files.len().min(MOST_FILES)..) {
        let what = format!("more than {MOST_FILES} files that could fill placeholders in");
        add(unsearched, of(&file).repository.clone(), what);
    }
}

/// The limits of bytes.
fn limit_sizes<T>(files: &mut Vec<T>, of: impl Fn(&T) -> &Searched, unsearched: &mut Unsearched) {
    let mut leave_out = |file: &T, what: String| add(unsearched, of(file).repository.clone(), what);
    files.retain(|it| {
        let fits = of(it).size <= MOST_BYTES;
        if !fits {
            leave_out(it, format!("a file of more than {} MiB that could fill placeholders in", MOST_BYTES >> 20));
        }
        fits
    });
    let mut sum = 0;
    let fitting = files.iter().take_while(|it| {
        sum += of(it).size;
        sum <= MOST_BYTES_IN_ALL
    });
    let fitting = fitting.count();
    for file in files.drain(fitting..) {
        leave_out(&file, format!("more than {} MiB of files that could fill placeholders in", MOST_BYTES_IN_ALL >> 20));
    }
}

/// Which files are searched, asked of their paths alone: for files of another time.
pub struct Filter {
    roots: HashMap<PathBuf, (Ignored, HashMap<PathBuf, bool>)>,
}

impl Filter {
    pub fn new(request: &Request) -> Self {
        let roots = roots(request).into_iter().map(|it| (Ignored::new(&it, false), it));
        Self { roots: roots.map(|(ignored, root)| (root, (ignored, HashMap::new()))).collect() }
    }

    /// How a file is searched, if it is. `file`: its path without links.
    pub fn reading(&mut self, file: &Path) -> Option<Reading> {
        let folder = file.parent()?;
        let mut around: Vec<&Path> = folder.ancestors().collect();
        around.reverse();
        around.into_iter().find_map(|root| {
            let (ignored, entered) = self.roots.get_mut(root)?;
            let is_found = is_entered(root, folder, ignored, entered) && !is_left_out(ignored, file, false);
            is_found.then(|| reading_in(root, file)).flatten()
        })
    }

    /// Why some files are missing, if any are: an ignore file that could not be applied.
    pub fn unapplied(&self) -> Option<String> {
        let mut roots: Vec<_> = self.roots.iter().collect();
        roots.sort_by_key(|it| it.0);
        roots.into_iter().find_map(|(_, (ignored, _))| unapplied(ignored))
    }
}

/// Whether a walk of `root` enters a folder in it.
fn is_entered(root: &Path, folder: &Path, ignored: &Ignored, entered: &mut HashMap<PathBuf, bool>) -> bool {
    if folder == root {
        return true;
    }
    if let Some(known) = entered.get(folder) {
        return *known;
    }
    let is_above = folder.parent().is_some_and(|it| is_entered(root, it, ignored, entered));
    let is_it = is_above && !is_left_out(ignored, folder, true);
    entered.insert(folder.to_owned(), is_it);
    is_it
}

/// Whether a file or folder is not searched, although the folder that it is in is.
fn is_left_out(ignored: &Ignored, path: &Path, is_folder: bool) -> bool {
    let is_skipped = || is_folder && path.file_name().and_then(|it| it.to_str()).is_some_and(is_skipped_folder);
    is_skipped() || ignored.hides(path, is_folder).is_some()
}

/// How a file is searched in a walk of `root`, by its name.
fn reading_in(root: &Path, file: &Path) -> Option<Reading> {
    reading(&paths::shown(file.strip_prefix(root).ok()?))
}

/// Adds what was not searched of a repository. The first of each will do.
pub fn add(unsearched: &mut Unsearched, repository: Option<Arc<Path>>, what: String) {
    unsearched.own(repository).get_or_insert(what);
}

/// A file to search.
pub(super) struct Candidate<'w> {
    /// Its path without links.
    pub(super) place: Cow<'w, Path>,
    pub(super) searched: Searched,
}

/// What is searched.
pub(super) struct Files<'w> {
    /// In an order that depends on their names alone.
    pub(super) files: Vec<Candidate<'w>>,
    pub(super) unsearched: Unsearched,
}

impl<'w> Files<'w> {
    /// `is_wanted`: whether files of a repository count, by the path of its root.
    pub(super) fn of(request: &Request, walked: &'w [Walked], is_wanted: impl Fn(Option<&Arc<Path>>) -> bool) -> Self {
        let mut files: Vec<Candidate<'w>> = Vec::new();
        // In bytes: paths are compared and hashed part by part, and every folder is asked for.
        let mut visited: HashSet<OsString> = HashSet::new();
        let mut repositories = inside::Repositories::default();
        let mut entries = 0;
        let mut unsearched = Unsearched::default();
        let roots = roots(request);
        for root in &roots {
            // A folder that was named, and that the repository around it does not ignore.
            if visited.contains(root.as_os_str()) {
                continue;
            }
            let known = walked.iter().find_map(|it| it.ignored.again(root));
            let ignored = Arc::new(known.unwrap_or_else(|| Ignored::new(root, false)));
            // The walk for the linted files has found all but what is in the folders that it left out. Of several roots, one may
            // be in another, and the folders of both have to be known.
            let seen = walked.iter().find(|it| it.root == *root && roots.len() == 1 && it.seen.is_whole());
            let mut folders = vec![root.as_path()];
            if let Some(walked) = seen {
                let seen = Searchable::of(walked, &ignored);
                let found = seen.files.into_iter().map(Cow::Borrowed);
                files.extend(found.filter_map(|it| candidate(root, it, &mut repositories)));
                for folder in seen.unread {
                    if let Some(what) = unread(folder, &ignored) {
                        add(&mut unsearched, repositories.around(folder), what);
                    }
                }
                folders = seen.folders;
            }
            for entry in folders.into_iter().flat_map(|it| walk(it, ignored.clone(), request.threads)) {
                entries += 1;
                if entries > MOST_ENTRIES {
                    let what = "files and folders to look for what fills placeholders in";
                    add(&mut unsearched, None, format!("more than {MOST_ENTRIES} {what}"));
                    break;
                }
                match entry {
                    Ok(entry) if entry.file_type().is_some_and(|it| it.is_dir()) => {
                        if roots.len() > 1 {
                            visited.insert(entry.into_path().into_os_string());
                        }
                    }
                    Ok(entry) if entry.file_type().is_some_and(|it| it.is_file()) => {
                        files.extend(candidate(root, Cow::Owned(entry.into_path()), &mut repositories));
                    }
                    Ok(_) => {}
                    Err(error) if paths::is_gone(&error) => {}
                    Err(error) => {
                        let folder = paths::error_path(&error).unwrap_or(root);
                        if let Some(what) = unread(folder, &ignored) {
                            add(&mut unsearched, repositories.around(folder), what);
                        }
                    }
                }
            }
            if let Some(what) = unapplied(&ignored) {
                add(&mut unsearched, repositories.around(root), what);
            }
        }
        // Of several folders one may be in another.
        files.sort_by(|a, b| paths::in_order(&a.place, &b.place));
        files.dedup_by(|later, kept| {
            let is_same = later.place == kept.place;
            if is_same {
                std::mem::swap(later, kept);
            }
            is_same
        });
        let mut wanted: HashMap<Option<Arc<Path>>, bool> = HashMap::new();
        files.retain(|it| {
            let known = wanted.entry(it.searched.repository.clone());
            *known.or_insert_with_key(|it| is_wanted(it.as_ref()))
        });
        limit_count(&mut files, |it| &it.searched, &mut unsearched);
        // Only files that are searched need their size.
        files.par_iter_mut().for_each(|it| it.searched.size = fs::symlink_metadata(&it.place).map_or(0, |it| it.len()));
        limit_sizes(&mut files, |it| &it.searched, &mut unsearched);
        Self { files, unsearched }
    }
}

/// What a walk for the linted files has found for a search of the same folder.
struct Searchable<'w> {
    files: Vec<&'w Path>,
    /// Folders that the walk left out. They are still to be walked.
    folders: Vec<&'w Path>,
    /// Folders that could not be read.
    unread: Vec<&'w Path>,
}

impl<'w> Searchable<'w> {
    fn of(Walked { root, inputs, seen, .. }: &'w Walked, ignored: &Ignored) -> Self {
        // Asking about what is in folders that are never entered would take steps from the others.
        let is_searched =
            |path: &&Path, is_folder| !is_in_skipped(root, path) && !is_left_out(ignored, path, is_folder);
        let left_out = |folders| seen.left_out.iter().filter(move |it| it.1 == folders).map(|it| it.0.as_path());
        let others = seen.others.iter().map(PathBuf::as_path).chain(left_out(false));
        let inputs = inputs.iter().map(PathBuf::as_path).filter(|it| !is_in_skipped(root, it));
        let unread = seen.unread.iter().map(|it| it.as_deref().unwrap_or(root));
        Self {
            files: inputs.chain(others.filter(|it| is_searched(it, false))).collect(),
            folders: left_out(true).filter(|it| is_searched(it, true)).collect(),
            unread: unread.filter(|it| *it == root || is_searched(it, true)).collect(),
        }
    }
}

/// Why ignore files keep a search from being whole, if they do. Notices about them were given when the linted files were read.
fn unapplied(ignored: &Ignored) -> Option<String> {
    let problem = ignored.messages().problems.into_iter().next()?;
    Some(format!("an ignore file that could not be applied: {}", problem.path))
}

/// Why a folder that cannot be read keeps a search from being whole, if it does. In one that holds nothing of the repository, such
/// as the data of a database or `lost+found`, there is nothing to find.
fn unread(folder: &Path, ignored: &Ignored) -> Option<String> {
    let what = || format!("a folder that cannot be searched for what fills placeholders in: {}", here(folder));
    (ignored.holds_tracked(folder) != Some(false)).then(what)
}

fn candidate<'w>(root: &Path, place: Cow<'w, Path>, repositories: &mut inside::Repositories) -> Option<Candidate<'w>> {
    let reading = reading_in(root, &place)?;
    let repository = place.parent().and_then(|it| repositories.around(it));
    Some(Candidate { place, searched: Searched { reading, size: 0, repository } })
}

/// Whether something is in a folder that no search enters.
fn is_in_skipped(root: &Path, path: &Path) -> bool {
    let folders = path.strip_prefix(root).ok().and_then(Path::parent);
    folders.is_some_and(|it| it.iter().any(|it| it.to_str().is_some_and(is_skipped_folder)))
}

/// The files and folders below a folder, hidden ones with them: pipelines stand in hidden folders.
fn walk(root: &Path, ignored: Arc<Ignored>, threads: usize) -> ignore::Walk {
    let mut walk = WalkBuilder::new(root);
    walk.standard_filters(false).follow_links(false).threads(threads).sort_by_file_name(OsStr::cmp).filter_entry(
        move |it| {
            let is_folder = it.file_type().is_some_and(|it| it.is_dir());
            it.depth() == 0 || !is_left_out(&ignored, it.path(), is_folder)
        },
    );
    walk.build()
}

/// The folders to search, without links: the Git repositories of what was named, and what was named. Never a folder above.
fn roots(request: &Request) -> Vec<PathBuf> {
    let (mut repositories, mut folders) = (BTreeSet::new(), BTreeSet::new());
    for path in request.named() {
        let Ok(real) = fs::canonicalize(path) else { continue };
        let folder = if real.is_dir() { real.as_path() } else { real.parent().unwrap_or(&real) };
        match inside::repository(folder) {
            Some(root) => {
                repositories.insert(root.to_owned());
                folders.extend(real.is_dir().then(|| folder.to_owned()));
            }
            None => {
                folders.insert(folder.to_owned());
            }
        }
    }
    folders.retain(|it| !repositories.contains(it));
    // Those above others come first.
    repositories.into_iter().chain(folders).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use ekslint::Analysis;
    use ekslint::analysis::Texts;
    use ekslint::config::{Configuration, Origin};
    use ekslint::lower::composite::Composites;
    use ekslint::source::Source;

    use super::*;
    use crate::walk;
    use crate::walk::scratch::Folder;

    #[test]
    fn scripts_come_first_and_each_limit_is_said() {
        let (script, data) = (Reading::Mentions, Reading::Replaces);
        let left = |files: Vec<(Reading, u64)>| {
            let searched = |(at, (reading, size))| (at, Searched { reading, size, repository: None });
            let mut files: Vec<(usize, Searched)> = files.into_iter().enumerate().map(searched).collect();
            let mut unsearched = Unsearched::default();
            limit(&mut files, |it| &it.1, &mut unsearched);
            let what = unsearched.near(None).next().cloned().flatten();
            (files.into_iter().map(|it| it.0).collect::<Vec<_>>(), what.unwrap_or_default())
        };
        assert_eq!(left(vec![(data, 1), (script, 1), (data, 1), (script, 1)]), (vec![1, 3, 0, 2], String::new()));
        let mut many = vec![(data, 1); MOST_FILES];
        many.push((script, 1));
        let (files, cut) = left(many);
        assert_eq!((files.len(), files[0], files[MOST_FILES - 1]), (MOST_FILES, MOST_FILES, MOST_FILES - 2));
        assert_eq!(cut, "more than 10000 files that could fill placeholders in");
        let (files, cut) = left(vec![(script, MOST_BYTES), (script, MOST_BYTES + 1), (data, 1)]);
        assert_eq!((files, cut.as_str()), (vec![0, 2], "a file of more than 16 MiB that could fill placeholders in"));
        let (files, cut) = left(vec![(script, MOST_BYTES); 17]);
        assert_eq!((files.len(), cut.as_str()), (16, "more than 256 MiB of files that could fill placeholders in"));
    }

    /// The walk for the linted files has found what a walk of the search's own would find.
    #[test]
    fn nothing_is_lost_where_nothing_is_walked_again() {
        for repository in ["", ".git/HEAD", "c/.git/HEAD"] {
            let folder = Folder::new(&format!("searched-{}", repository.len()));
            if !repository.is_empty() {
                folder.write(repository, "x");
            }
            nothing_is_lost(&folder);
        }
    }

    fn nothing_is_lost(folder: &Folder) {
        let files = [
            "a.yaml",
            "deploy.sh",
            "pictures/logo.png",
            "docs/install.md",
            "bin/deploy",
            ".env.production",
            ".github/workflows/deploy.yml",
            ".github/.hidden/run.sh",
            ".terraform/run.sh",
            "node_modules/x/run.sh",
            "node_modules/x/values.yaml",
            "b/node_modules.d/run.sh",
            "out/rendered.yaml",
            "out/render.sh",
            "ignored/run.sh",
            "ignored/kept/run.sh",
            "secret.sh",
            "c/secret.sh",
            "c/Makefile",
            "c.d/Makefile",
            "c-d/Makefile",
        ];
        files.iter().for_each(|it| folder.write(it, "x"));
        folder.write(".gitignore", "/ignored\nsecret.sh\n!/c/secret.sh\n");
        folder.write(".ignore", "*.md\n");
        let mut configuration = Configuration::default();
        let text = Source::new("ekslint.toml", "exclude = ['out']");
        configuration.add(Origin::File, text, &folder.0).expect("a configuration of a test");
        let request = Request {
            paths: vec![folder.0.clone()],
            listed: Vec::new(),
            stdin_name: String::new(),
            threads: 2,
            exclude: configuration.exclude(),
            force_exclude: false,
            keep_passed: false,
            baseline: None,
            composites: Composites::default(),
        };
        let count = AtomicUsize::default();
        let walked = walk::walk(&request, &Analysis::default(), Texts::Needed, &(), &count).walked;
        let found = |walked: &[Walked]| -> Vec<(PathBuf, Reading, u64)> {
            let files = Files::of(&request, walked, |_| true).files.into_iter();
            files.map(|it| (it.place.into_owned(), it.searched.reading, it.searched.size)).collect()
        };
        assert_eq!(walked.len(), 1);
        let alone = found(&[]);
        assert_eq!(found(&walked), alone);
        let has = |it: &str| alone.iter().any(|(place, ..)| *place == folder.0.join(it));
        let wanted =
            ["deploy.sh", ".env.production", ".github/.hidden/run.sh", "out/render.sh", "c/secret.sh", "a.yaml"];
        assert_eq!(wanted.map(has), [true; 6], "{alone:?}");
        assert!(!["secret.sh", "ignored/run.sh", "docs/install.md", "node_modules/x/run.sh"].into_iter().any(has));
        folder.write("late.sh", "x");
        assert_eq!(found(&walked), alone, "nothing is walked again");
        assert_ne!(found(&[]), alone);
    }

    #[test]
    fn what_is_left_out_of_a_repository_says_nothing_of_another() {
        let root = |it: &str| Some(Arc::from(Path::new(it)));
        let mut files = vec![
            Searched { reading: Reading::Mentions, size: MOST_BYTES + 1, repository: root("/a") },
            Searched { reading: Reading::Mentions, size: 1, repository: root("/b") },
        ];
        let mut unsearched = Unsearched::default();
        limit(&mut files, |it| it, &mut unsearched);
        assert_eq!(files.len(), 1);
        assert!(unsearched.get(root("/a").as_ref()).is_some());
        assert!(unsearched.get(root("/b").as_ref()).is_none());
    }
}
