//! `full`: findings for people, with the lines that they are about. Drawn by miette.

use std::cmp::Reverse;
use std::fmt;
use std::time::Duration;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles};
use unicode_width::UnicodeWidthStr;

use super::diff::{self, Change};
use super::snippet::{self, CONTEXT, Window};
use super::{Places, Run, visible, visible_path};
use crate::INTERNAL_ERROR;
use crate::diagnostic::{Counts, Suppressed};
use crate::diagnostic::{Diagnostic, Fix, Level, Safety};
use crate::workspace::Inventory;

pub use super::style::{PLAIN_WIDTH, Style};

/// Columns before a line of a fix: `      + `.
const DIFF_INDENT: usize = 8;
/// Columns of a line of a fix before it goes on in the next line, even on a terminal that has no room for them.
const DIFF_LEAST: usize = 20;
/// Columns by which all lines of a title but the first are set in.
const TITLE_INDENT: usize = 2;
/// Lines of a fix that are shown at most.
const DIFF_LINES: usize = 8;

/// A window as miette wants it. What is in it is safe to print.
#[derive(Debug)]
struct Shown(Window);

/// Findings as [`Style::PLAIN`] has them, which pages of documentation show.
pub fn plain(inventory: &Inventory, diagnostics: &[Diagnostic]) -> String {
    findings(inventory, diagnostics, Style::PLAIN)
}

/// Findings, with an empty line between them.
pub fn findings(inventory: &Inventory, diagnostics: &[Diagnostic], style: Style) -> String {
    let places = Places::new(inventory);
    let mut out = String::new();
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        finding(&mut out, &places, diagnostic, "", style);
    }
    out
}

/// Suppressed findings, each marked so and with the reason, and an empty line before each.
pub fn suppressed(inventory: &Inventory, suppressed: &[Suppressed], style: Style) -> String {
    let places = Places::new(inventory);
    let mut out = String::new();
    for it in suppressed {
        out.push('\n');
        finding(&mut out, &places, &it.finding, "suppressed ", style);
        footer(&mut out, style, "suppressed", it.how.reason().unwrap_or("no reason is given"));
    }
    out
}

/// One line that says how the run went: `2 errors, 1 warning · 1,204 files read, 37 of them about EKS · 24 ms`.
/// With ASCII only, `|` stands for `·`.
pub fn summary(run: &Run, time: Duration, style: Style) -> String {
    let time = if time.as_secs() >= 10 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} ms", thousands(time.as_millis() as usize))
    };
    // Who sees a finding for the first time does not know that there is a page about it.
    let worst = run.shown.iter().filter(|it| it.rule != INTERNAL_ERROR).min_by_key(|it| Reverse(it.level));
    let more = worst.map_or_else(String::new, |it| format!("more on a finding: ekslint explain {}\n", it.rule));
    let mut summary = format!("{} · {time}", outcome(run));
    if style.ascii {
        summary = summary.replace(" · ", " | ");
    }
    format!("{}\n{more}", wrap(&summary, style.width, 0).join("\n"))
}

