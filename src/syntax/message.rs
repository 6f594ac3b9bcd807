//! The errors of the YAML parser in plain words.

use granit_parser::ErrorKind;

use super::kinds::floor;

/// What to say about an error at an offset of a text.
pub(super) fn of(kind: &ErrorKind, source: &str, at: usize) -> String {
    if *kind == ErrorKind::InvalidQuotedScalarIndent && source[floor(source, at)..].trim_start().is_empty() {
        return "this text ends inside a quote that is never closed".to_owned();
    }
    let is_key = matches!(kind, ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey);
    match cause(source, at, is_key).or_else(|| plain(kind)) {
        Some(words) => words.to_owned(),
        None if matches!(kind, ErrorKind::UnexpectedCharacter { character: '%' | '@' | '`' }) => {
            "a value that starts with this character needs quotes".to_owned()
        }
        None => tidy(&kind.to_string()),
    }
}

/// What else a text is, judged by the line of the error. `is_key`: a key is missing there.
fn cause(source: &str, at: usize, is_key: bool) -> Option<&'static str> {
    let at = floor(source, at);
    let start = source[..at].rfind('\n').map_or(0, |it| it + 1);
    let end = source[at..].find('\n').map_or(source.len(), |it| at + it);
    let line = &source[start..end];
    if ["<<<<<<< ", "=======", ">>>>>>> "].iter().any(|it| line.starts_with(it)) {
        Some("a merge conflict is left in this file")
    } else if line.contains("{{") || line.contains("{%") {
        Some("this line is a template of another tool, not yet YAML")
    } else if is_key && lacks_space(line) {
        Some("expected a space after the `:` of this key")
    } else {
        None
    }
}

/// True for `key:value`, which YAML reads as one word.
fn lacks_space(line: &str) -> bool {
    let line = line.trim();
    let line = line.strip_prefix("- ").unwrap_or(line);
    let is_word =
        |it: &str| !it.is_empty() && it.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'));
    line.split_once(':')
        .is_some_and(|(key, value)| is_word(key) && !value.is_empty() && !value.starts_with([' ', '\t', ':']))
}

fn plain(kind: &ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::UnclosedQuotedScalar => "this quote is never closed",
        ErrorKind::UnclosedFlowCollection { open: '[' } | ErrorKind::UnexpectedEofFlowSequence => {
            "a `[` is never closed"
        }
        ErrorKind::UnclosedFlowCollection { .. } | ErrorKind::UnexpectedEofFlowMapping => "a `{` is never closed",
        ErrorKind::MisplacedFlowCollectionEnd => "a closing bracket that nothing opened",
        ErrorKind::MismatchedFlowCollectionEnd { open: '[', .. } => "a `[` is closed by `}`",
        ErrorKind::MismatchedFlowCollectionEnd { .. } => "a `{` is closed by `]`",
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => "a tab is used as indentation; YAML wants spaces",
        ErrorKind::MappingValueNotAllowed => {
            "a `:` does not fit here; a value that contains `: ` needs quotes, and a key needs its own line"
        }
        ErrorKind::MappingKeyNotAllowed => "a key does not fit here",
        ErrorKind::ExpectedBlockMappingKey => "expected a key; check the indentation of this line",
        ErrorKind::ExpectedBlockSequenceEntry => "expected `-`; check the indentation of this line",
        ErrorKind::BlockSequenceEntryNotAllowed => "a list item does not fit here; it starts on its own line",
        ErrorKind::BlockEntryInFlowCollection => "a `-` item does not fit inside brackets",
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => "expected `:` after this key",
        ErrorKind::ExpectedFlowMappingSeparator => "expected `,` or `}`",
        ErrorKind::ExpectedFlowSequenceSeparator => "expected `,` or `]`",
        ErrorKind::ExpectedNodeContent => "expected a value",
        ErrorKind::UnexpectedEofBlockMapping
        | ErrorKind::UnexpectedEofBlockSequence
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::UnexpectedEof => "the text ends too early",
        ErrorKind::ExpectedDocumentStart => "expected `---` or the end of the file after this value",
        ErrorKind::MissingDocumentEndBeforeDirective => "expected `...` before a line that starts with `%`",
        ErrorKind::InvalidDocumentEnd => "nothing may follow `...` on its line",
        ErrorKind::InvalidIndentation | ErrorKind::InvalidFlowScalarIndent | ErrorKind::InvalidBlockScalarIndent => {
            "this line is not indented far enough"
        }
        ErrorKind::InvalidQuotedScalarIndent => {
            "a quote before this is not closed, or this line is not indented far enough"
        }
        ErrorKind::BomInsideDocument => "a byte order mark inside a document",
        ErrorKind::CommentInterceptedScalar => "a comment stands inside a value of several lines",
        ErrorKind::CommentNotSeparated => "a comment needs a space before its `#`",
        ErrorKind::ExpectedWhitespace => "expected a space",
        ErrorKind::InvalidMappingValueWhitespace => "expected a space after `:`",
        ErrorKind::InvalidBlockEntryWhitespace => "expected a space after `-`",
        ErrorKind::FlowMappingValueAdjacentCollection => "expected a space between `:` and the bracket",
        ErrorKind::InvalidColonPlacement => "a `:` does not fit here",
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "text follows the closing quote"
        }
        ErrorKind::UnknownQuotedScalarEscape => "this string has an escape that YAML does not know",
        ErrorKind::InvalidQuotedScalarHexEscape | ErrorKind::InvalidLowSurrogateHexEscape => {
            "an escape in this string lacks hexadecimal digits"
        }
        ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => "an escape in this string is not a character",
        ErrorKind::DocumentIndicatorInQuotedScalar => "this quote is not closed before the document ends",
        ErrorKind::ZeroBlockScalarIndent => "the indentation of a block cannot be 0",
        ErrorKind::InvalidBlockScalarHeader => "text follows `|` or `>`; it belongs on the next line",
        ErrorKind::PlainScalarStartsWithDashFlowIndicator | ErrorKind::UnexpectedEndOfPlainScalar => {
            "a value cannot start like this without quotes"
        }
        ErrorKind::UndeclaredTagHandle => "the prefix of this tag is not declared by a `%TAG` line",
        ErrorKind::MissingAnchorOrAliasName => "expected a name after `&` or `*`; a value that starts so needs quotes",
        ErrorKind::UnsupportedYamlMajorVersion => "this version of YAML is not known",
        ErrorKind::DuplicateVersionDirective => "a second `%YAML` line",
        ErrorKind::DuplicateTagDirective => "a second `%TAG` line for the same prefix",
        _ => return None,
    })
}

/// The words of the library, as ours are.
fn tidy(words: &str) -> String {
    let words = words.trim_end_matches('.').replace("unexpected character: `", "unexpected character `");
    let words = words.replace('\'', "`");
    let mut chars = words.chars();
    match (chars.next(), chars.clone().next()) {
        // A name such as YAML keeps its capitals.
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => words,
    }
}
