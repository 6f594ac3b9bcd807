//! Baselines: the findings that were there on the day a project took up ekslint, as a file.
//!
//! A finding is identified by its fingerprint, so it stays the same one while lines move. The file is JSON with one finding a
//! line, sorted, so that a change of it reads well. The rest of an entry is for people and for what is said of entries
//! that nothing answers to any more. What is not as it was written is an error, never an empty baseline.

use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::collections::{HashMap, HashSet};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::{Fingerprint, SCHEME};
use crate::report::{self, visible};

/// The version of the file. A program that reads another one cannot know what it would hold back.
const VERSION: u64 = 1;
/// The key of the version, which also says what the file is.
const KEY: &str = "ekslint-baseline";

/// One finding of a baseline.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The file, relative to the folder of the baseline. Shared with other entries, since it may be long.
    pub path: Arc<str>,
    /// Where in its document the finding is.
    pub place: String,
    pub rule: String,
    /// What identifies the finding: see [`Fingerprint`], with its count.
    pub fingerprint: String,
    /// What was said. It may be said in other words today.
    pub message: String,
}

/// The findings of a baseline, in the order of their files and places.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Baseline {
    entries: Vec<Entry>,
    fingerprints: HashSet<Key>,
}

/// A fingerprint in a few bytes: its hash, and its count. A baseline may hold very many.
type Key = (u128, usize);

/// What a baseline says of itself. Its findings are not read with it: they may take much memory.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "ekslint-baseline")]
    version: Option<Value>,
    fingerprints: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "ekslint-baseline")]
    _version: u64,
    #[serde(rename = "fingerprints")]
    _scheme: String,
    findings: Vec<Entry>,
}

impl Baseline {
    /// A baseline of some findings, with their fingerprints in the same order.
    pub fn of(findings: &[Diagnostic], fingerprints: &[Fingerprint]) -> Self {
        let entries = findings.iter().zip(fingerprints).map(|(finding, fingerprint)| Entry {
            path: fingerprint.path.clone(),
            place: fingerprint.place.clone(),
            rule: finding.rule.to_owned(),
            fingerprint: fingerprint.to_string(),
            message: finding.message.clone(),
        });
        Self::new(entries.collect())
    }

    fn new(mut entries: Vec<Entry>) -> Self {
        entries.sort();
        entries.dedup_by(|a, b| a.fingerprint == b.fingerprint);
        let fingerprints = entries.iter().filter_map(|it| key(&it.fingerprint)).collect();
        Self { entries, fingerprints }
    }

    /// Reads a baseline. What is wrong with it is said as the rest of a sentence that begins with its name.
    pub fn parse(text: &str) -> Result<Self, String> {
        let broken = |error: serde_json::Error| {
            format!(
                "line {} is not as `ekslint baseline` writes it: restore the file, or write a new one",
                error.line()
            )
        };
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        // What is no object at all has no version either.
        let is_object = text.trim_start().starts_with('{');
        let head: Option<Head> = if is_object { serde_json::from_str(text).map_err(broken)? } else { None };
        if !is_object {
            serde_json::from_str::<IgnoredAny>(text).map_err(broken)?;
        }
        match head.as_ref().and_then(|it| it.version.as_ref()?.as_u64()) {
            Some(VERSION) => {}
            Some(other) => {
                return Err(format!("a baseline of version {other}, and this ekslint reads version {VERSION}"));
            }
            None => return Err(format!("this is no baseline: it has no `{KEY}: {VERSION}`")),
        }
        match head.as_ref().and_then(|it| it.fingerprints.as_ref()?.as_str()) {
            Some(SCHEME) => {}
            other => {
                let other = visible(other.unwrap_or("not named")).into_owned();
                return Err(format!(
                    "its fingerprints are `{other}`, and this ekslint makes `{SCHEME}`: write a new one"
                ));
            }
        }
        let document: Document = serde_json::from_str(text).map_err(broken)?;
        let mut seen: HashSet<Key> = HashSet::default();
        for entry in &document.findings {
            let shown = visible(&entry.fingerprint);
            let Some(key) = key(&entry.fingerprint) else {
                return Err(format!("`{shown}` is no fingerprint: restore the file, or write a new one"));
            };
            if !seen.insert(key) {
                return Err(format!("the fingerprint `{shown}` is there twice: restore the file, or write a new one"));
            }
        }
        drop(seen);
        Ok(Self::new(document.findings))
    }

