//! The program: see [`cli::run`].

mod cli;
mod walk;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
