//! JSON that `serde_json` reads is read the same way by the reader of this project.

use std::fmt;

use ekslint::syntax::{Kind, Node, Parsed, Style};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// JSON with all of its entries in order, also those that are there twice.
#[derive(Debug)]
enum Json {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Compares the only document of a text with what `serde_json` makes of it, if that takes it.
pub fn compare(source: &str, parsed: &Parsed) {
    // A scalar alone is read as YAML, which has other scalars.
    if !source.trim_start_matches([' ', '\t', '\r', '\n']).starts_with(['{', '[']) {
        return;
    }
    let Ok(json) = serde_json::from_str::<Json>(source) else { return };
    assert_eq!(parsed.errors, [], "serde_json reads it");
    let [tree] = parsed.documents.as_slice() else { panic!("{} documents in one value", parsed.documents.len()) };
    same(&json, tree.root());
}

fn same(json: &Json, node: Node<'_>) {
    let is_plain = node.style() == Some(Style::Plain);
    match json {
        Json::Null => assert!(is_plain && node.str() == Some("null"), "{node:?} is null"),
        Json::Bool(it) => assert!(is_plain && node.str() == Some(&it.to_string()), "{node:?} is {it}"),
        Json::Number(it) => {
            let read = node.str().and_then(|it| serde_json::from_str(it).ok());
            assert!(is_plain && read.as_ref() == Some(it), "{node:?} is {it}");
        }
        Json::String(it) => assert!(!is_plain && node.str() == Some(it.as_str()), "{node:?} is {it:?}"),
        Json::Array(items) => {
            assert_eq!((node.kind(), node.items().len()), (Kind::Sequence, items.len()));
            items.iter().zip(node.items()).for_each(|(json, node)| same(json, node));
        }
        Json::Object(entries) => {
            assert_eq!((node.kind(), node.entries().len()), (Kind::Mapping, entries.len()));
            for ((name, json), (key, value)) in entries.iter().zip(node.entries()) {
                assert_eq!(key.str(), Some(name.as_str()));
                same(json, value);
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, it: bool) -> Result<Json, E> {
        Ok(Json::Bool(it))
    }

    fn visit_i64<E>(self, it: i64) -> Result<Json, E> {
        Ok(Json::Number(it.into()))
    }

    fn visit_u64<E>(self, it: u64) -> Result<Json, E> {
        Ok(Json::Number(it.into()))
    }

    fn visit_f64<E>(self, it: f64) -> Result<Json, E> {
        Ok(Json::Number(serde_json::Number::from_f64(it).expect("JSON has no endless numbers")))
    }

    fn visit_str<E>(self, it: &str) -> Result<Json, E> {
        Ok(Json::String(it.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Json::Object(entries))
    }
}