    /// Writes the file, and stops if it has more than `most` bytes.
    pub fn write(&self, out: &mut dyn io::Write, most: u64) -> io::Result<()> {
        let mut out = Limited { out, left: most };
        write!(out, "{{\n\"{KEY}\": {VERSION},\n\"fingerprints\": \"{SCHEME}\",\n\"findings\": [")?;
        for (at, entry) in self.entries.iter().enumerate() {
            let line = report::to_json_line(entry);
            write!(out, "{}{}", if at == 0 { "\n" } else { ",\n" }, line.trim_end())?;
        }
        write!(out, "{}]\n}}\n", if self.entries.is_empty() { "" } else { "\n" })
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether a finding is in it, if need be by an id that its rule had before.
    pub fn holds(&self, fingerprint: &Fingerprint) -> bool {
        fingerprint.names().any(|it| key(&it).is_some_and(|it| self.fingerprints.contains(&it)))
    }

    /// The same findings, with the ids that the rules have today. Only those that are found can get theirs, with their
    /// fingerprints in the same order.
    pub fn renamed(&self, findings: &[Diagnostic], fingerprints: &[Fingerprint]) -> Self {
        let mut today = HashMap::default();
        for (finding, fingerprint) in findings.iter().zip(fingerprints).filter(|(_, it)| !it.former.is_empty()) {
            today.extend(fingerprint.names().skip(1).map(|was| (was, (finding.rule, fingerprint))));
        }
        let entries = self.entries.iter().cloned().map(|entry| match today.get(&entry.fingerprint) {
            Some((rule, it)) => Entry { rule: (*rule).to_owned(), fingerprint: it.to_string(), ..entry },
            None => entry,
        });
        Self::new(entries.collect())
    }

    /// The baseline with those entries only that `keep` says.
    pub fn retained(&self, keep: impl Fn(&Entry) -> bool) -> Self {
        Self::new(self.entries.iter().filter(|it| keep(it)).cloned().collect())
    }

    /// All entries of both; where both have one, that of `self`.
    pub fn and(&self, other: &Self) -> Self {
        let is_new = |it: &&Entry| key(&it.fingerprint).is_none_or(|it| !self.fingerprints.contains(&it));
        let others = other.entries.iter().filter(is_new);
        Self::new(self.entries.iter().chain(others).cloned().collect())
    }

    /// How many entries of `self` are not in `other`.
    pub fn without(&self, other: &Self) -> usize {
        self.fingerprints.difference(&other.fingerprints).count()
    }
}

/// Something to write to, up to some number of bytes.
struct Limited<'o> {
    out: &'o mut dyn io::Write,
    left: u64,
}

impl io::Write for Limited<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.left.checked_sub(bytes.len() as u64);
        self.left = left.ok_or_else(|| io::Error::from(io::ErrorKind::FileTooLarge))?;
        self.out.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A file as an entry names it: relative to a folder, with `/` between the parts. Both paths are absolute, without links.
