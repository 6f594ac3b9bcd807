//! `ekslint check`: its options, and what it does with them.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use ekslint::config::Selection;
use ekslint::diagnostic::{Diagnostic, Level};
use ekslint::report::{self, Counts, Problem, Run, visible_path};
use ekslint::stage::{Observer, Stage};
use ekslint::suppress::Outcome;
use ekslint::workspace::Workspace;

use super::baseline::{Against, Held, Now};
use super::output::{self, Output};
use super::profile::{Profile, Work};
use super::suppress::{self, Suppressing};
use super::{Failure, complain, config};
use crate::walk::{self, Request};

const CHECK_NOTES: &str = "\
In folders, files named *.yaml, *.yml, *.json and *.template are read. What .gitignore names, hidden
files and folders, and links to folders are left out. A file that is named is always read.

Exit codes:
  0  nothing at or above --fail-on
  1  something at or above --fail-on
  2  something could not be done: a file could not be read, an option is wrong, ekslint itself failed";

#[derive(Args)]
#[command(after_help = CHECK_NOTES)]
pub struct Check {
    /// Files and folders; `-` is standard input
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    output: Output,

    #[command(flatten)]
    settings: config::Options,

    /// Leave out what is excluded even where it is named
    #[arg(long, help_heading = "Files")]
    force_exclude: bool,

    /// What standard input is called in findings
    #[arg(long, value_name = "NAME", default_value = "<stdin>", hide_default_value = true)]
    stdin_filename: String,

    /// How many threads to use; 0 is one for each processor
    #[arg(long, value_name = "N", default_value_t = 0)]
    #[arg(value_parser = clap::value_parser!(u16).range(..=256))]
    threads: u16,

    #[command(flatten)]
    suppressing: Suppressing,

    #[command(flatten)]
    against: Against,

    /// No summary
    #[arg(short, long, help_heading = "Output")]
    quiet: bool,

    /// Say on standard error how long each stage took, and which rules took longest
    #[arg(long, help_heading = "Output")]
    profile: bool,
}

/// Lints, writes the report, and says the exit code.
pub fn check(options: &Check, started: Instant) -> Result<u8, Failure> {
    let targets = options.output.targets()?;
    let configuration = config::load(&options.settings, &options.paths, &options.stdin_filename)?;
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => usize::from(threads),
    };
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()
        .map_err(|it| Failure(format!("cannot start {threads} threads: {it}")))?;

    let request = Request {
        paths: options.paths.clone(),
        stdin_name: options.stdin_filename.clone(),
        threads,
        exclude: configuration.exclude(),
        force_exclude: options.force_exclude,
    };
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
    let mut workspace = Workspace::with(walked.sources, &configuration, &profile);
    let selection = Selection::new(&configuration);
    let found = ekslint::lint_with(&workspace, &selection, &profile);
    let Outcome { findings, mut suppressed } =
        options.suppressing.apply(&mut workspace, found, &selection, &options.paths)?;
    let now = Now {
        workspace: &workspace,
        request: &request,
        configuration: &configuration,
        selection: &selection,
        problems: &walked.problems,
    };
    let Held { findings: mut found, suppressed: known, stale } = options.against.apply(&now, findings, |then| {
        let found = ekslint::lint_with(then, &selection, &());
        let outcome = options.suppressing.apply(then, found, &selection, &options.paths)?;
        Ok(outcome.findings)
    })?;
    suppressed.extend(known);
    suppressed.sort_by_key(|it| it.finding.span);
    let fail_on = configuration.fail_on().level();
    let least =
        configuration.level().map_or(fail_on.map_or(Level::Warning, |it| it.min(Level::Warning)), |it| it.level());
    let mut shown: Vec<Diagnostic> = found.iter().filter(|it| it.level >= least).cloned().collect();
    if let Some(reason) = &options.suppressing.add_ignore {
        let stdin = options.paths.iter().any(|it| it.as_os_str() == "-").then_some(options.stdin_filename.as_str());
        let left = suppress::add(&workspace, &shown, reason, stdin)?;
        // They are in the same order.
        let mut next = left.iter().peekable();
        found.retain(|it| it.level < least || next.next_if(|left| *left == it).is_some());
        shown = left;
    }
    let root = output::root();
    let run = Run {
        workspace: &workspace,
        selection: Some(&selection),
        root: &root,
        shown: &shown,
        suppressed: &suppressed,
        stale,
        show_suppressed: options.suppressing.show_suppressed,
        found: Counts::of(&found),
        problems: &walked.problems,
        files_read: walked.files_read,
        recognised: workspace.recognised,
    };
    let written = profile.stage(Stage::Report, || options.output.write(&targets, &run))?;
    if output::wants_summary(&targets) && !options.quiet && !walked.nothing {
        // It holds the time, and the report has to be the same on every run: it goes where messages go.
        let gap = if shown.is_empty() && run.shown_suppressed().is_empty() { "" } else { "\n" };
        let _ = write!(io::stderr().lock(), "{gap}{}", report::full::summary(&run, started.elapsed()));
    }
    if options.profile {
        let work = Work {
            read: (walked.files_read, walked.bytes_read),
            kept,
            facts: workspace.facts.len(),
            findings: found.len(),
            report: written,
        };
        let _ = write!(io::stderr().lock(), "\n{}", profile.table(&work, started.elapsed()));
    }

    let failed = fail_on.is_some_and(|least| found.iter().any(|it| it.level >= least));
    let is_whole = walked.problems.is_empty() && !found.iter().any(|it| it.rule == ekslint::FAULT);
    Ok(if is_whole { u8::from(failed) } else { 2 })
}
