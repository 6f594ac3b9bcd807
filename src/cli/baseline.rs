//! `ekslint baseline`, and what `ekslint check` holds back because it was there before.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;

use clap::Args;
use ekslint::analysis::{Texts, former_ids};
use ekslint::baseline::{Baseline, Entry, relative, resolve};
use ekslint::config::{Configuration, Selection};
use ekslint::diagnostic::{Diagnostic, Suppressed, Suppression};
use ekslint::fingerprint::{Fingerprint, fingerprints_by};
use ekslint::former::FormerId;
use ekslint::lookup::Token;
use ekslint::lower::composite::Composites;
use ekslint::report::{self, Changed, Problem, visible_path};
use ekslint::rules::RULES;
use ekslint::source::Source;
use ekslint::suppress::Settings;
use ekslint::workspace::Inventory;
use ekslint::{Analysis, Outcome};

use super::config::{NO_RULE, silenced};
use super::streams::{Failure, complain};
use super::suppress::Suppressing;
use super::{config, git, replace};
use crate::walk::inside;
use crate::walk::kinds::UNSUPPORTED;
use crate::walk::{self, Request, search};

/// The file, where nobody says another.
const DEFAULT: &str = "ekslint-baseline.json";

const FIRST: &str = "Start with:  ekslint baseline     then commit ekslint-baseline.json";

/// Bytes that a baseline may have, read or written: about a million findings.
const LIMIT: u64 = 64 << 20;

/// The options of `check` about what was there before.
#[derive(Args)]
#[command(next_help_heading = "Holding findings back")]
pub struct Against {
    /// Hold back what `ekslint baseline` wrote down
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Remove from the baseline what is not found any more
    ///
    /// Nothing is ever added: `ekslint baseline --accept-new` does that.
    #[arg(long, hide_short_help = true)]
    update_baseline: bool,

    /// Report what is new since a branch or commit
    ///
    /// Findings that were there already where this branch left another one, or at a commit, are held back. Git is asked for
    /// what the files held then; nothing is checked out.
    #[arg(long, value_name = "REF")]
    diff_base: Option<String>,
}

/// Write down what is found today, so that `check --baseline` reports only what is new.
#[derive(Args)]
#[command(before_help = FIRST)]
pub struct Write {
    /// Files and folders
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,

    /// The file to write [default: ekslint-baseline.json]
    ///
    /// Where the configuration names a baseline, it is that.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Take new findings into a baseline that is there already
    #[arg(long)]
    accept_new: bool,

    #[command(flatten)]
    settings: config::Options,

    /// Leave out what is excluded even where it is named
    #[arg(long, help_heading = "Files", hide_short_help = true)]
    force_exclude: bool,
}

/// A run, as far as it decides what is new.
pub struct Now<'a> {
    pub inventory: &'a Inventory,
    pub request: &'a Request,
    pub configuration: &'a Configuration,
    pub selection: &'a Selection,
    pub settings: Settings,
    pub problems: &'a [Problem],
}

/// What is left of the findings.
pub struct Held {
    pub findings: Vec<Diagnostic>,
    /// What was there before.
    pub suppressed: Vec<Suppressed>,
    /// Entries of the baseline that no finding answers to any more.
    pub stale: usize,
    /// What differs from the commit, if there is one.
    pub changed: Option<Changed>,
}

impl Against {
    /// The baseline that holds findings back, if one is named.
    pub fn file(&self, configuration: &Configuration) -> Result<Option<PathBuf>, Failure> {
        self.baseline.clone().map_or_else(|| config::baseline(configuration), |it| Ok(Some(it)))
    }

