//! Values that were copied from documentation and never filled in.

use crate::source::{Piece, Span, Text};

/// Words that the documentation of AWS puts where a value of one's own belongs.
const SLOTS: &[&str] = &[
    "ACCOUNT_ID",
    "AWS_ACCOUNT_ID",
    "YOUR_ACCOUNT_ID",
    "IAM_ROLE_NAME",
    "ROLE_NAME",
    "NAME",
    "NAMESPACE",
    "SERVICE_ACCOUNT_NAME",
    "SERVICE_ACCOUNT_NAMESPACE",
    "CLUSTER_NAME",
    "CLUSTER_ID",
    "OIDC_ID",
    "AWS_REGION",
    "REGION_CODE",
    "region-code",
    "TRUST_ANCHOR_ARN",
    "EXAMPLED539D4633E53DE1B71EXAMPLE",
    "your-account-id",
    "your-role-name",
    "your-cluster-name",
];

/// Words that a person leaves where a value is to come: in capitals, since a role may be called `todo`.
const TO_DO: &[&str] = &["TODO", "FIXME", "TBD", "CHANGEME", "CHANGE_ME", "REPLACEME", "REPLACE_ME", "PLACEHOLDER"];
/// The same in small letters, which nobody is called.
const TO_CHANGE: &[&str] = &["changeme", "change-me", "change_me", "replaceme", "replace-me", "replace_me"];

/// Account ids of the AWS documentation.
const EXAMPLE_ACCOUNTS: &[&str] = &[
    "111122223333",
    "444455556666",
    "123456789012",
    "012345678901",
    "000000000000",
    "111111111111",
    "555555555555",
    "123456789123",
    "999999999999",
];

/// A slot in a value, or an account number of the documentation.
#[derive(Clone, Debug)]
pub struct Placeholder {
    pub span: Span,
    /// The words themselves.
    pub text: String,
    /// True for a slot: the value cannot work. False for an example account in a value that is otherwise whole.
    pub is_slot: bool,
}

/// True for a word in capitals, such as `ROLE_ARN`: a script puts the value there before anybody else reads the file.
pub fn is_variable(text: &Text) -> bool {
    let is_capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    text.as_str().is_some_and(|it| it.contains('_') && it.bytes().all(is_capital))
}

impl Text {
    /// True if a slot in it was never filled in: whatever is wrong with the rest, that is the finding.
    pub fn is_slot(&self) -> bool {
        placeholder(self).is_some_and(|it| it.is_slot)
    }
}

/// The first placeholder in an ARN or name.
pub fn placeholder(text: &Text) -> Option<Placeholder> {
    let mut example = None;
    for (at, piece) in text.pieces_at() {
        let Piece::Known(known) = piece else { continue };
        if let Some((range, is_slot)) = find(known) {
            let found = Placeholder {
                span: text.slice(at + range.start..at + range.end),
                text: known[range].to_owned(),
                is_slot,
            };
            if is_slot {
                return Some(found);
            }
            example = example.or(Some(found));
        }
    }
    account_slot(text).or_else(|| named_slot(text)).or(example)
}

/// A whole value in capitals that says which ARN belongs there: `WORKER_NODE_ROLE_ARN`, `ROLE_ARN_HERE`.
///
/// Capitals alone are not enough, since a role may be called `CI_DEPLOYER` and stand where a name is asked for.
fn named_slot(text: &Text) -> Option<Placeholder> {
    let known = text.as_str()?.trim();
    let in_capitals = known.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let words: Vec<_> = known.split('_').filter(|word| !word.is_empty()).collect();
    let names_an_arn = words.len() > 1 && words.iter().any(|word| *word == "ARN" || word.ends_with("ROLEARN"));
    (in_capitals && names_an_arn).then(|| Placeholder {
        span: text.trim().span(),
        text: known.to_owned(),
        is_slot: true,
    })
}

