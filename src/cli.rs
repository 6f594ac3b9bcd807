//! The command line as types, and what its commands do. The only place that prints.
//!
//! Only the report goes to standard output; all else goes to standard error. Exit codes: 0 if there is nothing at or
//! above `--fail-on`, 1 if there is, 2 if something could not be done; 2 wins over 1.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand, ValueEnum};
use ekslint::diagnostic::{Diagnostic, Level};
use ekslint::names;
use ekslint::page::Page;
use ekslint::report::{self, Counts, Problem, Run, visible_path};
use ekslint::rules::RULES;
use ekslint::symptoms;
use ekslint::workspace::Workspace;

use crate::walk::{self, Request};

/// Finds what is wrong with the identity wiring of Amazon EKS clusters: who may become whom.
///
/// Reads CloudFormation templates, Kubernetes manifests and IAM policies, as YAML or JSON. Nothing is executed, and
/// nothing leaves the machine.
#[derive(Parser)]
#[command(name = "ekslint", version, max_term_width = 100, after_help = EXAMPLES)]
#[command(subcommand_required = true, arg_required_else_help = true, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  ekslint check                                  the current folder
  ekslint check infra k8s/aws-auth.yaml          a folder and a file
  helm template . | ekslint check -              standard input
  ekslint check --output-format sarif --output-file ekslint.sarif
  ekslint explain aws-auth/role-path             what a rule is for
  ekslint explain --error \"ARN is not mapped\"    which rules speak of an error";

#[derive(Subcommand)]
enum Command {
    /// Look for mistakes in files and folders
    Check(Check),
    /// List all rules
    Rules {
        /// How to write the list
        #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ListFormat::Text)]
        output_format: ListFormat,
    },
    /// Say what a rule is for, with examples
    Explain {
        /// The rule, as it stands in brackets in a finding: aws-auth/role-path
        #[arg(required_unless_present = "error", conflicts_with = "error")]
        rule: Option<String>,

        /// Find the rules whose pages speak of an error that you saw
        #[arg(long, value_name = "TEXT")]
        error: Option<String>,
    },
}

const CHECK_NOTES: &str = "\
In folders, files named *.yaml, *.yml, *.json and *.template are read. What .gitignore names, hidden
files and folders, and links to folders are left out. A file that is named is always read.

Exit codes:
  0  nothing at or above --fail-on
  1  something at or above --fail-on
  2  something could not be done: a file could not be read, an option is wrong";

#[derive(Args)]
#[command(after_help = CHECK_NOTES)]
struct Check {
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
enum ListFormat {
    Text,
    Json,
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

/// What went so wrong that the exit code is 2: one line for standard error.
struct Failure(String);

/// Runs the program.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let started = Instant::now();
    let outcome = match Cli::try_parse_from(args) {
        Ok(cli) => match cli.command {
            Command::Check(options) => check(&options, started),
            Command::Rules { output_format } => rules(output_format),
            Command::Explain { rule, error } => match (rule, error) {
                (Some(rule), _) => explain(&rule),
                (None, error) => explain_error(&error.unwrap_or_default()),
            },
        },
        Err(error) => return usage(&error),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(Failure(message)) => {
            complain(&message);
            ExitCode::from(2)
        }
    }
}

fn check(options: &Check, started: Instant) -> Result<u8, Failure> {
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => usize::from(threads),
    };
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()
        .map_err(|it| Failure(format!("cannot start {threads} threads: {it}")))?;

    let request = Request { paths: options.paths.clone(), stdin_name: options.stdin_filename.clone(), threads };
    let walked = walk::walk(&request);
    for Problem { path, reason } in &walked.problems {
        complain(&format!("{}: {}", visible_path(path), report::visible(reason)));
    }
    if walked.nothing {
        let paths: Vec<_> = options.paths.iter().map(|it| it.to_string_lossy()).collect();
        let paths = report::visible(&paths.join(", ")).into_owned();
        complain(&format!("nothing to lint in {paths}: no .yaml, .yml, .json or .template files"));
    }

