//! The rules of a run, and what becomes of what they find.

use std::cmp::Reverse;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use crate::config::Selection;
use crate::diagnostic::{Certainty, Diagnostic, Level};
use crate::edit;
use crate::rule::{Check, Cut, CutKind, Cuts, Finding, MOST_FINDINGS, Report, Rule};
use crate::source::{FileId, Span};
use crate::stage::{Observer, Stage};
use crate::suppress::verdict::Verdicts;
use crate::workspace::Workspace;

/// The id of what is no finding about the user's files: ekslint itself failed, and something was not checked.
pub const FAULT: &str = "fault";

/// Runs some rules with what a configuration says of them. A rule that is off everywhere costs nothing.
pub(super) struct Runner<'a, O> {
    pub(super) rules: &'a [Rule],
    pub(super) workspace: &'a Workspace,
    pub(super) selection: &'a Selection,
    pub(super) observer: &'a O,
}

/// What a rule does with its report.
type Work<'w> = Box<dyn FnOnce(&mut Report) + 'w>;

impl<O: Observer> Runner<'_, O> {
    /// What the rules about the files find, with their fixes, in the order of places, whatever the number of threads.
    pub(super) fn about_files(&self) -> Vec<Diagnostic> {
        if self.workspace.files.is_empty() {
            // Nothing can be wrong, and nothing could be pointed at.
            return Vec::new();
        }
        let (mut findings, mut cuts) = self.all(|check| match check {
            Check::Files(check) => Some(Box::new(move |report| check(self.workspace, report))),
            Check::Suppressions(_) | Check::Limits(_) => None,
        });
        findings.extend(self.workspace.facts.failed.iter().map(|file| fault(*file, "ekslint failed on this file")));
        self.order(&mut findings);
        cut_files(&mut findings, &mut cuts);
        let cuts = &cuts.into_sorted(&self.workspace.files);
        let (limits, _) = self.all(|check| match check {
            Check::Limits(check) => Some(Box::new(move |report| check(self.workspace, cuts, report))),
            Check::Files(_) | Check::Suppressions(_) => None,
        });
        if !limits.is_empty() {
            findings.extend(limits);
            self.order(&mut findings);
        }
        self.with_fixes(findings)
    }

    /// What the rules about directives find, in the order of places.
    pub(super) fn about_suppressions(&self, verdicts: &Verdicts) -> Vec<Diagnostic> {
        if verdicts.of.is_empty() {
            return Vec::new();
        }
        let (mut findings, _) = self.all(|check| match check {
            Check::Suppressions(check) => Some(Box::new(move |report| check(self.workspace, verdicts, report))),
            Check::Files(_) | Check::Limits(_) => None,
        });
        self.order(&mut findings);
        self.with_fixes(findings)
    }

    /// Runs the rules for which `due` has something to do.
    fn all<'w>(&self, due: impl Fn(Check) -> Option<Work<'w>> + Sync) -> (Vec<Finding>, Cuts) {
        let rules = self.rules.par_iter().enumerate().filter(|(at, _)| self.selection.runs(*at));
        let reports: Vec<_> = rules.filter_map(|(at, rule)| Some(self.one(at, rule, due(rule.check)?))).collect();
        let mut cuts = Cuts::default();
        let mut findings = Vec::with_capacity(reports.iter().map(|(found, _)| found.len()).sum());
        for (mut found, cut) in reports {
            findings.append(&mut found);
            cut.into_iter().for_each(|it| cuts.add(it));
        }
        (findings, cuts)
    }

    /// Runs a rule. One that panics costs its own findings, and is named by a [`FAULT`], which no configuration hides; the
    /// others go on.
    fn one(&self, at: usize, rule: &Rule, work: Work<'_>) -> (Vec<Finding>, Vec<Cut>) {
        let Self { workspace, selection, .. } = self;
        let checked = catch_unwind(AssertUnwindSafe(|| {
            let mut report = Report::new(rule);
            self.observer.stage(Stage::Rule(rule.id), || work(&mut report));
            let (mut found, cuts) = report.into_findings();
            found.retain_mut(|it| place_in_files(workspace, it));
            found.iter_mut().for_each(|it| weigh(workspace, &mut it.diagnostic));
            selection.apply(workspace, at, &mut found);
            let cuts = cuts.into_sorted(&workspace.files).into_iter();
            (found, cuts.filter_map(|it| selection.apply_to_cut(workspace, at, it)).collect())
        }));
        // It may have been any of the files: the first stands for all.
        let first = || workspace.files.first().unwrap_or(FileId(0));
        let failed = || vec![fault(first(), format!("ekslint failed in its rule `{}`", rule.id))];
        checked.unwrap_or_else(|_| (failed(), Vec::new()))
    }

    /// Puts findings into the order of their places, and leaves out those that say the same twice.
    fn order(&self, findings: &mut Vec<Finding>) {
        // Two parties may share one place, such as node groups that share a list by an alias: it is one slip.
        findings.sort_by_cached_key(|it| {
            let it = &it.diagnostic;
            (self.workspace.files.position(it.span), it.rule, it.message.clone(), Reverse((it.level, it.certainty)))
        });
        findings.dedup_by(|b, a| {
            let (a, b) = (&a.diagnostic, &b.diagnostic);
            (a.span, a.rule, &a.message) == (b.span, b.rule, &b.message)
        });
    }

    fn with_fixes(&self, findings: Vec<Finding>) -> Vec<Diagnostic> {
        let (mut diagnostics, failed) = edit::write_fixes(self.workspace, findings);
        if !failed.is_empty() {
            let message = "ekslint failed while it wrote the fixes of this file";
            diagnostics.extend(failed.into_iter().map(|file| fault(file, message).diagnostic));
            sort(self.workspace, &mut diagnostics);
        }
        diagnostics
    }
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
pub(super) fn sort(workspace: &Workspace, diagnostics: &mut [Diagnostic]) {
    let key = |it: &Diagnostic| (workspace.files.position(it.span), it.rule);
    diagnostics.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message)));
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

