//! Values that were copied from documentation and never filled in.

use std::iter;
use std::ops::Range;

use super::made_up::is_dummy_account;
use crate::source::{Piece, Span, Text};

mod letters;
mod words;

use letters::{CROSS, DIGIT, HYPHEN, LOWER, UNDERSCORE, UPPER, words};
use words::{COMMON, EXAMPLE_ACCOUNTS, SLOTS, TO_DO, YOURS};

/// An unfilled placeholder in a value, or an account number of the documentation.
#[derive(Clone, Debug)]
pub struct Placeholder {
    pub span: Span,
    /// The words themselves.
    pub text: String,
    /// True for a placeholder: the value cannot work. False for an example account in an otherwise complete value.
    pub is_unfilled: bool,
    /// What to look for to find out whether a script fills it in.
    pub spellings: Vec<Spelling>,
}

/// A string that a script could replace.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Spelling {
    pub text: String,
    /// The word is so common that it counts only where the script replaces it, not wherever it is mentioned.
    pub is_common: bool,
}

impl Text {
    /// True if a placeholder in it was never filled in: whatever is wrong with the rest, that is the finding.
    pub fn is_unfilled(&self) -> bool {
        placeholder(self).is_some_and(|it| it.is_unfilled)
    }
}

/// The first placeholder in an ARN or name, or else the first example account.
pub fn placeholder(text: &Text) -> Option<Placeholder> {
    let mut found = placeholders(text);
    let at = found.iter().position(|it| it.is_unfilled).unwrap_or(0);
    (!found.is_empty()).then(|| found.swap_remove(at))
}

/// All placeholders and example accounts in an ARN or name, in the order in which they appear.
pub fn placeholders(text: &Text) -> Vec<Placeholder> {
    let mut found = Vec::new();
    for (at, piece) in text.pieces_at() {
        if at >= LONGEST_VALUE {
            break;
        }
        let Piece::Known(known) = piece else { continue };
        let end = (0..=known.len().min(LONGEST_VALUE - at)).rev().find(|it| known.is_char_boundary(*it));
        let known = &known[..end.unwrap_or_default()];
        for Word { range, is_unfilled, marker } in find(known) {
            let word = &known[range.clone()];
            let mut spellings = vec![spelling(word)];
            spellings.extend(marker.filter(|it| *it != range).map(|it| spelling(&known[it])));
            let span = text.slice(at + range.start..at + range.end);
            found.push(Placeholder { span, text: word.to_owned(), is_unfilled, spellings });
        }
    }
    // A word that was found already may be the whole account.
    if let Some(account) = account_slot(text)
        && !found.iter().any(|it| it.span.contains(account.span) || account.span.contains(it.span))
    {
        let at = found.partition_point(|it| it.span.start < account.span.start);
        found.insert(at, account);
    }
    if !found.iter().any(|it| it.is_unfilled) {
        found.extend(named_slot(text));
    }
    // A common word says little, but a script that replaces the whole value fills it in as well.
    if let Some(whole) = text.as_str().map(str::trim).filter(|_| !found.is_empty()) {
        for it in found.iter_mut().filter(|it| it.text != whole && it.spellings[0].is_common) {
            it.spellings.push(Spelling { text: whole.to_owned(), is_common: false });
        }
    }
    found
}

fn spelling(text: &str) -> Spelling {
    let is_word = text.bytes().all(|byte| byte.is_ascii_lowercase());
    Spelling { text: text.to_owned(), is_common: is_word || COMMON.contains(&text) }
}

/// A whole value in capitals that says which ARN belongs there: `WORKER_NODE_ROLE_ARN`, `ROLE_ARN_HERE`.
///
/// Capitals alone are not enough, since a role may be called `CI_DEPLOYER` and stand where a name is asked for.
fn named_slot(text: &Text) -> Option<Placeholder> {
    let known = text.as_str()?.trim();
    // `KarpenterControllerRole_ARN`: no name of a role ends so.
    let is_word = known.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_word {
        return None;
    }
    let in_capitals = !known.bytes().any(|byte| byte.is_ascii_lowercase());
    let words: Vec<_> = known.split('_').filter(|word| !word.is_empty()).collect();
    let names_an_arn = words.len() > 1 && words.iter().any(|word| *word == "ARN" || word.ends_with("ROLEARN"));
    let ends_in_arn = words.len() > 1 && words.last() == Some(&"ARN");
    (in_capitals && names_an_arn || ends_in_arn).then(|| Placeholder {
        span: text.trim().span(),
        text: known.to_owned(),
        is_unfilled: true,
        spellings: vec![spelling(known)],
    })
}