pub fn relative(folder: &Path, file: &Path) -> String {
    let common = folder.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(common).map(|_| "..".to_owned());
    let down = file.components().skip(common).map(|it| it.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// The file that an entry names.
pub fn resolve(folder: &Path, path: &str) -> PathBuf {
    let mut out = folder.to_owned();
    for component in Path::new(path).components() {
        match component {
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// What a fingerprint is kept as. It is 32 hexadecimal digits, a colon, and a number from one; anything else is none.
fn key(text: &str) -> Option<Key> {
    let (hash, count) = text.split_once(':')?;
    let is_hash = hash.len() == 32 && hash.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
    if !is_hash || count.starts_with(['0', '+']) {
        return None;
    }
    Some((u128::from_str_radix(hash, 16).ok()?, count.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, digit: char, message: &str) -> Entry {
        Entry {
            path: path.into(),
            place: "Resources/A".to_owned(),
            rule: "a/b".to_owned(),
            fingerprint: format!("{}:1", digit.to_string().repeat(32)),
            message: message.to_owned(),
        }
    }

    fn render(baseline: &Baseline) -> String {
        let mut bytes = Vec::new();
        baseline.write(&mut bytes, u64::MAX).expect("it is written to memory");
        assert!(baseline.write(&mut Vec::new(), bytes.len() as u64).is_ok(), "it has as many bytes as it may have");
        assert!(baseline.write(&mut Vec::new(), bytes.len() as u64 - 1).is_err(), "and not one more");
        String::from_utf8(bytes).expect("JSON is UTF-8")
    }

    #[test]
    fn what_is_written_is_read_again() {
        let hostile = "two\nlines \u{1B}[31m ##vso[task] \"quoted\"";
        let baseline = Baseline::new(vec![entry("b.yaml", 'b', hostile), entry("a.yaml", 'a', "m")]);
        let text = render(&baseline);
        assert_eq!(Baseline::parse(&text), Ok(baseline.clone()));
        assert_eq!(text.lines().count(), 8, "a finding a line, whatever it says:\n{text}");
        assert!(text.find("a.yaml") < text.find("b.yaml"), "sorted");
        assert!(!text.contains('\u{1B}') && !text.contains("##vso"), "nothing in it gives orders");
        assert_eq!(Baseline::parse(&text.replace('\n', "\r\n")), Ok(baseline), "as Git may check it out");
        assert_eq!(Baseline::parse(&render(&Baseline::default())), Ok(Baseline::default()));
    }

    #[test]
    fn what_is_not_as_it_was_written_is_refused() {
        let text = render(&Baseline::new(vec![entry("a.yaml", 'a', "m"), entry("b.yaml", 'b', "m")]));
        let double = text.replace(&"b".repeat(32), &"a".repeat(32));
        let rows = [
            ("", "line 1 is not", "empty"),
            ("{}", "this is no baseline", "an object of something else"),
            ("[]", "this is no baseline", "a list"),
            ("{\"findings\": []}", "this is no baseline", "no version"),
            (&text[..text.len() / 2], "is not as", "cut off"),
            (&text.replace("\": 1", "\": 2"), "of version 2", "of a later ekslint"),
            (&text.replace("ekslint/v1", "ekslint/v2"), "`ekslint/v2`", "other fingerprints"),
            (&text.replace("aaaaa", "AAAAA"), "is no fingerprint", "edited by hand"),
            (&text.replace("aa:1", "aa:0"), "is no fingerprint", "counts begin with one"),
            (&text.replace("aa:1", "aa"), "is no fingerprint", "no count"),
            (&text.replace("\"rule\"", "\"rul\""), "line 5 is not", "a key that is not known"),
            (&text.replace("\"findings\"", "\"finding\""), "line 4 is not", "no list"),
            (&text.replacen("},", "},\n<<<<<<< HEAD", 1), "line 6 is not", "a merge that was not finished"),
            (&double, "is there twice", "one finding twice"),
        ];
        for (text, expected, why) in rows {
            let error = Baseline::parse(text).expect_err(why);
            assert!(error.contains(expected), "{why}: {error}");
        }
    }

    #[test]
    fn paths_lead_there_and_back() {
        let rows = [
            ("/r", "/r/a/b.yaml", "a/b.yaml", "below"),
            ("/r/a", "/r/b.yaml", "../b.yaml", "beside"),
            ("/r/a/b", "/s/c.yaml", "../../../s/c.yaml", "elsewhere"),
        ];
        for (folder, file, expected, why) in rows {
            let path = relative(Path::new(folder), Path::new(file));
            assert_eq!(path, expected, "{why}");
            assert_eq!(resolve(Path::new(folder), &path), Path::new(file), "{why}, and back");
        }
    }
}
