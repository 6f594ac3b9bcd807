//! `--profile`: how long each stage of a run took. The clock is here, outside the library.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ekslint::rules::RULES;
use ekslint::stage::{Observer, Stage};

/// How many rules are named.
const SLOWEST: usize = 5;

/// The clock of a run. If nobody asked for it, it does not tick.
#[derive(Default)]
pub struct Profile {
    is_on: bool,
    read: Clock,
    parse: Clock,
    lower: Clock,
    link: Clock,
    search: Clock,
    rules: Clock,
    each_rule: Mutex<BTreeMap<&'static str, Duration>>,
    report: Clock,
}

/// What a run had to do.
pub struct Work {
    /// Files and bytes that were read.
    pub read: (usize, u64),
    /// Those that may have something to do with EKS, in bytes of text.
    pub kept: (usize, u64),
    pub facts: usize,
    /// Findings of all levels, shown or not.
    pub findings: usize,
    /// Bytes of the report.
    pub report: usize,
}

/// How long something took, summed over all the times it was done and all threads that did it.
#[derive(Default)]
struct Clock {
    nanoseconds: AtomicU64,
    times: AtomicU64,
}

impl Clock {
    fn add(&self, took: Duration) {
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
        self.times.fetch_add(1, Ordering::Relaxed);
    }

    fn took(&self) -> Duration {
        Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed))
    }
}

impl Observer for Profile {
    fn stage<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        if !self.is_on {
            return work();
        }
        let started = Instant::now();
        let result = work();
        let took = started.elapsed();
        match stage {
            Stage::Read => self.read.add(took),
            Stage::Parse => self.parse.add(took),
            Stage::Lower => self.lower.add(took),
            Stage::Link => self.link.add(took),
            Stage::Search => self.search.add(took),
            Stage::Rules => self.rules.add(took),
            Stage::Rule(id) => {
                *self.each_rule.lock().unwrap_or_else(PoisonError::into_inner).entry(id).or_default() += took;
            }
            Stage::Report => self.report.add(took),
        }
        result
    }
}

impl Profile {
    pub fn new(is_on: bool) -> Self {
        Self { is_on, ..Self::default() }
    }

    /// The stages as a table, with the slowest rules.
    pub fn table(&self, work: &Work, whole: Duration) -> String {
        let rules = self.each_rule.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut rules: Vec<(Duration, &str)> = rules.into_iter().map(|(id, took)| (took, id)).collect();
        rules.sort_by(|a, b| b.cmp(a));
        let threads = rayon::current_num_threads();
        let mut table = format!("{:<34}{:>12}{:>14}\n", "stage", "elapsed", "all threads");
        let (files, bytes) = work.read;
        let (kept, kept_bytes) = work.kept;
        let read = format!("{files} files, {bytes} bytes; kept {kept} files, {kept_bytes} bytes");
        row(&mut table, "read", Some(self.read.took()), None, &read);
        let documents = format!("{} documents", self.parse.times.load(Ordering::Relaxed));
        row(&mut table, "  parse", None, Some(self.parse.took()), &documents);
        row(&mut table, "  lower", None, Some(self.lower.took()), &format!("{} facts", work.facts));
        row(&mut table, "link", Some(self.link.took()), None, "");
        row(&mut table, "search for placeholders", Some(self.search.took()), None, "");
        let summed = rules.iter().map(|(took, _)| *took).sum();
        let findings = format!("{} rules, {} findings", RULES.len(), work.findings);
        row(&mut table, "rules", Some(self.rules.took()), Some(summed), &findings);
        for (took, id) in rules.iter().take(SLOWEST) {
            row(&mut table, &format!("  {id}"), None, Some(*took), "");
        }
        row(&mut table, "report", Some(self.report.took()), None, &format!("{} bytes", work.report));
        row(&mut table, "whole run", Some(whole), None, &format!("{threads} threads"));
        table
    }
}

fn row(table: &mut String, name: &str, elapsed: Option<Duration>, summed: Option<Duration>, work: &str) {
    let milliseconds =
        |it: Option<Duration>| it.map_or(String::new(), |it| format!("{:.2} ms", it.as_secs_f64() * 1e3));
    let row = format!("{name:<34}{:>12}{:>14}  {work}", milliseconds(elapsed), milliseconds(summed));
    table.push_str(row.trim_end());
    table.push('\n');
}
