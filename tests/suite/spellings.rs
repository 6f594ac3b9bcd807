//! The same files in other spellings. A fix has to be right in all of them.

use std::cell::Cell;

use ekslint::source::{FileId, Text};
use ekslint::syntax::{self, Hint, Kind, Node, Resolved, Schema};
use serde_json::{Map, Value, json};

/// The files of an example: names and texts.
pub type Files = Vec<(String, String)>;

/// A way to write files anew. Nothing where the files cannot be written so.
pub struct Spelling {
    pub name: &'static str,
    pub write: fn(&Files) -> Option<Files>,
}

pub const SPELLINGS: [Spelling; 18] = [
    Spelling { name: "as written", write: |files| Some(files.clone()) },
    Spelling { name: "lines of Windows", write: |files| Some(map(files, |it| it.replace('\n', "\r\n"))) },
    Spelling {
        name: "a byte order mark, and no line break at the end",
        write: |files| Some(map(files, |it| format!("\u{FEFF}{}", it.trim_end()))),
    },
    Spelling { name: "JSON", write: |files| each(files, "json", |document| Some(pretty(document))) },
    Spelling { name: "flow style", write: |files| stream(files, |document| flow(document, true)) },
    Spelling { name: "comments after values", write: |files| stream(files, commented) },
    Spelling { name: "anchors before values", write: |files| stream(files, anchored) },
    Spelling { name: "manifests in strings, as JSON", write: |files| templates(files, |it| it.to_string()) },
    Spelling { name: "manifests in strings, as YAML", write: |files| templates(files, block_text) },
    Spelling { name: "policies in strings", write: |files| each(files, "json", policies) },
    Spelling { name: "values after `|`", write: |files| stream(files, |document| blocks(document, "|")) },
    Spelling { name: "values after `|-`", write: |files| stream(files, |document| blocks(document, "|-")) },
    Spelling { name: "values after `>`", write: |files| stream(files, |document| blocks(document, ">")) },
    Spelling { name: "values after `>-`", write: |files| stream(files, |document| blocks(document, ">-")) },
    Spelling { name: "manifests after `|`", write: |files| literal_templates(files, "|", block_text) },
    Spelling { name: "manifests after `!Sub |`", write: |files| literal_templates(files, "!Sub |", block_text) },
    Spelling { name: "manifests after `|2-`", write: |files| literal_templates(files, "|2-", block_text) },
    Spelling { name: "manifests after `>-`", write: |files| literal_templates(files, ">-", |it| it.to_string()) },
];

fn map(files: &Files, write: impl Fn(&str) -> String) -> Files {
    files.iter().map(|(path, text)| (path.clone(), write(text))).collect()
}

/// The documents of a file as values; short forms of functions as their long ones.
pub fn documents(text: &str) -> Option<Vec<Value>> {
    let parsed = syntax::parse(&Text::of_file(FileId::new(0), text.into()), Hint::Yaml);
    if !parsed.errors.is_empty() {
        return None;
    }
    parsed.documents.iter().map(|it| value(it.root())).collect()
}

fn value(node: Node<'_>) -> Option<Value> {
    let inner = match node.kind() {
        Kind::Sequence => Value::Array(node.items().map(value).collect::<Option<_>>()?),
        Kind::Mapping => {
            let mut map = Map::new();
            for (key, it) in node.entries() {
                // A key that is there twice is the point of an example, and JSON readers differ about it.
                if map.insert(key.str()?.to_owned(), value(it)?).is_some() {
                    return None;
                }
            }
            Value::Object(map)
        }
        Kind::Scalar => {
            let text = node.str()?;
            match node.resolve(Schema::Core)? {
                _ if node.tag().is_some() => json!(text),
                Resolved::Null => Value::Null,
                Resolved::Bool(it) => json!(it),
                Resolved::Number => serde_json::from_str(text).ok()?,
                _ => json!(text),
            }
        }
    };
    let Some(tag) = node.tag() else { return Some(inner) };
    let name = tag.name.strip_prefix('!').filter(|it| !it.starts_with('!'))?;
    let long = if matches!(name, "Ref" | "Condition") { name.to_owned() } else { format!("Fn::{name}") };
    Some(json!({ long: inner }))
}

