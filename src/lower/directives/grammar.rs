//! What a directive says: `ignore[rule, rule] until=2027-01-31 reason`, and the short form `rule, rule: reason`.

use std::ops::Range;

use crate::date::Date;
use crate::facts::{Directive, DirectiveError, Form, Scope, Until};
use crate::names::nearest;
use crate::source::{Span, Text};
use crate::syntax::Node;

/// What every directive holds.
pub const WORD: &str = "ekslint";

/// Names in one directive beyond this number are not read. There are fewer rules.
pub const MOST_NAMES: usize = 1_000;

/// How a comment has to look, for messages.
const COMMENT: &str = "# ekslint: ignore[RULE] REASON";
/// How the short form has to look.
const SHORT: &str = "RULE, RULE until=YYYY-MM-DD: REASON";

/// What a comment is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    /// What the comment stands on.
    Node,
    /// The whole file.
    File,
}

/// What a directive says.
#[derive(Default, Debug)]
pub struct Recognised {
    pub names: Vec<Text>,
    pub reason: String,
    pub until: Option<Until>,
    pub error: Option<DirectiveError>,
}

impl Recognised {
    pub fn error(span: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        let error = DirectiveError { span, message: message.into(), help: help.into(), names_nothing: false };
        Self { error: Some(error), ..Self::default() }
    }

    /// The same, said to stand where it cannot.
    pub fn misplaced(mut self, span: Span) -> Self {
        if self.error.is_none() {
            let help = "put it above the first key of the file, or use `ignore` for what it stands on";
            self.error = Self::error(span, "`ignore-file` does not stand at the top of its file", help).error;
        }
        self
    }

    /// The same, said to name no rule if it names none.
    pub fn named(mut self, span: Span, wanted: &str) -> Self {
        if self.error.is_none() && self.names.is_empty() {
            let mut recognised = Self::error(span, "this directive names no rule", format!("write `{wanted}`"));
            if let Some(error) = &mut recognised.error {
                error.names_nothing = true;
            }
            self.error = recognised.error;
        }
        self
    }

    /// Takes the value of `until`.
    pub fn until(&mut self, value: &Text) {
        match Date::parse(value.bytes()) {
            Some(date) => self.until = Some(Until { date, span: value.span() }),
            None => {
                let message = format!("`{}` is not a day", value.shown());
                let help = "write `until=YYYY-MM-DD`: the last day on which it holds";
                self.error = self.error.take().or(Self::error(value.span(), message, help).error);
            }
        }
    }
}

