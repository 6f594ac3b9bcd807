//! The options of `ekslint check`, and what they say together with the configuration.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use clap::builder::ArgPredicate;
use ekslint::Analysis;
use ekslint::config::Configuration;
use ekslint::lower::composite::Composites;
use ekslint::report::visible;

use super::baseline::Against;
use super::output::Output;
use super::streams::Failure;
use super::suppress::Suppressing;
use super::{config, files_from};
use crate::walk::nothing::Example;
use crate::walk::{self, Request};

const FIRST: &str = "Start with:  ekslint check            this folder and all below it";

const NOTES: &str = "Exit code: 0, or 1 if something reaches --fail-on, or 2 if something failed.";

const LONG_NOTES: &str = "\
In folders, files named *.yaml, *.yml, *.json and *.template are read. What .gitignore or .ignore names,
hidden files and folders, and links to folders are left out; .gitignore does not hide what Git tracks. A file
that is named is read whatever it is called; if it is of a kind that ekslint does not read, such as Terraform,
a message says so.

Exit codes:
  0  nothing at or above --fail-on
  1  something at or above --fail-on
  2  something could not be done: a file could not be read, no file was read in a folder, no rule can report,
     an option is wrong, ekslint itself failed";

#[derive(Args)]
#[command(before_help = FIRST, after_help = NOTES, after_long_help = LONG_NOTES)]
pub struct Check {
    /// Files and folders; `-` is standard input
    #[arg(default_value = ".", default_value_if("files_from", ArgPredicate::IsPresent, None))]
    paths: Vec<PathBuf>,

    /// Lint again whenever a file changes
    ///
    /// Files that would be read, the configuration and the baseline are looked at several times a second, or less often where
    /// they are many. A report that goes into a file is written anew each time.
    #[arg(short, long, conflicts_with_all = ["add_ignore", "update_baseline", "show_files"])]
    pub watch: bool,

    /// How many threads to use; 0 is one for each processor
    #[arg(long, value_name = "N", default_value_t = 0, hide_short_help = true)]
    #[arg(value_parser = clap::value_parser!(u16).range(..=256))]
    threads: u16,

    #[command(flatten)]
    pub settings: config::Options,

    #[command(flatten)]
    pub files: Files,

    #[command(flatten)]
    pub output: Output,

    #[command(flatten)]
    pub suppressing: Suppressing,

    #[command(flatten)]
    pub against: Against,
}

/// Which files are read.
#[derive(Args)]
#[command(next_help_heading = "Files")]
pub struct Files {
    /// Lint what a list names; `-` is standard input
    ///
    /// A path a line, or with a NUL after each: `git diff --name-only --diff-filter=d -z | ekslint check --files-from -`. What
    /// is excluded is passed over, and so are files that are not named *.yaml, *.yml, *.json or *.template.
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,

    /// Show what would be read, and what it is
    ///
    /// A line for each file, or for each file and folder that is passed over, with the reason; `--output-format json` is for
    /// programs. What .gitignore names is not shown. Nothing is linted.
    #[arg(long, conflicts_with_all = ["add_ignore", "update_baseline", "statistics"])]
    pub show_files: bool,

    /// Exit with 0 even if no file was read in a folder
    ///
    /// Without it, a folder in which no file was read, or in which no rule can report, makes the exit code 2. An empty
    /// --files-from list is no failure either way.
    #[arg(long, hide_short_help = true)]
    allow_empty: bool,

    /// Leave out what is excluded even where it is named
    #[arg(long, hide_short_help = true)]
    force_exclude: bool,

    /// What standard input is called in findings
    #[arg(long, value_name = "NAME", default_value = "<stdin>", hide_default_value = true, hide_short_help = true)]
    stdin_filename: String,
}

/// What a run is about, by all that says so: the command line, a list of files, the configuration.
pub struct Prepared {
    pub request: Request,
    pub configuration: Configuration,
}

impl Prepared {
    /// An analysis of files that are still to be read.
    pub fn analysis(&self) -> Analysis {
        Analysis::new(self.configuration.clone()).with_composites(self.request.composites.clone())
    }
}

impl Check {
    /// Reads the list of files and the configuration. Each run begins with it: either may change.
    pub fn prepare(&self) -> Result<Prepared, Failure> {
        let listed = self.files.files_from.as_deref().map(files_from::read).transpose()?.unwrap_or_default();
        let all: Vec<PathBuf> = self.paths.iter().chain(&listed).cloned().collect();
        let configuration = config::load(&self.settings, &all, &self.files.stdin_filename)?;
        let request = Request {
            paths: self.paths.clone(),
            listed,
            stdin_name: self.files.stdin_filename.clone(),
            threads: self.threads(),
            exclude: configuration.exclude(),
            force_exclude: self.files.force_exclude,
            keep_passed: self.files.show_files,
            baseline: self.against.file(&configuration)?.and_then(|it| fs::canonicalize(it).ok()),
            composites: Composites::default(),
        };
        Ok(Prepared { request, configuration })
    }

    /// The list of files, if it is a file itself.
    pub fn list(&self) -> Option<&PathBuf> {
        self.files.files_from.as_ref().filter(|it| !walk::is_stdin(it))
    }

    /// Says that there was nothing to read.
    pub fn nothing(&self, request: &Request) -> String {
        let list = self.files.files_from.as_ref().map(|it| format!("the list {}", files_from::name(it)));
        if request.paths.is_empty() && request.listed.is_empty() {
            return format!("nothing to lint: {} is empty", list.unwrap_or_default());
        }
        let paths = self.paths.iter().map(|it| visible(&it.to_string_lossy()).into_owned());
        let places: Vec<String> = paths.chain(list).collect();
        let places = places.join(", ");
        let help = if request.wants_folder() { self.allow_empty_help() } else { "" };
        match walk::nothing::example(request) {
            Some(Example { text, can_be_named }) => {
                let advice = if can_be_named { "; to lint it, name it on the command line" } else { "" };
                format!("no file was read in {places}: {text}{advice}{help}")
            }
            None => format!("nothing to lint in {places}: no .yaml, .yml, .json or .template files{help}"),
        }
    }

    /// Whether it lints again after each change.
    pub fn watches(&self) -> bool {
        self.watch
    }

    /// What to do if a run that linted nothing is to succeed.
    pub fn allow_empty_help(&self) -> &'static str {
        if self.files.allow_empty { "" } else { "; --allow-empty makes the exit code 0" }
    }

    pub fn allow_empty(&self) -> bool {
        self.files.allow_empty
    }

    pub fn threads(&self) -> usize {
        match self.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => usize::from(threads),
        }
    }

    /// Standard input is one thing, and ends.
    pub fn share_stdin(&self) -> Result<(), Failure> {
        let wrong = |what: &str| Err(Failure(what.to_owned()));
        let is_file = self.paths.iter().any(|it| walk::is_stdin(it));
        let is_list = self.files.files_from.as_ref().is_some_and(|it| walk::is_stdin(it));
        match (is_file, is_list) {
            (true, true) => wrong("`-` is a file to lint, and `--files-from -` a list: standard input cannot be both"),
            (true, _) if self.watch => wrong("--watch watches files, and standard input (`-`) is none"),
            (_, true) if self.watch => wrong("--watch reads the list again: give it a file, not `--files-from -`"),
            _ => Ok(()),
        }
    }
}
