//! Markdown, drawn for a terminal: headings bold, code in colour, paragraphs wrapped to the width, tables in columns.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

const BOLD: &str = "1";
const CODE: &str = "36";
const LINK: &str = "4";
/// Columns before a line of a block of code.
const CODE_INDENT: usize = 4;
/// Columns that text gets even on a terminal that has no room for them.
const LEAST: usize = 20;

/// Text of one style, without spaces.
#[derive(Clone)]
struct Piece {
    style: Option<&'static str>,
    text: String,
}

/// Pieces that no line break may part.
type Word = Vec<Piece>;

struct Page {
    out: String,
    /// Columns of the terminal.
    width: usize,
    color: bool,
    /// The words of the paragraph that is being read.
    words: Vec<Word>,
    /// Whether the next text goes on with the last word.
    glued: bool,
    styles: Vec<&'static str>,
    /// For each list that is open, the number of its next item, if it has numbers.
    lists: Vec<Option<u64>>,
    /// What stands before the next line instead of its indentation: the mark of an item.
    mark: Option<String>,
    in_code: bool,
    /// Where links that are open lead to, and how many words there were before.
    links: Vec<(String, usize)>,
    /// The rows of the table that is being read.
    rows: Vec<Vec<Vec<Word>>>,
}

/// Draws a text for a terminal that has so many columns. Without colour, code keeps its backquotes.
pub fn markdown(text: &str, width: usize, color: bool) -> String {
    let mut page = Page {
        out: String::new(),
        width,
        color,
        words: Vec::new(),
        glued: false,
        styles: Vec::new(),
        lists: Vec::new(),
        mark: None,
        in_code: false,
        links: Vec::new(),
        rows: Vec::new(),
    };
    Parser::new_ext(text, Options::ENABLE_TABLES).for_each(|it| page.event(it));
    page.out.truncate(page.out.trim_end().len());
    page.out.push('\n');
    page.out
}