    /// Takes out what was there before.
    pub fn apply(&self, now: &Now<'_>, found: Vec<Diagnostic>) -> Result<Held, Failure> {
        let mut held = Held { findings: found, suppressed: Vec::new(), stale: 0, changed: None };
        match self.file(now.configuration)? {
            Some(file) => held.baseline(now, &file, self.update_baseline)?,
            None if self.update_baseline => {
                let help = "name it with --baseline FILE, or in the configuration";
                return Err(Failure(format!("--update-baseline: which baseline? {help}")));
            }
            None => {}
        }
        // Nothing is new in nothing, whatever the commit.
        if let Some(reference) = &self.diff_base
            && (now.request.wants_stdin() || now.request.named().next().is_some())
        {
            let past = git::past(reference, now.request, &now.inventory.files)?;
            let is_new = |it: &&String| !now.problems.iter().any(|known| known.path == **it);
            for path in past.limited_by.iter().filter(is_new) {
                let why = "too large, or its patterns take too much work for the files of the commit";
                complain(&format!("{}: {why}, so findings that it has may be reported as new", visible_path(path)));
            }
            let mut analysis = Analysis::new(now.configuration.clone()).with_composites(now.request.composites.clone());
            analysis.read(past.sources, &());
            let (then, known) = analysis.run(&now.settings, |tokens| past.others.answers(tokens), &())?;
            let known = fingerprints_of(&then, &past.root, &known.findings);
            let known: HashSet<String> = known.iter().map(ToString::to_string).collect();
            held.take(now, &past.root, &Suppression::Commit, |it| known.contains(&it.to_string()));
            let texts: HashMap<&Path, &str> = then.files.iter().map(|(_, it)| (&*it.place, &*it.text)).collect();
            let before = |now: &Source| fs::canonicalize(&now.place).ok().and_then(|it| texts.get(&*it).copied());
            held.changed = Some(Changed::new(now.inventory, before));
        }
        Ok(held)
    }
}

impl Held {
    fn baseline(&mut self, now: &Now<'_>, file: &Path, update: bool) -> Result<(), Failure> {
        let shown = shown(file);
        let baseline = match read(file)? {
            Some(baseline) => baseline,
            None => {
                let help = match is_default(file) {
                    true => "`ekslint baseline` writes one".to_owned(),
                    false => format!("`ekslint baseline --output {shown}` writes one"),
                };
                return Err(Failure(format!("{shown}: no such baseline; {help}")));
            }
        };
        let folder = folder(file)?;
        let prints = self.take(now, &folder, &Suppression::Baseline, |it| baseline.holds(it));
        let prints: HashSet<String> = prints.iter().flat_map(Fingerprint::names).collect();
        let judge = Judge::new(now, &folder);
        let is_left = |it: &Entry| prints.contains(&it.fingerprint) || !judge.judges(it);
        self.stale = baseline.entries().iter().filter(|it| !is_left(it)).count();
        if !update {
            return Ok(());
        }
        let left = baseline.retained(is_left);
        if !now.problems.is_empty() {
            complain(&format!("{shown} is left as it is: what could not be read may hold what is in it"));
        } else if self.stale > 0 {
            save(file, &left)?;
            let (gone, left) = (self.stale, left.entries().len());
            complain(&format!("{shown}: {} removed, {left} left", count(gone, "stale entry", "stale entries")));
            self.stale = 0;
        }
        Ok(())
    }

    /// Takes out findings that `is_known` says; gives the fingerprints of all.
    fn take(
        &mut self,
        now: &Now<'_>,
        folder: &Path,
        how: &Suppression,
        is_known: impl Fn(&Fingerprint) -> bool,
    ) -> Vec<Fingerprint> {
        // All findings that no directive suppresses are counted together, so that equal ones are told apart as they
        // were when they were written down.
        let mut all = std::mem::take(&mut self.findings);
        let left = all.len();
        all.extend(self.suppressed.iter().map(|it| it.finding.clone()));
        let prints = fingerprints_of(now.inventory, folder, &all);
        all.truncate(left);
        for (finding, print) in all.into_iter().zip(&prints) {
            match is_known(print) {
                true => self.suppressed.push(Suppressed { finding, how: how.clone() }),
                false => self.findings.push(finding),
            }
        }
        prints
    }
}

/// Says of which entries a run can tell that nothing answers to them any more.
struct Judge<'a> {
    now: &'a Now<'a>,
    folder: &'a Path,
    /// The folders that were linted. A file that is named by itself may lack what its findings came from.
    linted: Vec<PathBuf>,
    broken: HashSet<PathBuf>,
}

