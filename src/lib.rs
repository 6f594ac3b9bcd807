//! ekslint: who may become whom on an Amazon EKS cluster, and what is wrong with that.
//!
//! The whole program in one line: sources are parsed into trees, trees are lowered into facts, facts are linked into a
//! [`Workspace`], and each rule is a function over it. Nothing in this library does IO, and nothing in it fails: broken
//! input is a diagnostic about the user's file.

pub mod baseline;
pub mod config;
pub mod date;
pub mod diagnostic;
pub mod edit;
pub mod facts;
pub mod field;
pub mod fingerprint;
pub mod former;
pub mod iam;
pub mod lookup;
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

#[cfg(test)]
#[path = "../tests/suite/random.rs"]
mod random;

use std::cmp::Reverse;
use std::panic::{AssertUnwindSafe, catch_unwind};

use config::Selection;
use diagnostic::{Certainty, Diagnostic, Level};
use rayon::prelude::*;
use rule::{Cut, CutKind, Cuts, Finding, MOST_FINDINGS, Report, Round, Rule};
use source::{FileId, Span};
use stage::{Observer, Stage};
use workspace::Workspace;

/// The id of what is no finding about the user's files: ekslint itself failed, and something was not checked.
pub const FAULT: &str = "fault";

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
    run_rules(rules::RULES, workspace, selection, round, observer)
}

/// Runs those of some rules that are of a round. One that panics costs its own findings, and is named by a [`FAULT`], which
/// no configuration hides; the others go on.
fn run_rules(
    rules: &[Rule],
    workspace: &Workspace,
    selection: &Selection,
    round: Round,
    observer: &impl Observer,
) -> Vec<Diagnostic> {
    if workspace.sources.is_empty() {
        // Nothing can be wrong, and nothing could be pointed at.
        return Vec::new();
    }
    let is_due = |rule: &Rule| rule.round == round || round == Round::Files && rule.round == Round::Limits;
    let run = |at: usize, rule: &Rule, mut report: Report| -> (Vec<Finding>, Vec<Cut>) {
        let checked = catch_unwind(AssertUnwindSafe(|| {
            observer.stage(Stage::Rule(rule.id), || (rule.check)(workspace, &mut report));
            let (mut found, cuts) = report.into_findings();
            found.retain_mut(|it| workspace.place_in_files(it));
            found.iter_mut().for_each(|it| weigh_parameter(workspace, &mut it.diagnostic));
            selection.apply(workspace, at, &mut found);
            let cuts = cuts.into_sorted().into_iter();
            (found, cuts.filter_map(|it| selection.apply_to_cut(workspace, at, it)).collect())
        }));
        // It may have been any of the files: the first stands for all.
        let failed = || vec![fault(FileId(0), format!("ekslint failed in its rule `{}`", rule.id))];
        checked.unwrap_or_else(|_| (failed(), Vec::new()))
    };
    let reports: Vec<(Vec<Finding>, Vec<Cut>)> = rules
        .par_iter()
        .enumerate()
        .filter(|(at, rule)| is_due(rule) && selection.runs(*at))
        .map(|(at, rule)| run(at, rule, Report::new(rule)))
        .collect();
    let mut cuts = Cuts::default();
    let mut findings = Vec::with_capacity(reports.iter().map(|(found, _)| found.len()).sum());
    for (mut found, cut) in reports {
        findings.append(&mut found);
        cut.into_iter().for_each(|it| cuts.add(it));
    }
    if round == Round::Files {
        findings.extend(workspace.facts.failed.iter().map(|file| fault(*file, "ekslint failed on this file")));
    }
    // Two parties may share one place, such as node groups that share a list by an alias: it is one slip.
    let key = |it: &Finding| {
        let it = &it.diagnostic;
        (it.span, it.rule, it.message.clone(), Reverse((it.level, it.certainty)))
    };
    findings.sort_by_cached_key(key);
    findings.dedup_by(|b, a| {
        let (a, b) = (&a.diagnostic, &b.diagnostic);
        (a.span, a.rule, &a.message) == (b.span, b.rule, &b.message)
    });
    cut_files(&mut findings, &mut cuts);
    let cuts = cuts.into_sorted();
    if !cuts.is_empty() {
        for (at, rule) in rules.iter().enumerate().filter(|(at, it)| it.round == Round::Limits && selection.runs(*at)) {
            findings.extend(run(at, rule, Report::about(rule, cuts.clone())).0);
        }
        findings.sort_by_cached_key(key);
    }
    let (mut diagnostics, failed) = edit::write_fixes(workspace, findings);
    if !failed.is_empty() {
        let faults = failed.into_iter().map(|file| fault(file, "ekslint failed while it wrote the fixes of this file"));
        diagnostics.extend(faults.map(|it| it.diagnostic));
        sort(&mut diagnostics);
    }
    diagnostics
}

