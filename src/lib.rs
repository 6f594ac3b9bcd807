//! ekslint: who may become whom on an Amazon EKS cluster, and what is wrong with that.
//!
//! The whole program in one line: sources are parsed into trees, trees are lowered into facts, facts are linked into a
//! [`Workspace`], and each rule is a function over it. Nothing in this library does IO, and nothing in it fails: broken
//! input is a diagnostic about the user's file.

pub mod config;
pub mod date;
pub mod diagnostic;
pub mod facts;
pub mod field;
pub mod fingerprint;
pub mod iam;
pub mod lower;
pub mod names;
pub mod page;
pub mod prelude;
pub mod report;
pub mod rule;
pub mod selector;
pub mod source;
pub mod stage;
pub mod suppress;
pub mod symptoms;
pub mod syntax;
pub mod workspace;

#[path = "../rules/mod.rs"]
pub mod rules;

use std::cmp::Reverse;
use std::panic::{AssertUnwindSafe, catch_unwind};

use config::Selection;
use diagnostic::{Diagnostic, Level};
use rayon::prelude::*;
use rule::{Report, Round};
use source::{FileId, Span};
use stage::{Observer, Stage};
use workspace::Workspace;

/// Runs every rule about the files. Findings come in the order of their places, whatever the number of threads.
///
/// What of it somebody has said not to show is the business of [`suppress::apply`].
pub fn lint(workspace: &Workspace) -> Vec<Diagnostic> {
    lint_with(workspace, &Selection::default(), &())
}

/// Runs the rules that a configuration selects, with somebody who watches. A rule that is off everywhere costs nothing.
pub fn lint_with(workspace: &Workspace, selection: &Selection, observer: &impl Observer) -> Vec<Diagnostic> {
    observer.stage(Stage::Rules, || run(workspace, selection, Round::Files, observer))
}

/// Runs the rules of one round.
fn run(workspace: &Workspace, selection: &Selection, round: Round, observer: &impl Observer) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = rules::RULES
        .par_iter()
        .enumerate()
        .filter(|(at, rule)| rule.round == round && selection.runs(*at))
        .flat_map_iter(|(at, rule)| {
            let checked = catch_unwind(AssertUnwindSafe(|| {
                let mut report = Report::new(rule.id, rule.level);
                observer.stage(Stage::Rule(rule.id), || (rule.check)(workspace, &mut report));
                report.into_diagnostics()
            }));
            let mut found = checked.unwrap_or_else(|_| vec![failed(rule.id)]);
            found.retain_mut(|it| workspace.place_in_files(it));
            found.iter_mut().for_each(|it| weigh_parameter(workspace, it));
            selection.apply(workspace, at, &mut found);
            found
        })
        .collect();
    // Two parties may share one place, such as node groups that share a list by an alias: it is one slip.
    let key = |it: &Diagnostic| (it.span, it.rule, it.message.clone(), Reverse(it.level));
    diagnostics.sort_by_cached_key(key);
    diagnostics.dedup_by(|b, a| (a.span, a.rule, &a.message) == (b.span, b.rule, &b.message));
    diagnostics
}

/// Puts findings into the order of their places.
fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| (a.span, a.rule, &a.message).cmp(&(b.span, b.rule, &b.message)));
}

/// A rule that panicked: the others go on.
fn failed(rule: &'static str) -> Diagnostic {
    let start = Span { file: FileId(0), start: 0, end: 0 };
    let mut report = Report::new(rule, Level::Error);
    report
        .at(start, "this rule failed, which is a fault of ekslint")
        .help("please report it, with the files if you can");
    report.into_diagnostics().remove(0)
}

/// What a parameter can be is not yet what it will be: a warning at most.
fn weigh_parameter(workspace: &Workspace, found: &mut Diagnostic) {
    let Some(parameter) = workspace.parameter_at(found.span) else { return };
    let words = format!("a value that parameter `{parameter}` may have");
    found.level = found.level.min(Level::Warning);
    found.label(found.span, words);
}
