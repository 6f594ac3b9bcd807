//! A fix as the lines that it changes.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::lines::{Lines, floor};
use super::style::Style;
use super::{Places, visible};
use crate::diagnostic::{Edit, Fix};
use crate::source::FileId;

/// Bytes around the edits that are looked at. More of a line cannot be shown, and a line may be a whole file.
const NEAR: usize = 1000;
/// Columns that are shown of a line at most, in one or in several lines.
const LONG: usize = 160;
/// What is shown of a tab.
const TAB: &str = "    ";

/// Lines of one file that stand together and change.
#[derive(PartialEq, Eq, Debug)]
pub struct Change {
    pub file: FileId,
    /// The first of them, counted from one.
    pub line: usize,
    pub old: Vec<String>,
    pub new: Vec<String>,
}

/// What a fix changes, in the order of places. Lines are made safe to print, and cut around what differs.
pub fn changes(places: &Places, fix: &Fix, style: Style) -> Vec<Change> {
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    edits.sort_by_key(|it| places.position(it.span));
    let mut changes = Vec::new();
    for edits in edits.chunk_by(|a, b| a.span.file == b.span.file) {
        let file = edits[0].span.file;
        let lines = places.lines(file);
        let touched = |edit: &Edit| {
            let range = places.range(edit.span);
            lines.line(range.start)..lines.line(range.end) + 1
        };
        // Edits whose lines touch are one change, unless they are far apart in one long line.
        let is_near = |a: &Edit, b: &Edit| places.range(b.span).start <= places.range(a.span).end + NEAR;
        for edits in edits.chunk_by(|a, b| touched(b).start <= touched(a).end && is_near(a, b)) {
            let first = touched(edits[0]).start;
            let last = edits.iter().map(|it| touched(it).end).max().unwrap_or(first + 1) - 1;
            let (old, new) = rewrite(places, lines, first, last, edits, style);
            changes.extend(change(file, first, &old, &new, style));
        }
    }
    changes
}

/// The text of some lines, before and after. What is far from the edits is left out of both.
fn rewrite(
    places: &Places,
    lines: &Lines,
    first: usize,
    last: usize,
    edits: &[&Edit],
    style: Style,
) -> (String, String) {
    let text = lines.text();
    let (mut start, mut end) = (lines.range(first).start, lines.range(last).end);
    let (mut before, mut after) = ("", "");
    // An edit may start in a byte order mark, which belongs to no line.
    let from = places.range(edits[0].span).start.max(start);
    if from - start > NEAR {
        (start, before) = (floor(text, from - NEAR), style.more());
    }
    let to = edits.iter().map(|it| places.range(it.span).end).max().unwrap_or(from);
    if end > to + NEAR {
        (end, after) = (floor(text, to + NEAR), style.more());
    }
    let mut new = before.to_owned();
    let mut done = start;
    for edit in edits {
        let range = places.range(edit.span);
        // A second edit of the same bytes cannot be shown; neither could it be applied.
        if range.start < done {
            continue;
        }
        new.push_str(&text[done..range.start]);
        new.push_str(&edit.replacement);
        done = range.end;
    }
    new.push_str(&text[done..end.max(done)]);
    new.push_str(after);
    (format!("{before}{}{after}", &text[start..end]), new)
}

/// Leaves out the lines that are the same before and after.
fn change(file: FileId, first: usize, old: &str, new: &str, style: Style) -> Option<Change> {
    let split = |text: &'_ str| text.split('\n').map(|it| it.trim_end_matches('\r').to_owned()).collect::<Vec<_>>();
    let (mut old, mut new) = (split(old), split(new));
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    old.drain(..same);
    new.drain(..same);
    let same_end = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    old.truncate(old.len() - same_end);
    new.truncate(new.len() - same_end);
    if old.is_empty() && new.is_empty() {
        return None;
    }
    let shown =
        |lines: Vec<String>| lines.iter().map(|it| visible(&it.replace('\t', TAB)).into_owned()).collect::<Vec<_>>();
    let (old, new) = (shown(old), shown(new));
    let pairs: Vec<(usize, usize)> = (0..old.len().max(new.len()))
        .map(|it| match (old.get(it), new.get(it)) {
            (Some(old), Some(new)) => view(old, new, style.width),
            _ => (0, LONG),
        })
        .collect();
    let cut = |lines: Vec<String>| {
        let cut = lines.iter().zip(&pairs).map(|(line, &(start, width))| window(line, start, width, style.more()));
        cut.collect()
    };
    Some(Change { file, line: first + same + 1, old: cut(old), new: cut(new) })
}

