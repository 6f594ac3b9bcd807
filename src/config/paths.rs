//! Patterns of paths, as `.gitignore` has them, and the folder that they are relative to.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::collections::HashMap;
use crate::patterns::{Hit, MOST_STEPS, Patterns, is_complete};

/// Bytes that a pattern may have: as many as Linux takes for a path.
const LONGEST: usize = 4096;

/// How many patterns the braces of one may stand for.
const MOST_ALTERNATIVES: usize = 100;

/// Where the count of steps begins: what is left to [`MOST_STEPS`] is what the patterns of one key may take in a run.
const FIRST_STEP: u64 = MOST_STEPS - (1 << 27);

/// Patterns, ready to be asked.
#[derive(Clone, Debug)]
pub struct Globs {
    /// Where they are written: the name of a file, or of an option.
    pub origin: String,
    base: PathBuf,
    /// As they are written.
    written: Vec<String>,
    /// What they stand for, as places in `written`.
    of: Vec<usize>,
    patterns: Arc<Patterns>,
    /// What they have cost so far.
    steps: Arc<AtomicU64>,
}

impl Globs {
    /// Nothing if one of them is none.
    pub fn new<'p>(origin: &str, base: &Path, patterns: impl Iterator<Item = &'p str>) -> Option<Self> {
        let written: Vec<String> = patterns.map(str::to_owned).collect();
        let (mut of, mut all) = (Vec::new(), Vec::new());
        for (at, pattern) in written.iter().enumerate() {
            let alternatives = alternatives(pattern).ok()?;
            of.resize(of.len() + alternatives.len(), at);
            all.extend(alternatives);
        }
        let patterns = Arc::new(Patterns::of(all.iter().map(String::as_str)));
        let steps = Arc::new(AtomicU64::new(FIRST_STEP));
        Some(Self { origin: origin.to_owned(), base: base.to_owned(), written, of, patterns, steps })
    }

    /// [`Globs::new`] of patterns that were read.
    pub fn of<'p>(origin: &str, base: &Path, patterns: impl Iterator<Item = &'p str>) -> Self {
        Self::new(origin, base, patterns).expect("they were compiled when they were read")
    }

    /// How many patterns the braces stand for besides those that are written.
    pub fn by_braces(&self) -> usize {
        self.of.len() - self.written.len()
    }

    /// Whether a file is meant: by itself, or by a folder that it is in. As in `.gitignore`, what is in a folder that is
    /// meant cannot be taken out again.
    pub fn hold(&self, file: &Path) -> bool {
        self.outermost(file, false).is_some()
    }

    /// Whether a file or folder is meant by itself; whoever asks has asked for the folders above.
    pub fn name(&self, path: &Path, is_folder: bool) -> bool {
        self.inside(path).is_some_and(|it| self.decide(it, is_folder).is_some())
    }

    /// The pattern by which a file or folder is meant: the one of the outermost folder, since nothing below it was asked for.
    pub fn pattern(&self, path: &Path, is_folder: bool) -> Option<&str> {
        let hit = self.outermost(path, is_folder)?;
        Some(&self.written[self.of[hit.line as usize - 1]])
    }

    /// Begins to count the work anew, for another walk.
    pub fn count_anew(&self) {
        self.steps.store(FIRST_STEP, Ordering::Relaxed);
    }

    /// Whether the patterns take too much work. Then what was answered depends on the order of the questions, and is of no use;
    /// whether it is so does not depend on the order.
    pub fn are_too_much(&self) -> bool {
        self.steps.load(Ordering::Relaxed) > MOST_STEPS
    }

    fn outermost(&self, path: &Path, is_folder: bool) -> Option<Hit> {
        let inside = self.inside(path)?;
        let mut parts: Vec<&Path> = inside.ancestors().filter(|it| !it.as_os_str().is_empty()).collect();
        parts.reverse();
        let last = parts.len() - 1;
        parts.iter().enumerate().find_map(|(at, it)| self.decide(it, is_folder || at < last))
    }

    fn decide(&self, inside: &Path, is_folder: bool) -> Option<Hit> {
        let before = self.steps.load(Ordering::Relaxed);
        let mut steps = before + 1;
        let hit = self.meant(inside, is_folder, &mut steps);
        self.steps.fetch_add(steps - before, Ordering::Relaxed);
        hit
    }

    fn meant(&self, inside: &Path, is_folder: bool, steps: &mut u64) -> Option<Hit> {
        self.patterns.decide(&in_slashes(inside), is_folder, steps).filter(|it| !it.is_negated)
    }

    fn inside<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        inside(&self.base, path)
    }
}