    let workspace = Workspace::new(walked.sources);
    let found = ekslint::lint(&workspace);
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
    write_report(&render(options, &run), options.output_file.as_deref())?;
    if options.output_format == Format::Full && !options.quiet && !walked.nothing {
        // It holds the time, and the report has to be the same on every run: it goes where messages go.
        let gap = if shown.is_empty() { "" } else { "\n" };
        let _ = write!(io::stderr().lock(), "{gap}{}", report::full::summary(&run, started.elapsed()));
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

fn rules(format: ListFormat) -> Result<u8, Failure> {
    let summary = |page| Page::parse(page).map(|it| it.summary).unwrap_or_default();
    let text = match format {
        ListFormat::Text => {
            let id = RULES.iter().map(|it| it.id.len()).max().unwrap_or(0);
            let lines = RULES.iter().map(|it| format!("{:id$}  {:7}  {}\n", it.id, it.level.name(), summary(it.page)));
            lines.collect::<String>()
        }
        ListFormat::Json => {
            let rules = RULES
                .iter()
                .map(|it| serde_json::json!({ "id": it.id, "level": it.level.name(), "summary": summary(it.page) }));
            let rules: Vec<_> = rules.collect();
            format!("{:#}\n", serde_json::Value::from(rules))
        }
    };
    write_report(&text, None)?;
    Ok(0)
}

fn explain_error(error: &str) -> Result<u8, Failure> {
    let found = symptoms::rules_for(error);
    if found.is_empty() {
        return Err(Failure("no page speaks of this error; `ekslint rules` lists all rules".to_owned()));
    }
    let id = found.iter().map(|it| it.id.len()).max().unwrap_or(0);
    let lines = found.iter().map(|it| {
        let summary = Page::parse(it.page).map(|it| it.summary).unwrap_or_default();
        format!("{:id$}  {summary}\n", it.id)
    });
    write_report(&lines.collect::<String>(), None)?;
    Ok(0)
}

fn explain(name: &str) -> Result<u8, Failure> {
    if let Some(rule) = RULES.iter().find(|it| it.id == name) {
        write_report(rule.page, None)?;
        return Ok(0);
    }
    let shown = report::visible(name);
    let ids = RULES.iter().map(|it| it.id);
    Err(Failure(match closest(name, ids) {
        Some(id) => format!("there is no rule `{shown}`; did you mean `{id}`?"),
        None => format!("there is no rule `{shown}`; `ekslint rules` lists them all"),
    }))
}

/// The id that `name` was probably meant to be: the same name without its area, or the same but for a few letters.
fn closest<'a>(name: &str, ids: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let last = |id: &'a str| id.rsplit('/').next().unwrap_or(id);
    let by_last = |wanted: &str| ids.clone().find(|id| last(id) == wanted);
    by_last(name)
        .or_else(|| names::nearest(name, ids.clone()))
        .or_else(|| names::nearest(name, ids.clone().map(last)).and_then(by_last))
}

/// Help, the version, or what is wrong with the arguments.
fn usage(error: &clap::Error) -> ExitCode {
    // If nobody reads it, there is nobody to tell.
    let _ = error.print();
    if error.kind() == ErrorKind::InvalidSubcommand {
        let name = std::env::args_os().nth(1).unwrap_or_default();
        if name != OsStr::new("") && (Path::new(&name).exists() || name == OsStr::new("-")) {
            complain(&format!("to lint it: ekslint check {}", report::visible(&name.to_string_lossy())));
        }
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn write_report(text: &str, file: Option<&Path>) -> Result<(), Failure> {
    if let Some(path) = file {
        let shown = path.to_string_lossy();
        let written = std::fs::write(path, text);
        return written
            .map_err(|it| Failure(format!("cannot write to {}: {}", report::visible(&shown), walk::reason(&it))));
    }
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        // The reader has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure(format!("cannot write to standard output: {}", walk::reason(&error)))),
        Ok(()) => Ok(()),
    }
}

/// One line on standard error.
fn complain(message: &str) {
    // There is no other place left to complain to.
    let _ = writeln!(io::stderr().lock(), "ekslint: {message}");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn near_misses_are_guessed() {
        let ids = ["aws-auth/role-path", "irsa/audience", "iam/node-policy"];
        let table = [
            ("aws-auth/role-pth", Some("aws-auth/role-path"), "a letter is missing"),
            ("role-path", Some("aws-auth/role-path"), "the area is missing"),
            ("irsa/audiance", Some("irsa/audience"), "a letter is wrong"),
            ("something-else", None, "nothing like it"),
            ("", None, "nothing at all"),
        ];
        for (name, expected, reason) in table {
            assert_eq!(closest(name, ids.into_iter()), expected, "{reason}");
        }
    }
}
