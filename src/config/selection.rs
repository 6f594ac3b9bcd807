//! Which rules run, which of their findings count where, and at which level.

use std::path::Path;
use std::sync::{Arc, Mutex};

use crate::collections::HashMap;
use crate::diagnostic::Level;
use crate::field::Spanned;
use crate::rule::{Cut, CutKind, Finding};
use crate::rules::RULES;
use crate::selector::Selector;
use crate::source::FileId;
use crate::workspace::Workspace;

use super::{Configuration, Globs, Origin, RuleLevel};

/// What the configuration says of each rule.
#[derive(Default)]
pub struct Selection {
    /// For each rule of the table; empty if all run as they are.
    rules: Vec<Choice>,
    /// With what each says of each rule.
    overrides: Vec<(Globs, Vec<Setting>)>,
    /// Which of the overrides are for a file, by its place: every rule asks for it.
    of_files: Mutex<HashMap<Arc<Path>, Arc<[usize]>>>,
}

/// What becomes of a rule's findings.
#[derive(Clone, Copy)]
struct Choice {
    /// The command line does not leave it out.
    allowed: bool,
    on: bool,
    level: Option<Level>,
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
            for it in &written.value {
                let it = &it.value;
                let Some(paths) = &it.paths else { continue };
                let layered = Layered {
                    select: it.select.as_ref().map(|it| values(&it.value)),
                    ignore: it.ignore.as_ref().map(|it| values(&it.value)).unwrap_or_default(),
                    levels: it.levels.iter().flat_map(|it| levels(&it.value)).collect(),
                };
                let settings = RULES.iter().map(|rule| layered.setting(rule.id)).collect();
                overrides.push((Globs::of(&layer.source.path, &layer.base, paths.value.texts()), settings));
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
        Self { rules: rules.collect(), overrides, of_files: Mutex::default() }
    }

    /// Whether a rule, by its place in the table, has anything to say anywhere.
    pub fn runs(&self, rule: usize) -> bool {
        let Some(choice) = self.rules.get(rule) else { return true };
        let may_be_on = || self.overrides.iter().any(|(_, it)| it[rule].on == Some(true));
        choice.allowed && (choice.on || may_be_on())
    }

    /// Whether no rule can report anything anywhere.
    pub fn is_empty(&self) -> bool {
        (0..RULES.len()).all(|it| !self.runs(it))
    }

    /// Whether a rule, by its place in the table, has anything to say about a file.
    pub fn runs_in(&self, workspace: &Workspace, rule: usize, file: FileId) -> bool {
        let Some(base) = self.rules.get(rule) else { return true };
        base.allowed && self.choice(*base, workspace, rule, file).on
    }

    /// The level that the configuration gives all findings of a rule, by its place in the table, whatever file they are in.
    /// Overrides for some paths are not in it.
    pub fn level(&self, rule: usize) -> Option<Level> {
        self.rules.get(rule).and_then(|it| it.level)
    }

    /// What holds for a rule in a file: what holds everywhere, and the overrides above it.
    fn choice(&self, base: Choice, workspace: &Workspace, rule: usize, file: FileId) -> Choice {
        let mut choice = base;
        for at in self.overrides_of(workspace, file).iter() {
            self.overrides[*at].1[rule].change(&mut choice);
        }
        choice
    }

    /// The overrides for a file, in their order.
    fn overrides_of(&self, workspace: &Workspace, file: FileId) -> Arc<[usize]> {
        if self.overrides.is_empty() {
            return Arc::default();
        }
        let Some(source) = workspace.files.get(file) else { return Arc::default() };
        if let Some(known) = self.of_files.lock().ok().and_then(|it| it.get(&source.place).cloned()) {
            return known;
        }
        let overrides = self.overrides.iter().enumerate().filter(|(_, (paths, _))| paths.hold(&source.place));
        let found: Arc<[usize]> = overrides.map(|(at, _)| at).collect();
        if let Ok(mut all) = self.of_files.lock() {
            all.insert(source.place.clone(), found.clone());
        }
        found
    }

    /// What is left out of a rule's findings in a file, at the level that the configuration gives it; nothing if the rule is
    /// off there.
    pub fn apply_to_cut(&self, workspace: &Workspace, rule: usize, mut cut: Cut) -> Option<Cut> {
        let Some(base) = self.rules.get(rule) else { return Some(cut) };
        let choice = self.choice(*base, workspace, rule, cut.span.file);
        if matches!(cut.kind, CutKind::Findings | CutKind::FindingsOfRun) {
            cut.level = cut.certainty.cap(choice.level.unwrap_or(cut.level));
        }
        choice.on.then_some(cut)
    }

    /// Takes away what is off where it stands, and gives the rest its level: never one above what its certainty allows.
    pub fn apply(&self, workspace: &Workspace, rule: usize, found: &mut Vec<Finding>) {
        let Some(base) = self.rules.get(rule) else { return };
        if self.overrides.is_empty() && base.level.is_none() {
            return;
        }
        let mut last = None;
        found.retain_mut(|finding| {
            let it = &mut finding.diagnostic;
            let choice = match last {
                Some((file, choice)) if file == it.span.file => choice,
                _ => {
                    let choice = self.choice(*base, workspace, rule, it.span.file);
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
