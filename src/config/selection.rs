//! Which rules run, which of their findings count where, and at which level.

use std::path::Path;
use std::sync::Arc;

use crate::collections::{HashMap, HashSet};
use crate::diagnostic::Level;
use crate::field::Spanned;
use crate::report::{ColumnUnit, Lines};
use crate::rule::{Cut, CutKind, Finding};
use crate::rules::RULES;
use crate::selector::Selector;
use crate::source::{FileId, Files};

use super::paths::Lists;
use super::{Configuration, Globs, Origin, RuleLevel};

/// What the configuration says of each rule.
#[derive(Default)]
pub struct Selection {
    /// For each rule of the table; empty if all run as they are.
    rules: Vec<Choice>,
    overrides: Vec<Overriding>,
}

/// What the configuration says of each rule in each file of a run.
pub struct Selected<'s> {
    selection: &'s Selection,
    /// The overrides for each file, in their order. Files for which there are none are not here.
    overrides: HashMap<FileId, Arc<[usize]>>,
    /// Files that could not be compared with the paths of overrides any more.
    beyond: HashSet<FileId>,
}

/// What becomes of a rule's findings.
#[derive(Clone, Copy)]
struct Choice {
    /// The command line does not leave it out.
    allowed: bool,
    on: bool,
    level: Option<Level>,
}

/// An override.
struct Overriding {
    /// Where it is written, for messages.
    place: String,
    paths: Globs,
    /// What it says of each rule.
    settings: Vec<Setting>,
}

/// What one layer says of rules.
struct Layered {
    select: Option<Vec<Selector>>,
    ignore: Vec<Selector>,
    levels: Vec<(Selector, RuleLevel)>,
}

impl Layered {
    /// Whether the layer's `select` takes a rule, and nothing that names it as closely leaves it out.
    fn takes(&self, rule: &str) -> bool {
        let selected = closest(self.select.iter().flatten(), rule);
        let off = self.levels.iter().filter(|(_, level)| level.level().is_none()).map(|(selector, _)| selector);
        let ignored = closest(self.ignore.iter().chain(off), rule);
        selected.is_some_and(|selected| ignored.is_none_or(|ignored| ignored < selected))
    }

    /// What the closest name says of the level; the last of several.
    fn level(&self, rule: &str) -> Option<RuleLevel> {
        let named = self.levels.iter().filter_map(|(selector, level)| Some((selector.closeness(rule)?, *level)));
        named.max_by_key(|(closeness, _)| *closeness).map(|(_, level)| level)
    }

    /// What the layer sets for a rule.
    fn setting(&self, rule: &str) -> Setting {
        let level = self.level(rule);
        let is_off = || closest(&self.ignore, rule).is_some() || level.is_some_and(|it| it.level().is_none());
        let on = match self.select.is_some() {
            true => Some(self.takes(rule)),
            false => is_off().then_some(false),
        };
        Setting { on, level: level.and_then(RuleLevel::level) }
    }
}

/// What one layer sets for one rule; nothing where it leaves the rule as it is.
#[derive(Clone, Copy)]
struct Setting {
    on: Option<bool>,
    level: Option<Level>,
}

impl Setting {
    /// Changes what is so far.
    fn change(self, choice: &mut Choice) {
        choice.on = self.on.unwrap_or(choice.on);
        choice.level = self.level.or(choice.level);
    }
}

impl Selection {
    pub fn new(configuration: &Configuration) -> Self {
        let (options, others): (Vec<_>, Vec<_>) =
            configuration.layers.iter().partition(|it| it.origin == Origin::Option);
        let select = others.iter().rev().find_map(|it| it.settings.select.as_ref());
        let ignore = others.iter().rev().find_map(|it| it.settings.ignore.as_ref());
        let file = Layered {
            select: select.map(|it| values(&it.value)),
            ignore: ignore.map(|it| values(&it.value)).unwrap_or_default(),
            levels: others.iter().flat_map(|it| &it.settings.levels).flat_map(|it| levels(&it.value)).collect(),
        };
        let select: Vec<_> = options.iter().filter_map(|it| it.settings.select.as_ref()).collect();
        let asked = Layered {
            select: (!select.is_empty()).then(|| select.iter().flat_map(|it| values(&it.value)).collect()),
            ignore: options
                .iter()
                .filter_map(|it| it.settings.ignore.as_ref())
                .flat_map(|it| values(&it.value))
                .collect(),
            levels: Vec::new(),
        };
        let mut overrides = Vec::new();
        let written = configuration.layers.iter().rev().find(|it| it.settings.overrides.is_some());
        if let Some((layer, written)) = written.and_then(|it| Some((it, it.settings.overrides.as_ref()?))) {
            let lines = Lines::new(&layer.source.text);
            for written in &written.value {
                let it = &written.value;
                let Some(paths) = &it.paths else { continue };
                let layered = Layered {
                    select: it.select.as_ref().map(|it| values(&it.value)),
                    ignore: it.ignore.as_ref().map(|it| values(&it.value)).unwrap_or_default(),
                    levels: it.levels.iter().flat_map(|it| levels(&it.value)).collect(),
                };
                let settings = RULES.iter().map(|rule| layered.setting(rule.id)).collect();
                let paths = Globs::of(&layer.source.path, &layer.base, paths.value.texts());
                let line = lines.place(written.span.range().start, ColumnUnit::Characters).line;
                let place = match layer.origin {
                    Origin::File => format!("{}:{line}", layer.source.path),
                    _ => layer.source.path.to_string(),
                };
                overrides.push(Overriding { place, paths, settings });
            }
        }
        let rules = RULES.iter().map(|rule| {
            let mut choice = Choice { allowed: true, on: true, level: None };
            file.setting(rule.id).change(&mut choice);
            if asked.select.is_some() {
                choice.allowed = asked.takes(rule.id);
                choice.on = true;
            } else {
                choice.allowed = closest(&asked.ignore, rule.id).is_none();
            }
            choice
        });
        Self { rules: rules.collect(), overrides }
    }