/// How many bytes of a value are searched. No name or ARN has as many, and several rules search the same value.
pub const LONGEST_VALUE: usize = 16 << 10;
/// How many placeholders of one value are told apart.
const MOST: usize = 100;
/// How many bytes a placeholder with a beginning and an end may have.
const LONGEST: usize = 512;

/// What stands for something that is left out.
const ELLIPSIS: &str = "…";

/// A word that is a placeholder, or an example account.
struct Word {
    range: Range<usize>,
    is_unfilled: bool,
    /// The part that marks it as a placeholder, which a script may replace alone: `REPLACE_ME` of `MyRole-REPLACE_ME`.
    marker: Option<Range<usize>>,
}

fn find(known: &str) -> Vec<Word> {
    let enclosed: Vec<Range<usize>> = enclosed(known).take(MOST).collect();
    let mut next = enclosed.iter().peekable();
    let mut found = Vec::new();
    for (range, letters) in words(known) {
        let word = &known[range.clone()];
        while next.next_if(|it| it.end < range.end).is_some() {}
        if found.len() >= MOST {
            break;
        }
        if next.peek().is_some_and(|it| it.start <= range.start) {
            continue;
        }
        let has = |kind: u8| letters & kind != 0;
        let is_unfilled = has(UPPER | HYPHEN) && SLOTS.contains(&word)
            || has(CROSS) && is_crossed_out(word)
            || has(UPPER) && !has(LOWER) && says_so(word);
        let marker = if has(UPPER | LOWER) { marker(word) } else { None };
        let marker = marker.map(|it| range.start + it.start..range.start + it.end);
        if is_unfilled || marker.is_some() {
            found.push(Word { range, is_unfilled: true, marker });
        } else if let Some(inner) = if has(UNDERSCORE) { underscored(word) } else { None } {
            let range = range.start + inner.start..range.start + inner.end;
            found.push(Word { range, is_unfilled: true, marker: None });
        } else if letters == DIGIT && EXAMPLE_ACCOUNTS.contains(&word) {
            found.push(Word { range, is_unfilled: false, marker: None });
        }
    }
    found.extend(enclosed.into_iter().map(|range| Word { range, is_unfilled: true, marker: None }));
    found.sort_by_key(|it| it.range.start);
    found
}

/// The placeholders that have a beginning and an end of their own, and what is left out.
fn enclosed(known: &str) -> impl Iterator<Item = Range<usize>> {
    // Nearly no value has any, and every value is searched.
    let begins = |byte: &u8| BEGINS[usize::from(*byte)];
    let mut at = 0;
    iter::from_fn(move || {
        while let Some(next) = known.as_bytes()[at..].iter().position(begins) {
            let start = at + next;
            let rest = &known[start..];
            let length = enclosed_at(rest);
            at = start + length.unwrap_or_else(|| rest.chars().next().map_or(1, char::len_utf8));
            if let Some(length) = length {
                return Some(start..start + length);
            }
        }
        None
    })
}

/// The bytes with which placeholders of [`enclosed`] begin.
const BEGINS: [bool; 256] = {
    let mut begins = [false; 256];
    (begins[b'<' as usize], begins[b'$' as usize], begins[b'%' as usize], begins[b'.' as usize]) =
        (true, true, true, true);
    begins[b'(' as usize] = true;
    begins[ELLIPSIS.as_bytes()[0] as usize] = true;
    begins
};

