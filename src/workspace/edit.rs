//! Edits that a rule can ask for without knowing how a file is written: taking out a property or an item, adding a
//! property beside another, giving a string another value.

use crate::diagnostic::Edit;
use crate::source::{Span, Text};

use super::Workspace;

impl Workspace {
    fn around(&self, span: Span) -> (&str, &str) {
        let text = &self.source(span.file).text;
        (&text[..span.start as usize], &text[span.end as usize..])
    }

    /// Takes out a property (its key to its value) or an item of a list, with the line or the comma that goes with it.
    pub fn removal(&self, span: Span) -> Edit {
        let (before, after) = self.around(span);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let indent = &before[line_start..];
        let rest_of_line = after.find('\n').map_or(after.len(), |at| at + 1);
        let rest = after[..rest_of_line].trim_end_matches(['\r', '\n']);
        let has_own_lines = matches!(indent.trim(), "" | "-");
        // The first property of an item shares its line with the dash; the next one takes its place there.
        let next = &after[rest_of_line..];
        let column = indent.len();
        if indent.trim() == "-" && next.len() - next.trim_start_matches(' ').len() == column {
            let end = span.end as usize + rest_of_line + column;
            return Edit::delete(Span { end: end as u32, ..span });
        }
        let ends_line = |rest: &str| rest.trim().is_empty() || rest.trim_start().starts_with('#');
        let place = |start: usize, end: usize| Span { start: start as u32, end: end as u32, ..span };
        let (start, end) = (span.start as usize, span.end as usize);
        if let Some(comma) = after.find(|c: char| !c.is_whitespace()).filter(|at| after[*at..].starts_with(',')) {
            let past = comma + 1;
            if has_own_lines && past <= rest.len() && ends_line(&rest[past..]) {
                return Edit::delete(place(line_start, end + rest_of_line));
            }
            let blanks = after[past..].len() - after[past..].trim_start_matches(' ').len();
            return Edit::delete(place(start, end + past + blanks));
        }
        let kept = before.trim_end();
        if kept.ends_with(',') {
            return Edit::delete(place(kept.len() - 1, end));
        }
        if has_own_lines && ends_line(rest) {
            return Edit::delete(place(line_start, end + rest_of_line));
        }
        Edit::delete(span)
    }

