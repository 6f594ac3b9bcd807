//! `ekslint config show`: the value of each key, as TOML, and where it came from.

use std::fmt::Write;

use toml::de::{DeTable, DeValue};

use crate::report::{ColumnUnit, Lines, visible};

use super::read::{Raw, Table};
use super::{Configuration, Layer, Origin, Settings};

/// Keys of which what the command line says is added to what the file says.
const ADDED: [&str; 2] = ["ignore", "exclude"];

impl Configuration {
    /// The values of all keys as TOML, each with where it came from.
    pub fn show(&self) -> String {
        let tables: Vec<_> =
            self.layers.iter().map(|layer| (layer, DeTable::parse_recoverable(&layer.source.text).0)).collect();
        let (mut values, mut groups) = (String::new(), String::new());
        for key in Settings::KEYS {
            let found = tables.iter().filter_map(|(layer, table)| {
                let (_, value) = table.get_ref().iter().find(|(name, _)| name.get_ref() == key.name)?;
                Some((*layer, value))
            });
            let found: Vec<(&Layer, &Raw<'_>)> = found.collect();
            let is_option = |it: &&(&Layer, &Raw<'_>)| it.0.origin == Origin::Option && ADDED.contains(&key.name);
            let Some((layer, value)) = found.iter().rev().find(|it| !is_option(it)) else {
                let _ = writeln!(values, "# {}  # not set", key.name);
                continue;
            };
            match value.get_ref() {
                DeValue::Table(_) => levels(&mut groups, key.name, &found),
                DeValue::Array(items) if items.iter().any(|it| it.get_ref().is_table()) => {
                    for item in items.iter() {
                        group(&mut groups, &format!("[[{}]]", key.name), layer, item);
                    }
                }
                _ => line(&mut values, key.name, layer, value),
            }
            for (layer, value) in found.iter().filter(is_option) {
                let _ = writeln!(values, "# {}, besides: {}{}", key.name, inline(value), place(layer, value));
            }
        }
        format!("{values}{groups}")
    }
}

/// The levels of all layers: for one name, those of the last.
fn levels(out: &mut String, key: &str, found: &[(&Layer, &Raw<'_>)]) {
    let _ = writeln!(out, "\n[{key}]");
    let mut entries: Vec<(&str, &Layer, &Raw<'_>)> = Vec::new();
    for (layer, value) in found {
        for (name, value) in value.get_ref().as_table().into_iter().flat_map(|it| it.iter()) {
            let name: &str = name.get_ref();
            entries.retain(|(other, ..)| *other != name);
            entries.push((name, layer, value));
        }
    }
    entries.sort_by_key(|(name, ..)| *name);
    for (name, layer, value) in entries {
        line(out, name, layer, value);
    }
}

fn group(out: &mut String, header: &str, layer: &Layer, value: &Raw<'_>) {
    let _ = writeln!(out, "\n{header}");
    let mut entries: Vec<_> = value.get_ref().as_table().into_iter().flat_map(|it| it.iter()).collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    for (name, value) in entries {
        line(out, name.get_ref(), layer, value);
    }
}

fn line(out: &mut String, key: &str, layer: &Layer, value: &Raw<'_>) {
    let _ = writeln!(out, "{} = {}{}", bare(key), inline(value), place(layer, value));
}

/// Where a value was written, as a comment.
fn place(layer: &Layer, value: &Raw<'_>) -> String {
    let place = match layer.origin {
        Origin::Default => "default".to_owned(),
        Origin::File => {
            let line = Lines::new(&layer.source.text).place(value.span().start, ColumnUnit::Characters).line;
            format!("{}:{line}", layer.source.path)
        }
        Origin::Inline | Origin::Option => format!("command line, {}", layer.source.path),
    };
    format!("  # {}", visible(&place))
}

fn bare(key: &str) -> String {
    let is_bare = !key.is_empty() && key.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it));
    if is_bare { key.to_owned() } else { quoted(key) }
}

fn quoted(text: &str) -> String {
    // What JSON escapes TOML reads in the same way; what neither escapes must not reach a terminal.
    let json = serde_json::Value::from(text).to_string();
    let mut out = String::new();
    for c in json.chars() {
        if visible(c.encode_utf8(&mut [0; 4])) == c.to_string() {
            out.push(c);
        } else {
            let _ = write!(out, "\\U{:08X}", u32::from(c));
        }
    }
    out
}

fn inline(value: &Raw<'_>) -> String {
    match value.get_ref() {
        DeValue::String(text) => quoted(text),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(value) => value.to_string(),
        DeValue::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        DeValue::Table(table) if table.is_empty() => "{}".to_owned(),
        DeValue::Table(table) => {
            let entries = table.iter().map(|(key, value)| format!("{} = {}", bare(key.get_ref()), inline(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}