/// Makes a finding stand in a file: the configuration only says what is so. False if it has no place there. Nothing in the
/// configuration is changed by a fix.
fn place_in_files(workspace: &Workspace, finding: &mut Finding) -> bool {
    let is_text = |file: FileId| workspace.environments().is_configuration(file);
    finding.proposals.retain(|it| !it.changes.iter().any(|it| is_text(it.file())));
    let found = &mut finding.diagnostic;
    if !is_text(found.span.file) {
        return true;
    }
    let Some(label) = found.labels.iter().find(|it| !is_text(it.span.file)) else { return false };
    found.span = label.span;
    true
}

/// What rests on the name of a cluster in another template, or on what a parameter may be, is likely: a deploy may mean
/// another one.
fn weigh(workspace: &Workspace, found: &mut Diagnostic) {
    let places = || [found.span].into_iter().chain(found.labels.iter().map(|it| it.span));
    let parameter = workspace.parameter_at(found.span);
    let is_likely = || places().any(|it| workspace.parameter_at(it).is_some());
    if !is_likely() && !workspace.clusters().rests_on_a_name(places()) {
        return;
    }
    found.certainty = found.certainty.min(Certainty::Likely);
    found.cap();
    if let Some(parameter) = parameter {
        found.label(found.span, format!("a value that parameter `{parameter}` may have"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::source::Source;

    fn panics(_: &Workspace, _: &mut Report) {
        panic!("a rule of a test");
    }

    fn speaks(workspace: &Workspace, report: &mut Report) {
        for file in workspace.files.ids() {
            report.at(Span { file, start: 0, end: 1 }, "something");
        }
    }

    fn rule(id: &'static str, check: fn(&Workspace, &mut Report)) -> Rule {
        Rule { id, level: Level::Warning, certainty: Certainty::Certain, check: Check::Files(check), page: "" }
    }

    fn found_by(rules: &[Rule], workspace: &Workspace) -> Vec<Diagnostic> {
        Runner { rules, workspace, selection: &Selection::default(), observer: &() }.about_files()
    }

    #[test]
    fn a_rule_that_panics_costs_no_other() {
        let workspace =
            Analysis::of(vec![Source::new("a.yaml", "a: b\n"), Source::new("b.yaml", "a: b\n")]).snapshot(&());
        let found = found_by(&[rule("x/panics", panics), rule("x/speaks", speaks)], &workspace);
        let found: Vec<_> = found.iter().map(|it| (it.rule, it.level, it.span.file.0)).collect();
        let warning = |file| ("x/speaks", Level::Warning, file);
        assert_eq!(found, [(FAULT, Level::Error, 0), warning(0), warning(1)]);
        let nothing = Analysis::of(Vec::new()).snapshot(&());
        assert_eq!(found_by(&[rule("x/panics", panics)], &nothing), []);
    }
}