/// The length of the placeholder that a text begins with.
fn enclosed_at(rest: &str) -> Option<usize> {
    // A longer one is none, and looking on for its end would take time for nothing.
    let border = (0..=rest.len().min(LONGEST)).rev().find(|&it| rest.is_char_boundary(it));
    let rest = &rest[..border.unwrap_or_default()];
    match rest.as_bytes()[0] {
        b'<' => rest.find('>').filter(|end| *end > 1).map(|end| end + 1),
        // Outside of `Fn::Sub` nobody replaces it; its colons are not those of an ARN.
        b'$' if rest.starts_with("${AWS::") => rest.find('}').map(|end| end + 1),
        b'%' => {
            let length = rest[1..].find('%').filter(|length| *length > 1)?;
            let is_name = rest[1..=length].bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
            is_name.then_some(length + 2)
        }
        // `(change this)`.
        b'(' if rest.get(1..8).is_some_and(|it| it.eq_ignore_ascii_case("change ")) => {
            rest.find(')').map(|end| end + 1)
        }
        // Something is left out: `arn:[...]`, as the documentation of operators has it.
        b'.' if rest.starts_with("...") => Some(3),
        _ if rest.starts_with(ELLIPSIS) => Some(ELLIPSIS.len()),
        _ => None,
    }
}

/// True for `xxxxxxxxxxxx`, and for an account of which some digits are crossed out: `1234xxxxxxxx`.
fn is_crossed_out(word: &str) -> bool {
    let crosses = word.bytes().filter(|byte| matches!(byte, b'x' | b'X')).count();
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    crosses >= 4 && crosses + digits == word.len() && (digits == 0 || word.len() >= 10)
}

/// The place of `__NODE_ROLE__`, also inside a name.
fn underscored(known: &str) -> Option<Range<usize>> {
    let start = known.as_bytes().windows(2).position(|it| it == b"__")?;
    let is_letter = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    let length = known[start..].bytes().take_while(is_letter).count();
    let inner = known[start..start + length].strip_prefix("__")?.strip_suffix("__")?;
    let is_name = inner.starts_with(|c: char| c.is_ascii_uppercase()) && !inner.ends_with('_');
    is_name.then_some(start..start + length)
}

/// True for an uppercase word that says that something else belongs in its place: `REPLACE_WITH_ROLE`, `ROLE_HERE`.
fn says_so(word: &str) -> bool {
    let in_capitals = |it: &str| {
        it.bytes().any(|byte| byte.is_ascii_uppercase())
            && it.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'))
    };
    if !in_capitals(word) {
        return false;
    }
    let word = word.replace('-', "_");
    TO_DO.contains(&word.as_str())
        || ["REPLACE_", "CHANGE_ME_", "YOUR_", "INSERT_", "PLACEHOLDER_"].iter().any(|start| word.starts_with(start))
        || ["_PLACEHOLDER", "_HERE", "_TODO", "_CHANGEME"].iter().any(|end| word.ends_with(end))
        || word.strip_prefix("YOUR").is_some_and(|rest| YOURS.iter().any(|it| rest.starts_with(&it.to_uppercase())))
}

/// The part of a word, of any style, that asks the reader for a value: `your-role-name`, `YourAdminRole`, `MyRole-REPLACE_ME`.
fn marker(word: &str) -> Option<Range<usize>> {
    // Shorter words hold none of these, and most words are short.
    if word.len() < 8 || !may_have_marker(word) {
        return None;
    }
    let parts = parts(word);
    let part = |at: usize| parts.get(at).map_or("", |(_, it)| it.as_str());
    let range = |first: usize, last: usize| parts[first].0.start..parts[last.min(parts.len() - 1)].0.end;
    let is_yours = |at: usize| YOURS.contains(&part(at));
    for at in 0..parts.len() {
        let (this, next, third) = (part(at), part(at + 1), part(at + 2));
        let found = match this {
            "replaceme" | "changeme" | "changeit" => Some(at),
            "replace" | "change" | "fill" if next == "me" => Some(at + 1),
            // The text of an uppercase word says so; in lowercase it may be an ordinary name.
            "placeholder" if word[parts[at].0.clone()].starts_with("PLACEHOLDER") && parts.len() > 1 => Some(at),
            "replace" if at == 0 && matches!(next, "with" | "this" | "by") => Some(parts.len() - 1),
            "insert" | "enter" | "put" | "add" | "use" | "set" if at == 0 && next == "your" && parts.len() > 2 => {
                Some(parts.len() - 1)
            }
            "your" if at == 0 && (1..parts.len()).any(is_yours) => Some(parts.len() - 1),
            // Behind other words only what cannot be anything else.
            "your"
                if matches!(next, "account" | "cluster" | "role" | "user" | "policy" | "namespace")
                    && matches!(third, "name" | "id" | "arn") =>
            {
                Some(at + 2)
            }
            // `…-role-here`: all of it is to be replaced.
            "arn" | "role" | "rolename" | "rolearn" | "account" if next == "here" && at + 2 == parts.len() => {
                return Some(0..word.len());
            }
            _ => None,
        };
        if let Some(last) = found {
            return Some(range(at, last));
        }
    }
    None
}

