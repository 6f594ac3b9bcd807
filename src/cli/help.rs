//! How help is laid out. `-h` is what most people need and fits a screen of 24 lines; `--help` is all there is, a line for
//! each option; the manual page has a paragraph where one is needed. All of it stands once, beside the options.

use std::ffi::OsString;
use std::fmt::Write;

use clap::{Arg, Command, CommandFactory};

use super::arguments::Cli;

/// Commands with fewer options than this need no headings over them.
const FEW: usize = 15;

/// The command line, with the help that its arguments ask for.
pub fn command(args: &[OsString]) -> Command {
    let command = Cli::command();
    if args.iter().any(|it| it == "--help") {
        return each(command, &|command| {
            let has_few = command.get_arguments().count() < FEW;
            let mut after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            if !has_few {
                let _ = write!(after, "\nMore on each option: ekslint man {} | man -l -", command.get_name());
            }
            // What is left is short, so that `--help` is written as compactly as `-h`.
            let command = command.long_about(None).after_long_help(None).after_help(after);
            command.mut_args(|it| headed(it.long_help(None).hide_short_help(false), has_few))
        });
    }
    if args.iter().any(|it| it == "-h") {
        return each(command, &|command| command.mut_args(|it| headed(without_values(it), true)));
    }
    command
}

/// The command line for its manual pages, which leave nothing out.
pub fn manual() -> Command {
    each(Cli::command(), &|command| command.mut_args(|it| it.hide_short_help(false)))
}

fn without_values(arg: Arg) -> Arg {
    if arg.get_action().takes_values() { arg.hide_possible_values(true) } else { arg }
}

fn headed(arg: Arg, has_few: bool) -> Arg {
    if has_few && !arg.is_positional() { arg.help_heading(None) } else { arg }
}

fn each(command: Command, change: &impl Fn(Command) -> Command) -> Command {
    change(command).mut_subcommands(|it| each(it, change))
}