fn find(known: &str) -> Option<(std::ops::Range<usize>, bool)> {
    if let Some(open) = known.find('<')
        && let Some(length) = known[open..].find('>')
        && length > 1
    {
        return Some((open..open + length + 1, true));
    }
    // Outside of `Fn::Sub` nobody replaces it; its colons are not those of an ARN.
    if let Some(open) = known.find("${AWS::")
        && let Some(length) = known[open..].find('}')
    {
        return Some((open..open + length + 1, true));
    }
    if let Some(open) = known.find('%')
        && let Some(length) = known[open + 1..].find('%')
        && length > 1
        && known[open + 1..open + 1 + length].bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    {
        return Some((open..open + length + 2, true));
    }
    // Something is left out: `arn:[...]`, as the documentation of operators has it.
    if let Some(at) = known.find("...") {
        return Some((at..at + 3, true));
    }
    if let Some(range) = underscored(known) {
        return Some((range, true));
    }
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let mut example = None;
    let mut start = 0;
    for word in known.split(|c: char| !c.is_ascii() || !is_letter(c as u8)) {
        let range = start..start + word.len();
        start = range.end + known[range.end..].chars().next().map_or(0, char::len_utf8);
        let crossed_out = word.len() >= 4 && word.bytes().all(|byte| matches!(byte, b'x' | b'X'));
        if SLOTS.contains(&word) || crossed_out || says_so(word) {
            return Some((range, true));
        }
        if example.is_none() && EXAMPLE_ACCOUNTS.contains(&word) {
            example = Some((range, false));
        }
    }
    example
}

/// The place of `__NODE_ROLE__`, also inside a name.
fn underscored(known: &str) -> Option<std::ops::Range<usize>> {
    let start = known.find("__")?;
    let is_letter = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    let length = known[start..].bytes().take_while(is_letter).count();
    let inner = known[start..start + length].strip_prefix("__")?.strip_suffix("__")?;
    let is_name = inner.starts_with(|c: char| c.is_ascii_uppercase()) && !inner.ends_with('_');
    is_name.then_some(start..start + length)
}

/// True for a word that says that something else belongs in its place: `REPLACE_ME`, `YOUR_ROLE`.
fn says_so(word: &str) -> bool {
    if TO_CHANGE.contains(&word) {
        return true;
    }
    let in_capitals = |it: &str| {
        it.bytes().any(|byte| byte.is_ascii_uppercase())
            && it.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'))
    };
    if !in_capitals(word) {
        return false;
    }
    let word = word.replace('-', "_");
    TO_DO.contains(&word.as_str())
        || ["REPLACE_", "CHANGE_ME_", "YOUR_", "INSERT_"].iter().any(|start| word.starts_with(start))
        || ["_PLACEHOLDER", "_HERE", "_TODO", "_CHANGEME"].iter().any(|end| word.ends_with(end))
}

/// A word without a digit where an ARN has its account: `arn:aws:iam::account:role/x`.
fn account_slot(text: &Text) -> Option<Placeholder> {
    let arn = super::Arn::parse(text)?;
    let account = arn.account.as_str()?;
    let is_word = !account.is_empty() && account != "aws" && !account.bytes().any(|byte| byte.is_ascii_digit());
    let of_iam = matches!(arn.service.as_str(), Some("iam" | "sts"));
    (is_word && of_iam).then(|| Placeholder { span: arn.account.span(), text: account.to_owned(), is_slot: true })
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
            ("LAMBDA_ROLE_ARN ", Some(("LAMBDA_ROLE_ARN", true)), "with a blank behind it"),
            ("ROLE_ARN_2", Some(("ROLE_ARN_2", true)), "one of several"),
            ("CI_DEPLOYER", None, "a name in capitals"),
            ("WARNING_BOT", None, "the letters inside a word"),
            ("ARN", None, "one word may be a name"),
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
        ];
        for (value, wanted, why) in cases {
            let found = placeholder(&Text::of_file(FileId(0), value.into()));
            let found = found.as_ref().map(|it| (it.text.as_str(), it.is_slot));
            assert_eq!(found, wanted, "{value}: {why}");
        }
    }
}
