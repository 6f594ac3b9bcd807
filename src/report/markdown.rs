//! `markdown`: a summary for people, made for `$GITHUB_STEP_SUMMARY` and for comments on merge requests.
//!
//! What comes from files is never Markdown: every mark of punctuation is a reference to its character, and the user's
//! words, which messages put in backquotes, stand in `<code>`, where services look for no names of people or issues.

use super::{ColumnUnit, Places, Run, elsewhere, full, visible, visible_path};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Suppression;

/// Bytes that are written at most. GitHub takes 1 MiB for a step, and nothing at all if it is more.
const MOST: usize = 1_000_000;

/// A line that says how the run went, a table of findings, and, folded, one of suppressed findings that are to be shown.
pub fn render(run: &Run) -> String {
    let places = Places::new(run.inventory);
    let mut out = format!("### ekslint: {}\n", full::outcome(run));
    table(&mut out, run.shown.iter().map(|it| row(run, &places, it, None)));
    let suppressed = run.shown_suppressed();
    if !suppressed.is_empty() {
        out.push_str(&format!("\n<details><summary>{} suppressed</summary>\n", suppressed.len()));
        table(&mut out, suppressed.iter().map(|it| row(run, &places, &it.finding, Some(&it.how))));
        out.push_str("\n</details>\n");
    }
    for (index, problem) in run.problems.iter().enumerate() {
        let lead = if index == 0 { "\nNot read:\n\n" } else { "" };
        out.push_str(&format!("{lead}- {}: {}\n", code(&visible_path(&problem.path)), prose(&problem.reason)));
    }
    out
}

/// A table of as many rows as there is room for.
fn table(out: &mut String, rows: impl ExactSizeIterator<Item = String>) {
    let mut left = rows.len();
    if left > 0 {
        out.push_str("\n| | Where | What | Rule |\n|---|---|---|---|\n");
    }
    for row in rows {
        if out.len() + row.len() > MOST {
            break;
        }
        out.push_str(&row);
        left -= 1;
    }
    if left > 0 {
        out.push_str(&format!(
            "\n{left} more findings are not in this table, because a summary takes 1 MiB: see the other reports.\n"
        ));
    }
}

/// `suppressed`: why it does not count, if it does not.
fn row(run: &Run, places: &Places, diagnostic: &Diagnostic, suppressed: Option<&Suppression>) -> String {
    let (start, _) = places.places(diagnostic.span, ColumnUnit::Characters);
    let place = format!("{}:{}:{}", visible_path(places.path(diagnostic.span.file)), start.line, start.column);
    let mut what = prose(&diagnostic.message);
    if let Some(place) = elsewhere(places, diagnostic) {
        what.push_str(&format!(" (see {})", code(&place)));
    }
    for text in diagnostic.help.iter().flat_map(|it| it.lines()) {
        what.push_str(&format!("<br>{}", prose(text)));
    }
    if let Some(how) = suppressed {
        what.push_str(&format!("<br>suppressed: {}", prose(how.reason().unwrap_or("no reason is given"))));
    }
    let (level, rule) = (diagnostic.level.name(), diagnostic.rule);
    let rule = run.page_url(rule).map_or_else(|| rule.to_owned(), |url| format!("[{rule}]({url})"));
    format!("| {level} | {} | {what} | {rule} |\n", code(&place))
}

/// A text of ours. What stands in backquotes is code.
fn prose(text: &str) -> String {
    let text = visible(text);
    let parts: Vec<&str> = text.split('`').collect();
    // A last backquote without its other half is a character like others.
    let pairs = parts.len() / 2;
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        match index {
            index if index % 2 == 1 && index / 2 < pairs && index + 1 < parts.len() => out.push_str(&code(part)),
            index if index % 2 == 1 => out.push_str(&format!("&#96;{}", words(part))),
            _ => out.push_str(&words(part)),
        }
    }
    out
}

/// Text outside of code. A person who is named would be notified, and an issue that is named would be linked.
fn words(text: &str) -> String {
    entities(text).replace("&#64;", "<code>&#64;</code>").replace("&#35;", "<code>&#35;</code>")
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", entities(text))
}

/// The text with references for all characters that mean something in Markdown or HTML.
fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' | ',' | '-' | '/' | '(' | ')' => out.push(c),
            c if c.is_ascii_punctuation() => out.push_str(&format!("&#{};", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}
