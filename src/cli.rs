//! The command line as types, and what its commands do. The only place that prints.
//!
//! Only the report goes to standard output; all else goes to standard error. Exit codes: 0 if there is nothing at or
//! above `--fail-on`, 1 if there is, 2 if something could not be done; 2 wins over 1.

mod baseline;
mod check;
mod config;
mod files_from;
mod generate;
mod git;
mod help;
mod internal_error;
mod keep;
mod lint;
mod list;
mod output;
mod pretty;
mod profile;
mod progress;
mod replace;
mod show_files;
mod suppress;
mod temporary;
mod usage;
mod watch;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use clap::{FromArgMatches, Parser, Subcommand};

use crate::walk;

/// A linter for the identity wiring of Amazon EKS clusters: who may become whom
///
/// Reads CloudFormation templates, Kubernetes manifests and IAM policies, as YAML or JSON. Nothing is executed, and
/// nothing leaves the machine.
#[derive(Parser)]
#[command(name = "ekslint", version, max_term_width = 100, before_help = FIRST, after_help = EXAMPLES)]
#[command(subcommand_required = true, arg_required_else_help = true, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const FIRST: &str = "Start with:  ekslint check          this folder and all below it";

const EXAMPLES: &str = "\
Examples:
  ekslint check infra k8s/aws-auth.yaml          a folder and a file
  helm template . | ekslint check -              standard input
  ekslint explain aws-auth/role-path             what a rule is for
  ekslint explain --error \"ARN is not mapped\"    which rules speak of an error";

#[derive(Subcommand)]
enum Command {
    /// Look for mistakes in files and folders
    Check(check::Check),
    /// Write down what is found today, to hear only of what is new
    Baseline(baseline::Write),
    /// Show the configuration, or its schema
    #[command(before_help = "Start with:  ekslint config show     what holds here, and where it came from")]
    Config {
        #[command(subcommand)]
        command: config::Command,
    },
    /// List all rules
    #[command(before_help = "Start with:  ekslint rules | less")]
    Rules {
        /// How to write the list
        #[arg(long, value_enum, value_name = "FORMAT", default_value_t = list::Format::Text)]
        output_format: list::Format,
    },
    /// Say what a rule is for, with examples
    #[command(before_help = "Start with:  ekslint explain aws-auth/role-path")]
    Explain {
        /// The rule, as it stands in brackets in a finding: aws-auth/role-path; or an area
        #[arg(conflicts_with = "error")]
        rule: Option<String>,

        /// Find the rules whose pages speak of an error that you saw
        #[arg(long, value_name = "TEXT")]
        error: Option<String>,
    },
    /// Print a script by which a shell completes all there is to type
    #[command(before_help = "Start with:  source <(ekslint completions bash)", after_help = COMPLETIONS)]
    Completions {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page, of ekslint or of one command
    #[command(before_help = "Start with:  ekslint man check | man -l -", after_help = MAN)]
    Man {
        /// The command: check
        command: Vec<String>,
    },
}

const COMPLETIONS: &str = "\
Where it goes:
  bash        ekslint completions bash > ~/.local/share/bash-completion/completions/ekslint
  zsh         ekslint completions zsh > ~/.zfunc/_ekslint      (~/.zfunc has to be in $fpath)
  fish        ekslint completions fish > ~/.config/fish/completions/ekslint.fish
  elvish      ekslint completions elvish >> ~/.config/elvish/rc.elv
  powershell  ekslint completions powershell >> $PROFILE";

const MAN: &str = "\
Examples:
  ekslint man check > ~/.local/share/man/man1/ekslint-check.1";

const WHICH: &str = "\
which rule? A finding has it in brackets: ekslint explain aws-auth/role-path
for an error that you saw: ekslint explain --error TEXT; all rules: ekslint rules";

/// What went so wrong that the exit code is 2: lines for standard error.
struct Failure(String);

/// Runs the program.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    internal_error::report_in_one_line();
    temporary::signals::survive_limits();
    ExitCode::from(internal_error::guard(|| execute(args)))
}

fn execute(args: impl IntoIterator<Item = OsString>) -> u8 {
    let started = Instant::now();
    let args = usage::with_help(args.into_iter().collect());
    let matches = help::command(&args).try_get_matches_from(&args);
    let outcome = match matches.and_then(|it| Cli::from_arg_matches(&it)) {
        Ok(cli) => match cli.command {
            Command::Check(options) => check::check(&options, started),
            Command::Baseline(options) => baseline::write(&options),
            Command::Config { command } => config::run(&command),
            Command::Rules { output_format } => list::rules(output_format),
            Command::Explain { rule, error } => match (rule, error) {
                (Some(rule), _) => list::explain(&rule),
                (None, Some(error)) => list::explain_error(&error),
                (None, None) => Err(Failure(WHICH.to_owned())),
            },
            Command::Completions { shell } => generate::completions(shell),
            Command::Man { command } => generate::man(&command),
        },
        Err(error) => return usage::tell(error),
    };
    match outcome {
        Ok(code) => code,
        Err(Failure(message)) => {
            message.lines().for_each(complain);
            2
        }
    }
}

/// Whether nobody reads what goes to standard output any more.
static READER_IS_GONE: AtomicBool = AtomicBool::new(false);

fn has_reader() -> bool {
    !READER_IS_GONE.load(Ordering::Relaxed)
}

/// Writes to standard output.
fn print(text: &str) -> Result<(), Failure> {
    print_with(|stdout| stdout.write_all(text.as_bytes()))
}

/// Writes to standard output what is made while it is written.
fn print_with(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let _alone = progress::erase();
    let mut stdout = io::stdout().lock();
    match write(&mut stdout).and_then(|()| stdout.flush()) {
        // The reader has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            READER_IS_GONE.store(true, Ordering::Relaxed);
            Ok(())
        }
        Err(error) => Err(Failure(format!("cannot write to standard output: {}", walk::reason(&error)))),
        Ok(()) => Ok(()),
    }
}

/// Bytes of a message on standard error beyond this number are left out.
const LONGEST_MESSAGE: usize = 4_000;

/// One line on standard error.
fn complain(message: &str) {
    let _alone = progress::erase();
    // There is no other place left to complain to.
    // An argument or a name in it may have any length.
    let end = (0..=LONGEST_MESSAGE.min(message.len())).rev().find(|at| message.is_char_boundary(*at)).unwrap_or(0);
    let more = if end < message.len() { "…" } else { "" };
    let _ = writeln!(io::stderr().lock(), "ekslint: {}{more}", &message[..end]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