fn inside<'p>(base: &Path, path: &'p Path) -> Option<&'p Path> {
    path.strip_prefix(base).ok().filter(|it| !it.as_os_str().is_empty() && !it.has_root())
}

/// The bytes of a path, with `/` between its parts.
fn in_slashes(path: &Path) -> Cow<'_, [u8]> {
    let bytes = path.as_os_str().as_encoded_bytes();
    match std::path::MAIN_SEPARATOR {
        '/' => Cow::Borrowed(bytes),
        separator => bytes.iter().map(|it| if *it == separator as u8 { b'/' } else { *it }).collect(),
    }
}

/// Lists of patterns of one folder, all of which are asked for each file. What they say of a folder is asked once.
pub struct Lists<'g> {
    lists: Vec<(usize, &'g Globs)>,
    folders: HashMap<PathBuf, Arc<[usize]>>,
    steps: u64,
}

impl<'g> Lists<'g> {
    /// Each list with the number that it is known by, in the order of the numbers.
    pub fn new(lists: impl Iterator<Item = (usize, &'g Globs)>) -> Self {
        Self { lists: lists.collect(), folders: HashMap::default(), steps: FIRST_STEP }
    }

    /// The lists that mean a file, by itself or by a folder that it is in. Nothing if the files so far took too much work.
    pub fn of(&mut self, file: &Path) -> Option<Arc<[usize]>> {
        let Some((_, first)) = self.lists.first() else { return Some(Arc::default()) };
        let base = &first.base;
        let Some(path) = inside(base, file) else { return Some(Arc::default()) };
        let folders: Vec<&Path> = path.ancestors().skip(1).collect();
        let known = folders.iter().position(|it| self.folders.contains_key(*it)).unwrap_or(folders.len());
        let mut found = folders.get(known).map_or_else(Arc::default, |it| self.folders[*it].clone());
        for folder in folders[..known].iter().rev() {
            if !folder.as_os_str().is_empty() {
                found = self.with(found, folder, true);
            }
            self.folders.insert(folder.to_path_buf(), found.clone());
        }
        found = self.with(found, path, false);
        (self.steps <= MOST_STEPS).then_some(found)
    }

    /// The lists of a folder, and those that mean what is in it by itself.
    fn with(&mut self, above: Arc<[usize]>, path: &Path, is_folder: bool) -> Arc<[usize]> {
        let mut more = Vec::new();
        for (number, globs) in &self.lists {
            self.steps += 1;
            if self.steps <= MOST_STEPS
                && above.binary_search(number).is_err()
                && globs.meant(path, is_folder, &mut self.steps).is_some()
            {
                more.push(*number);
            }
        }
        if more.is_empty() {
            return above;
        }
        more.extend(above.iter());
        more.sort_unstable();
        more.into()
    }
}

/// Why a pattern cannot be read.
#[derive(Debug)]
enum Wrong {
    /// A brace, or a class, has no end.
    Open,
    /// The braces stand for too many patterns.
    TooMany,
}

/// What a pattern stands for without its braces.
fn alternatives(pattern: &str) -> Result<Vec<String>, Wrong> {
    let is_path = pattern.trim_start_matches('!').trim_end_matches('/').contains('/');
    let mut left = vec![pattern.to_owned()];
    let mut all = Vec::new();
    while let Some(pattern) = left.pop() {
        let Some((open, commas, close)) = braces(&pattern).ok_or(Wrong::Open)? else {
            // As a part of a path it is one by itself, too.
            let (not, rest) = pattern.strip_prefix('!').map_or(("", pattern.as_str()), |it| ("!", it));
            all.push(if is_path && !rest.starts_with('/') { format!("{not}/{rest}") } else { pattern });
            continue;
        };
        if commas.len() >= MOST_ALTERNATIVES {
            return Err(Wrong::TooMany);
        }
        let starts = std::iter::once(open).chain(commas.iter().copied()).map(|it| it + 1);
        let ends = commas.iter().copied().chain([close]);
        let parts =
            starts.zip(ends).map(|(start, end)| [&pattern[..open], &pattern[start..end], &pattern[close + 1..]]);
        left.extend(parts.map(|it| it.concat()).collect::<Vec<_>>().into_iter().rev());
        if left.len() + all.len() > MOST_ALTERNATIVES {
            return Err(Wrong::TooMany);
        }
    }
    Ok(all)
}

/// The first brace outside of classes, the commas in it, and its partner. Nothing if one has none.
fn braces(pattern: &str) -> Option<Option<(usize, Vec<usize>, usize)>> {
    let bytes = pattern.as_bytes();
    let (mut open, mut depth, mut commas) = (None, 0, Vec::new());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'[' => at = end_of_class(bytes, at)?,
            b'{' => {
                open = open.or(Some(at));
                depth += 1;
            }
            b',' if depth == 1 => commas.push(at),
            b'}' if depth == 0 => return None,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(Some((open?, commas, at)));
                }
            }
            _ => {}
        }
        at += 1;
    }
    (depth == 0).then_some(None)
}

