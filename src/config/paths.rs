//! Patterns of paths, as `.gitignore` has them, and the folder that they are relative to.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Bytes that a pattern may have: as many as Linux takes for a path.
const LONGEST: usize = 4096;

/// Patterns, ready to be asked.
#[derive(Clone, Debug)]
pub struct Globs {
    /// Where they are written: the name of a file, or of an option.
    pub origin: String,
    base: PathBuf,
    matcher: Gitignore,
}

impl Globs {
    /// Nothing if they are too many to be compiled together.
    pub fn new<'p>(origin: &str, base: &Path, patterns: impl Iterator<Item = &'p str>) -> Option<Self> {
        let mut builder = GitignoreBuilder::new("");
        for pattern in patterns {
            builder.add_line(None, pattern).ok()?;
        }
        Some(Self { origin: origin.to_owned(), base: base.to_owned(), matcher: builder.build().ok()? })
    }

    /// [`Globs::new`] of patterns that were read.
    pub fn of<'p>(origin: &str, base: &Path, patterns: impl Iterator<Item = &'p str>) -> Self {
        Self::new(origin, base, patterns).expect("they were compiled when they were read")
    }

    /// Whether a file is meant: by itself, or by a folder that it is in. As in `.gitignore`, what is in a folder that is
    /// meant cannot be taken out again.
    pub fn hold(&self, file: &Path) -> bool {
        let Some(inside) = self.inside(file) else { return false };
        let mut folders: Vec<&Path> = inside.ancestors().skip(1).filter(|it| !it.as_os_str().is_empty()).collect();
        folders.reverse();
        folders.iter().any(|it| self.matcher.matched(it, true).is_ignore())
            || self.matcher.matched(inside, false).is_ignore()
    }

    /// Whether a file or folder is meant by itself; whoever asks has asked for the folders above.
    pub fn name(&self, path: &Path, is_folder: bool) -> bool {
        self.inside(path).is_some_and(|it| self.matcher.matched(it, is_folder).is_ignore())
    }

    /// The pattern by which a file or folder is meant: the one of the outermost folder, since nothing below it was asked for.
    pub fn pattern(&self, path: &Path, is_folder: bool) -> Option<&str> {
        let inside = self.inside(path)?;
        let mut parts: Vec<&Path> = inside.ancestors().filter(|it| !it.as_os_str().is_empty()).collect();
        parts.reverse();
        let last = parts.len() - 1;
        let found = parts.iter().enumerate().map(|(at, it)| self.matcher.matched(it, is_folder || at < last));
        found.filter(|it| it.is_ignore()).find_map(|it| Some(it.inner()?.original()))
    }

    fn inside<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        path.strip_prefix(&self.base).ok().filter(|it| !it.as_os_str().is_empty() && !it.has_root())
    }
}

/// Checks a pattern, and brings it into the form that `.gitignore` knows.
pub fn pattern(text: &str) -> Result<String, String> {
    let (not, rest) = text.strip_prefix('!').map_or(("", text), |rest| ("!", rest));
    let rest = rest.strip_prefix("./").unwrap_or(rest);
    if rest.trim().is_empty() {
        return Err("the pattern is empty; `**` is everything".to_owned());
    }
    if text.len() > LONGEST {
        return Err(format!("the pattern has {} bytes; {LONGEST} are enough for any path", text.len()));
    }
    if rest.split('/').any(|part| part == "..") {
        return Err(format!("`{text}` leads out of the folder that patterns are relative to"));
    }
    let pattern = match rest {
        "." => format!("{not}**"),
        rest if rest.starts_with('#') => format!("{not}\\{rest}"),
        rest => format!("{not}{rest}"),
    };
    let mut builder = GitignoreBuilder::new("");
    // Git takes a `[` without an end for a pattern that fits nothing; whoever writes it means something else.
    builder.allow_unclosed_class(false);
    let compiled = builder.add_line(None, &pattern).and_then(|it| it.build());
    match compiled {
        Ok(_) => Ok(pattern),
        Err(_) => Err(format!("`{text}` is not a pattern of paths: a `[`, `{{` or `\\` in it has no end")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_gitignore() {
        let table: [(&[&str], &str, bool, &str); 12] = [
            (&["vendor"], "/r/a/vendor/x.yaml", true, "a name without a slash is meant anywhere"),
            (&["envs/prod"], "/r/envs/prod/k8s/x.yaml", true, "a folder, and all below"),
            (&["envs/prod"], "/r/old/envs/prod/x.yaml", false, "with a slash in it, only from the base"),
            (&["./envs/prod/"], "/r/envs/prod/x.yaml", true, "`./` as shells complete it"),
            (&["envs/prod/**"], "/r/envs/prod/a/b/x.yaml", true, "two stars"),
            (&["envs/*/k8s"], "/r/envs/dev/k8s/x.yaml", true, "a star"),
            (&["*.json"], "/r/a/x.json", true, "by ending"),
            (&["gen", "!gen/own.yaml"], "/r/gen/own.yaml", true, "nothing comes back from a folder that is out… "),
            (&["gen/*", "!gen/own.yaml"], "/r/gen/own.yaml", false, "…unless its files are what is out"),
            (&["."], "/r/x.yaml", true, "the folder itself is everything in it"),
            (&["**"], "/other/x.yaml", false, "outside the base nothing is meant"),
            (&["#x"], "/r/#x", true, "not a comment"),
        ];
        for (patterns, path, expected, reason) in table {
            let patterns: Vec<String> = patterns.iter().map(|it| pattern(it).unwrap()).collect();
            let globs = patterns.iter().map(String::as_str);
            let globs = Globs::new("ekslint.toml", Path::new("/r"), globs).unwrap();
            assert_eq!(globs.hold(Path::new(path)), expected, "{patterns:?} {path}: {reason}");
        }
        for (text, reason) in [("", "empty"), ("../x", "leads out"), ("a[b", "no end"), ("{a", "no end")] {
            assert!(pattern(text).is_err(), "{text}: {reason}");
        }
    }
}
