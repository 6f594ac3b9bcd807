//! The configuration: from texts to settings, and from settings to what they mean for rules and files.
//!
//! Pure: which file is read, and what was said on the command line, comes from the edge as [`Source`]s.

mod context;
mod declared;
mod paths;
mod read;
mod selection;
mod settings;
mod show;
mod values;
mod version;

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use toml::de::{DeTable, DeValue};

use crate::field::Spanned;
use crate::former::{self, FormerId};
use crate::report::{ColumnUnit, Lines};
use crate::selector::{self, Selector};
use crate::source::{FileId, Source, Span};

pub use declared::{Declared, Located, Place, TOO_MUCH_TO_LOCATE};
pub use paths::Globs;
pub use read::{Key, Table};
pub use selection::{Selected, Selection};
pub use settings::{Cluster, Environment, Override, Settings};
pub use values::{AuthenticationMode, FailOn, LevelName, RuleLevel};

use read::{Reader, Setting};
use values::Levels;

/// Where settings come from; what comes later wins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// What holds where nothing is written.
    Default,
    File,
    /// `--config KEY=VALUE`.
    Inline,
    /// An option of the command line that has the name of a key.
    Option,
}

/// Settings that were read from one text.
#[derive(Clone, Debug)]
pub struct Layer {
    pub origin: Origin,
    pub source: Source,
    /// The folder that its patterns of paths are relative to.
    pub base: PathBuf,
    pub settings: Settings,
}

/// The configuration of a run: layers of settings, from the defaults to the command line.
///
/// A [`FileId`] in the spans of its settings is the place of their layer.
#[derive(Clone, Default, Debug)]
pub struct Configuration {
    layers: Vec<Layer>,
}

/// A file that a setting names.
#[derive(Clone, Copy, Debug)]
pub struct NamedFile<'c> {
    pub layer: &'c Layer,
    /// As it is written: relative to [`Layer::base`], or absolute.
    pub path: &'c Path,
    span: Span,
}

impl NamedFile<'_> {
    /// Says what is wrong with it.
    pub fn error(&self, message: String) -> ConfigError {
        let Layer { origin, source, .. } = self.layer;
        error(*origin, source, &Lines::new(&source.text), self.span, message)
    }
}

/// What is wrong with a configuration, and where: `ekslint.toml:3:1: there is no key `selct``.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigError {
    pub place: String,
    pub message: String,
}

impl Configuration {
    /// What holds where nothing is written.
    pub fn defaults() -> Self {
        let defaults = Settings::KEYS.iter().filter_map(|key| Some(format!("{} = {}\n", key.name, key.default?)));
        let source = Source::new("default", defaults.collect::<String>());
        let mut configuration = Self::default();
        configuration
            .add(Origin::Default, source, Path::new(""))
            .expect("the defaults are settings; a test reads them");
        configuration
    }

    /// Reads a text and puts its settings above those so far. All that is wrong with it is said at once.
    pub fn add(&mut self, origin: Origin, source: Source, base: &Path) -> Result<(), Vec<ConfigError>> {
        let file = FileId::new(self.layers.len() as u32);
        let (settings, errors) = read(file, &source.text);
        if !errors.is_empty() {
            let lines = Lines::new(&source.text);
            let placed = errors.into_iter().map(|(span, message)| error(origin, &source, &lines, span, message));
            return Err(placed.collect());
        }
        self.layers.push(Layer { origin, source, base: base.to_owned(), settings });
        Ok(())
    }

    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The former ids of rules that are written somewhere, as often as they are.
    pub fn former_ids(&self) -> Vec<FormerId> {
        type Rules = Option<Spanned<Vec<Spanned<Selector>>>>;
        let mut former = Vec::new();
        let mut add = |lists: [&Rules; 2], levels: &Option<Spanned<Levels>>| {
            let listed = lists.into_iter().flatten().flat_map(|it| &it.value).map(|it| &it.value);
            let with_level = levels.iter().flat_map(|it| &it.value.0).map(|(selector, _)| selector);
            former.extend(listed.chain(with_level).filter_map(|it| match it {
                Selector::Former(former) => Some(*former),
                _ => None,
            }));
        };
        for Layer { settings, .. } in &self.layers {
            add([&settings.select, &settings.ignore], &settings.levels);
            for Spanned { value: it, .. } in settings.overrides.iter().flat_map(|it| &it.value) {
                add([&it.select, &it.ignore], &it.levels);
            }
        }
        former
    }

    /// The layer that a span of a setting is in.
    pub fn layer(&self, span: Span) -> &Layer {
        &self.layers[span.file.number() as usize]
    }

    /// The topmost value of a key.
    pub fn get<T>(&self, key: impl Fn(&Settings) -> &Option<T>) -> Option<&T> {
        self.layers.iter().rev().find_map(|it| key(&it.settings).as_ref())
    }

