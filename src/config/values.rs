//! What keys can hold: words, selectors of rules, patterns of paths, and values of AWS.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::diagnostic::Level;
use crate::field::Spanned;
use crate::iam::{KubernetesVersion, PARTITIONS, is_account_id, partition, partition_of_region};
use crate::names::{folded, is_dns_label, listed};
use crate::selector::Selector;

use super::paths::Globs;
use super::read::{MOST_PATTERNS, Raw, Reader, Setting};

/// Declares a choice between words.
macro_rules! words {
    ($(#[doc = $about:literal])* $name:ident { $($(#[doc = $doc:literal])* $variant:ident = $word:literal,)* }) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $name { $($(#[doc = $doc])* $variant,)* }

        impl $name {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),*];
        }

        impl Setting for $name {
            fn read(value: &Raw<'_>, reader: &mut Reader) -> Option<Self> {
                reader.string(value, |text| word(text, Self::WORDS))
            }

            fn schema() -> Json {
                json!({ "enum": [$($word),*] })
            }
        }
    };
}

words! {
    /// The least level that is shown.
    LevelName { Error = "error", Warning = "warning", Note = "note", }
}

words! {
    /// The least level that makes the exit code 1.
    FailOn { Error = "error", Warning = "warning", Note = "note", Never = "never", }
}

words! {
    /// The level that the findings of a rule get.
    RuleLevel { Error = "error", Warning = "warning", Note = "note", Off = "off", }
}

words! {
    /// How a cluster learns whom to let in.
    AuthenticationMode { Api = "API", Both = "API_AND_CONFIG_MAP", ConfigMap = "CONFIG_MAP", }
}

impl LevelName {
    pub fn level(self) -> Level {
        match self {
            Self::Error => Level::Error,
            Self::Warning => Level::Warning,
            Self::Note => Level::Note,
        }
    }
}

impl FailOn {
    /// The level; nothing fails for `never`.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Error => Some(Level::Error),
            Self::Warning => Some(Level::Warning),
            Self::Note => Some(Level::Note),
            Self::Never => None,
        }
    }
}

impl RuleLevel {
    /// The level; none for `off`.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Error => Some(Level::Error),
            Self::Warning => Some(Level::Warning),
            Self::Note => Some(Level::Note),
            Self::Off => None,
        }
    }
}

impl AuthenticationMode {
    pub fn name(self) -> &'static str {
        let word = Self::WORDS.iter().find(|(_, mode)| *mode == self);
        word.expect("each mode has its word").0
    }
}

fn word<T: Copy>(text: &str, words: &[(&'static str, T)]) -> Result<T, String> {
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
        return Ok(*value);
    }
    let known = || words.iter().map(|(word, _)| *word);
    // They are few, and near words mean opposites: who writes `none` may mean `off`, and not `note`.
    Err(match known().find(|it| folded(it) == folded(text)) {
        Some(same) => format!("`{text}` is not known here; did you mean `{same}`?"),
        None => format!("`{text}` is not known here; write one of {}", listed(known())),
    })
}

impl Setting for Selector {
    fn read(value: &Raw<'_>, reader: &mut Reader) -> Option<Self> {
        reader.string(value, Selector::parse)
    }

    fn schema() -> Json {
        json!({ "$ref": "#/definitions/rules" })
    }
}

/// Which rules get which level, in the order in which they are written.
#[derive(Clone, Debug, Default)]
pub struct Levels(pub Vec<(Selector, Spanned<RuleLevel>)>);

impl Setting for Levels {
    fn read(value: &Raw<'_>, reader: &mut Reader) -> Option<Self> {
        let Some(table) = value.get_ref().as_table() else {
            reader.wrong_type(value, "a table of rules and their levels", None);
            return None;
        };
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let mut levels = Vec::new();
        for (key, value) in entries {
            if reader.is_full() {
                break;
            }
            let selector = Selector::parse(key.get_ref()).map_err(|what| reader.error(key.span(), what));
            let level = reader.spanned::<RuleLevel>(value);
            levels.extend(selector.ok().zip(level));
        }
        Some(Self(levels))
    }

    fn schema() -> Json {
        json!({
            "type": "object",
            "propertyNames": { "$ref": "#/definitions/rules" },
            "additionalProperties": RuleLevel::schema(),
        })
    }
}

/// Patterns of paths that count together.
#[derive(Clone, Debug)]
pub struct Patterns(pub Vec<Spanned<Glob>>);

impl Patterns {
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|it| it.value.0.as_str())
    }
}

