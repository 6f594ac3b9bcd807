//! The rules of a run, and what becomes of what they find.

use std::cmp::Reverse;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::collections::HashSet;
use crate::config::{Selected, Selection};
use crate::diagnostic::{Certainty, Counts, Diagnostic, Level, Safety};
use crate::edit;
use crate::facts::Thin;
use crate::rule::{Check, Cut, CutKind, Cuts, Finding, Findings, MOST_FINDINGS, MOST_FINDINGS_OF_RUN, Rule};
use crate::rules::RULES;
use crate::source::{FileId, Files, Position, ResourceId, Span};
use crate::stage::{Observer, Stage};
use crate::suppress::verdict::{Verdict, Verdicts};
use crate::suppress::{self, Settings};
use crate::workspace::Workspace;

use super::builds::Builds;
use super::outcome::Outcome;

/// The id of what is no finding about the user's files: ekslint itself failed, and something was not checked.
pub const INTERNAL_ERROR: &str = "internal-error";

/// Runs the rules that a configuration selects over each project, and heeds the directives. `files`: those of all projects.
pub(super) fn check_all(
    projects: &[Workspace],
    files: &Files,
    selection: &Selection,
    settings: &Settings,
    observer: &impl Observer,
) -> Outcome {
    let selected = selection.over(files);
    let runner = |workspace| Runner { rules: RULES, workspace, selected: &selected, observer };
    let mut cuts = Cuts::default();
    let (mut found, mut count) = (Vec::new(), 0);
    observer.stage(Stage::Rules, || {
        for workspace in projects {
            let (own, beyond) = runner(workspace).about_files();
            beyond.into_iter().for_each(|it| cuts.add(it));
            count += own.len();
            found.push(own);
            // Not after each project, which would look at all findings each time.
            if count > 2 * MOST_FINDINGS_OF_RUN {
                cut_all(&mut found, &mut cuts);
                count = MOST_FINDINGS_OF_RUN;
            }
        }
        cut_all(&mut found, &mut cuts);
    });
    let left_out = cuts.take_of_run(files);
    // What a directive suppresses may be left out.
    let settings = Settings { is_partial: settings.is_partial || left_out.is_some(), ..*settings };
    left_out.into_iter().for_each(|it| cuts.add(it));
    let mut outcome = Outcome::default();
    let mut verdicts: Vec<(Position, Verdict)> = Vec::new();
    let mut about_suppressions: Vec<Vec<Diagnostic>> = Vec::new();
    for (workspace, found) in projects.iter().zip(found) {
        let judged = suppress::judge(workspace, &selected, found, &settings);
        let (about, beyond) = runner(workspace).about_suppressions(&judged.verdicts);
        beyond.into_iter().for_each(|it| cuts.add(it));
        outcome.findings.extend(judged.findings);
        about_suppressions.push(about);
        outcome.suppressed.extend(judged.suppressed);
        let places = workspace.facts.directives.iter().map(|it| files.position(it.span));
        verdicts.extend(places.zip(judged.verdicts.of));
    }
    // They have a limit of their own.
    cut_all(&mut about_suppressions, &mut cuts);
    outcome.findings.extend(about_suppressions.into_iter().flatten());
    sort(files, &mut outcome.findings);
    outcome.suppressed.sort_by_key(|it| (files.position(it.finding.span), it.finding.rule));
    verdicts.sort_by_key(|it| it.0);
    outcome.verdicts = Verdicts { of: verdicts.into_iter().map(|it| it.1).collect(), is_partial: settings.is_partial };
    outcome.left_out = cuts.take_of_run(files).and_then(|cut| {
        let project = projects.iter().find(|it| it.files.get(cut.span.file).is_some())?;
        runner(project).about_what_is_left_out(cut)
    });
    outcome.counts = Counts::of(outcome.findings.iter().chain(&outcome.left_out));
    outcome
}

/// Runs some rules with what a configuration says of them. A rule that is off everywhere costs nothing.
pub(super) struct Runner<'a, O> {
    pub(super) rules: &'a [Rule],
    pub(super) workspace: &'a Workspace,
    pub(super) selected: &'a Selected<'a>,
    pub(super) observer: &'a O,
}

/// What a rule does with its report.
type Work<'w> = Box<dyn FnOnce(&mut Findings) + 'w>;