impl<'a> Judge<'a> {
    fn new(now: &'a Now<'a>, folder: &'a Path) -> Self {
        let named = now.request.named().filter_map(|it| fs::canonicalize(it).ok());
        let broken = now.inventory.facts.broken_documents.iter();
        Self {
            now,
            folder,
            linted: named.filter(|it| it.is_dir()).collect(),
            broken: broken.map(|it| now.inventory.source(it.span.file).place.to_path_buf()).collect(),
        }
    }

    fn judges(&self, entry: &Entry) -> bool {
        let file = resolve(self.folder, &entry.path);
        let id = FormerId::find(&entry.rule).map_or(entry.rule.as_str(), |it| it.rule);
        let rule = RULES.iter().position(|it| it.id == id);
        // What could not be read may be what an entry is about, or what it came from.
        self.now.problems.is_empty()
            && self.linted.iter().any(|it| file.starts_with(it))
            && !self.now.request.exclude.iter().any(|it| it.hold(&file) || it.are_too_much())
            && rule.is_none_or(|it| self.now.selection.runs(it))
            && !self.broken.contains(&file)
    }
}

/// Writes a baseline, or brings one up to date.
pub fn write(options: &Write) -> Result<u8, Failure> {
    if options.paths.iter().any(|it| walk::is_stdin(it)) {
        return Err(Failure("a baseline is of files, and standard input is none".to_owned()));
    }
    let configuration = config::load(&options.settings, &options.paths, "<stdin>")?;
    let file = match &options.output {
        Some(file) => file.clone(),
        None => config::baseline(&configuration)?.map_or_else(|| config::unnamed(DEFAULT), Ok)?,
    };
    let old = read(&file)?;
    let request = Request {
        paths: options.paths.clone(),
        listed: Vec::new(),
        stdin_name: String::new(),
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        exclude: configuration.exclude(),
        force_exclude: options.force_exclude,
        keep_passed: false,
        baseline: fs::canonicalize(&file).ok(),
        composites: Composites::default(),
    };
    let mut analysis = Analysis::new(configuration).with_composites(request.composites.clone());
    let walked = walk::walk(&request, &analysis, Texts::Needed, &(), &AtomicUsize::default());
    walked.notices.iter().for_each(|it| complain(it));
    for path in &walked.unsupported {
        complain(&format!("{}: {UNSUPPORTED}", visible_path(path)));
    }
    if !walked.problems.is_empty() || walked.nothing {
        for Problem { path, reason } in &walked.problems {
            complain(&format!("{}: {}", visible_path(path), report::visible(reason)));
        }
        let why = match walk::nothing::example(&request).filter(|_| walked.nothing) {
            Some(example) => format!("no file was read: {}", example.text),
            None if walked.nothing => "there is nothing to lint".to_owned(),
            None => "not everything could be read".to_owned(),
        };
        return Err(Failure(format!("no baseline is written, because {why}")));
    }
    if analysis.selection().is_empty() {
        return Err(Failure(format!("no baseline is written: {NO_RULE}")));
    }
    if let Some(why) = silenced(&analysis, &request, &walked) {
        return Err(Failure(format!("no baseline is written: {why}")));
    }
    analysis.add(walked.files);
    let settings = Suppressing::default().settings(&request)?;
    let search = |tokens: &[Token]| Ok::<_, Failure>(search::answers(tokens, &request, &walked.walked));
    // What a directive suppresses needs no baseline.
    let (inventory, Outcome { findings, left_out, .. }) = analysis.run(&settings, search, &())?;
    former_ids(analysis.configuration(), &inventory).iter().for_each(|it| complain(it));
    let folder = folder(&file)?;
    let prints = fingerprints_of(&inventory, &folder, &findings);
    let new = Baseline::of(&findings, &prints);
    let old = old.map(|it| it.renamed(&findings, &prints));
    let now = Now {
        inventory: &inventory,
        request: &request,
        configuration: analysis.configuration(),
        selection: analysis.selection(),
        settings,
        problems: &walked.problems,
    };
    let judge = Judge::new(&now, &folder);
    let kept = old.clone().unwrap_or_default().retained(|it| !judge.judges(it));
    let new = new.and(&kept);
    let (shown, before) = (shown(&file), old.clone().unwrap_or_default());
    let (added, removed) = (new.without(&before), before.without(&new));
    if old.is_some() && added > 0 && !options.accept_new {
        let findings = count(added, "finding is", "findings are");
        let help = "`ekslint baseline --accept-new` takes them in, `ekslint check --baseline` shows them";
        return Err(Failure(format!("{shown} is left as it is: {findings} not in it; {help}")));
    }
    save(&file, &new)?;
    let all = count(new.entries().len(), "finding", "findings");
    complain(&format!(
        "{shown}: {all} (+{added} / -{removed}); `ekslint check --baseline {shown}` reports what is new"
    ));
    if let Some(it) = left_out {
        complain(&format!("{shown} does not hold all findings: {}", it.message));
    }
    Ok(0)
}

