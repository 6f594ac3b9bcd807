//! Whether something fills a placeholder in: what to look for, in which files, and what came of it.
//!
//! The library does no IO. A run asks [`Workspace::wanted_tokens`](crate::workspace::Workspace::wanted_tokens) what to look
//! up, its caller reads the files that [`reading`] names, gives each to a [`Search`], and hands the [`Answers`] back before
//! the rules run.

mod files;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use aho_corasick::{AhoCorasick, MatchKind};

use crate::iam::Spelling;

pub use files::{Reading, is_skipped_folder, reading};

/// How many tokens are looked up in one run.
pub const MOST_TOKENS: usize = 1000;
/// How many bytes a token may have that is looked up.
pub const LONGEST_TOKEN: usize = 256;

/// An unfilled placeholder to look up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// The placeholder as findings name it.
    pub text: String,
    /// What to look for: any of these will do.
    pub spellings: BTreeSet<Spelling>,
    /// The files that hold it as an unfilled value ([`Source::place`](crate::source::Source::place)): what they hold besides
    /// does not count.
    pub files: BTreeSet<PathBuf>,
}

/// What is known of a token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Filled {
    /// Something fills it in.
    Yes,
    /// Nothing that was searched does.
    No,
    /// Nobody searched, or not to the end.
    Unknown,
}

/// What a search for tokens found.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Answers {
    /// The tokens that were looked for, and whether something fills them in.
    tokens: BTreeMap<String, bool>,
    /// Why the search ended before it had seen everything, if it did: then a token that was not found may be filled in.
    pub cut: Option<String>,
}

impl Answers {
    /// `found`: the tokens that some file fills in, as places in the list.
    pub fn new(tokens: &[Token], found: &BTreeSet<usize>, cut: Option<String>) -> Self {
        let tokens = tokens.iter().enumerate().map(|(at, it)| (it.text.clone(), found.contains(&at)));
        Self { tokens: tokens.collect(), cut }
    }

    pub fn filled(&self, token: &str) -> Filled {
        match self.tokens.get(token) {
            Some(true) => Filled::Yes,
            Some(false) if self.cut.is_none() => Filled::No,
            _ => Filled::Unknown,
        }
    }
}

/// How often one file may hold tokens. Nobody writes such a file, and it must not take long.
const MOST_HITS: usize = 1_000_000;
/// How often in one file is asked whether a command replaces what was found.
const MOST_ASKED: usize = 2_000;

/// Looks for tokens in the contents of files.
pub struct Search<'t> {
    tokens: &'t [Token],
    automaton: AhoCorasick,
    /// For each pattern the token that it is a spelling of, and whether it is a common word.
    patterns: Vec<(usize, bool)>,
}

impl<'t> Search<'t> {
    pub fn new(tokens: &'t [Token]) -> Self {
        let spellings = tokens.iter().enumerate().flat_map(|(at, it)| it.spellings.iter().map(move |it| (at, it)));
        let (patterns, texts): (Vec<_>, Vec<_>) =
            spellings.map(|(at, it)| ((at, it.is_common), it.text.as_str())).unzip();
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(texts);
        Self { tokens, automaton: automaton.expect("the number and length of tokens are limited"), patterns }
    }

