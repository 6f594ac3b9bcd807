//! Makes characters visible that a terminal would obey, or that would disguise what stands beside them.

use std::borrow::Cow;

/// True for characters that must not reach a terminal as they are.
pub fn hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\x1F' | '\x7F'..='\u{9F}'
        // Soft hyphen, and marks and overrides of the direction of writing.
        | '\u{AD}' | '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}'
        // Zero width, and invisible operators.
        | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}'
        // Line and paragraph separator.
        | '\u{2028}' | '\u{2029}'
        // Tags: a whole invisible alphabet.
        | '\u{E0000}'..='\u{E007F}')
}

/// Writes what is seen instead of `c`: control characters have pictures of their own, the others are named.
pub fn push(out: &mut String, c: char) {
    match c {
        '\0'..='\x1F' => out.push(char::from_u32(0x2400 + u32::from(c)).expect("the block of control pictures")),
        '\x7F' => out.push('␡'),
        c if hidden(c) => out.push_str(&format!("<U+{:04X}>", u32::from(c))),
        c => out.push(c),
    }
}

/// True if a text starts with what is an order to a build server wherever in a line it stands: `##vso[` to Azure
/// Pipelines, `##[` to GitHub's runner.
pub fn is_order(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("##") else { return false };
    rest.starts_with('[') || rest.get(..4).is_some_and(|it| it.eq_ignore_ascii_case("vso["))
}

/// Marks the start of a line that is an order to GitHub's runner, which looks for `::` behind white space of any kind.
pub fn harmless(line: &mut String) {
    if line.trim_start().starts_with("::") {
        line.insert(0, '\\');
    }
}

/// Writes the first character of `rest` so that it can be seen and gives no orders.
pub fn push_first(out: &mut String, rest: &str) {
    let Some(c) = rest.chars().next() else { return };
    push(out, c);
    if c == '#' && is_order(rest) {
        out.push('\\');
    }
}

/// The text on one line, with nothing hidden in it and no orders.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains("##") && !text.chars().any(hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for (at, _) in text.char_indices() {
        push_first(&mut out, &text[at..]);
    }
    Cow::Owned(out)
}

/// A path as it is shown. Never starts with `:` or `#`, since lines that start with `::` or `##` are orders to some
/// build servers, also with spaces before them.
pub fn visible_path(path: &str) -> Cow<'_, str> {
    let shown = visible(path);
    if shown.trim_start().starts_with([':', '#']) { Cow::Owned(format!("./{shown}")) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stays_hidden() {
        let table = [
            ("plain `text` é 本番", "plain `text` é 本番", "ordinary text is left alone"),
            ("a\x1B[31mb", "a␛[31mb", "colour"),
            ("a\nb\tc", "a␊b␉c", "one line stays one line"),
            (
                "a ##vso[x] ##VSO[y] ##[z] ## w #[v]",
                "a #\\#vso[x] #\\#VSO[y] #\\#[z] ## w #[v]",
                "orders in the middle of a line",
            ),
            ("a\u{202E}b\u{9B}", "a<U+202E>b<U+009B>", "direction, and a control sequence in one character"),
        ];
        for (text, expected, reason) in table {
            assert_eq!(visible(text), expected, "{reason}");
        }
        assert_eq!(visible_path("::error::x"), "./::error::x");
        assert_eq!(visible_path(" ::error::x"), "./ ::error::x");
    }
}