impl<O: Observer> Runner<'_, O> {
    /// What the rules about the files find, with their fixes, in the order of places, whatever the number of threads, and what
    /// of it is left out because the run has too much.
    pub(super) fn about_files(&self) -> (Vec<Diagnostic>, Option<Cut>) {
        if self.workspace.files.is_empty() {
            // Nothing can be wrong, and nothing could be pointed at.
            return (Vec::new(), None);
        }
        let (mut findings, mut cuts) = self.all(|check| match check {
            Check::Files(check) => Some(Box::new(move |findings| check(self.workspace, findings))),
            Check::Suppressions(_) | Check::Limits(_) => None,
        });
        findings.extend(
            self.workspace.facts.failed.iter().map(|file| internal_error(*file, "ekslint failed on this file")),
        );
        self.order(&mut findings);
        cut(&mut findings, &mut cuts);
        let of_run = cuts.take_of_run(&self.workspace.files);
        if let Some(file) = self.selected.beyond(&self.workspace.files) {
            cuts.add(Cut::overrides(file));
        }
        let cuts = &cuts.into_sorted(&self.workspace.files);
        let builds = Builds::new(&self.workspace.files);
        findings.iter_mut().for_each(|it| builds.name(it));
        let (limits, _) = self.all(|check| match check {
            Check::Limits(check) => Some(Box::new(move |findings| check(self.workspace, cuts, findings))),
            Check::Files(_) | Check::Suppressions(_) => None,
        });
        if !limits.is_empty() {
            findings.extend(limits);
            self.order(&mut findings);
        }
        (self.with_fixes(findings), of_run)
    }

    /// What the rules about directives find, in the order of places, and what of it is left out.
    pub(super) fn about_suppressions(&self, verdicts: &Verdicts) -> (Vec<Diagnostic>, Option<Cut>) {
        if verdicts.of.is_empty() {
            return (Vec::new(), None);
        }
        let (mut findings, mut cuts) = self.all(|check| match check {
            Check::Suppressions(check) => Some(Box::new(move |findings| check(self.workspace, verdicts, findings))),
            Check::Files(_) | Check::Limits(_) => None,
        });
        self.order(&mut findings);
        cut(&mut findings, &mut cuts);
        (self.with_fixes(findings), cuts.take_of_run(&self.workspace.files))
    }

    /// What says that findings of the run are left out, if the configuration does not turn that off.
    pub(super) fn about_what_is_left_out(&self, cut: Cut) -> Option<Diagnostic> {
        let cut = &[cut];
        let (found, _) = self.all(|check| match check {
            Check::Limits(check) => Some(Box::new(move |findings| check(self.workspace, cut, findings))),
            Check::Files(_) | Check::Suppressions(_) => None,
        });
        found.into_iter().next().map(|it| it.diagnostic)
    }

    /// Runs the rules for which `due` has something to do.
    fn all<'w>(&self, due: impl Fn(Check) -> Option<Work<'w>> + Sync) -> (Vec<Finding>, Cuts) {
        let rules = self.rules.iter().enumerate().filter(|(at, _)| self.selected.runs(*at));
        let rules: Vec<_> = rules.filter(|(_, it)| due(it.check).is_some()).collect();
        self.several(&rules, &|at, rule| due(rule.check).map(|work| self.one(at, rule, work)).unwrap_or_default())
    }

    /// Runs rules, half of them beside the other half, and leaves out what is too much as soon as both are done: all of them
    /// together may find more than there is memory for. The halves do not depend on the number of threads, so that what is
    /// left out does not.
    fn several(
        &self,
        rules: &[(usize, &Rule)],
        run: &(impl Fn(usize, &Rule) -> (Vec<Finding>, Cuts) + Sync),
    ) -> (Vec<Finding>, Cuts) {
        if let [] | [_] = rules {
            return rules.iter().map(|(at, rule)| run(*at, rule)).next().unwrap_or_default();
        }
        let (a, b) = rules.split_at(rules.len() / 2);
        let ((mut findings, mut cuts), (others, other_cuts)) =
            rayon::join(|| self.several(a, run), || self.several(b, run));
        findings.reserve_exact(others.len());
        findings.extend(others);
        cuts.append(other_cuts);
        if findings.len() > MOST_FINDINGS {
            self.order(&mut findings);
            cut(&mut findings, &mut cuts);
        }
        (findings, cuts)
    }

    /// Runs a rule. One that panics costs its own findings, and is named by a [`INTERNAL_ERROR`], which no configuration hides; the
    /// others go on.
    fn one(&self, at: usize, rule: &Rule, work: Work<'_>) -> (Vec<Finding>, Cuts) {
        let Self { workspace, selected, .. } = self;
        let checked = catch_unwind(AssertUnwindSafe(|| {
            let mut findings = Findings::new(rule);
            self.observer.stage(Stage::Rule(rule.id), || work(&mut findings));
            let (mut found, cuts) = findings.into_findings();
            found.retain_mut(|it| place_in_files(workspace, it));
            found.iter_mut().for_each(|it| weigh(workspace, &mut it.diagnostic));
            found.iter_mut().for_each(|it| place_as_written(&workspace.files, it));
            selected.apply(at, &mut found);
            let mut kept = Cuts::default();
            let cuts = cuts.into_cuts().map(|it| Cut { span: workspace.files.written(it.span), ..it });
            let cuts = cuts.filter_map(|it| selected.apply_to_cut(at, it));
            cuts.for_each(|it| kept.add(it));
            (found, kept)
        }));
        // It may have been any of the files: the first stands for all.
        let first = || workspace.files.first().unwrap_or(FileId::new(0));
        let failed = || vec![internal_error(first(), format!("ekslint failed in its rule `{}`", rule.id))];
        checked.unwrap_or_else(|_| (failed(), Cuts::default()))
    }

    /// Puts findings into the order of their places, and leaves out those that say the same twice.
    fn order(&self, findings: &mut Vec<Finding>) {
        // Two parties may share one place, such as node groups that share a list by an alias: it is one slip.
        let place = |it: &Diagnostic| (self.workspace.files.position(it.span), it.rule);
        let rank = |it: &Diagnostic| Reverse((it.level, it.certainty));
        findings.sort_by(|a, b| {
            let (a, b) = (&a.diagnostic, &b.diagnostic);
            let by_message = || a.message.cmp(&b.message);
            place(a).cmp(&place(b)).then_with(by_message).then_with(|| rank(a).cmp(&rank(b)))
        });
        findings.dedup_by(|b, a| {
            let key = |it: &Diagnostic| (it.span, it.rule);
            let is_same = key(&a.diagnostic) == key(&b.diagnostic) && a.diagnostic.message == b.diagnostic.message;
            if is_same {
                a.views.append(std::mem::take(&mut b.views));
            }
            is_same
        });
    }

    fn with_fixes(&self, findings: Vec<Finding>) -> Vec<Diagnostic> {
        let (mut diagnostics, failed) = edit::write_fixes(self.workspace, findings);
        if !failed.is_empty() {
            let message = "ekslint failed while it wrote the fixes of this file";
            diagnostics.extend(failed.into_iter().map(|file| internal_error(file, message).diagnostic));
            sort(&self.workspace.files, &mut diagnostics);
        }
        diagnostics
    }
}

