//! `ekslint completions` and `ekslint man`: what shells and `man` are told, made from the types of the command line.

use clap::builder::PossibleValuesParser;
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use ekslint::report;
use ekslint::rules::RULES;
use ekslint::selector::areas;

use super::arguments::Cli;
use super::help;
use super::output::formats;
use super::streams::{Failure, print};

/// Prints the completion script of a shell.
pub fn completions(shell: Shell) -> Result<u8, Failure> {
    let mut command = with_values(Cli::command());
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "ekslint", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(0)
}

/// The command line with all values that a shell can complete. The parser itself does not know the names of rules, so that
/// it can say what was meant, and takes a file behind the name of a format.
fn with_values(command: Command) -> Command {
    command.mut_subcommands(with_values).mut_args(|arg| {
        let rules = RULES.iter().map(|it| it.id);
        match arg.get_id().as_str() {
            "rule" => arg.value_parser(PossibleValuesParser::new(rules)),
            "select" | "ignore" => arg.value_parser(PossibleValuesParser::new(areas().chain(rules))),
            "output_format" if arg.get_possible_values().is_empty() => {
                arg.value_parser(PossibleValuesParser::new(formats()))
            }
            _ => arg,
        }
    })
}

/// Prints the manual page of the program, or of one of its commands.
pub fn man(names: &[String]) -> Result<u8, Failure> {
    let mut program = help::manual();
    // Gives each command its whole name.
    program.build();
    let mut command = &program;
    for name in names {
        command = command.find_subcommand(name).ok_or_else(|| no_such(command, name))?;
    }
    let mut page = Vec::new();
    let written = Man::new(command.clone())
        .source(concat!("ekslint ", env!("CARGO_PKG_VERSION")))
        .manual("ekslint")
        .render(&mut page);
    written.map_err(|it| Failure(format!("cannot make the manual page: {it}")))?;
    print(&String::from_utf8_lossy(&page))?;
    Ok(0)
}

fn no_such(command: &Command, name: &str) -> Failure {
    let known: Vec<_> = command.get_subcommands().map(|it| format!("`{}`", it.get_name())).collect();
    let known = if known.is_empty() { "no commands of its own".to_owned() } else { known.join(", ") };
    Failure(format!("there is no command `{}`; `{}` has {known}", report::visible(name), command.get_name()))
}
