//! The work of the whole run, of each stage and of each rule grows with the input, on workspaces in which much of one kind meets.
//!
//! Two gates compare N with 4N. One counts how often facts are read, their properties and the entries of the indexes
//! (`src/reads.rs`): that is exact, takes one run of each, and sees loops over all pairs wherever they go through facts. The other
//! measures the processor time of one thread, and sees what no fact is read for: parsing, directives, reports. Another process can
//! make a run slower (mostly by taking its caches: up to six times instead of four was seen on a busy machine) and never quicker,
//! so it takes the minimum of several runs, its limit lies halfway between linear and quadratic, and a ratio above it is measured
//! again before it counts. A count of allocations would be exact, but it cannot see a loop over all pairs that only compares. A
//! count of instructions sees both and needs valgrind, so no test can rest on it.

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

#[path = "../../benches/stages/controllers.rs"]
mod controllers;
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
const MOST: u64 = 8;
/// What takes less time on the larger workspace is not judged. Comparing all pairs takes longer than that.
const LEAST: Duration = Duration::from_millis(2);
/// How many times as often facts may be read. Sorting takes a little more than four times.
#[cfg(debug_assertions)]
const MOST_READS: u64 = 5;
/// What reads fewer facts than this on the larger workspace is not judged: each of a few things may be read a few times.
#[cfg(debug_assertions)]
const LEAST_READS: u64 = 2_000;
/// How often both sizes are measured before a ratio that stays too high is a failure.
const ROUNDS: usize = 5;
const WHOLE: &str = "whole run";

/// What each stage and each rule of a run took, without the stages inside it.
type Spent = BTreeMap<&'static str, u64>;

/// What this thread has taken until now.
type Meter = fn() -> u64;

/// Watches a run on one thread.
struct Watch {
    meter: Meter,
    watched: Mutex<Watched>,
}

#[derive(Default)]
struct Watched {
    spent: Spent,
    /// What is nested in each of the stages that have begun and not ended.
    nested: Vec<u64>,
}

/// The processor time that this thread has taken, in nanoseconds.
fn time() -> u64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32).as_nanos() as u64
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
        self.watched.lock().unwrap().nested.push(0);
        let started = (self.meter)();
        let done = work();
        let taken = (self.meter)() - started;
        let mut watched = self.watched.lock().unwrap();
        let nested = watched.nested.pop().unwrap();
        *watched.spent.entry(name).or_default() += taken.saturating_sub(nested);
        if let Some(outer) = watched.nested.last_mut() {
            *outer += taken;
        }
        done
    }
}

/// Does all of a run but reading files, and says what took how much.
fn run(files: Files, meter: Meter) -> Spent {
    let watch = Watch { meter, watched: Mutex::default() };
    let started = meter();
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
    let mut spent = watch.watched.into_inner().unwrap().spent;
    spent.insert(WHOLE, meter() - started);
    spent
}

/// The least that each took in several runs.
fn least(known: &mut Spent, spent: Spent) {
    for (name, taken) in spent {
        known.entry(name).and_modify(|it| *it = taken.min(*it)).or_insert(taken);
    }
}

/// What grows faster than the input, with what it took on both workspaces.
fn too_fast(small: &Spent, large: &Spent, most: u64, least: u64) -> Vec<String> {
    let before = |name: &str| small.get(name).copied().unwrap_or_default().max(1);
    let each = large.iter().filter(|(_, taken)| **taken > least).map(|(name, taken)| (name, before(name), taken));
    let bad = each.filter(|(_, before, taken)| **taken > before * most);
    bad.map(|(name, before, taken)| format!("{name}: {before} and {taken}, {:.1} times", *taken as f64 / before as f64))
        .collect()
}

/// Does something on one thread, with N and with 4N of a kind.
fn on_both<T: Send>(kind: Kind, work: impl FnOnce(&Files, &Files) -> T + Send) -> T {
    let (small, large) = ((kind.files)(kind.count), (kind.files)(TIMES * kind.count));
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    one_thread.install(|| work(&small, &large))
}

/// Measures how long a kind of workspace takes, and gives what grows too fast.
fn growth_of_time(kind: Kind) -> Vec<String> {
    on_both(kind, |small, large| {
        let (mut of_small, mut of_large) = (Spent::new(), Spent::new());
        let mut found = Vec::new();
        for _ in 0..ROUNDS {
            // Twice: a figure that is too high here hides growth, and the very first run also makes the tables of the program.
            least(&mut of_small, run(small.clone(), time));
            least(&mut of_small, run(small.clone(), time));
            least(&mut of_large, run(large.clone(), time));
            found = too_fast(&of_small, &of_large, MOST, LEAST.as_nanos() as u64);
            if found.is_empty() {
                break;
            }
        }
        found
    })
}

/// Counts how often the facts of a kind of workspace are read, and gives what grows too fast.
#[cfg(debug_assertions)]
fn growth_of_reads(kind: Kind) -> Vec<String> {
    use ekslint::reads::facts_read;
    on_both(kind, |small, large| {
        let (of_small, of_large) = (run(small.clone(), facts_read), run(large.clone(), facts_read));
        too_fast(&of_small, &of_large, MOST_READS, LEAST_READS)
    })
}

/// Asks for each kind, half of them at a time, so that two threads share them.
fn holds(growth: fn(Kind) -> Vec<String>) {
    let of = |half: usize| -> Vec<String> {
        let kinds = KINDS.iter().skip(half).step_by(2);
        kinds.flat_map(|kind| growth(*kind).into_iter().map(move |it| format!("{kind}: {it}"))).collect()
    };
    let found = std::thread::scope(|scope| {
        let other = scope.spawn(|| of(1));
        let mut found = of(0);
        found.extend(other.join().unwrap());
        found
    });
    assert!(found.is_empty(), "these grow faster than the input:\n{}", found.join("\n"));
}

#[test]
#[cfg(debug_assertions)]
fn facts_are_read_as_often_as_there_are_more_of_them() {
    holds(growth_of_reads);
}

#[test]
#[ignore = "compares processor times, which a busy machine changes: see PERFORMANCE.md"]
fn time_grows_with_the_input() {
    holds(growth_of_time);
}
