//! `full`: findings for people, with the lines that they are about. Drawn by miette.

use std::cmp::Reverse;
use std::fmt;
use std::time::Duration;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, SourceCode, ThemeCharacters, ThemeStyles};

use super::diff::{self, Change};
use super::snippet::{CONTEXT, Snippets};
use super::{Counts, Places, Run, Suppressed, visible, visible_path};
use crate::FAULT;
use crate::diagnostic::{Diagnostic, Fix, Level, Safety};
use crate::workspace::Workspace;

/// The width of everything that is not for a terminal.
pub const PLAIN_WIDTH: usize = 100;
/// Lines of a fix that are shown at most.
const DIFF_LINES: usize = 8;

#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub color: bool,
    /// Columns of the terminal. Text is wrapped there; source lines are not.
    pub width: usize,
}

/// A finding as miette wants it. What is in it is safe to print.
#[derive(Debug)]
struct Shown {
    message: String,
    level: Level,
    snippets: Snippets,
    labels: Vec<LabeledSpan>,
}

/// Findings without colour, a hundred columns wide: what pages of documentation show.
pub fn plain(workspace: &Workspace, diagnostics: &[Diagnostic]) -> String {
    findings(workspace, diagnostics, Style { color: false, width: PLAIN_WIDTH })
}

/// Findings, with an empty line between them.
pub fn findings(workspace: &Workspace, diagnostics: &[Diagnostic], style: Style) -> String {
    let places = Places::new(workspace);
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
pub fn suppressed(workspace: &Workspace, suppressed: &[Suppressed], style: Style) -> String {
    let places = Places::new(workspace);
    let mut out = String::new();
    for it in suppressed {
        out.push('\n');
        finding(&mut out, &places, &it.finding, "suppressed ", style);
        footer(&mut out, style, "suppressed", it.how.reason().unwrap_or("no reason is given"));
    }
    out
}

/// One line that says how the run went: `2 errors, 1 warning · 1,204 files read, 37 of them about EKS · 24 ms`.
pub fn summary(run: &Run, time: Duration) -> String {
    let time = if time.as_secs() >= 10 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} ms", thousands(time.as_millis() as usize))
    };
    // Who sees a finding for the first time does not know that there is a page about it.
    let worst = run.shown.iter().filter(|it| it.rule != FAULT).min_by_key(|it| Reverse(it.level));
    let more = worst.map_or_else(String::new, |it| format!("more on a finding: ekslint explain {}\n", it.rule));
    format!("{} · {time}\n{more}", outcome(run))
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
    let unread = match run.problems.len() {
        0 => String::new(),
        count => format!(", {} could not be read", thousands(count)),
    };
    format!("{shown}{held_back} · {read} read{about}{ignored}{unread}")
}

/// Breaks a text into lines of at most `width` characters, at spaces. Longer words stay whole. The first line has
/// `taken` characters less. No other line begins with `::`, which is an order to GitHub's runner.
pub fn wrap(text: &str, width: usize, taken: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = taken;
    for (index, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        let space = usize::from(index > 0);
        if index > 0 && used + space + length > width {
            lines.push(if word.starts_with("::") { "\\".to_owned() } else { String::new() });
            used = 0;
        } else if index > 0 {
            lines.last_mut().expect("there is a first line").push(' ');
            used += space;
        }
        lines.last_mut().expect("there is a first line").push_str(word);
        used += length;
    }
    lines
}

fn finding(out: &mut String, places: &Places, diagnostic: &Diagnostic, mark: &str, style: Style) {
    let head = format!("{mark}{}[{}]:", diagnostic.level.name(), diagnostic.rule);
    let message = visible(&diagnostic.message);
    // The first line has the head before it, the others are set in by four.
    let taken = head.chars().count();
    let message = wrap(&message, style.width.saturating_sub(4), taken).join("\n");
    let (snippets, labels) = Snippets::new(places, diagnostic, style.width);
    let shown = Shown { message, level: diagnostic.level, snippets, labels };

    let mut theme = GraphicalTheme {
        characters: ThemeCharacters::unicode(),
        styles: if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() },
    };
    if style.color {
        theme.styles.error = theme.styles.error.bold();
        theme.styles.warning = theme.styles.warning.bold();
        theme.styles.advice = theme.styles.advice.bold();
    }
    // miette starts the message with a sign for the level. Ours is a word, and the rule.
    theme.characters.error.clone_from(&head);
    theme.characters.warning.clone_from(&head);
    theme.characters.advice = head;
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_urls(false)
        .without_syntax_highlighting()
        .with_context_lines(CONTEXT)
        .with_wrap_lines(false)
        .with_width(style.width);
    let mut drawn = String::new();
    handler.render_report(&mut drawn, &shown).expect("writing to a string does not fail");
    // miette sets the message in by two; nothing stands to its left here.
    out.push_str(drawn.strip_prefix("  ").unwrap_or(&drawn));

    if let Some(help) = &diagnostic.help {
        for line in help.lines() {
            footer(out, style, "help", line);
        }
    }
    if let Some(fix) = diagnostic.fix() {
        draw_fix(out, places, diagnostic, fix, style);
    }
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
    let changes = diff::changes(places, fix);
    let named = changes.iter().any(|it| it.file != diagnostic.span.file);
    let total: usize = changes.iter().map(|it| it.old.len() + it.new.len()).sum();
    let mut left = if total <= DIFF_LINES { total } else { DIFF_LINES - 1 };
    for Change { file, line, old, new } in &changes {
        if left == 0 {
            break;
        }
        if named {
            out.push_str(&format!("      in {}:{line}\n", visible_path(places.path(*file))));
        }
        let lines = old.iter().map(|it| ("31", '-', it)).chain(new.iter().map(|it| ("32", '+', it)));
        for (color, sign, line) in lines.take(left) {
            out.push_str(&format!("      {}\n", paint(style, color, format!("{sign} {line}").trim_end())));
        }
        left = left.saturating_sub(old.len() + new.len());
    }
    if total > DIFF_LINES {
        out.push_str(&format!("      … and {} more lines\n", total - (DIFF_LINES - 1)));
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
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl miette::Diagnostic for Shown {
    fn severity(&self) -> Option<Severity> {
        Some(match self.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Note => Severity::Advice,
        })
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.snippets)
    }
}

#[cfg(test)]
mod tests;
