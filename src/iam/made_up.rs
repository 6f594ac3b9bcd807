//! Words and numbers that stand for a value.

use crate::source::Text;

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
