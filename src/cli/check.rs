//! `ekslint check`: its options, and what it does with them.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Instant;

use clap::{Args, ValueEnum};
use ekslint::diagnostic::{Diagnostic, Level};
use ekslint::report::{self, Counts, Problem, Run, visible_path};
use ekslint::stage::{Observer, Stage};
use ekslint::workspace::Workspace;

use super::profile::{Profile, Work};
use super::{Failure, complain, write_report};
use crate::walk::{self, Request};

const CHECK_NOTES: &str = "\
In folders, files named *.yaml, *.yml, *.json and *.template are read. What .gitignore names, hidden
files and folders, and links to folders are left out. A file that is named is always read.

Exit codes:
  0  nothing at or above --fail-on
  1  something at or above --fail-on
  2  something could not be done: a file could not be read, an option is wrong";

#[derive(Args)]
#[command(after_help = CHECK_NOTES)]
pub struct Check {
    /// Files and folders; `-` is standard input
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,

    /// How findings are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Full)]
    output_format: Format,

    /// Write the report into a file instead of to standard output
    #[arg(long, value_name = "FILE")]
    output_file: Option<PathBuf>,

    /// The least level that is shown [default: warning, or less if --fail-on is less]
    #[arg(long, value_enum, value_name = "LEVEL")]
    level: Option<LevelName>,

    /// The least level that makes the exit code 1
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailOn::Warning)]
    fail_on: FailOn,

    /// When to use colour; `auto` heeds NO_COLOR, FORCE_COLOR, CLICOLOR, CLICOLOR_FORCE and TERM
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    color: When,

    /// What standard input is called in findings
    #[arg(long, value_name = "NAME", default_value = "<stdin>", hide_default_value = true)]
    stdin_filename: String,

    /// How many threads to use; 0 is one for each processor
    #[arg(long, value_name = "N", default_value_t = 0)]
    #[arg(value_parser = clap::value_parser!(u16).range(..=256))]
    threads: u16,

    /// No summary
    #[arg(short, long)]
    quiet: bool,

    /// Say on standard error how long each stage took, and which rules took longest
    #[arg(long)]
    profile: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    /// With the lines they are about
    Full,
    /// One line for each
    Concise,
    /// For programs
    Json,
    /// For code scanning services: SARIF 2.1.0
    Sarif,
}

#[derive(Clone, Copy, ValueEnum)]
enum LevelName {
    Note,
    Warning,
    Error,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum FailOn {
    Note,
    Warning,
    Error,
    Never,
}

#[derive(Clone, Copy, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

/// Lints, writes the report, and says the exit code.
pub fn check(options: &Check, started: Instant) -> Result<u8, Failure> {
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => usize::from(threads),
    };
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()
        .map_err(|it| Failure(format!("cannot start {threads} threads: {it}")))?;

    let request = Request { paths: options.paths.clone(), stdin_name: options.stdin_filename.clone(), threads };
    let profile = Profile::new(options.profile);
    let walked = profile.stage(Stage::Read, || walk::walk(&request));
    for Problem { path, reason } in &walked.problems {
        complain(&format!("{}: {}", visible_path(path), report::visible(reason)));
    }
    if walked.nothing {
        let paths: Vec<_> = options.paths.iter().map(|it| it.to_string_lossy()).collect();
        let paths = report::visible(&paths.join(", ")).into_owned();
        complain(&format!("nothing to lint in {paths}: no .yaml, .yml, .json or .template files"));
    }

    let kept = (walked.sources.len(), walked.sources.iter().map(|it| it.text.len() as u64).sum());
    let workspace = Workspace::observed(walked.sources, &profile);
    let found = ekslint::lint_observed(&workspace, &profile);
    let least = options.level.map_or(Level::Warning.min(options.fail_on.level()), LevelName::level);
    let shown: Vec<Diagnostic> = found.iter().filter(|it| it.level >= least).cloned().collect();
    let run = Run {
        workspace: &workspace,
        shown: &shown,
        found: Counts::of(&found),
        problems: &walked.problems,
        files_read: walked.files_read,
        recognised: workspace.recognised,
    };
    let text = profile.stage(Stage::Report, || render(options, &run));
    write_report(&text, options.output_file.as_deref())?;
    if options.output_format == Format::Full && !options.quiet && !walked.nothing {
        // It holds the time, and the report has to be the same on every run: it goes where messages go.
        let gap = if shown.is_empty() { "" } else { "\n" };
        let _ = write!(io::stderr().lock(), "{gap}{}", report::full::summary(&run, started.elapsed()));
    }
    if options.profile {
        let work = Work {
            read: (walked.files_read, walked.bytes_read),
            kept,
            facts: workspace.facts.len(),
            findings: found.len(),
            report: text.len(),
        };
        let _ = write!(io::stderr().lock(), "\n{}", profile.table(&work, started.elapsed()));
    }

    let failed = options.fail_on != FailOn::Never && found.iter().any(|it| it.level >= options.fail_on.level());
    Ok(if walked.problems.is_empty() { u8::from(failed) } else { 2 })
}

fn render(options: &Check, run: &Run) -> String {
    match options.output_format {
        Format::Full => {
            let terminal = options.output_file.is_none() && io::stdout().is_terminal();
            let style = report::full::Style { color: color(options.color, terminal), width: width(terminal) };
            report::full::findings(run.workspace, run.shown, style)
        }
        Format::Concise => report::concise::render(run),
        Format::Json => report::json::render(run),
        Format::Sarif => {
            let here = std::env::current_dir().unwrap_or_default();
            report::sarif::render(run, &format!("{}/", here.to_string_lossy().trim_end_matches('/')))
        }
    }
}

/// Whether to use colour. What the user asked for on the command line wins; then the conventions of the environment,
/// refusal first.
fn color(when: When, terminal: bool) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|it| !it.is_empty());
    let on = |name| std::env::var_os(name).is_some_and(|it| !it.is_empty() && it != "0");
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto if set("NO_COLOR") => false,
        When::Auto if on("FORCE_COLOR") || on("CLICOLOR_FORCE") => true,
        When::Auto if std::env::var_os("CLICOLOR").is_some_and(|it| it == "0") => false,
        When::Auto => terminal && std::env::var_os("TERM").is_some_and(|it| it != "dumb"),
    }
}

/// Columns to wrap text at.
fn width(terminal: bool) -> usize {
    let columns = if terminal { terminal_size::terminal_size().map(|it| usize::from(it.0.0)) } else { None };
    columns.map_or(report::full::PLAIN_WIDTH, |it| it.clamp(40, 160))
}

impl LevelName {
    fn level(self) -> Level {
        match self {
            Self::Note => Level::Note,
            Self::Warning => Level::Warning,
            Self::Error => Level::Error,
        }
    }
}

impl FailOn {
    fn level(self) -> Level {
        match self {
            Self::Note => Level::Note,
            Self::Warning => Level::Warning,
            Self::Error | Self::Never => Level::Error,
        }
    }
}