    /// Whether a rule, by its place in the table, has anything to say anywhere.
    pub fn runs(&self, rule: usize) -> bool {
        let Some(choice) = self.rules.get(rule) else { return true };
        let may_be_on = || self.overrides.iter().any(|it| it.settings[rule].on == Some(true));
        choice.allowed && (choice.on || may_be_on())
    }

    /// Whether no rule can report anything anywhere.
    pub fn is_empty(&self) -> bool {
        (0..RULES.len()).all(|it| !self.runs(it))
    }

    /// The same for the files of a run, which are compared with the paths of the overrides in their order.
    pub fn over(&self, files: &Files) -> Selected<'_> {
        let mut selected = Selected { selection: self, overrides: HashMap::default(), beyond: HashSet::default() };
        if self.overrides.is_empty() {
            return selected;
        }
        let mut lists = self.lists();
        for (file, source) in files.iter() {
            match lists.of(&source.place) {
                Some(none) if none.is_empty() => {}
                Some(some) => _ = selected.overrides.insert(file, some),
                None => _ = selected.beyond.insert(file),
            }
        }
        selected
    }

    fn lists(&self) -> Lists<'_> {
        Lists::new(self.overrides.iter().enumerate().map(|(at, it)| (at, &it.paths)))
    }

    /// What holds for a rule in a file: what holds everywhere, and the overrides above it.
    fn choice(&self, rule: usize, overrides: &[usize]) -> Option<Choice> {
        let mut choice = *self.rules.get(rule)?;
        overrides.iter().for_each(|at| self.overrides[*at].settings[rule].change(&mut choice));
        Some(choice)
    }

    /// Where the override is written because of which no rule can report anything in any of these files. Nothing if one can, or
    /// there is no file.
    pub fn silenced_by<'f>(&self, files: impl Iterator<Item = &'f Path>) -> Option<&str> {
        if self.overrides.is_empty() {
            return None;
        }
        let mut lists = self.lists();
        let mut last = None;
        for file in files {
            let overrides = lists.of(file)?;
            let runs = |rule| self.choice(rule, &overrides).is_none_or(|it| it.allowed && it.on);
            if overrides.is_empty() || (0..RULES.len()).any(runs) {
                return None;
            }
            last = overrides.last().copied();
        }
        Some(self.overrides[last?].place.as_str())
    }

    /// The level that the configuration gives all findings of a rule, by its place in the table, whatever file they are in.
    /// Overrides for some paths are not in it.
    pub fn level(&self, rule: usize) -> Option<Level> {
        self.rules.get(rule).and_then(|it| it.level)
    }
}

impl Selected<'_> {
    /// Whether a rule, by its place in the table, has anything to say anywhere.
    pub fn runs(&self, rule: usize) -> bool {
        self.selection.runs(rule)
    }

    /// Whether a rule, by its place in the table, has anything to say about a file.
    pub fn runs_in(&self, rule: usize, file: FileId) -> bool {
        self.choice(rule, file).is_none_or(|it| it.allowed && it.on)
    }

    /// The first file of a project that could not be compared with the paths of overrides, if there is one.
    pub fn beyond(&self, files: &Files) -> Option<FileId> {
        if self.beyond.is_empty() { None } else { files.ids().find(|it| self.beyond.contains(it)) }
    }

    fn choice(&self, rule: usize, file: FileId) -> Option<Choice> {
        self.selection.choice(rule, self.overrides.get(&file).map_or(&[], |it| it))
    }

    /// What is left out of a rule's findings in a file, at the level that the configuration gives it; nothing if the rule is
    /// off there.
    pub fn apply_to_cut(&self, rule: usize, mut cut: Cut) -> Option<Cut> {
        let Some(choice) = self.choice(rule, cut.span.file) else { return Some(cut) };
        if matches!(cut.kind, CutKind::Findings | CutKind::FindingsOfRun) {
            cut.level = cut.certainty.cap(choice.level.unwrap_or(cut.level));
        }
        choice.on.then_some(cut)
    }

    /// Takes away what is off where it stands, and gives the rest its level: never one above what its certainty allows.
    pub fn apply(&self, rule: usize, found: &mut Vec<Finding>) {
        let Some(base) = self.selection.rules.get(rule) else { return };
        if self.overrides.is_empty() && base.level.is_none() {
            return;
        }
        let mut last = None;
        found.retain_mut(|finding| {
            let it = &mut finding.diagnostic;
            let choice = match last {
                Some((file, choice)) if file == it.span.file => choice,
                _ => {
                    let choice = self.choice(rule, it.span.file).unwrap_or(*base);
                    last = Some((it.span.file, choice));
                    choice
                }
            };
            it.level = it.certainty.cap(choice.level.unwrap_or(it.level));
            choice.on
        });
    }
}

fn values<T: Clone>(written: &[Spanned<T>]) -> Vec<T> {
    written.iter().map(|it| it.value.clone()).collect()
}

fn levels(written: &super::values::Levels) -> Vec<(Selector, RuleLevel)> {
    written.0.iter().map(|(selector, level)| (selector.clone(), level.value)).collect()
}

fn closest<'s>(selectors: impl IntoIterator<Item = &'s Selector>, rule: &str) -> Option<u8> {
    selectors.into_iter().filter_map(|it| it.closeness(rule)).max()
}