impl Page {
    fn event(&mut self, event: Event) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.in_code => {
                for line in text.lines() {
                    let indent = self.indent() + CODE_INDENT;
                    let line = format!("{:indent$}{line}", "");
                    self.out.push_str(line.trim_end());
                    self.out.push('\n');
                }
            }
            Event::Code(text) if self.color => self.text(&text, Some(CODE)),
            Event::Code(text) => self.text(&format!("`{text}`"), None),
            Event::SoftBreak => self.glued = false,
            Event::HardBreak => self.paragraph(),
            Event::Rule => self.blank(),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                let style = self.styles.last().copied();
                self.text(&text, style);
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag) {
        match tag {
            Tag::Heading { .. } | Tag::Strong => self.styles.push(BOLD),
            Tag::CodeBlock(_) => {
                self.paragraph();
                self.in_code = true;
            }
            Tag::List(first) => {
                self.paragraph();
                self.lists.push(first);
            }
            Tag::Item => {
                let outer = self.indent().saturating_sub(2);
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}.", *number - 1)
                    }
                    _ => "-".to_owned(),
                };
                self.mark = Some(format!("{:outer$}{mark} ", ""));
            }
            Tag::Link { dest_url, .. } => {
                self.links.push((dest_url.into_string(), self.words.len()));
                self.styles.push(LINK);
            }
            Tag::Table(_) => self.rows.clear(),
            Tag::TableHead => {
                self.styles.push(BOLD);
                self.rows.push(Vec::new());
            }
            Tag::TableRow => self.rows.push(Vec::new()),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.styles.pop();
                self.paragraph();
                self.blank();
            }
            TagEnd::Strong => drop(self.styles.pop()),
            TagEnd::Paragraph => {
                self.paragraph();
                if self.lists.is_empty() {
                    self.blank();
                }
            }
            TagEnd::CodeBlock => {
                self.in_code = false;
                self.blank();
            }
            TagEnd::Item => self.paragraph(),
            TagEnd::List(_) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.blank();
                }
            }
            TagEnd::Link => {
                self.styles.pop();
                let Some((url, before)) = self.links.pop() else { return };
                let text = self.words[before.min(self.words.len())..].concat();
                let shown: String = text.iter().map(|it| it.text.as_str()).collect();
                // Pages link each other by their files, which nobody has here.
                if url.contains("://") && shown != url {
                    self.glued = false;
                    self.text(&format!("<{url}>"), None);
                }
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.words);
                self.glued = false;
                if let Some(row) = self.rows.last_mut() {
                    row.push(cell);
                }
            }
            TagEnd::TableHead => drop(self.styles.pop()),
            TagEnd::Table => self.table(),
            _ => {}
        }
    }

    /// Adds text to the paragraph.
    fn text(&mut self, text: &str, style: Option<&'static str>) {
        for (index, part) in text.split(' ').enumerate() {
            if index > 0 {
                self.glued = false;
            }
            if part.is_empty() {
                continue;
            }
            let piece = Piece { style, text: part.to_owned() };
            match self.words.last_mut() {
                Some(word) if self.glued => word.push(piece),
                _ => self.words.push(vec![piece]),
            }
            self.glued = true;
        }
    }

    /// Columns before a line of text.
    fn indent(&self) -> usize {
        2 * self.lists.len()
    }

    /// Writes the paragraph that was read.
    fn paragraph(&mut self) {
        self.glued = false;
        let words = std::mem::take(&mut self.words);
        if words.is_empty() {
            return;
        }
        let indent = self.indent();
        let lines = self.wrap(&words, self.width.saturating_sub(indent).max(LEAST));
        for line in lines {
            let lead = self.mark.take().unwrap_or_else(|| " ".repeat(indent));
            self.out.push_str(&format!("{lead}{line}\n"));
        }
    }

    fn wrap(&self, words: &[Word], width: usize) -> Vec<String> {
        let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
        let mut used = 0;
        for word in words {
            let columns: usize = word.iter().map(|it| it.text.width()).sum();
            if used > 0 && used + 1 + columns > width {
                lines.push(Vec::new());
                used = 0;
            }
            let line = lines.last_mut().expect("there is a first line");
            if let Some(last) = line.last() {
                // The space between two words of one style has that style too.
                let style = last.style.filter(|it| word.first().is_some_and(|next| next.style == Some(*it)));
                line.push(Piece { style, text: " ".to_owned() });
                used += 1;
            }
            line.extend_from_slice(word);
            used += columns;
        }
        lines.iter().map(|it| self.painted(it)).collect()
    }

    fn painted(&self, line: &[Piece]) -> String {
        let mut out = String::new();
        for pieces in line.chunk_by(|a, b| a.style == b.style) {
            let text: String = pieces.iter().map(|it| it.text.as_str()).collect();
            match pieces[0].style.filter(|_| self.color) {
                Some(style) => out.push_str(&format!("\x1B[{style}m{text}\x1B[0m")),
                None => out.push_str(&text),
            }
        }
        out
    }

    /// Writes the table that was read: the last column is wrapped, the others are as wide as they have to be.
    fn table(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let columns = |cell: &Vec<Word>| -> usize {
            cell.iter().flatten().map(|it| it.text.width()).sum::<usize>() + cell.len().saturating_sub(1)
        };
        let count = rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..count.saturating_sub(1))
            .map(|at| rows.iter().filter_map(|it| it.get(at)).map(columns).max().unwrap_or(0))
            .collect();
        let indent = widths.iter().map(|it| it + 2).sum::<usize>();
        for row in &rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                let gap = width + 2 - columns(cell).min(*width);
                line.push_str(&format!("{}{:gap$}", self.wrap(cell, usize::MAX).concat(), ""));
            }
            let last = row.get(widths.len()).map_or(&[][..], Vec::as_slice);
            for (index, part) in self.wrap(last, self.width.saturating_sub(indent).max(LEAST)).iter().enumerate() {
                if index > 0 {
                    line.push_str(&format!("\n{:indent$}", ""));
                }
                line.push_str(part);
            }
            self.out.push_str(&format!("{}\n", line.trim_end()));
        }
        self.blank();
    }

    /// One empty line, if something stands above it.
    fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_wrapped_and_code_keeps_its_lines() {
        let text = "# aws-auth/role-path\n\nA role ARN in `aws-auth`, with\n**its** [path](a.md).\n\n- one [page](https://a.example/b)\n\
                    - two words and a third\n\n```yaml\na:   b\n\n  c: d\n```\n\n1. first\n2. second\n\n| `key` | what |\n|---|---|\n| `a b` | some words that wrap |\n";
        let plain = "aws-auth/role-path\n\nA role ARN in\n`aws-auth`, with its\npath.\n\n- one page\n  <https://a.example/b>\n- two words and a\n  third\n\n    \
                     a:   b\n\n      c: d\n\n1. first\n2. second\n\n`key`  what\n`a b`  some words that wrap\n";
        assert_eq!(markdown(text, 20, false), plain);
        let color = markdown(text, 20, true);
        assert!(
            color.starts_with("\x1B[1maws-auth/role-path\x1B[0m\n\nA role ARN in\n\x1B[36maws-auth\x1B[0m, with"),
            "{color:?}"
        );
        assert!(!color.contains('`'), "{color:?}");
    }

    #[test]
    fn every_page_of_a_rule_can_be_drawn() {
        for rule in ekslint::rules::RULES {
            for width in [10, 60, 80, 140] {
                let drawn = markdown(rule.page, width, true);
                assert!(drawn.contains(rule.id) && drawn.ends_with('\n'), "{}", rule.id);
            }
        }
    }
}
