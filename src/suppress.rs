//! Suppressions: which findings somebody has said not to show, and which of their directives did nothing.
//!
//! A directive is for findings that begin where it is for ([`Scope::holds`]); places that a finding only names besides
//! do not count. It is judged after all rules have run, and only by rules that ran.

pub mod add;
pub mod verdict;

use std::collections::BTreeSet;

use crate::collections::{HashMap, HashSet};
use crate::config::Selected;
use crate::date::Date;
use crate::diagnostic::{Diagnostic, Suppressed, Suppression};
use crate::facts::{Directive, Scope};
use crate::names::Candidates;
use crate::rule::Rule;
use crate::rules::RULES;
use crate::source::{FileId, Files, Span};
use crate::workspace::Workspace;

use verdict::{Elsewhere, Name, Verdict, Verdicts};

/// How many findings are looked at to say where a directive that did nothing may have been meant to stand.
const MOST_MISSED: usize = 200;

/// How suppressions are handled in a run.
#[derive(Clone, Copy)]
pub struct Settings {
    /// The day of the run, which decides whether a directive has expired.
    pub today: Date,
    /// False if nothing is to be suppressed.
    pub heeded: bool,
    /// True if the run was given some files only, so that a finding may be missing because of what was not read.
    pub is_partial: bool,
}

impl Settings {
    /// The whole of a project is linted on this day.
    pub fn on(today: Date) -> Self {
        Self { today, heeded: true, is_partial: false }
    }
}

/// The findings of a run, parted by its directives.
#[derive(Default, Debug)]
pub struct Judged {
    /// What is left, in the order of places.
    pub findings: Vec<Diagnostic>,
    /// What was suppressed, in the order of places.
    pub suppressed: Vec<Suppressed>,
    pub verdicts: Verdicts,
}

/// Takes out what is suppressed, and says what each directive did. Findings come in the order of their places.
pub fn judge(workspace: &Workspace, selected: &Selected<'_>, found: Vec<Diagnostic>, settings: &Settings) -> Judged {
    if workspace.facts.directives.is_empty() {
        return Judged { findings: found, ..Judged::default() };
    }
    let directives = &workspace.facts.directives;
    let mut judge = Judge::new(directives, &workspace.files, settings.today);
    let mut findings = Vec::new();
    let mut suppressed = Vec::new();
    for finding in found {
        match judge.directive_for(finding.span, finding.rule).filter(|_| settings.heeded) {
            Some(at) => {
                let reason = Some(directives[at].reason.clone()).filter(|it| !it.is_empty());
                suppressed.push(Suppressed { finding, how: Suppression::InSource { reason } });
            }
            None => findings.push(finding),
        }
    }
    let of = judge.verdicts(workspace, selected, &findings, settings);
    Judged { findings, suppressed, verdicts: Verdicts { of, is_partial: settings.is_partial } }
}

/// The names that mean a rule in a directive: its id, its area, and the ids that it had before.
fn names_of(rule: &'static str) -> impl Iterator<Item = &'static str> {
    let today = [Some(rule), rule.split_once('/').map(|(area, _)| area)].into_iter().flatten();
    today.chain(crate::former::ids(rule).iter().copied())
}

fn rule(id: &str) -> Option<&'static Rule> {
    RULES.binary_search_by(|it| it.id.cmp(id)).ok().map(|at| &RULES[at])
}

/// Goes through findings and directives side by side, both in the order of their places.
struct Judge<'d> {
    directives: Vec<&'d Directive>,
    files: &'d Files,
    /// Where directives are for, by their starts; the start of a file for the whole of it.
    places: Vec<(Span, usize)>,
    next: usize,
    /// The places that the last finding may be in.
    open: Vec<(Span, usize)>,
    is_expired: Vec<bool>,
    /// How many findings each name of each directive fits.
    counts: Vec<HashMap<&'d str, usize>>,
    reported: Vec<BTreeSet<&'static str>>,
}

impl<'d> Judge<'d> {
    fn new(directives: impl IntoIterator<Item = &'d Directive>, files: &'d Files, today: Date) -> Self {
        let directives: Vec<&Directive> = directives.into_iter().collect();
        let mut places = Vec::new();
        for (at, directive) in directives.iter().enumerate() {
            match directive.scope {
                Scope::File => places.push((Span { start: 0, end: u32::MAX, ..directive.span }, at)),
                Scope::Place { whole, line } => {
                    places.extend([Some(whole), line].into_iter().flatten().map(|it| (it, at)))
                }
                Scope::Nothing { .. } => {}
            }
        }
        places.sort_by_key(|(place, at)| (files.rank(place.file), place.start, *at));
        Self {
            files,
            places,
            next: 0,
            open: Vec::new(),
            is_expired: directives.iter().map(|it| it.until.is_some_and(|it| it.date < today)).collect(),
            counts: directives.iter().map(|it| it.names.iter().map(|name| (name.bytes(), 0)).collect()).collect(),
            reported: vec![BTreeSet::new(); directives.len()],
            directives,
        }
    }