/// What the summary says but for the time: the same on every run.
pub(super) fn outcome(run: &Run) -> String {
    let held_back = run.found.without(Counts::of(run.shown));
    let shown = list(Counts::of(run.shown)).unwrap_or_else(|| "no findings".to_owned());
    let mut hidden = Vec::new();
    if let Some(counts) = list(held_back) {
        hidden.push(format!("{counts} held back, show with --level {}", lowest(held_back).name()));
    }
    let by = [("directive", "suppressed"), ("baseline", "in the baseline"), ("commit", "there before")];
    let by = by.map(|(by, words)| (run.suppressed.iter().filter(|it| it.how.by() == by).count(), words));
    let by = by.iter().filter(|it| it.0 > 0).map(|(count, words)| format!("{} {words}", thousands(*count)));
    let by: Vec<String> = by.collect();
    match (by.is_empty(), run.show_suppressed) {
        (true, _) => {}
        (false, true) => hidden.push(by.join(", ")),
        (false, false) => hidden.push(format!("{}, show with --show-suppressed", by.join(", "))),
    }
    if run.stale > 0 {
        let entries = plural(run.stale, "stale entry", "stale entries");
        hidden.push(format!("{entries} in the baseline, remove with --update-baseline"));
    }
    let held_back = if hidden.is_empty() { String::new() } else { format!(" ({})", hidden.join("; ")) };
    let read = plural(run.files_read, "file", "files");
    let about = match (run.files_read, run.recognised) {
        (1, 1) => ", about EKS".to_owned(),
        (1, _) => ", not about EKS".to_owned(),
        (_, 0) => ", none of them about EKS".to_owned(),
        (all, some) if all == some => ", all of them about EKS".to_owned(),
        (_, some) => format!(", {} of them about EKS", thousands(some)),
    };
    let ignored = match run.tracked_hidden {
        0 => String::new(),
        count => format!(", {} hidden by .ignore", plural(count, "tracked file", "tracked files")),
    };
    let links = match run.links_out {
        0 => String::new(),
        count => format!(", {} not read", plural(count, "link", "links")),
    };
    let unread = match run.problems.len() {
        0 => String::new(),
        count => format!(", {} could not be read", thousands(count)),
    };
    format!("{shown}{held_back} · {read} read{about}{ignored}{links}{unread}")
}

/// Breaks a text into lines of at most `width` columns, at spaces. Longer words stay whole. The first line has `taken`
/// columns less. No other line gives orders: see [`visible::harmless`].
pub fn wrap(text: &str, width: usize, taken: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = taken;
    for (index, word) in text.split(' ').enumerate() {
        let length = word.width();
        let space = usize::from(index > 0);
        // After what is taken, the first word may go on in the next line too.
        if (index > 0 || taken > 0) && used + space + length > width {
            lines.push(String::new());
            used = 0;
        } else if index > 0 {
            lines.last_mut().expect("there is a first line").push(' ');
            used += space;
        }
        lines.last_mut().expect("there is a first line").push_str(word);
        used += length;
    }
    lines.iter_mut().skip(1).for_each(visible::harmless);
    lines
}

fn finding(out: &mut String, places: &Places, diagnostic: &Diagnostic, mark: &str, style: Style) {
    let head = format!("{mark}{}[{}]:", diagnostic.level.name(), diagnostic.rule);
    let color = match diagnostic.level {
        Level::Error => "1;31",
        Level::Warning => "1;33",
        Level::Note => "1;36",
    };
    let message = visible(&diagnostic.message);
    for (index, line) in wrap(&message, style.width.saturating_sub(TITLE_INDENT), head.width() + 1).iter().enumerate() {
        match index {
            0 if line.is_empty() => out.push_str(&format!("{}\n", paint(style, color, &head))),
            0 => out.push_str(&format!("{} {}\n", paint(style, color, &head), paint(style, "1", line))),
            _ => out.push_str(&format!("{:TITLE_INDENT$}{}\n", "", paint(style, "1", line))),
        }
    }
    for window in snippet::windows(places, diagnostic, style) {
        draw(out, window, diagnostic.level, style);
    }

    if let Some(help) = &diagnostic.help {
        for line in help.lines() {
            footer(out, style, "help", line);
        }
    }
    if let Some(fix) = diagnostic.fix() {
        draw_fix(out, places, diagnostic, fix, style);
    }
}

