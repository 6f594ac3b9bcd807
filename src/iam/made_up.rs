//! Words and numbers that stand for a value.

use crate::source::Text;

/// What templates have for a default where there is none, without `-`, `_` and spaces: they ask for it in conditions, or every
/// deploy overrides it.
const WORDS_FOR_NOTHING: &str = "* . arn auto automatic blank default empty entername example false fillin fillme fixme insertnamehere \
    n/a na nil no none notapplicable notset null overrideme replace required setme specifyme string tba tbd tobefilled todo undefined \
    unknown unset updateme value void x xx xxx";

/// What such words begin with.
const BEGINNINGS: [&str; 5] = ["changeme", "changethis", "dummy", "placeholder", "replaceme"];

impl Text {
    /// False for what says that there is no value yet: nothing, a placeholder, a word for nothing, or the ARN of one.
    pub fn is_value(&self) -> bool {
        let is_word_for_nothing = |word: &str| {
            let word = word.trim();
            let name = word.rsplit('/').next().filter(|_| word.starts_with("arn:")).unwrap_or(word);
            let name: String = name.chars().filter(|it| !matches!(it, '-' | '_' | ' ')).collect();
            let name = name.to_ascii_lowercase();
            name.is_empty()
                || WORDS_FOR_NOTHING.split_ascii_whitespace().any(|it| it == name)
                || BEGINNINGS.iter().any(|it| name.starts_with(it))
        };
        !self.is_empty() && !self.is_unfilled() && !is_variable(self) && !self.as_str().is_some_and(is_word_for_nothing)
    }
}

/// True for a word in capitals, such as `ROLE_ARN`: a script puts the value there before anybody else reads the file.
pub fn is_variable(text: &Text) -> bool {
    let is_capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    text.as_str().is_some_and(|it| it.contains('_') && it.bytes().all(is_capital))
}

/// True for `99999999`: one digit again and again is made up, as `999999999999` is, and not a number with a digit missing.
pub fn is_dummy_account(account: &str) -> bool {
    let first = account.bytes().next().unwrap_or_default();
    account.len() >= 4 && first.is_ascii_digit() && account.bytes().all(|byte| byte == first)
}
