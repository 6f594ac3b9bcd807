//! Items of lists: one more, several where one stands, and one like another.

use crate::diagnostic::Edit;
use crate::source::{Span, Text};

use super::{Workspace, ends_line, last_line};

impl Workspace {
    /// Writes an item behind the last one of a list.
    pub fn item_after(&self, last: Span, content: &str) -> Option<Edit> {
        let (_, after) = self.around(last);
        let written = match self.before_item(last) {
            Some(start) => format!("\n{start}{content}"),
            None if after.trim_start_matches(' ').starts_with([']', ',']) => format!(", {content}"),
            None => return None,
        };
        Some(Edit::insert(last.file, last.end, written))
    }

    /// Writes several items where one stands, each on a line of its own.
    pub fn items_for(&self, item: Span, contents: &[&str]) -> Option<Edit> {
        let start = self.before_item(item)?;
        Some(Edit::replace(item, contents.join(&format!("\n{start}"))))
    }

    /// What stands before an item of a list on its line, if that is blanks and `- `, and the item ends the line.
    fn before_item(&self, item: Span) -> Option<&str> {
        let (before, after) = self.around(item);
        let start = last_line(before);
        let is_item = start.trim_start_matches(' ').strip_prefix('-').is_some_and(|rest| rest.trim().is_empty());
        (is_item && ends_line(after)).then_some(start)
    }

    /// Writes an item once more before itself, with another word in the place of a part of it.
    pub fn item_like(&self, item: &Text, part: &Text, other: &str) -> Option<Edit> {
        let (line, start) = self.line_of_item(item)?;
        let at = part.span().start.checked_sub(start)? as usize;
        let written = line.get(at..at + part.len()).filter(|it| Some(*it) == part.as_str())?;
        let mut copy = format!("{}{other}{}", &line[..at], &line[at + written.len()..]);
        if !copy.trim_start().starts_with('-') && !copy.trim_end().ends_with(',') {
            copy = format!("{},", copy.trim_end());
        }
        Some(Edit::insert(item.span().file, start, format!("{copy}\n")))
    }

    /// The line of an item that is an ARN, without its end, and where it begins, if the item has the line for itself.
    fn line_of_item(&self, item: &Text) -> Option<(&str, u32)> {
        let text = &self.source(item.span().file).text;
        let (before, _) = self.around(item.span());
        let start = before.len() - last_line(before).len();
        let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = &text[start..end];
        let content = line.trim();
        let of_yaml = content.starts_with("- ") && !content.contains(['#', '{', '[']) || content.starts_with("- !Sub ");
        let of_json = content.starts_with('"') && content.trim_end_matches(',').ends_with('"');
        let one = content.matches("arn:").count() == 1;
        (one && (of_yaml || of_json)).then_some((line, start as u32))
    }
}