/// The place of the `]` of a class, from the place of its `[`.
fn end_of_class(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    at += usize::from(matches!(bytes.get(at), Some(b'!' | b'^')));
    // A bracket that comes first is one of the class.
    let first = at;
    loop {
        match bytes.get(at)? {
            b']' if at > first => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
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
    // Git takes a `[` without an end for a pattern that fits nothing; whoever writes it means something else.
    match alternatives(&pattern) {
        Ok(all) if all.iter().all(|it| is_complete(it)) => Ok(pattern),
        Err(Wrong::TooMany) => Err(format!("the braces of `{text}` stand for more than {MOST_ALTERNATIVES} patterns")),
        _ => Err(format!("`{text}` is not a pattern of paths: a `[`, `{{` or `\\` in it has no end")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_gitignore() {
        let table: [(&[&str], &str, bool, &str); 21] = [
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
            (&["{dev,prod}.yaml"], "/r/a/prod.yaml", true, "braces stand for each of them"),
            (&["{dev,prod}.yaml"], "/r/{dev,prod}.yaml", false, "and not for themselves"),
            (&["envs/{a,{b,c}d}/x.yaml"], "/r/envs/cd/x.yaml", true, "in each other, too"),
            (&["{a/b,c}"], "/r/x/c", false, "with a slash in it, only from the base"),
            (&["{a,b}/"], "/r/x/b/c.yaml", true, "folders of these names"),
            (&["{a,b}/"], "/r/b", false, "and no files"),
            (&["[{]x"], "/r/{x", true, "not in a class"),
            (&["a\\{b"], "/r/a{b", true, "not where they are escaped"),
            (&["*", "!{a,b}.yaml"], "/r/b.yaml", false, "what is taken out again"),
        ];
        for (patterns, path, expected, reason) in table {
            let patterns: Vec<String> = patterns.iter().map(|it| pattern(it).unwrap()).collect();
            let globs = patterns.iter().map(String::as_str);
            let globs = Globs::new("ekslint.toml", Path::new("/r"), globs).unwrap();
            assert_eq!(globs.hold(Path::new(path)), expected, "{patterns:?} {path}: {reason}");
        }
        for (text, reason) in [
            ("", "empty"),
            ("../x", "leads out"),
            ("a[b", "no end"),
            ("{a", "no end"),
            ("a}", "no begin"),
            ("{a,{b}", "one has no end"),
            ("a\\", "nothing follows"),
        ] {
            assert!(pattern(text).is_err(), "{text}: {reason}");
        }
    }
}