    /// The least level that is shown, if it is said.
    pub fn level(&self) -> Option<LevelName> {
        self.get(|it| &it.level).map(|it| it.value)
    }

    /// The least level that makes a run fail.
    pub fn fail_on(&self) -> FailOn {
        self.get(|it| &it.fail_on).map_or(FailOn::Warning, |it| it.value)
    }

    /// The baseline that holds findings back, if one is named.
    pub fn baseline(&self) -> Option<NamedFile<'_>> {
        let layer = self.layers.iter().rev().find(|it| it.settings.baseline.is_some())?;
        let baseline = layer.settings.baseline.as_ref()?;
        Some(NamedFile { layer, path: Path::new(&baseline.value.0), span: baseline.span })
    }

    /// Where the pages of the rules are hosted, if that is said.
    pub fn docs_url(&self) -> Option<&str> {
        self.get(|it| &it.docs_url).map(|it| it.value.0.as_str())
    }

    /// The placeholders that something fills in, as findings name them.
    pub fn filled_placeholders(&self) -> impl Iterator<Item = &str> {
        let named = self.get(|it| &it.filled_placeholders).into_iter().flat_map(|it| &it.value);
        named.map(|it| it.value.0.as_str())
    }

    /// What is not read: what the file excludes, or `--config` instead of it, and what options exclude besides.
    pub fn exclude(&self) -> Vec<Globs> {
        let (options, others): (Vec<_>, Vec<_>) = self.layers.iter().partition(|it| it.origin == Origin::Option);
        let last = others.into_iter().rev().find(|it| it.settings.exclude.is_some());
        let all = last.into_iter().chain(options);
        let patterns = all.filter_map(|it| Some((it, it.settings.exclude.as_ref()?)));
        let patterns = patterns.filter(|(_, globs)| !globs.value.0.is_empty());
        patterns.map(|(layer, globs)| Globs::of(&layer.source.path, &layer.base, globs.value.texts())).collect()
    }
}

/// Reads settings. A requirement that this version does not meet is the only thing said: what else is written may be
/// for the version that it asks for.
fn read(file: FileId, text: &str) -> (Settings, Vec<(Span, String)>) {
    let mut reader = Reader::new(file);
    let (root, errors) = DeTable::parse_recoverable(text);
    // What follows the first error is often its consequence.
    for error in errors.iter().take(1) {
        let range = error.span().unwrap_or(0..0);
        let line = text[..range.start.min(text.len())].rfind('\n').map_or(0, |at| at + 1);
        let key = text[line..].lines().next().unwrap_or_default().split('=').next().unwrap_or_default();
        let help =
            if key.contains('/') && !key.contains(['"', '\'', '#']) { "; a key with `/` wants quotes" } else { "" };
        reader.error(range, format!("this is not TOML: {}{help}", error.message()));
    }
    if let Some((_, value)) = root.get_ref().iter().find(|(key, _)| key.get_ref() == "required-version") {
        let own = env!("CARGO_PKG_VERSION");
        if let DeValue::String(wanted) = value.get_ref()
            && version::requirement(wanted).is_ok()
            && !version::meets(own, wanted)
        {
            let message = format!(
                "this configuration is for ekslint {wanted}, and this is {own}: install one that fits, or change the key"
            );
            return (Settings::default(), vec![(reader.span(value.span()), message)]);
        }
    }
    let mut settings = Settings::default();
    if errors.is_empty() {
        settings = reader.keys(root.get_ref(), root.span());
        settings.check(&mut reader);
    }
    let mut errors = reader.errors;
    errors.sort_by(|(a, x), (b, y)| (a.bounds(), x).cmp(&(b.bounds(), y)));
    (settings, errors)
}

fn error(origin: Origin, source: &Source, lines: &Lines<'_>, span: Span, message: String) -> ConfigError {
    let place = match origin {
        Origin::Default | Origin::File => {
            let place = lines.place(span.range().start, ColumnUnit::Characters);
            format!("{}:{}:{}", source.path, place.line, place.column)
        }
        Origin::Inline | Origin::Option => source.path.to_string(),
    };
    ConfigError { place, message }
}

/// The JSON Schema of the configuration file.
pub fn schema() -> Json {
    let mut schema = Settings::schema();
    let rules = selector::areas().chain(crate::rules::RULES.iter().map(|it| it.id));
    let mut names: Vec<&str> = rules.collect();
    names.extend(former::all());
    names.sort_unstable();
    names.insert(0, "all");
    schema["$schema"] = Json::from("http://json-schema.org/draft-07/schema#");
    schema["title"] = Json::from("ekslint.toml");
    schema["definitions"] = json!({ "rules": { "description": "A rule, an area of rules, or all.", "enum": names } });
    schema
}
