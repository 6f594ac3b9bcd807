//! How settings are read: one table of keys says what is read, what the schema holds, and what is unknown.

use std::ops::Range;

use serde_json::{Value as Json, json};
use toml::Spanned as Located;
use toml::de::{DeTable, DeValue};

use crate::collections::HashSet;
use crate::field::Spanned;
use crate::names::{listed, nearest};
use crate::source::{FileId, Span};

/// A value as the parser has it, with its place.
pub type Raw<'t> = Located<DeValue<'t>>;

/// How many tables a list may have: overrides, clusters or environments.
pub const MOST_TABLES: usize = 250;

/// How many patterns of paths a configuration may have. Each file is compared with all of them.
pub const MOST_PATTERNS: usize = 1_000;

/// How many mistakes of a text are reported.
const MOST_ERRORS: usize = 20;

/// Something that a key can hold.
pub trait Setting: Sized {
    /// How many of them a list may have. What each file is compared with is limited.
    const MOST: usize = usize::MAX;

    /// Reads a value. What is wrong with it goes to the reader.
    fn read(value: &Raw<'_>, reader: &mut Reader) -> Option<Self>;

    /// What the JSON Schema says of it.
    fn schema() -> Json;
}

/// A table with keys of its own.
pub trait Table: Default {
    const KEYS: &'static [Key];
    const REQUIRED: &'static [&'static str];