/// Draws a window. The place of the finding has the colour of the level, the other parties have one other colour.
fn draw(out: &mut String, window: Window, level: Level, style: Style) {
    let mut theme = GraphicalTheme {
        characters: if style.ascii { ThemeCharacters::ascii() } else { ThemeCharacters::unicode() },
        styles: if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() },
    };
    theme.styles.link = ThemeStyles::none().link;
    if style.color {
        let own = match level {
            Level::Error => theme.styles.error,
            Level::Warning => theme.styles.warning,
            Level::Note => theme.styles.advice,
        };
        let other = ThemeStyles::none().error.magenta();
        // miette gives the labels these colours in turn, in the order of places.
        let colors = window.labels.iter().map(|it| if it.primary() { own.bold() } else { other });
        theme.styles.highlights = colors.collect();
    }
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_urls(false)
        .without_syntax_highlighting()
        .with_context_lines(CONTEXT)
        .with_wrap_lines(false)
        .with_width(style.width);
    let mut drawn = String::new();
    handler.render_report(&mut drawn, &Shown(window)).expect("writing to a string does not fail");
    // miette begins with a line for the message, which stands above all windows here.
    out.push_str(drawn.split_once('\n').map_or("", |it| it.1));
}

/// `  help: text`, wrapped and set in.
fn footer(out: &mut String, style: Style, word: &str, text: &str) {
    let indent = word.chars().count() + 4;
    for (index, line) in wrap(&visible(text), style.width.saturating_sub(indent), 0).iter().enumerate() {
        if index == 0 {
            out.push_str(&format!("  {} {line}\n", paint(style, "36", &format!("{word}:"))));
        } else {
            out.push_str(&format!("{:indent$}{line}\n", ""));
        }
    }
}

fn draw_fix(out: &mut String, places: &Places, diagnostic: &Diagnostic, fix: &Fix, style: Style) {
    let (word, remark) = match fix.safety {
        Safety::Safe => ("fix", ""),
        Safety::Activating => ("fix", " (makes a grant work that does not work now)"),
        Safety::Suggestion => ("suggestion", ""),
    };
    footer(out, style, word, &format!("{}{remark}", fix.title));
    let room = style.width.saturating_sub(DIFF_INDENT).max(DIFF_LEAST);
    let changes = diff::changes(places, fix, Style { width: room, ..style });
    let named = changes.iter().any(|it| it.file != diagnostic.span.file);
    let total: usize = changes.iter().map(|it| it.old.len() + it.new.len()).sum();
    let mut left = if total <= DIFF_LINES { total } else { DIFF_LINES - 1 };
    for Change { file, line, old, new } in &changes {
        if left == 0 {
            break;
        }
        if named {
            out.push_str(&format!("      in {}:{line}\n", visible_path(places.path(*file))));
        } else if changes.len() > 1 {
            out.push_str(&format!("      line {line}:\n"));
        }
        let lines = old.iter().map(|it| ("31", '-', it)).chain(new.iter().map(|it| ("32", '+', it)));
        for (color, sign, line) in lines.take(left) {
            // Lines to copy are not broken: a terminal that wraps them knows that they are one.
            out.push_str(&format!("      {}\n", paint(style, color, format!("{sign} {line}").trim_end())));
        }
        left = left.saturating_sub(old.len() + new.len());
    }
    if total > DIFF_LINES {
        let more = style.more();
        out.push_str(&format!("      {more} and {} more lines\n", total - (DIFF_LINES - 1)));
    }
}

fn paint(style: Style, color: &str, text: &str) -> String {
    if style.color { format!("\x1B[{color}m{text}\x1B[0m") } else { text.to_owned() }
}

fn list(counts: Counts) -> Option<String> {
    let words =
        [(counts.errors, "error", "errors"), (counts.warnings, "warning", "warnings"), (counts.notes, "note", "notes")];
    let words: Vec<String> =
        words.into_iter().filter(|it| it.0 > 0).map(|(count, one, many)| plural(count, one, many)).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn lowest(counts: Counts) -> Level {
    match (counts.notes, counts.warnings) {
        (0, 0) => Level::Error,
        (0, _) => Level::Warning,
        _ => Level::Note,
    }
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

impl fmt::Display for Shown {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Shown {}

impl miette::Diagnostic for Shown {
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.0.labels.iter().cloned()))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.0)
    }
}

#[cfg(test)]
mod tests;