    /// The directive that suppresses a finding of a rule; of several the one that is for the least. Findings come in the
    /// order of their places.
    fn directive_for(&mut self, place: Span, rule: &'static str) -> Option<usize> {
        while let Some((start, at)) = self.places.get(self.next) {
            if (self.files.rank(start.file), start.start) > (self.files.rank(place.file), place.start) {
                break;
            }
            self.open.push((*start, *at));
            self.next += 1;
        }
        self.open.retain(|(it, _)| it.file == place.file && it.end >= place.start);
        let mut best: Option<(u32, usize)> = None;
        let mut seen = HashSet::default();
        for (open, at) in &self.open {
            if !seen.insert(*at) {
                continue;
            }
            self.reported[*at].insert(rule);
            let directive = self.directives[*at];
            let mut fits = false;
            for name in names_of(rule) {
                if let Some(count) = self.counts[*at].get_mut(name) {
                    *count += 1;
                    fits = true;
                }
            }
            let holds = fits && directive.error.is_none() && !self.is_expired[*at];
            let size = open.end - open.start;
            if holds && best.is_none_or(|(least, _)| size < least) {
                best = Some((size, *at));
            }
        }
        best.map(|(_, at)| at)
    }

    fn verdicts(
        self,
        workspace: &Workspace,
        selected: &Selected<'_>,
        left: &[Diagnostic],
        settings: &Settings,
    ) -> Vec<Verdict> {
        let broken: HashSet<FileId> = workspace.facts.broken_documents.iter().map(|it| it.span.file).collect();
        let idle: HashSet<&str> =
            self.counts.iter().flatten().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
        // The findings that directives which did nothing may have been meant for.
        let mut missed: HashMap<(&str, FileId), Vec<&Diagnostic>> = HashMap::default();
        for finding in left {
            for name in names_of(finding.rule).filter(|it| idle.contains(it)) {
                let files: HashSet<FileId> =
                    finding.labels.iter().map(|it| it.span.file).chain([finding.span.file]).collect();
                files.into_iter().for_each(|file| missed.entry((name, file)).or_default().push(finding));
            }
        }
        let candidates = known().into_iter().collect::<Candidates<'static>>().uncounted();
        let mut meant: HashMap<&str, Vec<(usize, &Rule)>> = HashMap::default();
        for (at, rule) in RULES.iter().enumerate() {
            names_of(rule.id).for_each(|name| meant.entry(name).or_default().push((at, rule)));
        }
        let mut verdicts = Vec::new();
        for (at, directive) in self.directives.iter().enumerate() {
            let file = directive.span.file;
            let judge = |name: &crate::source::Text| {
                let name = name.bytes();
                let Some(rules) = meant.get(name) else {
                    return Name::Unknown { nearest: candidates.nearest(name) };
                };
                if rules.iter().all(|(_, it)| it.is_about_suppressions()) {
                    return Name::Refused;
                }
                let count = self.counts[at].get(name).copied().unwrap_or_default();
                if count > 0 {
                    return Name::Suppresses(count);
                }
                let ran = |at: usize| selected.runs_in(at, file);
                if !settings.heeded || broken.contains(&file) || !rules.iter().all(|(at, _)| ran(*at)) {
                    return Name::Unjudged;
                }
                let missed = missed.get(&(name, file)).map(Vec::as_slice).unwrap_or_default();
                // It is a hint, so it is not looked for everywhere.
                let missed = &missed[..missed.len().min(MOST_MISSED)];
                let is_about_it = |it: &Diagnostic| it.labels.iter().any(|it| directive.scope.holds(it.span));
                let about = missed.iter().find(|it| is_about_it(it)).map(|it| (it.span, true));
                let beside = missed.iter().find(|it| it.span.file == file).map(|it| (it.span, false));
                let elsewhere = about.or(beside).map(|(place, is_about_it)| Elsewhere { place, is_about_it });
                Name::Nothing { elsewhere }
            };
            let reported = self.reported[at].iter().copied().collect();
            let names = directive.names.iter().map(judge).collect();
            verdicts.push(Verdict { names, is_expired: self.is_expired[at], reported });
        }
        verdicts
    }
}

/// What a directive can name.
fn known() -> Vec<&'static str> {
    let rules = RULES.iter().filter(|it| !it.is_about_suppressions());
    let mut names: Vec<_> =
        rules.flat_map(|it| [Some(it.id), it.id.split_once('/').map(|it| it.0)]).flatten().collect();
    names.sort_unstable();
    names.dedup();
    names
}
