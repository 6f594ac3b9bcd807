//! The command line as types, and what its commands do. The only place that prints.
//!
//! Only the report goes to standard output; all else goes to standard error. Exit codes: 0 if there is nothing at or
//! above `--fail-on`, 1 if there is, 2 if something could not be done; 2 wins over 1.

mod baseline;
mod check;
mod config;
mod git;
