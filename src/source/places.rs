//! Places of files and folders, as text with `/` between the parts.

use super::{Files, Source};

impl Source {
    /// Where the file is. Relative paths may lead out of the folder that the run began in.
    pub(crate) fn location(&self) -> String {
        self.place.to_string_lossy().replace('\\', "/")
    }
}

/// Where each file is, in their order. Relative paths may lead out of the folder that the run began in.
pub(crate) fn places(files: &Files) -> Vec<String> {
    files.iter().map(|(_, it)| it.location()).collect()
}

/// The folder of a file. The folder of the run has an empty name.
pub(crate) fn folder(place: &str) -> &str {
    parent(place).unwrap_or_default()
}

/// The folder that a file or folder is in. `None` for the folder of the run.
pub(crate) fn parent(place: &str) -> Option<&str> {
    (!place.is_empty()).then(|| place.rsplit_once('/').map_or("", |(parent, _)| parent))
}

/// Whether a file or folder is in a folder, at any depth.
pub(crate) fn is_below(place: &str, folder: &str) -> bool {
    folder.is_empty() || place.strip_prefix(folder).is_some_and(|it| it.starts_with('/'))
}

/// A path that begins in a folder, without `.` and `..`. `None` for what is above the run, or on another machine.
pub(crate) fn join(folder: &str, path: &str) -> Option<String> {
    if path.contains("://") || path.contains("?ref=") {
        return None;
    }
    let mut steps: Vec<&str> = if folder.is_empty() { Vec::new() } else { folder.split('/').collect() };
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => match steps.last() {
                Some(&"..") => steps.push(".."),
                Some(_) => {
                    steps.pop();
                }
                None => return None,
            },
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{folder, is_below, join};

    #[test]
    fn paths() {
        let cases = [
            ("dev", "../base", Some("base")),
            ("dev", "./account.yaml", Some("dev/account.yaml")),
            ("", "../base", None),
            ("../dev", "../base", Some("../base")),
            ("/srv/dev", "../base/", Some("/srv/base")),
            ("", "./clusters/prod", Some("clusters/prod")),
            ("a", "https://example.com/b", None),
        ];
        for (folder, path, wanted) in cases {
            assert_eq!(join(folder, path).as_deref(), wanted, "{folder} {path}");
        }
    }

    #[test]
    fn folders() {
        let cases = [
            ("a/b/c.yaml", "a/b", &["", "a", "a/b"][..], &["a/b/c", "a/bc"][..]),
            ("a.yaml", "", &[""], &["a"]),
            ("../a/b.yaml", "../a", &["", "..", "../a"], &["a"]),
            ("/srv/b.yaml", "/srv", &["", "/srv"], &["srv"]),
        ];
        for (place, wanted, above, others) in cases {
            assert_eq!(folder(place), wanted, "{place}");
            assert!(above.iter().all(|it| is_below(place, it)), "{place}");
            assert!(!others.iter().any(|it| is_below(place, it)), "{place}");
        }
    }
}
