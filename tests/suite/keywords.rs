//! Nothing is lost by passing over what holds no keyword: the same findings, whether all is read or only what may matter.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use ekslint::Analysis;
use ekslint::diagnostic::Diagnostic;
use ekslint::facts::Kustomization;
use ekslint::lower;
use ekslint::source::{FileId, Source};
use ekslint::workspace::Workspace;

use serde_json::{Map, Value, json};

use crate::pages::pages;
use crate::{random, registry, spellings};

type Files = Vec<(String, String)>;

fn sources(files: &Files) -> Vec<Source> {
    files.iter().map(|(path, text)| Source::new(path.clone(), text.as_str())).collect()
}

/// What is found if every document is read, and what is found as users run it: the walker drops files, and the reader
/// drops documents. What cannot be read as YAML is left out: whether that matters is what the keywords say.
fn both(files: &Files) -> (Vec<String>, Vec<String>) {
    let mut every = sources(files);
    every.sort_by(|a, b| a.path.cmp(&b.path));
    let ids = (0..).map(FileId::new);
    let lowered = every.iter().zip(ids.clone()).map(|(source, id)| Arc::new(lower::lower_all(source, id))).collect();
    let linked = ekslint::source::Files::new(ids.zip(every.into_iter().map(Arc::new)));
    let all = Workspace::link(linked, lowered, Default::default(), None);
    let kept = sources(files).into_iter().filter(|it| lower::matters(it.text.as_bytes())).collect();
    let marked = Analysis::of(kept).snapshot(&());
    let told = |workspace: &Workspace| {
        let shown =
            |it: Diagnostic| format!("{}@{}: {}: {}", workspace.path(it.span.file), it.span.start, it.rule, it.message);
        let found = ekslint::lint(workspace).into_iter().filter(|it| it.rule != "syntax");
        found.map(shown).collect()
    };
    (told(&all), told(&marked))
}

/// Every example, every file of one alone, and every document alone.
fn examples() -> Vec<Files> {
    let mut all: Vec<Files> = Vec::new();
    for (_, page) in pages() {
        for example in page.fails.into_iter().chain(page.passes) {
            for (path, text) in &example.files {
                all.push(vec![(path.clone(), text.clone())]);
                if text.contains("\n---\n") {
                    all.extend(text.split("\n---\n").map(|it| vec![(path.clone(), format!("{it}\n"))]));
                }
            }
            all.push(example.files);
        }
    }
    let live = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/live");
    let live: Files = registry::files(&live)
        .into_iter()
        .map(|it| (it.display().to_string(), fs::read_to_string(it).unwrap()))
        .collect();
    all.extend(live.iter().map(|it| vec![it.clone()]));
    all.push(live);
    all
}

/// The search that looks at many bytes at a time takes so many keywords and no more.
#[test]
fn the_keywords_are_few() {
    const MOST: usize = 64;
    let keywords: Vec<&str> = lower::keywords().collect();
    assert!(keywords.len() <= MOST, "{}", keywords.len());
}

#[test]
fn no_example_loses_a_finding() {
    for files in examples() {
        let (all, marked) = both(&files);
        assert_eq!(all, marked, "{files:#?}");
    }
}

#[test]
fn no_change_of_an_example_loses_a_finding() {
    let examples = examples();
    random::holds(400, |u| {
        let mut files = u.choose(&examples)?.clone();
        for _ in 0..u.int_in_range(1..=3)? {
            let index = u.choose_index(files.len())?;
            change(u, &mut files[index].1)?;
        }
        let (all, marked) = both(&files);
        assert_eq!(all, marked, "{files:#?}");
        Ok(())
    });
}