    /// Takes out several properties or items. What stands side by side goes together, with one comma.
    pub fn removals(&self, mut spans: Vec<Span>) -> Vec<Edit> {
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

    /// Adds a property with a plain value after another, in the style of its file.
    ///
    /// `key` and `value` are the property that it shall follow.
    pub fn insertion_after(&self, key: Span, value: Span, name: &str, content: &str) -> Edit {
        let (before, _) = self.around(key);
        let is_quoted = self.source(key.file).text[key.range()].starts_with('"');
        // A key may be given without its quotes.
        let is_quoted = is_quoted || before.ends_with('"');
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let indent = before[line_start..].trim_end_matches('"');
        let own_line = matches!(indent.trim(), "" | "-");
        let indent = indent.replace('-', " ");
        // eksctl begins its keys with small letters.
        let is_small = self.source(key.file).text[key.range()].trim_matches('"').starts_with(char::is_lowercase);
        let name = if is_small { name.to_ascii_lowercase() } else { name.to_owned() };
        let ending = if before[..line_start].ends_with("\r\n") { "\r\n" } else { "\n" };
        let written = if is_quoted { format!("\"{name}\": \"{content}\"") } else { format!("{name}: {content}") };
        let added = match (own_line, is_quoted) {
            (true, true) => format!(",{ending}{indent}{written}"),
            (true, false) => format!("{ending}{indent}{written}"),
            (false, _) => format!(", {written}"),
        };
        Edit::insert(value.file, value.end, added)
    }

    /// Gives a string another value, with quotes around it. `None` where that would not be sure to be one string: block
    /// scalars, strings that a function makes.
    pub fn rewritten(&self, text: &Text, value: &str) -> Option<Edit> {
        let written = &self.source(text.whole().file).text[text.whole().range()];
        let is_simple = !value.contains(['"', '\\', '\n']) && !written.starts_with(['|', '>', '!']);
        let known = text.as_str()?;
        let bare = written.trim_matches(['"', '\'']);
        (is_simple && bare == known).then(|| Edit::replace(text.whole(), format!("\"{value}\"")))
    }

    /// Makes a `Ref` of an `Fn::GetAtt`, in the style of its file. `None` where the text is written in another way.
    pub fn as_ref(&self, text: &Text) -> Option<Edit> {
        let resource = &text.reference()?.resource.name;
        let written = &self.source(text.whole().file).text[text.whole().range()];
        let (before, _) = self.around(text.whole());
        if self.source(text.span().file).text[text.span().range()].starts_with("${") {
            return Some(Edit::replace(text.span(), format!("${{{resource}}}")));
        }
        let has_tag = before.trim_end().ends_with("!GetAtt");
        let right = match written {
            it if it.starts_with("!GetAtt") => format!("!Ref {resource}"),
            it if it.starts_with('{') => format!("{{ \"Ref\": \"{resource}\" }}"),
            it if it.starts_with("Fn::GetAtt") => format!("Ref: {resource}"),
            _ if has_tag => {
                let start = before.rfind("!GetAtt")? as u32;
                return Some(Edit::replace(Span { start, ..text.whole() }, format!("!Ref {resource}")));
            }
            _ => return None,
        };
        Some(Edit::replace(text.whole(), right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Source};

    /// What is left of a text when `taken` is taken out of it.
    fn without(text: &str, taken: &str) -> String {
        let workspace = Workspace::new(vec![Source::new("a.yaml", text)]);
        let start = text.find(taken).unwrap() as u32;
        let edit = workspace.removal(Span { file: FileId(0), start, end: start + taken.len() as u32 });
        let mut left = text.to_owned();
        left.replace_range(edit.span.range(), &edit.replacement);
        left
    }

    #[test]
    fn properties_and_items_go_with_their_lines_and_commas() {
        let cases = [
            ("a: 1\nb: 2 # why\nc: 3\n", "b: 2", "a: 1\nc: 3\n", "a line with its comment"),
            ("a:\n  - x\n  - y\nb: 1\n", "a:\n  - x\n  - y", "b: 1\n", "several lines"),
            ("- a: 1\n  b: 2\n- a: 3\n", "a: 1\n  b: 2", "- a: 3\n", "an item with its dash"),
            ("- a: 1\n  b: 2\n- a: 3\n", "a: 1", "- b: 2\n- a: 3\n", "the first property of an item"),
            ("{ a: 1, b: 2, c: 3 }", "b: 2", "{ a: 1, c: 3 }", "in the middle of a flow"),
            ("{ a: 1, b: 2 }", "b: 2", "{ a: 1 }", "at its end"),
            ("{\n  \"a\": 1,\n  \"b\": 2\n}", "\"a\": 1", "{\n  \"b\": 2\n}", "the first line of JSON"),
            ("{\n  \"a\": 1,\n  \"b\": 2\n}", "\"b\": 2", "{\n  \"a\": 1\n}", "the last line of JSON"),
            ("a: 1\nb: 2", "b: 2", "a: 1\n", "a last line without its end"),
            ("a: 1\r\nb: 2\r\nc: 3\r\n", "b: 2", "a: 1\r\nc: 3\r\n", "lines of Windows"),
        ];
        for (text, taken, left, why) in cases {
            assert_eq!(without(text, taken), left, "{why}");
        }
    }

    #[test]
    fn properties_are_added_in_the_style_of_the_file() {
        let cases = [
            ("  A: 1\n  B: 2\n", "A", "1", "  A: 1\n  Type: X\n  B: 2\n", "a block"),
            (
                "  - a: 1\n    b: 2\n",
                "a",
                "1",
                "  - a: 1\n    type: X\n    b: 2\n",
                "the first of an item, in eksctl's letters",
            ),
            ("{ A: 1 }", "A", "1", "{ A: 1, Type: X }", "a flow"),
            ("{\n  \"A\": \"1\"\n}", "\"A\"", "\"1\"", "{\n  \"A\": \"1\",\n  \"Type\": \"X\"\n}", "JSON"),
        ];
        for (text, key, value, wanted, why) in cases {
            let workspace = Workspace::new(vec![Source::new("a.yaml", text)]);
            let place = |word: &str| {
                let start = text.find(word).unwrap() as u32;
                Span { file: FileId(0), start, end: start + word.len() as u32 }
            };
            let edit = workspace.insertion_after(place(key), place(value), "Type", "X");
            let mut left = text.to_owned();
            left.replace_range(edit.span.range(), &edit.replacement);
            assert_eq!(left, wanted, "{why}");
        }
    }
}
