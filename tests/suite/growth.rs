//! The work of the whole run, of each stage and of each rule grows with the input, on workspaces in which much of one kind meets.
//!
//! The gate compares the processor time of one thread on N and 4N, and takes the minimum of several runs. Another process can
//! make a run slower (mostly by taking its caches: up to six times instead of four was seen on a busy machine) and never quicker,
//! so the limit lies halfway between linear and quadratic, and a ratio above it is measured again before it counts. A count of
//! allocations would be exact, but it cannot see a loop over all pairs that only compares. A count of instructions sees both
//! and needs valgrind, so no test can rest on it.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::hint::black_box;
use std::sync::Mutex;
use std::time::Duration;

use ekslint::Analysis;
use ekslint::date::Date;
use ekslint::lower;
use ekslint::report::{self, Run};
use ekslint::source::Source;
use ekslint::stage::{Observer, Stage};
use ekslint::suppress::Settings;
use rustix::time::{ClockId, clock_gettime};

#[path = "../../benches/stages/dense.rs"]
#[allow(dead_code)]
mod dense;
#[path = "../../benches/stages/generated.rs"]
#[allow(dead_code)]
mod generated;

use dense::{Files, KINDS, Kind};

/// How much more input the larger workspace is.
const TIMES: usize = 4;
/// How many times as long it may take. Linear work takes four times as long, and comparing all pairs sixteen times.
const MOST: f64 = 8.0;
/// What takes less time on the larger workspace is not judged. Comparing all pairs takes longer than that.
const LEAST: Duration = Duration::from_millis(2);
/// How often both sizes are measured before a ratio that stays too high is a failure.
const ROUNDS: usize = 5;
const WHOLE: &str = "whole run";

/// The processor time that each stage and each rule of a run took, without the stages inside it.
type Spent = BTreeMap<&'static str, Duration>;

/// Watches a run on one thread.
#[derive(Default)]
struct Watch(Mutex<Watched>);

#[derive(Default)]
struct Watched {
    spent: Spent,
    /// What is nested in each of the stages that have begun and not ended.
    nested: Vec<Duration>,
}

/// The processor time that this thread has taken.
fn now() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

impl Observer for Watch {
    fn stage<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let name = match stage {
            Stage::Read => "stage: filter",
            Stage::Parse => "stage: parse",
            Stage::Lower => "stage: lower",
            Stage::Link => "stage: link",
            Stage::Search => "stage: search",
            Stage::Rules => "stage: what all rules found",
            Stage::Rule(id) => id,
            Stage::Report => "stage: report",
        };
        self.0.lock().unwrap().nested.push(Duration::ZERO);
        let started = now();
        let done = work();
        let taken = now() - started;
        let mut watched = self.0.lock().unwrap();
        let nested = watched.nested.pop().unwrap();
        *watched.spent.entry(name).or_default() += taken.saturating_sub(nested);
        if let Some(outer) = watched.nested.last_mut() {
            *outer += taken;
        }
        done
    }
}

/// Does all of a run but reading files, and says what took how long.
fn run(files: Files) -> Spent {
    let watch = Watch::default();
    let started = now();
    let kept = watch.stage(Stage::Read, || {
        let kept = files.iter().filter(|(_, text)| lower::matters(text.as_bytes()));
        kept.map(|(path, text)| Source::new(path.as_str(), text.as_str())).collect()
    });
    let mut analysis = Analysis::default();
    analysis.read(kept, &watch);
    let run = analysis.run(&Settings::on(Date::FIRST), |_| Ok::<_, Infallible>(None), &watch);
    let Ok((inventory, outcome)) = run;
    watch.stage(Stage::Report, || {
        let run = Run::of(&inventory, &outcome.findings);
        black_box((report::concise::render(&run), report::json::render(&run)));
    });
    let mut spent = watch.0.into_inner().unwrap().spent;
    spent.insert(WHOLE, now() - started);
    spent
}

/// The least that each took in several runs.
fn least(known: &mut Spent, spent: Spent) {
    for (name, taken) in spent {
        known.entry(name).and_modify(|it| *it = taken.min(*it)).or_insert(taken);
    }
}

/// What grows faster than the input, with what it took on both workspaces.
fn too_fast(small: &Spent, large: &Spent) -> Vec<String> {
    let ratio = |name: &str, taken: Duration| {
        let before = small.get(name).copied().unwrap_or_default().max(Duration::from_micros(1));
        (taken > LEAST).then(|| (before, taken.as_secs_f64() / before.as_secs_f64()))
    };
    let each = large.iter().filter_map(|(name, taken)| Some((name, taken, ratio(name, *taken)?)));
    let bad = each.filter(|(_, _, (_, ratio))| *ratio > MOST);
    bad.map(|(name, taken, (before, ratio))| format!("{name}: {before:?} and {taken:?}, {ratio:.1} times")).collect()
}

/// Measures a kind of workspace, and gives what grows too fast.
fn growth(kind: Kind) -> Vec<String> {
    let (small, large) = ((kind.files)(kind.count), (kind.files)(TIMES * kind.count));
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    one_thread.install(|| {
        let (mut of_small, mut of_large) = (Spent::new(), Spent::new());
        let mut found = Vec::new();
        for _ in 0..ROUNDS {
            // Twice: a figure that is too high here hides growth, and the very first run also makes the tables of the program.
            least(&mut of_small, run(small.clone()));
            least(&mut of_small, run(small.clone()));
            least(&mut of_large, run(large.clone()));
            found = too_fast(&of_small, &of_large);
            if found.is_empty() {
                break;
            }
        }
        found
    })
}

/// Half of the kinds, so that two threads share them.
fn holds(mine: impl Fn(usize) -> bool) {
    let kinds = KINDS.iter().enumerate().filter(|(at, _)| mine(*at)).map(|(_, kind)| *kind);
    let found = kinds.flat_map(|kind| growth(kind).into_iter().map(move |it| format!("{kind}: {it}")));
    let found: Vec<_> = found.collect();
    assert!(found.is_empty(), "these grow faster than the input:\n{}", found.join("\n"));
}

#[test]
#[ignore = "compares processor times, which a busy machine changes: see PERFORMANCE.md"]
fn work_grows_with_the_input() {
    holds(|at| at % 2 == 0);
}

#[test]
#[ignore = "compares processor times, which a busy machine changes: see PERFORMANCE.md"]
fn work_grows_with_the_input_of_other_kinds() {
    holds(|at| at % 2 == 1);
}
