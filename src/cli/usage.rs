//! What is said of arguments that are wrong: what to type instead, for what people know from other programs.

use std::ffi::OsString;
use std::path::Path;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use ekslint::report;

use super::streams::complain;

/// Options of other linters, and what does the same here.
const OPTIONS: &[(&[&str], &str)] = &[
    (&["--format", "-f", "--formatter"], "the format is --output-format FORMAT"),
    (&["--json"], "write --output-format json"),
    (&["--sarif"], "write --output-format sarif"),
    (&["--output", "-o"], "write --output-file FILE, or --output-format FORMAT=FILE"),
    (&["--fix", "--write"], "ekslint changes no template: each finding shows what to write"),
    (&["--verbose", "-v", "--debug", "-d"], "--level note shows notes, too, and --show-files what is read"),
    (&["--stdin"], "`-` is standard input: ekslint check -"),
    (&["--exit-zero", "--soft-fail", "--no-fail", "--no-error"], "write --fail-on never"),
    (&["--strict"], "write --fail-on note"),
    (&["--severity", "--min-severity", "--minimum-severity"], "write --level LEVEL"),
    (&["--skip", "--disable", "--skip-check", "--ignore-checks", "-i"], "write --ignore RULES"),
    (&["--enable", "--include", "--include-checks", "--rule", "--rules"], "write --select RULES"),
    (&["--config-file", "-c"], "write --config FILE"),
    (&["--jobs", "-j", "--parallel"], "write --threads N"),
    (&["--template", "-t", "--file", "--directory"], "write the path alone: ekslint check PATH"),
    (&["--list-rules"], "write: ekslint rules"),
];

/// Commands of other linters, and what does the same here.
const COMMANDS: &[(&[&str], &str)] = &[
    (&["lint", "scan", "run", "validate", "test", "analyze"], "write: ekslint check"),
    (&["version"], "write: ekslint --version"),
    (&["rule", "show"], "write: ekslint explain RULE"),
    (&["list", "list-rules", "checks"], "write: ekslint rules"),
    (&["init", "generate-config"], "no configuration is needed; `ekslint config show` says what holds"),
    (&["fix", "format", "fmt"], "ekslint changes no template: each finding of `ekslint check` shows what to write"),
];

/// `ekslint help …` is `ekslint … --help`.
pub fn with_help(mut args: Vec<OsString>) -> Vec<OsString> {
    if args.get(1).is_some_and(|it| it == "help") {
        args.remove(1);
        args.push("--help".into());
    }
    args
}

/// Prints help, the version, or what is wrong with the arguments, and says the exit code.
pub fn tell(mut error: Error) -> u8 {
    // It says how to write a path that begins with a dash, and hardly anybody has one. Who has is told below.
    error.remove(ContextKind::Suggested);
    if let Some(hint) = hint(&error) {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(hint)]));
    }
    // A script may hand over the name of a file, and no name is to give orders to a terminal or a build server.
    for (kind, shown) in made_visible(&error) {
        error.remove(ContextKind::Suggested);
        error.insert(kind, ContextValue::String(shown));
    }
    // If nobody reads it, there is nobody to tell.
    let _ = error.print();
    if let Some(path) = path(&error) {
        let dashes = if path.len() > 1 && path.starts_with('-') { "-- " } else { "" };
        complain(&format!("to lint it: ekslint check {dashes}{}", report::visible(&path)));
    }
    u8::try_from(error.exit_code()).unwrap_or(2)
}

/// The path that was taken for a command or an option.
fn path(error: &Error) -> Option<String> {
    let is_path = |it: &String| it == "-" || Path::new(it).exists();
    let mut args = std::env::args_os().skip(1).map(|it| it.to_string_lossy().into_owned());
    match error.kind() {
        ErrorKind::InvalidSubcommand => args.next().filter(is_path),
        ErrorKind::UnknownArgument => args.find(|it| it.len() > 1 && it.starts_with('-') && is_path(it)),
        _ => None,
    }
}

/// What was typed, where it cannot be printed as it is.
fn made_visible(error: &Error) -> Vec<(ContextKind, String)> {
    let typed = error.context().filter_map(|(kind, value)| match value {
        ContextValue::String(typed) => Some((kind, typed, report::visible(typed))),
        _ => None,
    });
    typed.filter(|(_, typed, shown)| shown != *typed).map(|(kind, _, shown)| (kind, shown.into_owned())).collect()
}

/// What does the same here.
fn hint(error: &Error) -> Option<&'static str> {
    let (kind, table) = match error.kind() {
        ErrorKind::UnknownArgument => (ContextKind::InvalidArg, OPTIONS),
        ErrorKind::InvalidSubcommand => (ContextKind::InvalidSubcommand, COMMANDS),
        _ => return None,
    };
    let wrong = wrong(error, kind)?;
    table.iter().find(|(names, _)| names.contains(&wrong)).map(|(_, hint)| *hint)
}

/// What was typed and is not known.
fn wrong(error: &Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind) {
        Some(ContextValue::String(wrong)) => Some(wrong),
        _ => None,
    }
}