/// Whether a word holds one of those that [`marker`] looks for. It takes little time, and every word of every value is asked.
fn may_have_marker(word: &str) -> bool {
    let bytes = word.as_bytes();
    (0..bytes.len()).any(|at| {
        let wanted: &str = match bytes[at].to_ascii_lowercase() {
            b'r' => "replace",
            b'c' => "change",
            b'f' => "fill",
            b'p' => "placeholder",
            b'y' => "your",
            b'h' => "here",
            _ => return false,
        };
        bytes.get(at..at + wanted.len()).is_some_and(|it| it.eq_ignore_ascii_case(wanted.as_bytes()))
    })
}

/// The parts of a name, in lowercase: between hyphens, underscores and the humps of camel case.
fn parts(word: &str) -> Vec<(Range<usize>, String)> {
    let bytes = word.as_bytes();
    let mut parts = Vec::new();
    let mut start = 0;
    let mut push = |range: Range<usize>| {
        if !range.is_empty() {
            parts.push((range.clone(), word[range].to_ascii_lowercase()));
        }
    };
    for at in 0..bytes.len() {
        if matches!(bytes[at], b'-' | b'_') {
            push(start..at);
            start = at + 1;
        } else if bytes[at].is_ascii_uppercase() && at > start {
            let is_hump = !bytes[at - 1].is_ascii_uppercase();
            // The last letter of `EKSRole`'s first run begins a word.
            let ends_run = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
            if is_hump || ends_run {
                push(start..at);
                start = at;
            }
        }
    }
    push(start..bytes.len());
    parts
}