/// Every document as a file of its own.
fn each(files: &Files, extension: &str, write: impl Fn(&Value) -> Option<String>) -> Option<Files> {
    let mut out = Files::new();
    for (path, text) in files {
        let stem = path.rsplit_once('.').map_or(path.as_str(), |it| it.0);
        for (at, document) in documents(text)?.iter().enumerate() {
            out.push((format!("{stem}-{at}.{extension}"), write(document)?));
        }
    }
    Some(out)
}

/// Every file as a stream of YAML documents.
fn stream(files: &Files, write: impl Fn(&Value) -> String) -> Option<Files> {
    let file = |(path, text): &(String, String)| {
        let stem = path.rsplit_once('.').map_or(path.as_str(), |it| it.0);
        let written: Vec<_> = documents(text)?.iter().map(&write).collect();
        Some((format!("{stem}.yaml"), written.join("---\n")))
    };
    files.iter().map(file).collect()
}

fn pretty(document: &Value) -> String {
    format!("{}\n", serde_json::to_string_pretty(document).unwrap())
}

/// A string as YAML has it on one line.
fn scalar(text: &str, flow: bool) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | ':');
    let fits = text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_word) && !text.ends_with(':');
    let is_string = syntax::resolve_plain(text, Schema::Yaml11) == Resolved::String;
    match fits && is_string && !(flow && text.contains("::")) {
        true => text.to_owned(),
        false if text.contains(['\n', '\\', '"']) => json!(text).to_string(),
        false => format!("'{}'", text.replace('\'', "''")),
    }
}

