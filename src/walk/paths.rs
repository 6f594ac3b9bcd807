//! Paths and what goes wrong with them, as they are shown: the same words on every system.

use std::cmp::Ordering;
use std::io;
use std::path::{Component, Path, is_separator};

/// How files are called that are looked at in folders.
const EXTENSIONS: [&str; 4] = ["yaml", "yml", "json", "template"];

/// Whether a file that is come across is looked at.
pub(super) fn candidate(path: &Path) -> bool {
    path.extension().is_some_and(|it| EXTENSIONS.iter().any(|known| it.eq_ignore_ascii_case(known)))
        || path.file_name().is_some_and(|it| it == "Kustomization")
}

/// A path as it is shown: as it was typed, without `.` in it, with `/` between its parts.
pub fn shown(path: &Path) -> String {
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

/// The path of something inside a folder, both as they are shown.
pub(super) fn join(folder: &str, inside: &str) -> String {
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
pub(super) fn error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error_path(err),
        _ => None,
    }
}

/// Whether an error of the walk says that what was there a moment ago is gone.
pub(super) fn is_gone(error: &ignore::Error) -> bool {
    error.io_error().is_some_and(|it| it.kind() == io::ErrorKind::NotFound)
}

/// The order of a walk: that of the parts of paths, for paths without links. [`Path`] takes them apart for each comparison.
pub(super) fn in_order(a: &Path, b: &Path) -> Ordering {
    let separated = |it: &u8| if is_separator(char::from(*it)) { 0 } else { *it };
    let (a, b) = (a.as_os_str().as_encoded_bytes(), b.as_os_str().as_encoded_bytes());
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    a[same..].iter().map(separated).cmp(b[same..].iter().map(separated))
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