    /// Reads the value of a known key.
    fn set(&mut self, key: &str, value: &Raw<'_>, reader: &mut Reader);

    /// Where the values that were read are written, by their keys.
    fn written(&self) -> Vec<(&'static str, Span)>;
}

/// A key of a table.
pub struct Key {
    pub name: &'static str,
    /// What it means, in one or a few sentences.
    pub doc: &'static str,
    /// What it is where nothing is written, as TOML; nothing for keys without a default.
    pub default: Option<&'static str>,
    schema: fn() -> Json,
}

impl Key {
    pub const fn new(
        name: &'static str,
        doc: &'static str,
        default: Option<&'static str>,
        schema: fn() -> Json,
    ) -> Self {
        Self { name, doc, default, schema }
    }
}

/// Declares a table: the struct that holds it, and its keys for reading and for the schema.
macro_rules! table {
    ($(#[doc = $about:literal])* $name:ident requires [$($required:literal),*] {
        $($(#[doc = $doc:literal])* $field:ident: $type:ty = $key:literal $(, default $default:literal)?;)*
    }) => {
        $(#[doc = $about])*
        #[derive(Clone, Debug, Default)]
        pub struct $name {
            $($(#[doc = $doc])* pub $field: Option<$crate::field::Spanned<$type>>,)*
        }

        impl $crate::config::read::Table for $name {
            const KEYS: &'static [$crate::config::read::Key] = &[$($crate::config::read::Key::new(
                $key,
                concat!($($doc),*),
                { #[allow(unused_mut, unused_assignments)] { let mut it: Option<&'static str> = None; $(it = Some($default);)? it } },
                <$type as $crate::config::read::Setting>::schema,
            )),*];
            const REQUIRED: &'static [&'static str] = &[$($required),*];

            fn set(&mut self, key: &str, value: &$crate::config::read::Raw<'_>, reader: &mut $crate::config::read::Reader) {
                match key {
                    $($key => self.$field = reader.spanned(value),)*
                    _ => {}
                }
            }

            fn written(&self) -> Vec<(&'static str, $crate::source::Span)> {
                let mut written = Vec::new();
                $(written.extend(self.$field.as_ref().map(|it| ($key, it.span)));)*
                written
            }
        }

        impl $crate::config::read::Setting for $name {
            const MOST: usize = $crate::config::read::MOST_TABLES;

            fn read(value: &$crate::config::read::Raw<'_>, reader: &mut $crate::config::read::Reader) -> Option<Self> {
                reader.table(value)
            }

            fn schema() -> serde_json::Value {
                $crate::config::read::schema_of::<Self>(concat!($($about),*))
            }
        }
    };
}

pub(super) use table;

/// Reads one text, and keeps what is wrong with it.
pub struct Reader {
    file: FileId,
    pub errors: Vec<(Span, String)>,
    /// Patterns of paths that were read.
    pub patterns: usize,
}

impl Reader {
    pub fn new(file: FileId) -> Self {
        Self { file, errors: Vec::new(), patterns: 0 }
    }

    pub fn span(&self, range: Range<usize>) -> Span {
        Span { file: self.file, start: range.start as u32, end: range.end as u32 }
    }

    /// Keeps a mistake. Of too many the first are enough, and one more says so.
    pub fn error(&mut self, range: Range<usize>, message: impl Into<String>) {
        let span = self.span(range);
        match self.errors.len() {
            ..MOST_ERRORS => self.errors.push((span, message.into())),
            MOST_ERRORS => self.errors.push((span, format!("more mistakes; the first {MOST_ERRORS} are reported"))),
            _ => {}
        }
    }

    /// Whether no further mistake is reported.
    pub fn is_full(&self) -> bool {
        self.errors.len() > MOST_ERRORS
    }

    /// Says that a value is of another type than it should be, and how it is written right, if that is known.
    pub fn wrong_type(&mut self, value: &Raw<'_>, wanted: &str, right: Option<String>) {
        let help = right.map_or_else(String::new, |it| format!(": write `{it}`"));
        self.error(value.span(), format!("{} stands where {wanted} is asked for{help}", noun(value.get_ref())));
    }

    pub fn spanned<T: Setting>(&mut self, value: &Raw<'_>) -> Option<Spanned<T>> {
        let span = self.span(value.span());
        T::read(value, self).map(|value| Spanned { value, span })
    }

    /// Reads a string with a meaning: `parse` says what it means, or what is so instead.
    pub fn string<T>(&mut self, value: &Raw<'_>, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let Some(text) = value.get_ref().as_str() else {
            let number = match value.get_ref() {
                DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str()),
                DeValue::Float(number) => Some(number.as_str()),
                _ => None,
            };
            // A hint that is wrong itself would be worse than none.
            let right = number.filter(|it| parse(it).is_ok()).map(|it| format!("\"{it}\""));
            self.wrong_type(value, "a string", right);
            return None;
        };
        // What would be said of it costs more than reading it.
        if self.is_full() {
            return None;
        }
        parse(text).map_err(|what| self.error(value.span(), what)).ok()
    }

    /// Reads a table with keys of its own.
    pub fn table<T: Table>(&mut self, value: &Raw<'_>) -> Option<T> {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(value, "a table", None);
            return None;
        };
        Some(self.keys(table, value.span()))
    }

    /// Reads the keys of a table: each that is known, and an error for each that is not.
    pub fn keys<T: Table>(&mut self, table: &DeTable<'_>, whole: Range<usize>) -> T {
        let mut read = T::default();
        // A required key that is misspelt is one mistake, not two.
        let mut meant: Vec<&str> = Vec::new();
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let written: HashSet<&str> = entries.iter().map(|(key, _)| &**key.get_ref()).collect();
        let is_there = |name: &str| written.contains(name);
        for (key, value) in &entries {
            let name: &str = key.get_ref();
            if T::KEYS.iter().any(|it| it.name == name) {
                read.set(name, value, self);
                continue;
            }
            if self.is_full() {
                break;
            }
            let free = T::KEYS.iter().map(|it| it.name).filter(|it| !is_there(it));
            let message = match nearest(name, free) {
                Some(near) => {
                    meant.push(near);
                    format!("there is no key `{name}`; did you mean `{near}`?")
                }
                None => format!("there is no key `{name}`; the keys are {}", listed(T::KEYS.iter().map(|it| it.name))),
            };
            self.error(key.span(), message);
        }
        for required in T::REQUIRED {
            if !is_there(required) && !meant.contains(required) {
                self.error(whole.clone(), format!("the key `{required}` is missing here"));
            }
        }
        read
    }
}

/// What a value is, with its article.
fn noun(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

impl<T: Setting> Setting for Vec<Spanned<T>> {
    fn read(value: &Raw<'_>, reader: &mut Reader) -> Option<Self> {
        let Some(items) = value.get_ref().as_array() else {
            let right = match value.get_ref() {
                DeValue::String(text) if !text.contains(['"', '\\', '`']) => Some(format!("[\"{text}\"]")),
                _ => None,
            };
            reader.wrong_type(value, "a list", right);
            return None;
        };
        if items.len() > T::MOST {
            let message = format!("the list has {} tables, and {} is the most that are read", items.len(), T::MOST);
            reader.error(value.span(), message);
            return None;
        }
        Some(items.iter().filter_map(|item| reader.spanned(item)).collect())
    }

    fn schema() -> Json {
        json!({ "type": "array", "items": T::schema() })
    }
}

/// The schema of a table: its keys, and nothing else.
pub fn schema_of<T: Table>(about: &str) -> Json {
    let keys = T::KEYS.iter().map(|key| {
        let mut schema = (key.schema)();
        let object = schema.as_object_mut().expect("each schema is an object");
        object.insert("description".to_owned(), Json::from(key.doc.trim()));
        let default = key.default.and_then(|it| serde_json::from_str(it).ok());
        object.extend(default.map(|it| ("default".to_owned(), it)));
        (key.name.to_owned(), schema)
    });
    let mut schema = json!({
        "type": "object",
        "description": about.trim(),
        "properties": keys.collect::<serde_json::Map<_, _>>(),
        "additionalProperties": false,
    });
    if !T::REQUIRED.is_empty() {
        schema["required"] = Json::from(T::REQUIRED);
    }
    schema
}