/// The fingerprints of findings, with files named from a folder.
fn fingerprints_of(inventory: &Inventory, folder: &Path, findings: &[Diagnostic]) -> Vec<Fingerprint> {
    fingerprints_by(inventory, |it: &Source| relative(folder, &it.place), findings)
}

/// Reads a baseline. Nothing if there is none.
fn read(file: &Path) -> Result<Option<Baseline>, Failure> {
    let fail = |why: &str| Failure(format!("{}: {why}", shown(file)));
    // A link that leads nowhere was meant to be read.
    if fs::symlink_metadata(file).is_err_and(|it| it.kind() == std::io::ErrorKind::NotFound) {
        return Ok(None);
    }
    let meta = fs::metadata(file).map_err(|it| fail(&walk::reason(&it)))?;
    if !meta.is_file() {
        return Err(fail("not a regular file"));
    }
    if meta.len() > LIMIT {
        return Err(fail(&format!("larger than {} MiB, which no baseline is", LIMIT >> 20)));
    }
    let bytes = fs::read(file).map_err(|it| fail(&walk::reason(&it)))?;
    let text = String::from_utf8(bytes).map_err(|_| fail("this is not UTF-8: restore the file, or write a new one"))?;
    Baseline::parse(&text).map(Some).map_err(|it| fail(&it))
}

fn save(file: &Path, baseline: &Baseline) -> Result<(), Failure> {
    let failed = |it| Failure(format!("cannot write to {}: {}", shown(file), walk::reason(&it)));
    // What is written has to be readable again.
    if baseline.write(&mut io::sink(), LIMIT).is_err() {
        let what = format!("{} findings make a baseline larger than {} MiB", baseline.entries().len(), LIMIT >> 20);
        let help = "write one per folder, or fix or ignore the rule with the most findings (--statistics)";
        return Err(Failure(format!("{} is not written: {what}; {help}", shown(file))));
    }
    let write = |out: &mut dyn io::Write| {
        let mut out = io::BufWriter::new(out);
        baseline.write(&mut out, LIMIT)?;
        out.flush()
    };
    replace::write(file, write).map_err(failed)
}

/// The folder that a baseline is in, which the paths in it are relative to: without links.
fn folder(file: &Path) -> Result<PathBuf, Failure> {
    let folder = file.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::canonicalize(folder).map_err(|it| Failure(format!("{}: {}", shown(folder), walk::reason(&it))))
}

/// Whether `ekslint baseline`, typed here without any option, writes this file.
fn is_default(file: &Path) -> bool {
    let written = || match config::baseline(&config::here()?)? {
        Some(file) => Ok::<_, Failure>(file),
        None => config::unnamed(DEFAULT),
    };
    let real = config::working_folder().ok().and_then(|here| inside::typed(&here, file).ok());
    real.is_some_and(|real| written().is_ok_and(|it| it == real))
}

/// A file as messages name it: from the working directory, where it is below it.
fn shown(file: &Path) -> String {
    let here = std::env::current_dir().and_then(fs::canonicalize).unwrap_or_default();
    let file = file.strip_prefix(&here).unwrap_or(file).to_string_lossy();
    visible_path(&file).into_owned()
}

fn count(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
