//! ekslint: who may become whom on an Amazon EKS cluster, and what is wrong with that.
//!
//! The whole program in one line: sources are parsed into trees, trees are lowered into facts, facts are linked into a
//! [`Workspace`], and each rule is a function over it. Nothing in this library does IO, and nothing in it fails: broken
//! input is a diagnostic about the user's file.

pub mod diagnostic;
pub mod facts;
pub mod field;
pub mod iam;
pub mod lower;
pub mod names;
pub mod page;
pub mod prelude;
pub mod report;
pub mod rule;
pub mod source;
pub mod stage;
pub mod symptoms;
pub mod syntax;
pub mod workspace;

#[path = "../rules/mod.rs"]
pub mod rules;

use std::panic::{AssertUnwindSafe, catch_unwind};

use diagnostic::{Diagnostic, Level};
use rayon::prelude::*;
use rule::Report;
use source::{FileId, Span};
use stage::{Observer, Stage};
use workspace::Workspace;

/// Runs every rule. Findings come in the order of their places, whatever the number of threads.
pub fn lint(workspace: &Workspace) -> Vec<Diagnostic> {
    lint_observed(workspace, &())
}

/// [`lint`] with somebody who watches its stages.
pub fn lint_observed(workspace: &Workspace, observer: &impl Observer) -> Vec<Diagnostic> {
    observer.stage(Stage::Rules, || run_rules(workspace, observer))
}

fn run_rules(workspace: &Workspace, observer: &impl Observer) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = rules::RULES
        .par_iter()
        .flat_map_iter(|rule| {
            let checked = catch_unwind(AssertUnwindSafe(|| {
                let mut report = Report::new(rule.id, rule.level);
                observer.stage(Stage::Rule(rule.id), || (rule.check)(workspace, &mut report));
                report.into_diagnostics()
            }));
            checked.unwrap_or_else(|_| vec![failed(rule.id)])
        })
        .collect();
    for found in &mut diagnostics {
        weigh_parameter(workspace, found);
    }
    diagnostics.sort_by(|a, b| (a.span, a.rule, &a.message).cmp(&(b.span, b.rule, &b.message)));
    diagnostics.dedup();
    diagnostics
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
