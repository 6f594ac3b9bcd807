//! How many findings each rule has.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{Run, to_json};
use crate::diagnostic::Counts;

/// The findings of one rule.
#[derive(Serialize)]
struct Row {
    rule: &'static str,
    count: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
}

/// A line for each rule with findings: the most first.
pub fn render(run: &Run) -> String {
    let rows = rows(run);
    let rule = rows.iter().map(|it| it.rule.len()).max().unwrap_or(0);
    let count = rows.first().map_or(0, |it| it.count.to_string().len());
    let lines = rows.iter().map(|it| {
        let levels = [(it.errors, "error"), (it.warnings, "warning"), (it.notes, "note")];
        let levels = levels.iter().filter(|(count, _)| *count > 0);
        let levels: Vec<_> =
            levels.map(|(count, noun)| format!("{count} {noun}{}", if *count == 1 { "" } else { "s" })).collect();
        format!("{:count$}  {:rule$}  {}\n", it.count, it.rule, levels.join(", "))
    });
    lines.collect()
}

/// The same as a list for programs.
pub fn json(run: &Run) -> String {
    to_json(&rows(run))
}

fn rows(run: &Run) -> Vec<Row> {
    let mut found: BTreeMap<&'static str, Vec<_>> = BTreeMap::new();
    run.shown.iter().for_each(|it| found.entry(it.rule).or_default().push(it.clone()));
    let rows = found.into_iter().map(|(rule, found)| {
        let Counts { errors, warnings, notes } = Counts::of(&found);
        Row { rule, count: found.len(), errors, warnings, notes }
    });
    let mut rows: Vec<Row> = rows.collect();
    rows.sort_by_key(|it| (Reverse(it.count), it.rule));
    rows
}