/// Changes what a file is about: a word less, a letter of another case, a word misspelt, a line less.
fn change(u: &mut arbtest::arbitrary::Unstructured, text: &mut String) -> arbtest::arbitrary::Result<()> {
    let words: Vec<_> = text
        .split(|it: char| !it.is_ascii_alphanumeric() && !"-_./:".contains(it))
        .filter(|it| it.len() > 2)
        .map(|it| it.as_ptr() as usize - text.as_ptr() as usize..)
        .zip(0..)
        .map(|(range, _): (_, usize)| range.start)
        .collect();
    if words.is_empty() {
        return Ok(());
    }
    let start = *u.choose(&words)?;
    let length = text[start..].find(|it: char| !it.is_ascii_alphanumeric() && !"-_./:".contains(it));
    let end = length.map_or(text.len(), |it| start + it);
    let word = text[start..end].to_owned();
    let at = u.choose_index(word.len())?;
    let changed = match u.int_in_range(0..=6)? {
        0 => String::new(),
        1 => word.to_uppercase(),
        2 => word.to_lowercase(),
        3 => format!("{}{}", &word[..at], &word[at + 1..]),
        4 => format!("{}x{}", &word[..at], &word[at..]),
        5 => {
            let mut letters: Vec<char> = word.chars().collect();
            letters.swap(at, (at + 1) % word.len());
            letters.into_iter().collect()
        }
        _ => {
            let line = text[..start].rfind('\n').map_or(0, |it| it + 1);
            let end = text[start..].find('\n').map_or(text.len(), |it| start + it + 1);
            text.replace_range(line..end, "");
            return Ok(());
        }
    };
    text.replace_range(start..end, &changed);
    Ok(())
}

/// What the walker drops has no facts that the reader would have found.
#[test]
fn the_walker_drops_only_what_the_reader_would() {
    let examples = examples();
    random::holds(400, |u| {
        let mut files = u.choose(&examples)?.clone();
        let index = u.choose_index(files.len())?;
        change(u, &mut files[index].1)?;
        for source in sources(&files) {
            let facts = lower::lower(&source, FileId::new(0), &());
            assert!(facts.is_empty() || lower::matters(source.text.as_bytes()), "{}", source.text);
        }
        Ok(())
    });
}

/// Every JSON file of the examples and of the samples, and every YAML document of them as JSON.
fn json_documents() -> Vec<Value> {
    let mut texts: Vec<String> = examples().into_iter().flatten().map(|(_, text)| text).collect();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")];
    while let Some(folder) = folders.pop() {
        for path in registry::files(&folder) {
            match path.is_dir() {
                true => folders.push(path),
                false => texts.extend(fs::read_to_string(&path)),
            }
        }
    }
    let is_collection = |it: &Value| it.is_object() || it.is_array();
    let documents = texts.iter().filter_map(|it| spellings::documents(it)).flatten();
    let mut documents: Vec<Value> = documents.filter(is_collection).collect();
    documents.sort_by_cached_key(Value::to_string);
    documents.dedup();
    documents
}

/// A JSON file that is dropped in spite of a keyword, by its outline, holds no fact and is well-formed. A `kustomization.yaml` may
/// be dropped that says nothing.
fn holds_nothing_if_dropped(text: &str) {
    if lower::matters(text.as_bytes()) || !lower::keywords().any(|it| text.contains(it)) {
        return;
    }
    let facts = lower::lower_all(&Source::new("a.json", text), FileId::new(0));
    assert!(facts.is_idle() && facts.policy_texts.is_empty(), "{text}\n{facts:#?}");
    let mut facts = lower::lower_all(&Source::new("kustomization.yaml", text), FileId::new(0));
    let says = |it: &Kustomization| {
        let lists = [it.resources.len(), it.components.len(), it.changes.len()];
        lists.iter().sum::<usize>() > 0 || it.generates || !it.namespace.is_absent()
    };
    assert!(!facts.kustomizations.iter().any(says), "{text}\n{facts:#?}");
    facts.kustomizations = Default::default();
    assert!(facts.is_idle(), "{text}\n{facts:#?}");
}

/// A document in something else: as an entry, as an item, as a schema, beside other keys.
fn around(document: &Value) -> Vec<Value> {
    let mut all = vec![
        json!({ "spec": document }),
        json!([document]),
        json!([[document], { "op": "add", "path": "/a", "value": document }]),
        json!([{ "op": "add", "path": "/a", "value": document }]),
        json!({ "definitions": { "a": { "properties": document } } }),
        json!({ "kind": "List", "apiVersion": "v1", "items": [document] }),
        json!({ "values": document, "serviceAccount": { "create": true } }),
        json!({ "values": format!("a: 1\nb: {document}\n"), "serviceAccount": { "create": true } }),
        json!({ "serviceAccountTemplate": { "metadata": document } }),
        json!({ "serviceAccount": { "metadata": { "annotations": document } } }),
        json!({ "Resources": { "A": { "Type": "Custom::KubeManifest", "Properties": { "Manifest": document } } } }),
        json!({ "Statement": document }),
    ];
    // One key less, or of another name.
    if let Value::Object(map) = document {
        for key in map.keys() {
            let mut less = map.clone();
            let value = less.remove(key).unwrap_or_default();
            all.push(Value::Object(less.clone()));
            less.insert("other".to_owned(), value);
            all.push(Value::Object(less));
        }
    }
    all
}