/// From which character on two lines are shown, and in how many columns. What differs is shown whole, if that can be: in
/// as many columns as there are, else in several lines.
fn view(old: &str, new: &str, width: usize) -> (usize, usize) {
    let same = |a: &(char, char)| a.0 == a.1;
    let start = old.chars().zip(new.chars()).take_while(same).count();
    let rest = old.chars().count().min(new.chars().count()) - start;
    let end = old.chars().rev().zip(new.chars().rev()).take(rest).take_while(same).count();
    let middle = |line: &str| {
        let count = line.chars().count() - start - end;
        line.chars().skip(start).take(count).map(columns).sum::<usize>()
    };
    let differs = middle(old).max(middle(new));
    let wide = old.width().max(new.width());
    let width = if wide <= width || differs <= width * 2 / 3 { width } else { LONG };
    if wide <= width {
        return (0, width);
    }
    // Some of what stands before is shown too.
    let mut lead = width.saturating_sub(differs) / 2;
    let before: Vec<usize> = old.chars().take(start).map(columns).collect();
    let lead = before.iter().rev().take_while(|&&it| {
        let fits = it <= lead;
        lead = lead.saturating_sub(it);
        fits
    });
    (start - lead.count(), width)
}

fn columns(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// So many columns of a line, from a character on. What is left out is said.
fn window(line: &str, start: usize, width: usize, more: &str) -> String {
    if line.width() <= width && start == 0 {
        return line.to_owned();
    }
    let mut out = String::from(if start > 0 { more } else { "" });
    let mut used = out.width();
    let mut rest = line.chars().skip(start).peekable();
    // Characters without a width are rare, so that this is more than enough.
    let mut most = 16 * width;
    while let Some(c) = rest.next() {
        most -= 1;
        let left = if rest.peek().is_none() { 0 } else { more.width() };
        if most == 0 || used + columns(c) + left > width {
            out.push_str(more);
            break;
        }
        out.push(c);
        used += columns(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::diagnostic::Safety;
    use crate::source::{Source, Span};

    fn shown(text: &str, edits: &[(u32, u32, &str)]) -> Vec<(usize, Vec<String>, Vec<String>)> {
        let workspace = Analysis::of(vec![Source::new("a.yaml", text)]).snapshot(&());
        let edits = edits.iter().map(|&(a, b, text)| Edit::new(Span::new(FileId::new(0), a..b), text)).collect();
        let fix = Fix { title: String::new(), safety: Safety::Safe, edits };
        changes(&Places::new(&workspace), &fix, Style::PLAIN).into_iter().map(|it| (it.line, it.old, it.new)).collect()
    }

    fn owned(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|&it| it.to_owned()).collect()
    }

    #[test]
    fn only_what_changes_is_shown() {
        let text = "a: 1\r\nb: 2\nc: 3\nd: 4\ne: 5\n";
        type Case =
            (&'static [(u32, u32, &'static str)], &'static [(usize, &'static [&'static str], &'static [&'static str])]);
        let table: [(Case, &str); 7] = [
            ((&[(3, 4, "9")], &[(1, &["a: 1"], &["a: 9"])]), "part of a line"),
            ((&[(6, 11, "")], &[(2, &["b: 2"], &[])]), "a whole line goes"),
            ((&[(6, 6, "x: 0\n")], &[(2, &[], &["x: 0"])]), "a line comes"),
            ((&[(26, 26, "f: 6\n")], &[(6, &[], &["f: 6"])]), "a line at the end"),
            ((&[(9, 10, "7"), (3, 4, "9")], &[(1, &["a: 1", "b: 2"], &["a: 9", "b: 7"])]), "neighbours are one change"),
            ((&[(3, 4, "9"), (24, 25, "7")], &[(1, &["a: 1"], &["a: 9"]), (5, &["e: 5"], &["e: 7"])]), "two changes"),
            ((&[(3, 4, "1")], &[]), "nothing changes"),
        ];
        for ((edits, expected), reason) in table {
            let expected: Vec<_> = expected.iter().map(|&(line, old, new)| (line, owned(old), owned(new))).collect();
            assert_eq!(shown(text, edits), expected, "{reason}");
        }
    }

    #[test]
    fn long_lines_are_cut_around_the_difference() {
        let text = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let changes = shown(&text, &[(500, 501, "Y")]);
        assert_eq!(changes[0].1[0].width(), Style::PLAIN.width);
        assert!(changes[0].1[0].contains('X') && changes[0].2[0].contains('Y'));
    }
}
