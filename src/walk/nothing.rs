//! Why a run read no file: an example of a file that was left out, and by what.

use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};

use ekslint::report::{visible, visible_path};
use ignore::WalkBuilder;

use super::folder::{Folder, Out};
use super::ignored::Ignored;
use super::paths::shown;
use super::request::{Request, excluded, why};
use super::survey::real;

/// Files and folders that are looked at to find an example in a folder that was left out.
const MOST_ENTRIES: usize = 10_000;

/// A file or folder that was left out.
pub struct Example {
    /// What it is, and why it was left out: `a.yaml is ignored by …`.
    pub text: String,
    /// It is read if it is named. What is excluded is not, with `--force-exclude`.
    pub can_be_named: bool,
}

/// A file that would have been read, and why it was not. Nothing if there is none.
pub fn example(request: &Request) -> Option<Example> {
    let request = Request { threads: 1, ..request.clone() };
    // What is named, and is left out for itself.
    let typed = request.paths.iter().filter(|_| request.force_exclude);
    let by_itself = typed.chain(&request.listed).find_map(|path| {
        let text = format!("`{}` is {}", visible_path(&shown(path)), excluded(path, &request.exclude)?);
        Some(Example { text, can_be_named: false })
    });
    by_itself.or_else(|| request.named().filter(|it| it.is_dir()).find_map(|path| in_folder(path, &request)))
}

fn in_folder(path: &Path, request: &Request) -> Option<Example> {
    let shown = shown(path);
    let folder = Folder { shown: if shown == "." { "" } else { &shown }, real: real(path) };
    let (sender, left_out) = mpsc::channel();
    let tell = move |entry: &ignore::DirEntry, is_folder: bool, out: Out<'_>| {
        // In words only for the one that is used: that takes time, and there may be many.
        let by = match out {
            Out::NoInput => return,
            Out::Ignored(by) => Some(by.clone()),
            Out::Excluded(_) => None,
        };
        // Nobody listens any more only where an example was found.
        let _ = sender.send((entry.path().to_owned(), is_folder, by));
    };
    let mut walk = folder.walk(request, Arc::new(Ignored::new(&folder.real, true)), tell);
    let mut walk = walk.sort_by_file_path(Path::cmp).build();
    loop {
        let is_over = walk.next().is_none();
        for (path, is_folder, by) in left_out.try_iter() {
            let reason = || match &by {
                Some(by) => by.reason(),
                None => {
                    let by = request.exclude.iter().find(|it| it.name(&path, is_folder));
                    by.map_or_else(String::new, |by| why(by, &path, is_folder))
                }
            };
            let file = if is_folder { first_in(&path, request) } else { Some(path.clone()) };
            if let Some(inside) = file.as_ref().and_then(|it| it.strip_prefix(&folder.real).ok()) {
                let text = format!("`{}` is {}", visible_path(&folder.show(inside)), visible(&reason()));
                return Some(Example { text, can_be_named: by.is_some() || !request.force_exclude });
            }
        }
        if is_over {
            return None;
        }
    }
}

/// The first candidate in a folder. Git's own files are no example.
fn first_in(folder: &Path, request: &Request) -> Option<PathBuf> {
    if folder.file_name().is_some_and(|it| it == ".git") {
        return None;
    }
    let mut walk = WalkBuilder::new(folder);
    walk.standard_filters(false).follow_links(false).sort_by_file_path(Path::cmp);
    let entries = walk.build().take(MOST_ENTRIES).flatten();
    let mut files = entries.filter(|it| it.file_type().is_some_and(|it| it.is_file()));
    files.find(|it| request.is_candidate(it.path())).map(ignore::DirEntry::into_path)
}