/// Where directives may stand in a comment: each from its `#` to the next one.
///
/// A comment may be of another tool first: `# checkov:skip=CKV_AWS_1 # ekslint: ignore[…]`.
pub fn directives_in(comment: &str) -> Vec<Range<usize>> {
    let mut starts = Vec::new();
    for (at, _) in comment.match_indices('#') {
        let is_start = at == 0 || comment[..at].ends_with([' ', '\t', '#']);
        if is_start && comment[at + 1..].trim_start_matches([' ', '\t']).starts_with(WORD) {
            starts.push(at);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([comment.len()]);
    let trimmed = |start: usize, end: usize| start..start + comment[start..end].trim_end().len();
    starts.iter().zip(ends).map(|(&start, end)| trimmed(start, end)).collect()
}

/// Reads a comment from its `#`. `None` if it only speaks of ekslint.
pub fn comment(text: &Text) -> Option<(Verb, Recognised)> {
    let bytes = text.bytes();
    let after = bytes.trim_start_matches(['#', ' ', '\t']);
    let mut at = bytes.len() - after.len() + WORD.len();
    let rest = &bytes[at..];
    let Some(order) = rest.strip_prefix(':') else {
        let is_meant = looks_like_an_order(rest);
        let recognised =
            || Recognised::error(text.span(), "this directive is not understood", format!("write `{COMMENT}`"));
        return is_meant.then(|| (Verb::Node, recognised()));
    };
    at = bytes.len() - order.trim_start().len();
    let length =
        bytes[at..].find(|c: char| !(c.is_ascii_alphabetic() || matches!(c, '-' | '_'))).unwrap_or(bytes.len() - at);
    let verb = match &bytes[at..at + length] {
        "ignore" => Verb::Node,
        "ignore-file" => Verb::File,
        "" => {
            return Some((
                Verb::Node,
                Recognised::error(text.span(), "this directive gives no order", format!("write `{COMMENT}`")),
            ));
        }
        other => {
            let message = match nearest(other, ["ignore", "ignore-file"]) {
                Some(meant) => format!("`{other}` is not an order of ekslint: did you mean `{meant}`?"),
                None => format!("`{other}` is not an order of ekslint: there are `ignore` and `ignore-file`"),
            };
            let recognised = Recognised::error(text.slice(at..at + length), message, format!("write `{COMMENT}`"));
            return Some((Verb::Node, recognised));
        }
    };
    let wanted = if verb == Verb::File { "# ekslint: ignore-file[RULE] REASON" } else { COMMENT };
    at += length;
    let open = bytes.len() - bytes[at..].trim_start().len();
    if !bytes[open..].starts_with('[') {
        return Some((verb, Recognised::default().named(text.span(), wanted)));
    }
    let Some(close) = bytes[open..].find(']').map(|it| open + it) else {
        let recognised =
            Recognised::error(text.slice(open..open + 1), "this `[` is never closed", format!("write `{wanted}`"));
        return Some((verb, recognised));
    };
    let mut recognised = Recognised { names: listed(&text.part(open + 1..close)), ..Recognised::default() };
    behind(&mut recognised, &text.part(close + 1..bytes.len()));
    Some((verb, recognised.named(text.span(), wanted)))
}

/// Reads the short form, which stands in strings: one directive on each line. Lazily, because there may be very many lines.
pub fn short(text: &Text) -> impl Iterator<Item = Recognised> {
    let nothing = text.bytes().trim().is_empty().then(|| Recognised::default().named(text.span(), SHORT));
    let mut at = 0;
    let lines = text.bytes().split_inclusive('\n').filter_map(move |line| {
        let content = line.trim();
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        (!content.is_empty()).then(|| short_line(&text.part(start..start + content.len())))
    });
    lines.chain(nothing)
}

/// The names in a list with commas: one more at most than count.
pub fn listed(text: &Text) -> Vec<Text> {
    parts(text).map(|it| trimmed(&it)).filter(|it| !it.is_empty()).take(MOST_NAMES + 1).collect()
}

/// The parts between commas, one after another.
fn parts(text: &Text) -> impl Iterator<Item = Text> {
    let mut at = 0;
    text.bytes().split(',').map(move |part| {
        let start = at;
        at += part.len() + 1;
        text.part(start..start + part.len())
    })
}

fn short_line(text: &Text) -> Recognised {
    let bytes = text.bytes();
    let colon = bytes.find(':').unwrap_or(bytes.len());
    let mut recognised =
        Recognised { reason: bytes[colon..].trim_start_matches(':').trim().to_owned(), ..Recognised::default() };
    for part in parts(&text.part(0..colon)) {
        if recognised.names.len() > MOST_NAMES {
            break;
        }
        for (index, word) in words(&part).map(|it| part.part(it)).enumerate() {
            match word.bytes().strip_prefix("until=") {
                Some(date) => recognised.until(&word.part(word.len() - date.len()..word.len())),
                None if index == 0 => recognised.names.push(word),
                None => {
                    let help = format!("a reason stands behind a colon: `{SHORT}`");
                    let error =
                        Recognised::error(word.span(), format!("`{}` is not understood here", word.shown()), help);
                    recognised.error = recognised.error.or(error.error);
                    // The first one is said, and there may be very many.
                    break;
                }
            }
        }
    }
    recognised.named(text.span(), SHORT)
}

/// What stands behind the brackets: a reason, with the last day in it or not.
fn behind(recognised: &mut Recognised, text: &Text) {
    let bytes = text.bytes();
    let day = words(text).find(|it| bytes[it.clone()].starts_with("until="));
    if let Some(day) = &day {
        recognised.until(&text.part(day.start + "until=".len()..day.end));
    } else if let Some(first) = words(text).next() {
        let word = &bytes[first.clone()];
        let key = word.split(['=', ':']).next().unwrap_or(word);
        let is_key = ["until", "expires", "expiry", "expire", "exp"].contains(&key) && key.len() < word.len();
        let is_next_a_day = words(text).nth(1).is_some_and(|it| Date::parse(&bytes[it]).is_some());
        if is_key || key == "until" && is_next_a_day {
            let message = format!("`{word}` is not understood");
            let help = "the last day on which it holds is written `until=YYYY-MM-DD`";
            recognised.error = recognised.error.take().or(Recognised::error(text.slice(first), message, help).error);
        }
    }
    let without_day = match &day {
        Some(day) => format!("{} {}", bytes[..day.start].trim(), bytes[day.end..].trim()),
        None => bytes.to_owned(),
    };
    recognised.reason =
        without_day.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | ':' | '#' | '–' | '—')).to_owned();
}

/// True for `# ekslint ignore[…]`, `# ekslint-disable: x`, `# ekslint ignore area/rule`, and not for prose.
fn looks_like_an_order(rest: &str) -> bool {
    const ORDERS: [&str; 8] = [
        "ignore-file",
        "ignore-next-line",
        "ignore",
        "disable-line",
        "disable-next-line",
        "disable",
        "suppress",
        "skip",
    ];
    let rest = rest.trim_start_matches([' ', '\t', '-', '_', '/']);
    let Some(rest) = ORDERS.iter().find_map(|it| rest.strip_prefix(it)) else { return false };
    let first = rest.split_whitespace().next().unwrap_or_default();
    rest.starts_with(['[', '(', '=', ':'])
        || rest.starts_with([' ', '\t']) && (first.contains('/') || first.starts_with('['))
}

fn words(text: &Text) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.bytes();
    let mut at = 0;
    let words = bytes.split(char::is_whitespace).map(move |word| {
        let range = at..at + word.len();
        // The white space behind the word, which may be longer than a byte.
        at += word.len() + bytes[range.end..].chars().next().map_or(0, char::len_utf8);
        range
    });
    words.filter(|it| !it.is_empty())
}

fn trimmed(text: &Text) -> Text {
    let bytes = text.bytes();
    let start = bytes.len() - bytes.trim_start().len();
    text.part(start..start.max(bytes.trim_end().len()))
}

/// What a directive in the value of a key says, made whole with where it stands.
pub fn directive(node: Node<'_>, form: Form, whole: Span, recognised: Recognised) -> Directive {
    Directive {
        span: node.span(),
        form,
        scope: Scope::Place { whole, line: None },
        names: recognised.names,
        reason: recognised.reason,
        until: recognised.until,
        error: recognised.error,
    }
}
