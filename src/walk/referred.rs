//! Files that other files refer to: parts of a unit that is written in several files.
//!
//! They are read whatever they are called and whatever is in them, if they are in what the run was asked to read. What lies
//! elsewhere, or is ignored or excluded, stays unread: a reference in a file is the word of its author, not of the user.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use ekslint::analysis::ReadFile;
use ekslint::report::Problem;
use ekslint::source::Source;

use super::inside;
use super::past::Filter;
use super::paths::{join, shown};
use super::reader::{How, NOTHING, Reader};
use super::request::Request;
use super::survey::real;

/// References that are followed in a run, and files of folders that are looked at for them.
const MOST_REFERENCES: usize = 100_000;

/// Reads what the files that were read refer to, and what those refer to in turn. `folders`: those that were named, as they
/// are shown and where they are.
pub(super) fn read(reader: &mut Reader<'_>, folders: &[(String, &PathBuf)]) {
    let request = reader.request;
    let mut filter = Filter::new(request);
    let folders: Vec<(&str, PathBuf)> = folders.iter().map(|(shown, path)| (shown.as_str(), real(path))).collect();
    let listed: HashMap<PathBuf, &PathBuf> = request.listed.iter().map(|it| (real(it), it)).collect();
    let show = |real: &Path| {
        let inside = |(folder, at): &(&str, PathBuf)| {
            let inside = real.strip_prefix(at).ok()?;
            Some(join(if *folder == "." { "" } else { folder }, &shown(inside)))
        };
        folders.iter().find_map(inside).or_else(|| listed.get(real).map(|it| shown(it)))
    };
    let mut left = MOST_REFERENCES;
    let mut followed = HashSet::new();
    let mut from = 0;
    while from < reader.batch.files.len() {
        // Where the limit is reached must not depend on which thread read what.
        reader.batch.files[from..].sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        let mut found = BTreeSet::new();
        let mut beyond = None;
        let mut failed = Vec::new();
        'sources: for (shown, _, file) in &reader.batch.files[from..] {
            let source = file.source();
            let Some(references) = request.composites.references(source) else {
                failed.push(shown.clone());
                continue;
            };
            for path in references {
                let is_over = left == 0;
                left = left.saturating_sub(1);
                let real = place(source, &path, &folders).filter(|it| !is_over && followed.insert(it.clone()));
                let claimed = match real {
                    Some(folder) if folder.is_dir() => claimed_in(&folder, reader, &mut left),
                    real => (!is_over).then(|| real.into_iter().collect()),
                };
                let Some(claimed) = claimed else {
                    beyond = Some(shown.clone());
                    break 'sources;
                };
                found.extend(claimed);
            }
        }
        for path in failed {
            let reason =
                "ekslint failed while it looked for the files that this one refers to: they are not read".to_owned();
            reader.batch.problems.push(Problem { path, reason });
        }
        let is_at_the_limit = beyond.is_some();
        if let Some(path) = beyond {
            let reason = format!("more than {MOST_REFERENCES} references to other files: the others are not read");
            reader.batch.problems.push(Problem { path, reason });
        }
        from = reader.batch.files.len();
        let read: HashMap<PathBuf, usize> =
            reader.batch.files.iter().enumerate().map(|(at, (_, real, _))| (real.clone(), at)).collect();
        let mut new = Vec::new();
        for real in found {
            if let Some(at) = read.get(&real) {
                reader.batch.files[*at].2.set_referred();
            } else if real.is_file()
                && filter.reads_referred(&real).is_some()
                && let Some(shown) = show(&real)
            {
                let is_known = !reader.open(&real);
                new.push((shown, real.clone(), real, How::Referred { is_known }));
            }
        }
        let again: HashSet<&String> = new.iter().map(|(shown, ..)| shown).collect();
        reader.batch.passed.retain(|it| it.reason != NOTHING || !again.contains(&it.path));
        reader.read_all(new.iter().map(|(shown, path, real, how)| (shown, path, real.clone(), *how)).collect());
        if is_at_the_limit {
            break;
        }
    }
}