    /// The tokens that a file fills in, as places in the list. `place`: where the file is.
    pub fn find(&self, place: &Path, reading: Reading, bytes: &[u8]) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mentions = match reading {
            Reading::Mentions => true,
            Reading::Replaces => false,
            Reading::MentionsIfScript if bytes.starts_with(b"#!") => true,
            Reading::MentionsIfScript => return found,
        };
        let mut asked = 0;
        for hit in self.automaton.find_overlapping_iter(bytes).take(MOST_HITS) {
            let (token, is_common) = self.patterns[hit.pattern().as_usize()];
            let range = hit.range();
            let is_new = !found.contains(&token) && !self.tokens[token].files.contains(place);
            if !is_new || !is_whole(bytes, range.start, range.end) {
                continue;
            }
            if is_variable(bytes, &range) {
                continue;
            }
            if is_common || !mentions {
                asked += 1;
                if asked > MOST_ASKED || !is_replaced(bytes, range.start) {
                    continue;
                }
            }
            found.insert(token);
        }
        found
    }
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a match is not a part of a longer word: `ACCOUNT_ID` is not mentioned by `AWS_ACCOUNT_ID`.
fn is_whole(bytes: &[u8], start: usize, end: usize) -> bool {
    let before = bytes[..start].last().copied().unwrap_or(b' ');
    // `\bACCOUNT_ID\b` in a pattern, `\nACCOUNT_ID` in a string.
    let is_escape = start > 1 && bytes[start - 2] == b'\\' && matches!(before, b'b' | b'n' | b't' | b'r' | b'B');
    let joins_before = is_letter(bytes[start]) && is_letter(before) && !is_escape;
    let joins_after = is_letter(bytes[end - 1]) && bytes.get(end).is_some_and(|it| is_letter(*it));
    !joins_before && !joins_after
}

/// Whether a match is a variable of the script that has the name of the placeholder: `ACCOUNT_ID=$(aws sts …)`,
/// `${ACCOUNT_ID}`. That says nothing of the word in another file. Settings are another matter: tools take names from there.
fn is_variable(bytes: &[u8], range: &Range<usize>) -> bool {
    const BEFORE: [&str; 5] = ["export", "local", "readonly", "declare", "typeset"];
    let before = &bytes[..range.start];
    let after = &bytes[range.end..];
    if !bytes[range.clone()].iter().all(|it| is_letter(*it)) {
        return false;
    }
    if before.ends_with(b"$") || [&b"${"[..], b"$(", b"${!", b"${#"].iter().any(|it| before.ends_with(it)) {
        return true;
    }
    let line = &before[before.iter().rposition(|it| *it == b'\n').map_or(0, |at| at + 1)..];
    // What a command or another variable is the value of: a program sets it for itself.
    let is_computed = [&b"=$"[..], b"=\"$", b"=`", b"=\"`"].iter().any(|it| after.starts_with(it));
    let is_start = str::from_utf8(line).is_ok_and(|it| it.split_whitespace().all(|word| BEFORE.contains(&word)));
    is_computed && is_start
}

/// How far back on a line a command that replaces something is looked for.
const REACH: usize = 256;

