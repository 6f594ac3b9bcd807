//! One run: what is there is read and linted, and the report is written.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use ekslint::analysis::{Texts, former_ids};
use ekslint::diagnostic::{Counts, Diagnostic, Level};
use ekslint::lookup::Token;
use ekslint::report::{self, Problem, Run, visible_path};
use ekslint::stage::{Observer, Stage};
use ekslint::{Analysis, Outcome};

use super::baseline::{Held, Now};
use super::config::{NO_RULE, silenced};
use super::options::{Check, Prepared};
use super::output::{self, Target};
use super::profile::{Profile, Work};
use super::progress::Progress;
use super::streams::{Failure, complain};
use super::suppress;
use crate::walk::kinds::UNSUPPORTED;
use crate::walk::{self, referred, search};

/// Those who watch the stages of a run.
struct Watchers {
    profile: Profile,
    progress: Progress,
}

impl Observer for Watchers {
    fn stage<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        self.progress.begin(stage);
        self.profile.stage(stage, work)
    }
}

/// What came of a run.
#[derive(Default)]
pub struct Ran {
    pub code: u8,
    /// Other files than those that were linted say what fills placeholders in.
    pub searched: bool,
    /// With `--watch`, what files of units refer to, whether it is there or not.
    pub referred: BTreeSet<PathBuf>,
}

/// Lints and writes the report. With `--watch` it is called again and again, and what was read of files that have not changed is
/// kept in `analysis`.
pub fn run(
    options: &Check,
    targets: &[Target],
    prepared: &Prepared,
    analysis: &mut Analysis,
    started: Instant,
) -> Result<Ran, Failure> {
    let Prepared { request, configuration } = prepared;
    let watchers =
        Watchers { profile: Profile::new(options.output.profile), progress: Progress::start(options.output.quiet) };
    let texts = if options.watches() { Texts::All } else { Texts::Needed };
    let mut walked = walk::walk(request, analysis, texts, &watchers, watchers.progress.files());
    for Problem { path, reason } in &walked.problems {
        complain(&format!("{}: {}", visible_path(path), report::visible(reason)));
    }
    for path in &walked.unsupported {
        complain(&format!("{}: {UNSUPPORTED}", visible_path(path)));
    }
    walked.notices.iter().for_each(|it| complain(it));
    let is_empty = walked.nothing && request.wants_folder();
    if is_empty || walked.nothing && walked.unsupported.is_empty() {
        complain(&options.nothing(request));
    }

    let kept = (walked.files.len(), walked.bytes_kept);
    let referred = if options.watches() { referred::places(&walked.files, request) } else { BTreeSet::new() };
    let silent = match analysis.selection().is_empty() {
        true => Some(NO_RULE.to_owned()),
        false => silenced(analysis, request, &walked).map(|it| it + options.allow_empty_help()),
    };
    silent.iter().for_each(|it| complain(it));
    analysis.replace(walked.files);
    let settings = options.suppressing.settings(request)?;
    let mut searched = false;
    let is_searched = &mut searched;
    // They are freed after the search.
    let folders = std::mem::take(&mut walked.walked);
    let search = move |tokens: &[Token]| {
        let answers = search::answers(tokens, request, &folders);
        *is_searched = !tokens.is_empty() && answers.is_some();
        Ok::<_, Failure>(answers)
    };
    let (inventory, outcome) = analysis.run(&settings, search, &watchers)?;
    former_ids(configuration, &inventory).iter().for_each(|it| complain(it));
    let Outcome { findings, mut suppressed, verdicts, left_out, counts: _ } = outcome;
    let selection = analysis.selection();
    let now = Now { inventory: &inventory, request, configuration, selection, settings, problems: &walked.problems };
    let Held { findings: found, suppressed: known, stale, changed } = options.against.apply(&now, findings)?;
    suppressed.extend(known);
    suppressed.sort_by_key(|it| inventory.files.position(it.finding.span));
    let fail_on = configuration.fail_on().level();
    let least =
        configuration.level().map_or(fail_on.map_or(Level::Warning, |it| it.min(Level::Warning)), |it| it.level());
    let (mut shown, mut held_back): (Vec<Diagnostic>, Vec<_>) = found.into_iter().partition(|it| it.level >= least);
    if let Some(reason) = &options.suppressing.add_ignore {
        let stdin = request.wants_stdin().then_some(request.stdin_name.as_str());
        shown = suppress::add(&inventory, &verdicts, &shown, reason, stdin)?;
    }
    if let Some(it) = left_out {
        let findings = if it.level >= least { &mut shown } else { &mut held_back };
        let position = |it: &Diagnostic| inventory.files.position(it.span);
        findings.insert(findings.partition_point(|other| position(other) <= position(&it)), it);
    }
    let root = output::root();
    let run = Run {
        inventory: &inventory,
        selection: Some(selection),
        docs_url: configuration.docs_url(),
        changed: changed.as_ref(),
        root: &root,
        shown: &shown,
        suppressed: &suppressed,
        stale,
        show_suppressed: options.suppressing.show_suppressed,
        found: Counts::of(shown.iter().chain(&held_back)),
        problems: &walked.problems,
        files_read: walked.files_read,
        recognised: inventory.recognised,
        tracked_hidden: walked.tracked_hidden,
        links_out: walked.links_out,
    };
    let Watchers { profile, progress } = watchers;
    progress.end();
    let written = profile.stage(Stage::Report, || options.output.write(targets, &run))?;
    if output::wants_summary(targets) && !options.output.quiet && !walked.nothing {
        // It holds the time, and the report has to be the same on every run: it goes where messages go.
        let gap = if shown.is_empty() && run.shown_suppressed().is_empty() { "" } else { "\n" };
        let _ = write!(
            io::stderr().lock(),
            "{gap}{}",
            report::full::summary(&run, started.elapsed(), options.output.summary())
        );
    }
    if options.output.profile {
        let work = Work {
            read: (walked.files_read, walked.bytes_read),
            kept,
            facts: inventory.facts.len(),
            findings: shown.len() + held_back.len(),
            report: written,
        };
        let _ = write!(io::stderr().lock(), "\n{}", profile.table(&work, started.elapsed()));
    }

    let found = || shown.iter().chain(&held_back);
    let failed = fail_on.is_some_and(|least| found().any(|it| it.level >= least));
    let is_whole = (options.allow_empty() || !is_empty && silent.is_none())
        && walked.problems.is_empty()
        && !found().any(|it| it.rule == ekslint::INTERNAL_ERROR);
    Ok(Ran { code: if is_whole { u8::from(failed) } else { 2 }, searched, referred })
}