/// What files of units refer to, whether it is there or not.
pub fn places(files: &[ReadFile], request: &Request) -> BTreeSet<PathBuf> {
    let sources = || files.iter().map(ReadFile::source);
    let read = sources().filter(|it| it.is_referred).map(|it| it.place.to_path_buf());
    read.chain(sources().flat_map(|it| request.composites.referred_places(it))).collect()
}

/// Where a reference leads, without links, if that is in the repository of the file that holds it; where there is no
/// repository, in the folder that was named.
fn place(source: &Source, path: &str, folders: &[(&str, PathBuf)]) -> Option<PathBuf> {
    let folder = source.place.parent()?;
    // Units find their files by relative paths.
    if Path::new(path).is_absolute() {
        return None;
    }
    let named = || folders.iter().map(|(_, at)| at.as_path()).find(|it| folder.starts_with(it));
    let root = inside::repository(folder).or_else(named).unwrap_or(folder);
    inside::within(root, folder, Path::new(path)).ok()
}

/// The files of a folder that are part of a unit because of their paths, in the order of their names. Nothing if there are more
/// than may still be looked at.
fn claimed_in(folder: &Path, reader: &Reader<'_>, left: &mut usize) -> Option<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.take(*left + 1).map(|it| it.path()).collect();
    *left = left.checked_sub(files.len())?;
    files.retain(|it| reader.request.composites.claim(it));
    files.sort();
    Some(files)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use ekslint::Analysis;
    use ekslint::analysis::Texts;
    use ekslint::config::{Configuration, Origin};
    use ekslint::facts::Facts;
    use ekslint::lower::composite::{Composite, Composites, Parts};
    use ekslint::source::FileId;

    use super::super::{Walk, survey, walk};
    use super::*;
    use crate::walk::scratch::Folder;

    /// Files `*.part`, whose lines `use PATH` name others.
    struct Cut;

    impl Composite for Cut {
        type Part = ();

        fn claims(&self, path: &Path) -> bool {
            path.extension().is_some_and(|it| it == "part")
        }

        fn references(&self, source: &Source) -> Vec<String> {
            source.text.lines().filter_map(|it| it.strip_prefix("use ")).map(str::to_owned).collect()
        }

        fn read(&self, _: &Source, _: FileId) -> (Facts, ()) {
            Default::default()
        }

        fn assemble(&self, _: &Parts<'_, ()>) -> Vec<Facts> {
            Vec::new()
        }
    }

    fn request(folder: &Folder, paths: Vec<PathBuf>, exclude: &str) -> Request {
        let mut configuration = Configuration::defaults();
        configuration.add(Origin::Option, Source::new("--exclude", exclude), &folder.0).expect("it is right");
        Request {
            paths,
            listed: Vec::new(),
            stdin_name: String::new(),
            threads: 2,
            exclude: configuration.exclude(),
            force_exclude: false,
            keep_passed: true,
            baseline: None,
            composites: Composites::default().with(Cut),
        }
    }

    fn walk_all(request: &Request) -> Walk {
        let analysis = Analysis::default().with_composites(request.composites.clone());
        walk(request, &analysis, Texts::Needed, &(), &AtomicUsize::default())
    }

    /// The paths that were kept below a folder, those that others refer to with a `+`.
    fn kept(folder: &Folder, walked: &Walk) -> Vec<String> {
        let shown = |it: &Source| {
            let inside = it.place.strip_prefix(&folder.0).expect("nothing outside is read");
            format!("{}{}", if it.is_referred { "+" } else { "" }, inside.display())
        };
        walked.files.iter().map(ReadFile::source).map(shown).collect()
    }

    #[test]
    fn claimed_files_are_kept_whatever_is_in_them() {
        let folder = Folder::new("referred");
        let files = [
            ("a/main.part", "use policy.json\nuse ../texts/plain.txt\nuse ../more\nuse gone.json\nuse main.part\n"),
            ("a/policy.json", "{}"),
            ("a/unused.json", "{}"),
            ("texts/plain.txt", "nothing"),
            ("texts/unused.txt", "nothing"),
            ("more/one.part", "use ../a/policy.json\nuse ../deep/x.part\n"),
            ("more/readme.txt", "not claimed"),
            ("deep/x.part", "use ../a/main.part\nuse ../hidden/y.txt\nuse ../out/z.txt\n"),
            ("hidden/y.txt", "ignored"),
            ("out/z.txt", "excluded"),
            (".gitignore", "hidden/\n"),
        ];
        files.iter().for_each(|(path, text)| folder.write(path, text));
        let walked = walk_all(&request(&folder, vec![folder.0.clone()], "exclude = ['out']"));
        let wanted = ["+a/main.part", "+a/policy.json", "+deep/x.part", "+more/one.part", "+texts/plain.txt"];
        assert_eq!(kept(&folder, &walked), wanted);
        assert_eq!(walked.files_read, 6, "each once, and a/unused.json");
        let missing = places(&walked.files, &request(&folder, vec![folder.0.clone()], "exclude = ['out']"));
        assert!(missing.contains(&folder.0.join("a/gone.json")), "it may come: {missing:?}");
        let passed: Vec<_> = walked.passed.iter().filter(|it| it.reason == NOTHING).map(|it| &it.path).collect();
        assert_eq!(passed.len(), 1, "{passed:?}");
        assert!(passed[0].ends_with("a/unused.json"), "{passed:?}");
        assert!(walked.problems.is_empty(), "{:?}", walked.problems);
        let without = Request { composites: Composites::default(), ..request(&folder, vec![folder.0.clone()], "") };
        assert!(kept(&folder, &walk_all(&without)).is_empty());
    }

    #[test]
    fn nothing_is_read_that_was_not_asked_for() {
        let folder = Folder::new("outside");
        folder.write("secret.txt", "a secret");
        folder.write("repository/.git/config", "a secret");
        folder.write("repository/other/x.txt", "not in the run");
        folder.write(
            "repository/a/main.part",
            "use ../../secret.txt\nuse ../.git/config\nuse ../other/x.txt\nuse link\nuse /etc\n",
        );
        #[cfg(unix)]
        std::os::unix::fs::symlink("../../secret.txt", folder.0.join("repository/a/link")).expect("a link of a test");
        let walked = walk_all(&request(&folder, vec![folder.0.join("repository/a")], ""));
        assert_eq!(kept(&folder, &walked), ["repository/a/main.part"]);
        // A file that is named alone brings no other.
        folder.write("repository/a/x.txt", "beside it");
        folder.write("repository/a/main.part", "use x.txt\n");
        let one = |paths: &[&str]| {
            let paths = paths.iter().map(|it| folder.0.join(it)).collect();
            kept(&folder, &walk_all(&request(&folder, paths, "")))
        };
        assert_eq!(one(&["repository/a/main.part"]), ["repository/a/main.part"]);
        assert_eq!(
            one(&["repository/a/main.part", "repository/a/x.txt"]),
            ["repository/a/main.part", "+repository/a/x.txt"]
        );
    }

    #[test]
    fn a_watch_looks_at_claimed_files() {
        let folder = Folder::new("survey");
        folder.write("a/main.part", "");
        folder.write("a/x.txt", "");
        let seen = survey::survey(&request(&folder, vec![folder.0.clone()], ""));
        assert_eq!(seen.into_keys().collect::<Vec<_>>(), [folder.0.join("a/main.part")]);
    }

    #[test]
    fn references_are_limited() {
        let folder = Folder::new("limit");
        folder.write("a.part", &"use x\n".repeat(MOST_REFERENCES + 1));
        let walked = walk_all(&request(&folder, vec![folder.0.clone()], ""));
        assert_eq!(walked.problems.len(), 1, "{:?}", walked.problems);
        assert!(walked.problems[0].reason.starts_with("more than 100000 references"), "{:?}", walked.problems);
    }
}