/// Whether what starts at a place looks like the pattern of a command that replaces it: `s/ACCOUNT_ID/…/`,
/// `replace("ACCOUNT_ID", …)`, `regexp: ACCOUNT_ID`.
fn is_replaced(bytes: &[u8], start: usize) -> bool {
    const WORDS: [&str; 9] = ["replace", "sub(", "sub!(", "subst", "regex", "search:", "pattern:", "token:", "sed "];
    let line = &bytes[start.saturating_sub(REACH)..start];
    let line = line.rsplit(|it| *it == b'\n').next().unwrap_or_default();
    let mut last = [0; 256];
    line.iter().enumerate().for_each(|(at, byte)| last[usize::from(*byte)] = at);
    // `s/` that no other `/` follows: what comes now is what it replaces.
    let is_command = |at: usize| {
        let begins = line[at] == b's' && (at == 0 || !is_letter(line[at - 1]));
        let Some(mark) = line.get(at + 1).filter(|_| begins) else { return false };
        let may_delimit = mark.is_ascii_punctuation() && !matches!(mark, b'\'' | b'"' | b'-' | b'.' | b'_');
        may_delimit && last[usize::from(*mark)] == at + 1
    };
    let lowercase = String::from_utf8_lossy(line).to_ascii_lowercase();
    (0..line.len()).any(is_command) || WORDS.iter().any(|it| lowercase.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(spellings: &[(&str, bool)]) -> Token {
        let spelled = |(text, is_common): &(&str, bool)| Spelling { text: (*text).to_owned(), is_common: *is_common };
        Token {
            text: spellings[0].0.to_owned(),
            spellings: spellings.iter().map(spelled).collect(),
            files: BTreeSet::from([PathBuf::from("sa.yaml")]),
        }
    }

    #[test]
    fn what_counts() {
        let cases = [
            ("ACCOUNT_ID", false, Reading::Mentions, "sed s/ACCOUNT_ID/1/", true, "sed"),
            ("ACCOUNT_ID", false, Reading::Mentions, "replace ACCOUNT_ID by yours", true, "a README"),
            ("ACCOUNT_ID", false, Reading::Mentions, "AWS_ACCOUNT_ID=1", false, "a part of another word"),
            ("ACCOUNT_ID", false, Reading::Mentions, "ACCOUNT_IDS", false, "a part of another word"),
            ("ACCOUNT_ID", false, Reading::Mentions, r"perl -pe 's/\bACCOUNT_ID\b/1/'", true, "borders of words"),
            ("ACCOUNT_ID", false, Reading::Mentions, r#""a\nACCOUNT_ID""#, true, "an escape"),
            ("<role>", false, Reading::Mentions, "x<role>y", true, "its own borders"),
            ("ACCOUNT_ID", false, Reading::Mentions, "  export ACCOUNT_ID=$(aws sts x)", false, "a variable"),
            ("ACCOUNT_ID", false, Reading::Mentions, "aws iam x ${ACCOUNT_ID} $ACCOUNT_ID", false, "its value"),
            ("ACCOUNT_ID", false, Reading::Mentions, "ACCOUNT_ID=222233334444", true, "settings"),
            ("ACCOUNT_ID", false, Reading::Mentions, "m4 -D ACCOUNT_ID=$id", true, "an argument"),
            ("ACCOUNT_ID", false, Reading::Mentions, "ACCOUNT_ID=$1\nsed s/ACCOUNT_ID/$ACCOUNT_ID/", true, "both"),
            ("ACCOUNT_ID", false, Reading::Replaces, "image: ACCOUNT_ID.dkr.ecr", false, "another manifest"),
            ("ACCOUNT_ID", false, Reading::Replaces, "- run: sed -i s@ACCOUNT_ID@1@", true, "a command in YAML"),
            ("ACCOUNT_ID", false, Reading::Replaces, "regexp: 'ACCOUNT_ID'", true, "Ansible"),
            ("ACCOUNT_ID", false, Reading::Replaces, "sed -i s@x@1@\nimage: ACCOUNT_ID", false, "another line"),
            ("NAME", true, Reading::Mentions, "NAME=app", false, "a common word"),
            ("NAME", true, Reading::Mentions, "sed -e 's|NAME|app|'", true, "a common word that is replaced"),
            ("NAME", true, Reading::Mentions, "text.replace('NAME', name)", true, "by a program"),
            ("account", true, Reading::Mentions, "the account of AWS", false, "a common word"),
            ("...", true, Reading::Mentions, "and so on ...", false, "punctuation"),
            ("<role>", false, Reading::MentionsIfScript, "#!/bin/sh\necho <role>", true, "a script without extension"),
            ("<role>", false, Reading::MentionsIfScript, "<role>", false, "something else"),
        ];
        for (text, is_common, reading, content, wanted, why) in cases {
            let tokens = [token(&[(text, is_common)])];
            let found = Search::new(&tokens).find(Path::new("deploy"), reading, content.as_bytes());
            assert_eq!(!found.is_empty(), wanted, "{content}: {why}");
        }
    }

    #[test]
    fn several_tokens_and_their_files() {
        let tokens = [token(&[("A_B", false), ("MyRole-A_B", false)]), token(&[("<c>", false)])];
        let search = Search::new(&tokens);
        let find = |place: &str, content: &str| {
            let found = search.find(Path::new(place), Reading::Mentions, content.as_bytes());
            found.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(find("deploy.sh", "s/A_B/x/;s/<c>/y/"), [0, 1]);
        assert_eq!(find("deploy.sh", "MyRole-A_B"), [0]);
        assert_eq!(find("sa.yaml", "MyRole-A_B <c>"), [] as [usize; 0], "the file with the placeholder itself");
        assert_eq!(find("deploy.sh", ""), [] as [usize; 0]);
    }
}
