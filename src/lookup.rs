//! Whether something fills a placeholder in: what to look for, in which files, and what came of it.
//!
//! The library does no IO. A run asks [`Placeholders::wanted_tokens`](crate::workspace::Placeholders::wanted_tokens) what to look
//! up, its caller reads the files that [`reading`] names, gives each to a [`Search`], and hands the [`Answers`] back before
//! the rules run.

mod commands;
mod files;
mod roots;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, Input, MatchKind, packed};

use crate::collections::HashMap;
use crate::iam::Spelling;

use commands::{Commands, REACH, is_letter};
pub use files::{Reading, is_skipped_folder, reading};
pub use roots::ByRoot;

/// How many tokens of a project are looked up.
pub const MOST_TOKENS: usize = 1000;
/// How many tokens of all projects are.
pub const MOST_TOKENS_OF_RUN: usize = 10_000;
/// How many bytes a token may have that is looked up.
pub const LONGEST_TOKEN: usize = 256;

/// An unfilled placeholder to look up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// The placeholder as findings name it.
    pub text: String,
    /// The repository of the files that hold it, if they are in one: files of a repository [apart](crate::source::are_apart) from it do not
    /// fill it in.
    pub repository: Option<Arc<Path>>,
    /// What to look for: any of these will do.
    pub spellings: BTreeSet<Spelling>,
    /// The files that hold it as an unfilled value ([`Source::place`](crate::source::Source::place)): what they hold besides
    /// does not count.
    pub files: BTreeSet<Arc<Path>>,
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
    /// The tokens that were looked for in each repository, and whether something fills them in there.
    tokens: ByRoot<BTreeMap<String, bool>>,
    unsearched: Unsearched,
}

/// What a search did not see: a token that was not found may be filled in there. For each repository the first of it, with the
/// limit that was reached. What may be in any counts as in none.
pub type Unsearched = ByRoot<Option<String>>;

impl Answers {
    /// `found`: the tokens that some file fills in, as places in the list.
    pub fn new(tokens: &[Token], found: &BTreeSet<usize>, unsearched: Unsearched) -> Self {
        let mut answers = Self { tokens: ByRoot::default(), unsearched };
        for (at, token) in tokens.iter().enumerate() {
            let own = answers.tokens.own(token.repository.clone());
            own.insert(token.text.clone(), found.contains(&at));
        }
        answers
    }

    /// What is known of a placeholder that stands in a file of this repository.
    pub fn filled(&self, token: &str, repository: Option<&Arc<Path>>) -> Filled {
        match self.tokens.get(repository).and_then(|it| it.get(token)) {
            Some(true) => Filled::Yes,
            Some(false) if self.unsearched(repository).is_none() => Filled::No,
            _ => Filled::Unknown,
        }
    }

    /// The first thing that was not searched, and that a file of this repository may be filled in by.
    pub fn unsearched(&self, repository: Option<&Arc<Path>>) -> Option<&String> {
        self.unsearched.near(repository).flatten().next()
    }
}

/// How many matches of a file are looked at. Only placeholders that overlap each other have more in a file that is searched.
const MOST_HITS: usize = 20_000_000;

/// What a file says of the tokens.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Found {
    /// The tokens that it fills in, as places in the list.
    pub tokens: BTreeSet<usize>,
    /// True if it has more matches than are looked at: it may fill others in, too.
    pub is_cut: bool,
}

/// Why a search has not seen everything if a file [is cut](Found::is_cut).
pub fn too_many_hits() -> String {
    format!("a file with more than {MOST_HITS} mentions of placeholders")
}

/// Looks for tokens in the contents of files.
pub struct Search<'t> {
    tokens: &'t [Token],
    patterns: Patterns,
    /// The tokens that need not be looked for any more, and how many they are.
    is_known: Vec<bool>,
    known: usize,
    /// The tokens of each file that holds one as an unfilled value.
    of_file: HashMap<&'t Path, Vec<usize>>,
    of_repository: ByRoot<Vec<usize>>,
}

