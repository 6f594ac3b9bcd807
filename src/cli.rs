//! What the commands do. The only place that prints.
//!
//! Only the report goes to standard output; all else goes to standard error. Exit codes: 0 if there is nothing at or
//! above `--fail-on`, 1 if there is, 2 if something could not be done; 2 wins over 1.

mod arguments;
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
mod options;
mod output;
mod pretty;
mod profile;
mod progress;
mod replace;
mod show_files;
mod streams;
mod suppress;
mod temporary;
mod usage;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Instant;

use clap::FromArgMatches;

use arguments::{Cli, Command};
use streams::{Failure, complain};

const WHICH: &str = "\
which rule? A finding has it in brackets: ekslint explain aws-auth/role-path
for an error that you saw: ekslint explain --error TEXT; all rules: ekslint rules";

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