/// A word without a digit where an ARN has its account: `arn:aws:iam::account:role/x`.
fn account_slot(text: &Text) -> Option<Placeholder> {
    // Nearly every ARN has a number there, and need not be taken apart.
    let written = text.bytes().strip_prefix("arn:")?.split(':').nth(3)?;
    let is_number = || written.bytes().any(|byte| byte.is_ascii_digit()) && !is_dummy_account(written);
    if written.is_empty() || is_number() {
        return None;
    }
    let arn = super::Arn::parse(text)?;
    let account = arn.account_str()?;
    let is_word = !account.is_empty() && account != "aws" && !account.bytes().any(|byte| byte.is_ascii_digit());
    let of_iam = matches!(arn.service_str(), Some("iam" | "sts"));
    let is_dummy = is_dummy_account(account);
    ((is_word || is_dummy) && of_iam).then(|| Placeholder {
        span: arn.account().span(),
        text: account.to_owned(),
        is_unfilled: !is_dummy,
        spellings: vec![spelling(account), Spelling { text: format!(":{account}:"), is_common: false }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn slots_and_examples() {
        let cases = [
            ("arn:aws:iam::ACCOUNT_ID:role/IAM_ROLE_NAME", Some(("ACCOUNT_ID", true)), "the page's own words"),
            (
                "<ARN of instance role (not instance profile)>",
                Some(("<ARN of instance role (not instance profile)>", true)),
                "the stock file",
            ),
            ("arn:aws:iam::xxxxxxxxxxxx:role/a", Some(("xxxxxxxxxxxx", true)), "crossed out"),
            ("arn:[...]", Some(("...", true)), "left out"),
            ("arn:aws:iam::account:role/a", Some(("account", true)), "a word for the account"),
            ("arn:aws:iam::111122223333:role/a", Some(("111122223333", false)), "an account of the documentation"),
            ("%IAM_ARN%", Some(("%IAM_ARN%", true)), "the connector's manifest"),
            ("arn:aws:iam::222233334444:role/my-role", None, "a role may be called that"),
            ("arn:aws:iam::aws:policy/AmazonEKSClusterPolicy", None, "AWS is an account here"),
            ("arn:aws:iam::222233334444:role/xx", None, "a short name"),
            ("WORKER_NODE_ROLE_ARN", Some(("WORKER_NODE_ROLE_ARN", true)), "it says what belongs here"),
            ("LAMBDA_ROLE_ARN ", Some(("LAMBDA_ROLE_ARN", true)), "with a space behind it"),
            ("ROLE_ARN_2", Some(("ROLE_ARN_2", true)), "one of several"),
            ("CI_DEPLOYER", None, "a name in capitals"),
            ("WARNING_BOT", None, "the letters inside a word"),
            ("ARN", None, "one word may be a name"),
            ("KarpenterControllerRole_ARN", Some(("KarpenterControllerRole_ARN", true)), "only its end in capitals"),
            ("AppRoleARN", None, "camel case may be the name of a parameter"),
            ("arn:aws:iam::99999999:role/a", Some(("99999999", false)), "made up, and too short"),
            ("arn:aws:iam::99999998:role/a", None, "a number with digits missing"),
            ("arn:aws:iam::222233334444:role/REPLACE_ME", Some(("REPLACE_ME", true)), "it says so"),
            ("arn:aws:iam::222233334444:role/REPLACE-ME", Some(("REPLACE-ME", true)), "with a hyphen"),
            ("arn:aws:iam::222233334444:role/changeme", Some(("changeme", true)), "in small letters"),
            ("arn:aws:iam::222233334444:role/__NODE_ROLE__", Some(("__NODE_ROLE__", true)), "underscores around it"),
            ("__ENV__-eks", Some(("__ENV__", true)), "the beginning of a name"),
            ("CHANGEME", Some(("CHANGEME", true)), "alone"),
            ("arn:aws:iam::${AWS::AccountId}:role/a", Some(("${AWS::AccountId}", true)), "without `Fn::Sub`"),
            ("TODO: role", Some(("TODO", true)), "to be done"),
            ("YOUR_ROLE", Some(("YOUR_ROLE", true)), "yours"),
            ("INSERT_ROLE_HERE", Some(("INSERT_ROLE_HERE", true)), "here"),
            ("ROLE_PLACEHOLDER", Some(("ROLE_PLACEHOLDER", true)), "it says so at its end"),
            ("todo", None, "an application may be called that"),
            ("placeholder", None, "so may a container"),
            ("todo-app", None, "the beginning of a name"),
            ("arn:aws:iam::222233334444:role/TODO-app", None, "a name that only begins like it"),
            ("arn:aws:iam::222233334444:role/__node__", None, "underscores in small letters"),
            ("MY_ROLE", None, "a name in capitals that says nothing"),
            ("worker_node_role_arn", None, "a name in small letters"),
            ("arn:aws:iam::222233334444:role/NODE_ROLE_ARN", None, "the name of a role may be odd"),
            ("arn:aws:iam::222233334444:role/YourAdminRole", Some(("YourAdminRole", true)), "camel case"),
            ("arn:aws:iam::222233334444:role/YourEKSNodeRole", Some(("YourEKSNodeRole", true)), "with an acronym"),
            ("arn:aws:iam::222233334444:role/your-role-name", Some(("your-role-name", true)), "hyphens"),
            ("arn:aws:iam::222233334444:role/your_iam_role", Some(("your_iam_role", true)), "underscores"),
            ("arn:aws:iam::222233334444:role/yourRoleName", Some(("yourRoleName", true)), "a lowercase hump"),
            ("arn:aws:iam::YOURACCOUNTID:role/a", Some(("YOURACCOUNTID", true)), "uppercase without separators"),
            ("<YOUR_ROLE_ARN>", Some(("<YOUR_ROLE_ARN>", true)), "in angle brackets"),
            ("arn:aws:iam::222233334444:role/MyRole-REPLACE_ME", Some(("MyRole-REPLACE_ME", true)), "behind a name"),
            ("arn:aws:iam::222233334444:role/MyRoleReplaceMe", Some(("MyRoleReplaceMe", true)), "the same as a hump"),
            ("arn:aws:iam::222233334444:role/CHANGEME-app", Some(("CHANGEME-app", true)), "before a name"),
            ("arn:aws:iam::222233334444:role/changeit", Some(("changeit", true)), "in other words"),
            ("arn:aws:iam::222233334444:role/(change this)", Some(("(change this)", true)), "in brackets"),
            ("arn:aws:iam::222233334444:role/app-changeme", Some(("app-changeme", true)), "in lowercase"),
            ("replace-with-your-role-arn", Some(("replace-with-your-role-arn", true)), "a sentence"),
            ("insert_your_role_here", Some(("insert_your_role_here", true)), "another one"),
            ("put-role-arn-here", Some(("put-role-arn-here", true)), "here"),
            ("eks-node-your-cluster-name", Some(("eks-node-your-cluster-name", true)), "as the end of a name"),
            ("arn:aws:iam::1234xxxxxxxx:role/a", Some(("1234xxxxxxxx", true)), "some digits crossed out"),
            ("arn:aws:iam::…:role/a", Some(("…", true)), "left out, as one character"),
            ("arn:aws:iam::222233334444:role/yourkit-profiler", None, "a product"),
            ("arn:aws:iam::222233334444:role/know-your-customer", None, "a phrase"),
            ("arn:aws:iam::222233334444:role/YourBaseIngest", None, "a company"),
            ("arn:aws:iam::222233334444:role/ExchangeMetrics", None, "letters across humps"),
            ("arn:aws:iam::222233334444:role/change-management", None, "only begins like it"),
            ("arn:aws:iam::222233334444:role/replace-worker", None, "a name"),
            ("arn:aws:iam::222233334444:role/here-maps", None, "a company"),
            ("arn:aws:iam::222233334444:role/placeholder-service", None, "a service in lowercase"),
            ("arn:aws:iam::222233334444:role/MyRole", None, "mine"),
            ("arn:aws:iam::222233334444:role/x86xxl", None, "a size"),
        ];
        for (value, wanted, why) in cases {
            let found = placeholder(&Text::of_file(FileId::new(0), value.into()));
            let found = found.as_ref().map(|it| (it.text.as_str(), it.is_unfilled));
            assert_eq!(found, wanted, "{value}: {why}");
        }
    }

    #[test]
    fn all_of_them_and_what_to_look_for() {
        let found = |value: &str| {
            let found = placeholders(&Text::of_file(FileId::new(0), value.into()));
            let spelled = |it: &Spelling| format!("{}{}", it.text, if it.is_common { "?" } else { "" });
            let shown = found.iter().map(|it| it.spellings.iter().map(spelled).collect::<Vec<_>>().join(" "));
            shown.collect::<Vec<_>>()
        };
        assert_eq!(found("arn:aws:iam::ACCOUNT_ID:role/IAM_ROLE_NAME"), ["ACCOUNT_ID", "IAM_ROLE_NAME"]);
        assert_eq!(found("arn:aws:iam::<account>:role/<env>-<name>"), ["<account>", "<env>", "<name>"]);
        assert_eq!(found("MyRole-REPLACE_ME"), ["MyRole-REPLACE_ME REPLACE_ME"]);
        let account = "account? :account: arn:aws:iam::account:role/a";
        assert_eq!(found("arn:aws:iam::account:role/a"), [account], "a word that is everywhere");
        assert_eq!(found("arn:[...]"), ["...? arn:[...]"]);
        assert_eq!(found("ROLE_ARN_HERE"), ["ROLE_ARN_HERE"]);
    }

    #[test]
    fn long_values_are_read_in_time() {
        for part in ["<", "<a>", "${AWS::", "%A", "your-role-", "x"] {
            let text = Text::of_file(FileId::new(0), part.repeat(1 << 18).into());
            assert!(placeholders(&text).len() <= 2 * MOST, "{part}");
        }
    }
}
