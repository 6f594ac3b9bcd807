//! The program: see [`cli::run`].

mod cli;
#[cfg(test)]
mod scratch;
mod walk;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