/// Leaves out findings where a file has too many, or all files have, the least severe first. Findings are in the order of their
/// places.
fn cut(findings: &mut Vec<Finding>, cuts: &mut Cuts) {
    let files = findings.chunk_by(|a, b| a.diagnostic.span.file == b.diagnostic.span.file);
    let levels = |it: &[Finding]| it.iter().map(|it| it.diagnostic.level).collect::<Vec<_>>();
    let mut kept = files.flat_map(|it| most_severe(levels(it), MOST_FINDINGS)).collect::<Vec<_>>().into_iter();
    leave_out(findings, &mut kept, |it| Cut::of(&it.diagnostic, CutKind::Findings), cuts);
    let mut kept = most_severe(levels(findings), MOST_FINDINGS_OF_RUN).into_iter();
    leave_out(findings, &mut kept, |it| Cut::of(&it.diagnostic, CutKind::FindingsOfRun), cuts);
}

/// Leaves out findings where all projects together have too many, the least severe first.
fn cut_all(found: &mut [Vec<Diagnostic>], cuts: &mut Cuts) {
    let levels = found.iter().flatten().map(|it| it.level).collect();
    let mut kept = most_severe(levels, MOST_FINDINGS_OF_RUN).into_iter();
    for findings in found {
        leave_out(findings, &mut kept, |it| Cut::of(it, CutKind::FindingsOfRun), cuts);
    }
}

/// Which findings of these levels are kept, if only so many may be.
fn most_severe(levels: Vec<Level>, most: usize) -> Vec<bool> {
    if levels.len() <= most {
        return vec![true; levels.len()];
    }
    let mut sorted = levels.clone();
    sorted.sort_unstable_by_key(|it| Reverse(*it));
    let least = sorted[most];
    // Of the least level that is kept, as many as there is room for.
    let mut room = most - levels.iter().filter(|it| **it > least).count();
    let is_kept = |level: Level| {
        let is_kept = level > least || level == least && room > 0;
        room -= usize::from(is_kept && level == least);
        is_kept
    };
    levels.into_iter().map(is_kept).collect()
}

/// Takes out the findings that are not kept. `kept` says so of each of them, and of those that come after them.
fn leave_out<T>(
    findings: &mut Vec<T>,
    kept: &mut impl Iterator<Item = bool>,
    cut: impl Fn(&T) -> Cut,
    cuts: &mut Cuts,
) {
    findings.retain(|it| {
        let is_kept = kept.next().unwrap_or(true);
        if !is_kept {
            cuts.add(cut(it));
        }
        is_kept
    });
}