impl<'t> Search<'t> {
    pub fn new(tokens: &'t [Token]) -> Self {
        let is_known = vec![false; tokens.len()];
        let patterns = Patterns::new(tokens, &is_known);
        let mut of_file: HashMap<&Path, Vec<usize>> = HashMap::default();
        let mut of_repository: ByRoot<Vec<usize>> = ByRoot::default();
        for (at, token) in tokens.iter().enumerate() {
            of_repository.own(token.repository.clone()).push(at);
            token.files.iter().for_each(|file| of_file.entry(file).or_default().push(at));
        }
        Self { tokens, patterns, is_known, known: 0, of_file, of_repository }
    }

    /// Leaves out tokens that some file fills in: other files are searched for the rest. What is found in the end is the same,
    /// and an ordinary repository fills most of its placeholders in with a few scripts.
    pub fn leave_out(&mut self, found: &BTreeSet<usize>) {
        for at in found {
            self.known += usize::from(!std::mem::replace(&mut self.is_known[*at], true));
        }
        // It takes time to prepare a search.
        if self.patterns.tokens >= 2 * (self.tokens.len() - self.known) {
            self.patterns = Patterns::new(self.tokens, &self.is_known);
        }
    }

    /// Whether all tokens are [left out](Self::leave_out).
    pub fn is_over(&self) -> bool {
        self.known == self.tokens.len()
    }

    /// The tokens that a file fills in. `place`: where the file is. `repository`: the root of the repository around it, if there
    /// is one.
    pub fn find(&self, place: &Path, repository: Option<&Arc<Path>>, reading: Reading, bytes: &[u8]) -> Found {
        self.find_within(place, repository, reading, bytes, MOST_HITS)
    }

    fn find_within(
        &self,
        place: &Path,
        repository: Option<&Arc<Path>>,
        reading: Reading,
        bytes: &[u8],
        most_hits: usize,
    ) -> Found {
        let mut found = Found::default();
        let mentions = match reading {
            Reading::Mentions => true,
            Reading::Replaces => false,
            Reading::MentionsIfScript if bytes.starts_with(b"#!") => true,
            Reading::MentionsIfScript => return found,
        };
        if self.is_over() {
            return found;
        }
        // Most files hold none.
        let Some(start) = self.patterns.first(bytes) else { return found };
        // The tokens that are found, and those that do not count here.
        let mut is_settled = vec![true; self.tokens.len()];
        self.of_repository.near(repository).flatten().for_each(|it| is_settled[*it] = self.is_known[*it]);
        self.of_file.get(place).into_iter().flatten().for_each(|it| is_settled[*it] = true);
        let mut left = is_settled.iter().filter(|it| !**it).count();
        // For each pattern that has been found, what is left of its tokens.
        let mut open: HashMap<usize, Vec<(usize, bool)>> = HashMap::default();
        let mut commands = Commands::new(bytes);
        let hits = self.patterns.automaton.find_overlapping_iter(Input::new(bytes).range(start..));
        for (at, hit) in hits.enumerate() {
            if left == 0 {
                break;
            }
            if at == most_hits {
                found.is_cut = true;
                break;
            }
            let pattern = hit.pattern().as_usize();
            let open = open.entry(pattern).or_insert_with(|| self.patterns.of[pattern].clone());
            open.retain(|(token, _)| !is_settled[*token]);
            let range = hit.range();
            if open.is_empty() || !is_whole(bytes, range.start, range.end) || is_variable(bytes, &range) {
                continue;
            }
            for (token, is_common) in open {
                if mentions && !*is_common || commands.replace(range.start) {
                    is_settled[*token] = true;
                    left -= 1;
                    found.tokens.insert(*token);
                }
            }
        }
        found
    }
}

/// What is looked for.
struct Patterns {
    automaton: AhoCorasick,
    /// Finds the first match many bytes at a time. Nothing if there are too many patterns, or the processor cannot do it.
    quick: Option<packed::Searcher>,
    /// For each pattern the tokens that it is a spelling of, and whether it is a common word there.
    of: Vec<Vec<(usize, bool)>>,
    /// How many tokens they are of.
    tokens: usize,
}