/// One line of brackets and braces.
fn flow(value: &Value, is_document: bool) -> String {
    let written = match value {
        Value::Array(items) => format!("[{}]", items.iter().map(|it| flow(it, false)).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let entries = map.iter().map(|(key, it)| format!("{}: {}", scalar(key, true), flow(it, false)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => scalar(text, true),
        other => other.to_string(),
    };
    if is_document { format!("{written}\n") } else { written }
}

/// Block style, each string as the function writes it at an indentation.
fn block(value: &Value, indent: usize, string: &dyn Fn(&str, usize) -> String) -> String {
    let pad = " ".repeat(indent);
    match value {
        Value::Array(items) if !items.is_empty() => {
            let item = |it: &Value| match it {
                Value::Object(map) if !map.is_empty() => {
                    let inner = block(it, indent + 2, string);
                    format!("{pad}- {}", inner.trim_start_matches(' '))
                }
                Value::Array(list) if !list.is_empty() => format!("{pad}- {}\n", flow(it, false)),
                other => format!("{pad}-{}", leaf(other, indent, string)),
            };
            items.iter().map(item).collect()
        }
        Value::Object(map) if !map.is_empty() => {
            let entry = |(key, it): (&String, &Value)| {
                let key = scalar(key, false);
                match it {
                    Value::Array(list) if !list.is_empty() => {
                        format!("{pad}{key}:\n{}", block(it, indent + 2, string))
                    }
                    Value::Object(map) if !map.is_empty() => {
                        format!("{pad}{key}:\n{}", block(it, indent + 2, string))
                    }
                    other => format!("{pad}{key}:{}", leaf(other, indent, string)),
                }
            };
            map.iter().map(entry).collect()
        }
        other => flow(other, true),
    }
}

fn leaf(value: &Value, indent: usize, string: &dyn Fn(&str, usize) -> String) -> String {
    match value {
        Value::String(text) => format!(" {}\n", string(text, indent + 2).trim_end_matches('\n')),
        other => format!(" {}\n", flow(other, false)),
    }
}

fn block_text(value: &Value) -> String {
    block(value, 0, &|text, _| scalar(text, false))
}

/// Block style with a comment after each string.
fn commented(value: &Value) -> String {
    block(value, 0, &|text, _| format!("{} # as agreed", scalar(text, false)))
}

/// Block style with an anchor of its own before each string. No alias names them.
fn anchored(value: &Value) -> String {
    let count = Cell::new(0);
    block(value, 0, &|text, _| {
        count.set(count.get() + 1);
        format!("&value{} {}", count.get(), scalar(text, false))
    })
}

/// Strings that can stand there as block scalars.
fn blocks(value: &Value, header: &str) -> String {
    block(value, 0, &|text, indent| {
        let is_folded = header.starts_with('>');
        // Without a `-` the value ends in a line break, which is right, or wrong in the same way, for few values.
        let is_kept = header.ends_with('-') || text.starts_with("arn:") || text.contains("system:serviceaccount:");
        let fits = is_kept
            && text.trim() == text
            && !(is_folded && text.contains('\n'))
            && !text.lines().any(|it| it.ends_with([' ', '\t']));
        if fits { after(text, header, indent) } else { scalar(text, false) }
    })
}

/// A text as a block scalar.
fn after(text: &str, header: &str, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let lines = text.trim_end_matches('\n').lines();
    let lines = lines.map(|it| if it.is_empty() { String::new() } else { format!("{pad}{it}") });
    format!("{header}\n{}\n", lines.collect::<Vec<_>>().join("\n"))
}

/// The manifests of a file, if it holds nothing else.
fn manifests(text: &str) -> Option<Vec<Value>> {
    let documents = documents(text)?;
    let is_manifest = |it: &Value| it["kind"].is_string() && it["kind"] != "ClusterConfig";
    documents.iter().all(is_manifest).then_some(documents)
}

/// Manifests as the strings of a template in JSON or YAML.
fn templates(files: &Files, text: fn(&Value) -> String) -> Option<Files> {
    let file = |(path, content): &(String, String)| {
        let resources = manifests(content)?.into_iter().enumerate().map(|(at, it)| {
            let resource = json!({ "Type": "Custom::KubeManifest", "Properties": { "Manifest": text(&it) } });
            (format!("M{at}"), resource)
        });
        let stem = path.rsplit_once('.').map_or(path.as_str(), |it| it.0);
        Some((format!("{stem}.json"), pretty(&json!({ "Resources": Value::Object(resources.collect()) }))))
    };
    files.iter().map(file).collect()
}

fn literal_templates(files: &Files, header: &str, text: fn(&Value) -> String) -> Option<Files> {
    let file = |(path, content): &(String, String)| {
        let resources = manifests(content)?.into_iter().enumerate().map(|(at, it)| {
            let manifest = after(&text(&it), header, 8);
            let kind = "Type: Custom::KubeManifest";
            format!("  M{at}:\n    {kind}\n    Properties:\n      Manifest: {manifest}")
        });
        let stem = path.rsplit_once('.').map_or(path.as_str(), |it| it.0);
        Some((format!("{stem}.yaml"), format!("Resources:\n{}", resources.collect::<String>())))
    };
    files.iter().map(file).collect()
}

/// Every policy as JSON in a string. Nothing if there is none.
fn policies(document: &Value) -> Option<String> {
    fn visit(value: &mut Value) -> bool {
        match value {
            Value::Object(map) => {
                let mut found = false;
                for (key, it) in map.iter_mut() {
                    let is_policy = matches!(key.as_str(), "AssumeRolePolicyDocument" | "PolicyDocument");
                    if is_policy && it.is_object() && !it.to_string().contains("Fn::") {
                        *it = Value::String(it.to_string());
                        found = true;
                    } else {
                        found |= visit(it);
                    }
                }
                found
            }
            Value::Array(items) => items.iter_mut().fold(false, |found, it| visit(it) | found),
            _ => false,
        }
    }
    let mut document = document.clone();
    visit(&mut document);
    Some(pretty(&document))
}