/// Leaves out findings where a file has too many, the least severe first. Findings are in the order of their places.
fn cut_files(findings: &mut Vec<Finding>, cuts: &mut Cuts) {
    let mut kept = Vec::with_capacity(findings.len());
    for file in findings.chunk_by_mut(|a, b| a.diagnostic.span.file == b.diagnostic.span.file) {
        let mut levels: Vec<Level> = file.iter().map(|it| it.diagnostic.level).collect();
        levels.sort_unstable_by_key(|it| Reverse(*it));
        let Some(least) = levels.get(MOST_FINDINGS).copied() else {
            kept.extend(file.iter().map(|_| true));
            continue;
        };
        // Of the least level that is kept, as many as there is room for.
        let mut room = MOST_FINDINGS - levels.iter().filter(|it| **it > least).count();
        for Finding { diagnostic, .. } in file.iter() {
            let is_kept = diagnostic.level > least || diagnostic.level == least && room > 0;
            room -= usize::from(is_kept && diagnostic.level == least);
            kept.push(is_kept);
            if !is_kept {
                let Diagnostic { span, level, certainty, .. } = *diagnostic;
                cuts.add(Cut { kind: CutKind::Findings, span, count: 1, level, certainty });
            }
        }
    }
    let mut kept = kept.into_iter();
    findings.retain(|_| kept.next().unwrap_or(true));
}

/// Puts findings into the order of their places.
fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| (a.span, a.rule, &a.message).cmp(&(b.span, b.rule, &b.message)));
}

/// That ekslint itself failed: at the start of a file, because nothing nearer is known.
fn fault(file: FileId, message: impl Into<String>) -> Finding {
    let diagnostic = Diagnostic {
        rule: FAULT,
        level: Level::Error,
        certainty: Certainty::Certain,
        span: Span { file, start: 0, end: 0 },
        message: message.into(),
        labels: Vec::new(),
        help: Some("nothing here is wrong with your files: please report it, with the files if you can".to_owned()),
        fixes: Vec::new(),
    };
    Finding { diagnostic, proposals: Vec::new(), advice: None }
}

/// What a parameter may be is not yet what it will be.
fn weigh_parameter(workspace: &Workspace, found: &mut Diagnostic) {
    let Some(parameter) = workspace.parameter_at(found.span) else { return };
    let words = format!("a value that parameter `{parameter}` may have");
    found.certainty = found.certainty.min(Certainty::Likely);
    found.cap();
    found.label(found.span, words);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn panics(_: &Workspace, _: &mut Report) {
        panic!("a rule of a test");
    }

    fn speaks(workspace: &Workspace, report: &mut Report) {
        for at in 0..workspace.sources.len() {
            report.at(Span { file: FileId(at as u32), start: 0, end: 1 }, "something");
        }
    }

    fn rule(id: &'static str, check: fn(&Workspace, &mut Report)) -> Rule {
        Rule { id, level: Level::Warning, certainty: Certainty::Certain, round: Round::Files, check, page: "" }
    }

    fn found_by(rules: &[Rule], workspace: &Workspace) -> Vec<Diagnostic> {
        run_rules(rules, workspace, &Selection::default(), Round::Files, &())
    }

    #[test]
    fn a_rule_that_panics_costs_no_other() {
        let workspace = Workspace::new(vec![Source::new("a.yaml", "a: b\n"), Source::new("b.yaml", "a: b\n")]);
        let found = found_by(&[rule("x/panics", panics), rule("x/speaks", speaks)], &workspace);
        let found: Vec<_> = found.iter().map(|it| (it.rule, it.level, it.span.file.0)).collect();
        let warning = |file| ("x/speaks", Level::Warning, file);
        assert_eq!(found, [(FAULT, Level::Error, 0), warning(0), warning(1)]);
        let nothing = Workspace::new(Vec::new());
        assert_eq!(found_by(&[rule("x/panics", panics)], &nothing), []);
    }

    #[test]
    fn a_file_that_panics_costs_no_other() {
        let sources = ["a.yaml", "b.yaml", "c.yaml"].map(|it| Source::new(it, "kind: x\n"));
        let read = |source: &mut Source, file: FileId| {
            assert_ne!(source.path, "b.yaml", "a file of a test");
            lower::lower(source, file, &())
        };
        let mut sources = sources.to_vec();
        let lowered = workspace::read_all(&mut sources, read);
        let workspace = Workspace::link_all(sources, lowered, &config::Configuration::default());
        let found = found_by(&[rule("x/speaks", speaks)], &workspace);
        let found: Vec<_> = found.iter().map(|it| (it.rule, workspace.path(it.span.file))).collect();
        let all = [("x/speaks", "a.yaml"), (FAULT, "b.yaml"), ("x/speaks", "b.yaml"), ("x/speaks", "c.yaml")];
        assert_eq!(found, all);
    }
}
