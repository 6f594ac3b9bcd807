//! What `ekslint check` does with suppressions: heeds them, shows them, writes them.

use std::collections::HashMap;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use ekslint::date::Date;
use ekslint::diagnostic::Diagnostic;
use ekslint::report::{self, ColumnUnit, Places, visible_path};
use ekslint::source::FileId;
use ekslint::suppress::Settings;
use ekslint::suppress::add::{self, Wish};
use ekslint::suppress::verdict::Verdicts;
use ekslint::workspace::Inventory;

use super::replace;
use super::streams::{Failure, complain};
use crate::walk::{self, Request};

/// How many findings are named that are not suppressed, or that are suppressed in their whole file.
const MOST_PLACES: usize = 20;

/// The options about suppressions.
#[derive(Args, Default)]
#[command(next_help_heading = "Holding findings back")]
pub struct Suppressing {
    /// Suppress nothing, whatever the files say
    #[arg(long, conflicts_with = "add_ignore", hide_short_help = true)]
    no_ignores: bool,

    /// Show what is suppressed too, with the reason; it does not count
    #[arg(long, hide_short_help = true)]
    pub show_suppressed: bool,

    /// Write into the files that what is found is to be suppressed
    #[arg(long, value_name = "REASON", num_args = 0..=1, require_equals = true, default_missing_value = "", hide_short_help = true)]
    pub add_ignore: Option<String>,
}

impl Suppressing {
    /// How a run handles what the files say to suppress.
    pub fn settings(&self, request: &Request) -> Result<Settings, Failure> {
        let is_partial = !request.named().any(|it| it.is_dir());
        Ok(Settings { heeded: !self.no_ignores, is_partial, ..Settings::on(today()?) })
    }
}

/// Writes directives for findings, and says which of them are left. `stdin`: what standard input is called, if it was read.
pub fn add(
    inventory: &Inventory,
    verdicts: &Verdicts,
    findings: &[Diagnostic],
    reason: &str,
    stdin: Option<&str>,
) -> Result<Vec<Diagnostic>, Failure> {
    let wish = wish(reason)?;
    let plan = add::plan(inventory, verdicts, findings, &wish);
    let places = Places::new(inventory);
    let mut left: Vec<usize> = Vec::new();
    let is_refused = |at: usize| plan.refused.binary_search_by_key(&at, |it| it.0).is_ok();
    let mut refuse = |at: usize, why: &str| {
        left.push(at);
        // The same reason may hold for thousands.
        if left.len() > MOST_PLACES {
            return;
        }
        let it = &findings[at];
        let line = places.places(it.span, ColumnUnit::Characters).0.line;
        let path = visible_path(places.path(it.span.file));
        complain(&format!("{path}:{line}: {} is not suppressed: {why}", it.rule));
    };
    plan.refused.iter().for_each(|(at, why)| refuse(*at, why));
    let mut of_files: HashMap<FileId, Vec<usize>> = HashMap::new();
    (0..findings.len()).for_each(|at| of_files.entry(findings[at].span.file).or_default().push(at));
    let mut written = 0;
    for (file, text) in &plan.files {
        let source = inventory.source(*file);
        let outcome = match stdin == Some(&*source.path) {
            true => Err("standard input cannot be written to".to_owned()),
            false => replace::change(Path::new(&*source.path), &source.text, text)
                .map_err(|it| format!("cannot write: {}", walk::reason(&it))),
        };
        if let Err(why) = &outcome {
            let of_file = of_files.get(file).into_iter().flatten().filter(|it| !is_refused(**it));
            of_file.for_each(|at| refuse(*at, why));
        }
        written += usize::from(outcome.is_ok());
    }
    if let Some(more @ 1..) = left.len().checked_sub(MOST_PLACES) {
        complain(&format!("{more} more {} not suppressed", if more == 1 { "is" } else { "are" }));
    }
    left.sort_unstable();
    say_whole_files(
        &places,
        findings,
        plan.in_whole_files.iter().copied().filter(|at| left.binary_search(at).is_err()),
    );
    let done = findings.len() - left.len();
    let findings_are = if done == 1 { "1 finding is" } else { &format!("{done} findings are") };
    let files = if written == 1 { "1 file" } else { &format!("{written} files") };
    complain(&format!("{findings_are} suppressed now by directives in {files}"));
    Ok(left.into_iter().map(|at| findings[at].clone()).collect())
}

/// Says which findings are suppressed in their whole file: that may be more than was wanted.
fn say_whole_files(places: &Places<'_>, findings: &[Diagnostic], found: impl Iterator<Item = usize>) {
    let found: Vec<usize> = found.collect();
    for at in found.iter().take(MOST_PLACES) {
        let it = &findings[*at];
        let line = places.places(it.span, ColumnUnit::Characters).0.line;
        let path = visible_path(places.path(it.span.file));
        let why = "no comment for this place alone can be written";
        complain(&format!("{path}:{line}: {} is suppressed in the whole file, because {why}", it.rule));
    }
    let more = found.len().saturating_sub(MOST_PLACES);
    if more > 0 {
        complain(&format!("{more} more are suppressed in their whole files: look for `ignore-file`"));
    }
}

/// The day of the run: that of `SOURCE_DATE_EPOCH`, where somebody wants every run to be the same, or today.
fn today() -> Result<Date, Failure> {
    let Some(given) = std::env::var_os("SOURCE_DATE_EPOCH") else {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
        return Ok(Date::from_unix(now));
    };
    let seconds = given.to_str().and_then(|it| it.parse().ok());
    seconds.map(Date::from_unix).ok_or_else(|| {
        let shown = given.to_string_lossy();
        Failure(format!("SOURCE_DATE_EPOCH is `{}`: write seconds since 1970, or unset it", report::visible(&shown)))
    })
}

/// What to write, from what was typed: a reason on one line, perhaps with `until=YYYY-MM-DD` before it.
fn wish(reason: &str) -> Result<Wish, Failure> {
    let wrong = |why: &str| Err(Failure(format!("--add-ignore: {why}")));
    if reason.chars().any(|it| it.is_control() || matches!(it, '\u{FEFF}' | '\u{2028}' | '\u{2029}')) {
        return wrong("the reason has to be one line of text");
    }
    if reason.contains("ekslint") {
        return wrong("a reason with `ekslint` in it would read like another directive");
    }
    let reason = reason.trim();
    let Some(rest) = reason.strip_prefix("until=") else {
        return match reason.contains("until=") {
            true => wrong("write `until=YYYY-MM-DD` before the reason"),
            false => Ok(Wish { reason: reason.to_owned(), until: None }),
        };
    };
    let (day, reason) = rest.split_once(' ').unwrap_or((rest, ""));
    match Date::parse(day) {
        Some(day) => Ok(Wish { reason: reason.trim().to_owned(), until: Some(day) }),
        None => wrong("`until=` is followed by a day: `until=YYYY-MM-DD`"),
    }
}