impl Setting for Patterns {
    fn read(value: &Raw<'_>, reader: &mut Reader) -> Option<Self> {
        reader.patterns += value.get_ref().as_array().map_or(0, |it| it.len());
        if reader.patterns > MOST_PATTERNS {
            let message = format!("more than {MOST_PATTERNS} patterns in the configuration: name folders instead");
            reader.error(value.span(), message);
            return None;
        }
        let patterns = Self(Vec::read(value, reader)?);
        let by_braces = Globs::new("", Path::new(""), patterns.texts()).map(|it| it.by_braces());
        reader.patterns = reader.patterns.saturating_add(by_braces.unwrap_or(usize::MAX));
        if reader.patterns > MOST_PATTERNS {
            let message = format!(
                "more than {MOST_PATTERNS} patterns in the configuration, by their braces: name folders instead"
            );
            reader.error(value.span(), message);
            return None;
        }
        Some(patterns)
    }

    fn schema() -> Json {
        Vec::<Spanned<Glob>>::schema()
    }
}

/// Declares a string that has to be of some form.
macro_rules! strings {
    ($($(#[doc = $about:literal])* $name:ident, $check:expr, $schema:tt;)*) => {
        $(
            $(#[doc = $about])*
            #[derive(Clone, PartialEq, Eq, Debug)]
            pub struct $name(pub String);

            impl Setting for $name {
                fn read(value: &Raw<'_>, reader: &mut Reader) -> Option<Self> {
                    reader.string(value, |text| $check(text).map(Self))
                }

                fn schema() -> Json {
                    json!($schema)
                }
            }
        )*
    };
}

strings! {
    /// What a cluster or an environment is called.
    Name, name, { "type": "string", "minLength": 1 };
    /// A file.
    FilePath, file_path, { "type": "string", "minLength": 1 };
    /// Where web pages are hosted.
    PagesUrl, pages_url, { "type": "string", "pattern": "^https?://[A-Za-z0-9._~/%+=,&:-]+$" };
    /// An account: 12 digits.
    AccountId, account, { "type": "string", "pattern": "^[0-9]{12}$" };
    /// A region of AWS.
    Region, region, { "type": "string" };
    /// A partition of AWS.
    PartitionId, partition_id, { "type": "string" };
    /// A namespace of Kubernetes.
    Namespace, namespace, { "type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 63 };
    /// A minor version of Kubernetes.
    Version, kubernetes_version, { "type": "string", "pattern": "^[0-9]+[.][0-9]+$" };
    /// Which versions of ekslint take the configuration.
    Requirement, super::version::requirement, { "type": "string" };
    /// A pattern of paths, as `.gitignore` has them.
    Glob, super::paths::pattern, { "type": "string", "minLength": 1 };
}

fn file_path(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("the path is empty".to_owned()) } else { Ok(text.to_owned()) }
}

/// Characters that would end the link in a report are not taken.
fn pages_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_allowed = |it: u8| it.is_ascii_alphanumeric() || b"._~/%+=,&:-".contains(&it);
    match rest {
        Some(rest) if !rest.is_empty() && rest.bytes().all(is_allowed) => Ok(text.to_owned()),
        _ => Err(format!("`{text}` is not the address of a folder of pages, such as `https://example.com/ekslint`")),
    }
}

fn name(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("the name is empty".to_owned()) } else { Ok(text.to_owned()) }
}

fn account(text: &str) -> Result<String, String> {
    if is_account_id(text) { Ok(text.to_owned()) } else { Err(format!("`{text}` is not an account: 12 digits are")) }
}

fn kubernetes_version(text: &str) -> Result<String, String> {
    match KubernetesVersion::parse(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err(format!("`{text}` is not a version of Kubernetes on EKS, such as `1.31`")),
    }
}

fn region(text: &str) -> Result<String, String> {
    match partition_of_region(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err(format!("`{text}` is not the name of a region, such as `eu-west-1`")),
    }
}

fn partition_id(text: &str) -> Result<String, String> {
    if partition(text).is_some() {
        return Ok(text.to_owned());
    }
    Err(format!("`{text}` is not a partition; write one of {}", listed(PARTITIONS.iter().map(|it| it.id))))
}

fn namespace(text: &str) -> Result<String, String> {
    if is_dns_label(text) {
        return Ok(text.to_owned());
    }
    Err(format!("`{text}` can be no namespace: lower case letters, digits and `-`, 63 of them at most"))
}
