//! Entries of mappings: taking one out, and writing one beside another in the style of its file.

use crate::diagnostic::Edit;
use crate::source::{Span, Text};

use super::{Workspace, ends_line, last_line};

/// How an entry is written, so that another can be put beside it.
struct Style {
    /// The quotes around its key, if it has some.
    quote: &'static str,
    /// Blanks as wide as what stands before it on its line.
    indent: String,
    /// It begins its line, or shares it with the dash of an item only.
    begins_line: bool,
    /// It stands in `{ … }`, as all entries of JSON do.
    in_braces: bool,
    ending: &'static str,
}

impl Style {
    /// An entry with a string.
    fn entry(&self, name: &str, value: &str) -> String {
        let quote = self.quote;
        let value_quote = match quote {
            "" if is_plain(value) => "",
            "" => "\"",
            quote if self.in_braces => quote,
            _ if is_plain(value) => "",
            _ => "\"",
        };
        format!("{quote}{name}{quote}: {value_quote}{value}{value_quote}")
    }
}

/// True if YAML takes the word for a string without quotes. A date or a number begins with a digit.
fn is_plain(value: &str) -> bool {
    value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

impl Workspace {
    /// Takes out a property (its key to its value) or an item of a list, with the line or the comma that goes with it.
    pub fn removal(&self, span: Span) -> Option<Edit> {
        let (before, after) = self.around(span);
        // A document in a string of JSON has its quotes escaped.
        if before.ends_with('\\') || self.written(span).contains('\\') {
            return None;
        }
        let indent = last_line(before);
        let line_start = before.len() - indent.len();
        let rest_of_line = after.find('\n').map_or(after.len(), |at| at + 1);
        let has_own_lines = matches!(indent.trim(), "" | "-");
        let place =
            |start: usize, end: usize| Some(Edit::delete(Span { start: start as u32, end: end as u32, ..span }));
        let (start, end) = (span.start as usize, span.end as usize);
        // The first property of an item shares its line with the dash; the next one takes its place there.
        let next = &after[rest_of_line..];
        let column = indent.len();
        if indent.trim() == "-" && next.len() - next.trim_start_matches(' ').len() == column {
            return place(start, end + rest_of_line + column);
        }
        let blanks = after.len() - after.trim_start().len();
        if after[blanks..].starts_with(',') {
            let past = blanks + 1;
            if has_own_lines && past <= rest_of_line && ends_line(&after[past..]) {
                return place(line_start, end + rest_of_line);
            }
            let gap = after[past..].len() - after[past..].trim_start_matches(' ').len();
            return place(start, end + past + gap);
        }
        let kept = before.trim_end();
        if kept.ends_with(',') && after[blanks..].starts_with(['}', ']']) {
            return place(kept.len() - 1, end);
        }
        if has_own_lines && ends_line(after) {
            return place(line_start, end + rest_of_line);
        }
        place(start, end)
    }

    /// Takes out several properties or items. What stands side by side goes together, with one comma.
    pub fn removals(&self, mut spans: Vec<Span>) -> Option<Vec<Edit>> {
        spans.sort();
        let mut merged: Vec<Span> = Vec::new();
        for span in spans {
            match merged.last_mut() {
                Some(last) if self.are_neighbours(*last, span) => *last = last.to(span),
                _ => merged.push(span),
            }
        }
        merged.into_iter().map(|span| self.removal(span)).collect()
    }

    fn are_neighbours(&self, first: Span, second: Span) -> bool {
        let between = self.source(first.file).text.get(first.end as usize..second.start as usize);
        first.file == second.file
            && between.is_some_and(|it| it.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '"' | '-')))
    }

    /// Writes an entry with a string before the entry with this key.
    pub fn entry_before(&self, key: Span, name: &str, value: &str) -> Option<Edit> {
        let key = self.with_quotes(key);
        if self.written(key).contains('\\') {
            return None;
        }
        let style = self.style(key);
        let entry = style.entry(name, value);
        let written = match (style.in_braces, style.begins_line) {
            (true, true) => format!("{entry},{}{}", style.ending, style.indent),
            (true, false) => format!("{entry}, "),
            (false, true) => format!("{entry}{}{}", style.ending, style.indent),
            (false, false) => return None,
        };
        Some(Edit::insert(key.file, key.start, written))
    }

    /// Writes an entry with a string behind another, given by its key and its value.
    pub fn entry_after(&self, key: Span, value: Span, name: &str, content: &str) -> Option<Edit> {
        let key = self.with_quotes(key);
        let style = self.style(key);
        // eksctl begins its keys with small letters.
        let is_small = self.written_key(key).starts_with(char::is_lowercase);
        let name = if is_small { name.to_ascii_lowercase() } else { name.to_owned() };
        let entry = style.entry(&name, content);
        let written = match (style.in_braces, style.begins_line) {
            (true, true) => format!(",{}{}{entry}", style.ending, style.indent),
            (true, false) => format!(", {entry}"),
            (false, true) => format!("{}{}{entry}", style.ending, style.indent),
            (false, false) => return None,
        };
        Some(Edit::insert(value.file, value.end, written))
    }

    /// Puts an entry of block YAML one level deeper, under a new key.
    pub fn nested(&self, key: &Text, parent: &str) -> Option<Edit> {
        let key = key.whole();
        let style = self.style(key);
        let written = format!("{parent}:{}{}  ", style.ending, style.indent);
        (style.begins_line && !style.in_braces).then(|| Edit::insert(key.file, key.start, written))
    }

    /// A key with its quotes, which it may be given without.
    fn with_quotes(&self, key: Span) -> Span {
        let (before, after) = self.around(key);
        let has = |quote: char| before.ends_with(quote) && after.starts_with(quote);
        match has('"') || has('\'') {
            true => Span { start: key.start - 1, end: key.end + 1, ..key },
            false => key,
        }
    }

    fn style(&self, key: Span) -> Style {
        let (before, _) = self.around(key);
        let line = last_line(before);
        Style {
            quote: match self.written(key).chars().next() {
                Some('"') => "\"",
                Some('\'') => "'",
                _ => "",
            },
            indent: line.chars().map(|c| if c == '\t' { c } else { ' ' }).collect(),
            begins_line: matches!(line.trim(), "" | "-"),
            in_braces: before.trim_end().ends_with(['{', ',']),
            ending: if before[..before.len() - line.len()].ends_with("\r\n") { "\r\n" } else { "\n" },
        }
    }
}
