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
        let own_line = indent.trim().is_empty();
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
        let has_tag = before.trim_end().ends_with("!GetAtt");
        let right = match written {
            it if it.starts_with("!GetAtt") => format!("!Ref {resource}"),
            it if it.starts_with("${") => format!("${{{resource}}}"),
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