/// Puts findings into the order of their places.
pub(super) fn sort(files: &Files, diagnostics: &mut [Diagnostic]) {
    let key = |it: &Diagnostic| (files.position(it.span), it.rule);
    diagnostics.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message)));
}

/// That ekslint itself failed: at the start of a file, because nothing nearer is known.
fn internal_error(file: FileId, message: impl Into<String>) -> Finding {
    let diagnostic = Diagnostic {
        rule: INTERNAL_ERROR,
        level: Level::Error,
        certainty: Certainty::Certain,
        span: Span { file, start: 0, end: 0 },
        message: message.into(),
        labels: Vec::new(),
        help: Some("nothing here is wrong with your files: please report it, with the files if you can".to_owned()),
        fixes: Vec::new(),
        build: None,
    };
    Finding { diagnostic, proposals: Vec::new(), advice: None, views: Thin::new() }
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

/// Makes a finding about what is built stand where that is written.
fn place_as_written(files: &Files, finding: &mut Finding) {
    let found = &mut finding.diagnostic;
    let spans = [&mut found.span].into_iter().chain(found.labels.iter_mut().map(|it| &mut it.span));
    for span in spans {
        if files.view(span.file).is_some() {
            finding.views.push(span.file);
            *span = files.written(*span);
        }
    }
    if finding.views.is_empty() {
        return;
    }
    // Several builds of one place say the same.
    let mut seen = HashSet::default();
    found.labels.retain(|it| seen.insert((it.span, it.message.clone())));
    for proposal in &mut finding.proposals {
        // What a kustomization says of all that it builds, others may need as it is.
        let says_for_others = |span: Span| files.view(span.file).is_some_and(|it| it.by.file == it.of);
        if proposal.changes.iter().any(|it| says_for_others(it.span())) {
            proposal.safety = proposal.safety.max(Safety::Suggestion);
        }
        let changes = std::mem::take(&mut proposal.changes);
        proposal.changes = changes.into_iter().map(|it| it.moved(|span| files.written(span))).collect();
    }
}

/// What rests on the name of a cluster in another template, or on what a parameter may be, is likely: a deploy may mean
/// another one.
fn weigh(workspace: &Workspace, found: &mut Diagnostic) {
    let places: Vec<Span> = [found.span].into_iter().chain(found.labels.iter().map(|it| it.span)).collect();
    let parameters = places.iter().filter_map(|it| Some((*it, workspace.parameter_at(*it)?)));
    let mut parameters: Vec<(Span, &ResourceId)> = parameters.collect();
    let by_name = workspace.clusters().rests_on_a_name(&places);
    if parameters.is_empty() && by_name.is_none() {
        return;
    }
    found.certainty = found.certainty.min(Certainty::Likely);
    found.cap();
    let mut named = HashSet::default();
    parameters.retain(|(_, parameter)| named.insert(*parameter));
    for (place, parameter) in parameters {
        let message = match workspace.is_default(place) {
            true => format!("the default of parameter `{parameter}`"),
            false => format!("a value that parameter `{parameter}` may have"),
        };
        found.label(place, message);
    }
    if let Some(Some(name)) = by_name {
        found.label(name, "only this name says that the cluster of the other template is meant");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::source::Source;

    fn panics(_: &Workspace, _: &mut Findings) {
        panic!("a rule of a test");
    }

    fn speaks(workspace: &Workspace, findings: &mut Findings) {
        for file in workspace.files.ids() {
            findings.at(Span { file, start: 0, end: 1 }, "something");
        }
    }

    fn rule(id: &'static str, check: fn(&Workspace, &mut Findings)) -> Rule {
        Rule { id, level: Level::Warning, certainty: Certainty::Certain, check: Check::Files(check), page: "" }
    }

    fn found_by(rules: &[Rule], workspace: &Workspace) -> Vec<Diagnostic> {
        let selection = Selection::default();
        let selected = &selection.over(&workspace.files);
        Runner { rules, workspace, selected, observer: &() }.about_files().0
    }

    #[test]
    fn a_rule_that_panics_costs_no_other() {
        let workspace =
            Analysis::of(vec![Source::new("a.yaml", "a: b\n"), Source::new("b.yaml", "a: b\n")]).snapshot(&());
        let found = found_by(&[rule("x/panics", panics), rule("x/speaks", speaks)], &workspace);
        let found: Vec<_> = found.iter().map(|it| (it.rule, it.level, it.span.file.number())).collect();
        let warning = |file| ("x/speaks", Level::Warning, file);
        assert_eq!(found, [(INTERNAL_ERROR, Level::Error, 0), warning(0), warning(1)]);
        let nothing = Analysis::of(Vec::new()).snapshot(&());
        assert_eq!(found_by(&[rule("x/panics", panics)], &nothing), []);
    }
}