impl Patterns {
    fn new(tokens: &[Token], is_known: &[bool]) -> Self {
        let wanted = tokens.iter().enumerate().filter(|(at, _)| !is_known[*at]);
        let spellings = wanted.clone().flat_map(|(at, it)| it.spellings.iter().map(move |it| (at, it)));
        let mut by_text: BTreeMap<&str, Vec<(usize, bool)>> = BTreeMap::new();
        spellings.for_each(|(at, it)| by_text.entry(&it.text).or_default().push((at, it.is_common)));
        let (texts, of): (Vec<_>, Vec<_>) = by_text.into_iter().unzip();
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&texts);
        let automaton = automaton.expect("the number and length of tokens are limited");
        // It has no empty patterns.
        let quick = texts.iter().all(|it| !it.is_empty()).then(|| packed::Searcher::new(&texts)).flatten();
        Self { automaton, quick, of, tokens: wanted.count() }
    }

    /// A place that no match starts before. `None`: there is no match.
    fn first(&self, bytes: &[u8]) -> Option<usize> {
        match &self.quick {
            Some(quick) => quick.find(bytes).map(|it| it.start()),
            None => Some(0),
        }
    }
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
    // What a command or another variable is the value of: a program sets it for itself.
    let is_computed = [&b"=$"[..], b"=\"$", b"=`", b"=\"`"].iter().any(|it| after.starts_with(it));
    let near = &before[before.len().saturating_sub(REACH)..];
    let line = match near.iter().rposition(|it| *it == b'\n') {
        Some(at) => &near[at + 1..],
        // A longer line does not begin with it.
        None if near.len() < before.len() => return false,
        None => near,
    };
    is_computed && str::from_utf8(line).is_ok_and(|it| it.split_whitespace().all(|word| BEFORE.contains(&word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(spellings: &[(&str, bool)]) -> Token {
        let spelled = |(text, is_common): &(&str, bool)| Spelling { text: (*text).to_owned(), is_common: *is_common };
        Token {
            text: spellings[0].0.to_owned(),
            spellings: spellings.iter().map(spelled).collect(),
            repository: None,
            files: BTreeSet::from([Path::new("sa.yaml").into()]),
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
            let found = Search::new(&tokens).find(Path::new("deploy"), None, reading, content.as_bytes());
            assert_eq!(!found.tokens.is_empty(), wanted, "{content}: {why}");
        }
    }

    #[test]
    fn several_tokens_and_their_files() {
        let tokens = [token(&[("A_B", false), ("MyRole-A_B", false)]), token(&[("<c>", false)])];
        let search = Search::new(&tokens);
        let find = |place: &str, content: &str| {
            let found = search.find(Path::new(place), None, Reading::Mentions, content.as_bytes());
            found.tokens.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(find("deploy.sh", "s/A_B/x/;s/<c>/y/"), [0, 1]);
        assert_eq!(find("deploy.sh", "MyRole-A_B"), [0]);
        assert_eq!(find("sa.yaml", "MyRole-A_B <c>"), [] as [usize; 0], "the file with the placeholder itself");
        assert_eq!(find("deploy.sh", ""), [] as [usize; 0]);
    }

    /// However often a file has a token without effect, what comes after it counts.
    #[test]
    fn no_ordinary_file_is_cut() {
        let tokens = [token(&[("ACCOUNT_ID", false)])];
        let find = |content: &str| {
            Search::new(&tokens).find(Path::new("data.yaml"), None, Reading::Replaces, content.as_bytes())
        };
        let data = "x: ACCOUNT_ID\n".repeat(2_500);
        assert_eq!(find(&data), Found::default());
        assert_eq!(find(&format!("{data}run: sed s/ACCOUNT_ID/1/\n")).tokens.len(), 1);
        // One line, in which nothing is looked at again and again.
        let line = "ACCOUNT_ID=$ ACCOUNT_ID ".repeat(20_000);
        assert_eq!(find(&line), Found::default());
        assert_eq!(find(&format!("{line}sed s/ACCOUNT_ID/1/\n")).tokens.len(), 1);
        let several = "sed s/x/1/ ACCOUNT_ID ACCOUNT_ID, then s|ACCOUNT_ID|1|";
        assert_eq!(find(&several.replace("sed ", "")).tokens.len(), 1, "a command after others");
    }

    #[test]
    fn repositories_that_are_apart() {
        let root = |it: Option<&str>| it.map(|it| Arc::from(Path::new(it)));
        let roots = [Some("/a"), Some("/b"), Some("/a/in"), None];
        let tokens = roots.map(|it| Token { repository: root(it), ..token(&[("A_B", false)]) });
        let find = |of: Option<&str>| {
            Search::new(&tokens).find(Path::new("x.sh"), root(of).as_ref(), Reading::Mentions, b"A_B").tokens
        };
        assert_eq!(find(Some("/a")), BTreeSet::from([0, 2, 3]));
        assert_eq!(find(Some("/b")), BTreeSet::from([1, 3]));
        assert_eq!(find(None), BTreeSet::from([0, 1, 2, 3]));
        let answers = Answers::new(&tokens, &find(Some("/a")), Unsearched::default());
        let filled = |answers: &Answers| roots.map(|it| answers.filled("A_B", root(it).as_ref()));
        assert_eq!(filled(&answers), [Filled::Yes, Filled::No, Filled::Yes, Filled::Yes]);
        let mut unsearched = Unsearched::default();
        *unsearched.own(root(Some("/a"))) = Some("a file".to_owned());
        let answers = Answers::new(&tokens, &BTreeSet::new(), unsearched);
        assert_eq!(filled(&answers), [Filled::Unknown, Filled::No, Filled::Unknown, Filled::Unknown]);
    }

    /// Paths are compared once for each file, and not for each match: this one is a megabyte long.
    #[test]
    fn many_hits_in_a_file_with_a_long_path() {
        let place: Arc<Path> = Path::new(&"a/".repeat(500_000)).into();
        let own = Token { files: BTreeSet::from([place.clone()]), ..token(&[("A_B", false)]) };
        let tokens = [own, token(&[("<c>", false)])];
        let content = "A_B ".repeat(500_000);
        let found = Search::new(&tokens).find(&place, None, Reading::Mentions, content.as_bytes());
        assert_eq!(found, Found::default());
    }

    /// What was found is looked for no longer, whether or not the search was prepared anew.
    #[test]
    fn what_is_found_is_left_out() {
        let names: Vec<String> = (0..5).map(|at| format!("TOKEN_{at}")).collect();
        let tokens: Vec<Token> = names.iter().map(|it| token(&[(it, false)])).collect();
        let mut search = Search::new(&tokens);
        let content = names.join(" ");
        let mut known = BTreeSet::new();
        for at in [3, 0, 4, 1, 2] {
            let found = search.find(Path::new("deploy.sh"), None, Reading::Mentions, content.as_bytes());
            assert_eq!(found.tokens, (0..5).filter(|it| !known.contains(it)).collect());
            known.insert(at);
            assert!(!search.is_over());
            search.leave_out(&known);
        }
        assert!(search.is_over());
        assert_eq!(search.find(Path::new("deploy.sh"), None, Reading::Mentions, content.as_bytes()), Found::default());
    }

    #[test]
    fn a_file_that_is_cut_says_so() {
        let tokens = [token(&[("A_B", false)]), token(&[("C_D", false)])];
        let search = Search::new(&tokens);
        let find = |most| search.find_within(Path::new("deploy.sh"), None, Reading::Mentions, b"A_B C_D", most);
        assert_eq!(find(1), Found { tokens: BTreeSet::from([0]), is_cut: true });
        assert_eq!(find(2), Found { tokens: BTreeSet::from([0, 1]), is_cut: false });
    }
}
