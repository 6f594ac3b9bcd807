//! Documents inside strings of other documents: the inner places are those of the outer file.

use std::str;

use ekslint::source::{FileId, Text};
use ekslint::syntax::{Hint, Tree, parse};

use super::places;

/// How deep documents are looked for in the strings of documents.
const LEVELS: usize = 3;

/// Reads the input as a file, and as a document inside each way to write a string.
pub fn check(data: &[u8]) {
    let Ok(source) = str::from_utf8(data) else { return };
    in_all_strings(source);
    let json = serde_json::to_string(source).expect("a string is JSON");
    in_json(source, &format!("{{\"data\": {json}}}"));
    in_all_strings(&format!("data: {json}\n"));
    in_all_strings(&format!("data: '{}'\n", source.replace('\'', "''").replace('\n', "\n\n ")));
    let lines = source.replace('\n', "\n    ");
    for header in ["|4", "|4-", "|4+", ">4"] {
        in_all_strings(&format!("x: y\ndata: {header}\n    {lines}\n"));
    }
}

/// A string of JSON can hold anything, and gives it back.
fn in_json(inner: &str, source: &str) {
    let parsed = parse(&Text::of_file(FileId::new(0), source.into()), Hint::Json);
    assert_eq!(parsed.errors, []);
    let tree = parsed.documents.first().expect("there is no error");
    assert_eq!(tree.root().get("data").and_then(|it| it.str()), Some(inner));
    in_all_strings(source);
}

fn in_all_strings(source: &str) {
    let parsed = parse(&Text::of_file(FileId::new(0), source.into()), Hint::Yaml);
    places::of_file(source, &parsed);
    for text in parsed.documents.iter().flat_map(Tree::nodes).filter_map(|it| it.text()) {
        in_string(source, &text, LEVELS);
    }
}

/// The document inside a string has the places that it has when it stands alone, moved to where the string stands.
fn in_string(source: &str, text: &Text, levels: usize) {
    // A word alone is no document.
    if levels == 0 || !text.bytes().contains([':', '[', '{', '-']) {
        return;
    }
    for hint in [Hint::Json, Hint::Yaml] {
        let inner = parse(text, hint);
        let alone = parse(&Text::of_file(FileId::new(1), text.bytes().into()), hint);
        assert_eq!(inner.errors.len(), alone.errors.len());
        for (inner, alone) in inner.errors.iter().zip(&alone.errors) {
            assert_eq!(inner.message, alone.message);
            assert_eq!(inner.span, text.slice(alone.span.range()));
            places::at(source, inner.span);
        }
        assert_eq!(inner.documents.len(), alone.documents.len());
        let nodes = inner.documents.iter().flat_map(Tree::nodes);
        for (inner, alone) in nodes.zip(alone.documents.iter().flat_map(Tree::nodes)) {
            assert_eq!((inner.kind(), inner.str()), (alone.kind(), alone.str()));
            assert_eq!(inner.span(), text.slice(alone.span().range()), "{alone:?}");
            places::at(source, inner.span());
            assert!(text.span().contains(inner.span()), "{inner:?} is outside of {text:?}");
            let (Some(inner), Some(alone)) = (inner.text(), alone.text()) else { continue };
            assert_eq!(inner.bytes(), alone.bytes());
            for (at, c) in alone.bytes().char_indices() {
                let range = at..at + c.len_utf8();
                let place = inner.slice(range.clone());
                assert_eq!(place, text.slice(alone.slice(range).range()), "{c:?} of {alone:?}");
                places::at(source, place);
            }
        }
    }
    let inner = parse(text, Hint::Yaml);
    for inner in inner.documents.iter().flat_map(Tree::nodes).filter_map(|it| it.text()) {
        if inner.len() < text.len() {
            in_string(source, &inner, levels - 1);
        }
    }
}