/// The document with its entries in the opposite order.
fn reversed(document: &Value) -> Value {
    match document {
        Value::Object(map) => {
            Value::Object(map.iter().rev().map(|(key, it)| (key.clone(), reversed(it))).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

/// The text with the letter after each quote that begins a word as an escape.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        out.push(letter);
        if letter == '"'
            && let Some(next) = letters.next_if(char::is_ascii_alphabetic)
        {
            out.push_str(&format!("\\u{:04x}", next as u32));
        }
    }
    out
}

#[test]
fn json_that_is_dropped_holds_no_fact() {
    let documents = json_documents();
    assert!(documents.len() > 500, "{}", documents.len());
    let mut dropped = 0;
    for document in &documents {
        for shape in around(document).iter().chain([document]) {
            let text = shape.to_string();
            dropped += usize::from(!lower::matters(text.as_bytes()));
            let pretty = serde_json::to_string_pretty(shape).unwrap().replace('\n', "\r\n");
            let several = format!("\u{FEFF}{{\"a\": 1}}\n{text}\n{{}}\n");
            for text in [&text, &pretty, &reversed(shape).to_string(), &several] {
                holds_nothing_if_dropped(text);
            }
        }
        // A part with its keyword, so that something is dropped by its outline, and the escapes are all there is to find.
        let escaped = format!("{{\"serviceAccountName\": {{}}}} {}", escaped(&document.to_string()));
        holds_nothing_if_dropped(&escaped);
    }
    assert!(dropped > documents.len(), "{dropped}");
}

/// Text that is changed a little is dropped only if it is JSON and holds nothing: what is broken is read, and reported.
#[test]
fn broken_json_is_kept() {
    let documents = json_documents();
    random::holds(2_000, |u| {
        let document = u.choose(&documents)?;
        let shapes = around(document);
        let mut text = u.choose(&shapes)?.to_string();
        for _ in 0..u.int_in_range(0..=3)? {
            change(u, &mut text)?;
        }
        if u.arbitrary()? && !text.is_empty() {
            let at = u.choose_index(text.len())?;
            let with = *u.choose(&[",", "}", "]", "{", "[", "\"", "\\", ":", "//", "\u{0}", "1", "\n", "", "#"])?;
            let at = (0..=at).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(0);
            let end = at + text[at..].chars().next().filter(|_| with.is_empty()).map_or(0, char::len_utf8);
            text.replace_range(at..end, with);
        }
        holds_nothing_if_dropped(&text);
        Ok(())
    });
}

/// The configuration of a transformer of kustomize is read, and not what has the word only: broken files of others give no
/// findings.
#[test]
fn transformers_of_others_are_not_read() {
    let cases = [
        ("apiVersion: builtin\nkind: PrefixTransformer\n", true),
        ("apiVersion: 'builtin'\nkind: PrefixTransformer\n", true),
        ("apiVersion: \"builtin\"\nkind: PrefixTransformer\n", true),
        ("{\"apiVersion\": \"builtin\", \"kind\": \"PrefixTransformer\"}", true),
        ("{\"apiVersion\":\"builtin\",\"kind\":\"PrefixTransformer\"}", true),
        ("{\"model\": \"SentenceTransformer\", \"layers\": [1,}", false),
        ("model: PatchTransformer\nlayers: [1\n", false),
    ];
    for (text, is_read) in cases {
        assert_eq!(lower::matters(text.as_bytes()), is_read, "{text}");
        let facts = lower::lower(&Source::new("a.yaml", text), FileId::new(0), &());
        assert_eq!((facts.is_empty(), facts.transformers.len()), (!is_read, usize::from(is_read)), "{text}");
    }
}
