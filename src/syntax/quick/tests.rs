//! Tests of the quick reader: what it reads, what it leaves to the library, and that both read the same.

use super::*;
use crate::source::FileId;
use crate::syntax::tests::corpus;
use crate::syntax::{Node, yaml};

/// All that is known of a text's nodes and comments.
fn seen(parsed: &Parsed) -> Vec<String> {
    let node = |it: Node<'_>| {
        let children: Vec<u32> =
            it.written().flat_map(|(a, b)| [a.id(), b.id()]).chain(it.items().map(Node::id)).collect();
        format!("{it:?} {:?} {:?} {:?} {children:?}", it.style(), it.tag(), it.text())
    };
    let nodes = parsed.documents.iter().flat_map(|it| it.nodes().map(node));
    nodes.chain(parsed.comments.iter().map(|it| format!("{it:?}"))).collect()
}

/// Whether the quick reader reads a text; if so, as the library does.
fn reads(source: &str) -> bool {
    let text = Text::of_file(FileId::new(0), source.into());
    let Some(quick) = read(&text) else { return false };
    let library = yaml::read(&text);
    assert_eq!(library.errors, [], "{source:?}");
    assert_eq!(seen(&quick), seen(&library), "{source:?}");
    true
}

#[test]
fn what_people_write_is_read() {
    let table = [
        ("a: b\nc:\n  d: e\n  f:\n", "mappings, and a value that is not there"),
        ("---\n# c\na: b # d\n\n# e", "a marker and comments"),
        ("- a\n- b: c\n  d: e\n- - f\n  - g\n-\n  h: i\n-\n- j\n", "lists in all their shapes"),
        ("a:\n- b\nc:\n  - d\n", "a list as far left as its key, or further right"),
        ("a: http://b:80/c#d e\nf: -g\nh: i'j\"k\n", "plain text with marks in it"),
        ("a: b\n  c\n\n  d\ne: f\n", "plain text over several lines"),
        ("a: 'b''c'\nd: \"e\\n\\u00e4\"\n'f': g\n\"h\" : i\n", "quotes, and keys in quotes"),
        ("a: \"b\n  c\\\n  d\"\ne: 'f\n\n  g'\n", "quotes over several lines"),
        ("a: |\n  b\n   c\n\nd: >-\n\n  e\n  f\ng: |+\n  h\n\n", "blocks"),
        ("a: |\n  b", "a block without a last line break"),
        ("a: [b, \"c\", [d], {e: f}]\ng: [\n  h, # i\n]\nj: {}\n", "brackets"),
        ("a: !Ref b\nc: !If [d, !Sub 'e', f]\ng: !Sub\n- h\n- {i: !GetAtt j.k}\nl: !GetAZs\n", "tags"),
        ("größe: läuft – “so” € ✓\n", "letters beyond ASCII"),
    ];
    for (source, why) in table {
        assert!(reads(source), "{why}: {source:?}");
    }
}

#[test]
fn the_rest_is_left_to_the_library() {
    let deep: String = (0..=MAX_LEVELS).map(|it| format!("{}a:\n", " ".repeat(it))).collect();
    let long = format!("{}: b\n", "a".repeat(MAX_KEY + 1));
    let table = [
        ("", "nothing"),
        ("a\n", "a scalar alone"),
        ("a: &b c\nd: *b\n", "anchors"),
        ("? a\n: b\n", "a key with a mark of its own"),
        ("a: b\n---\nc: d\n", "two documents"),
        ("%YAML 1.2\n---\na: b\n", "a directive"),
        ("a: b\r\nc: d\r\n", "carriage returns"),
        ("a:\tb\n", "a tab between a key and its value"),
        ("a:\n\tb: c\n", "a tab for indentation"),
        ("a: b: c\n", "a mapping where none can be"),
        ("a: 'b' c\n", "text behind quotes"),
        ("a:\n    b: c\n  d: e\n", "an indentation that fits nothing"),
        ("a: |\n    b\n  c\n", "a block that breaks off"),
        ("a: |2\n   b\n", "a block that says its indentation"),
        ("a: [b\nc: d\n", "a bracket that is never closed"),
        ("a: {b}\n", "a key without a value in brackets"),
        ("a: {{ b }}\n", "a template"),
        ("a: {\"b\":[c],d:{e: f}}\n", "a bracket right behind a colon"),
        ("a: !!str b\n", "a tag of YAML itself"),
        ("a: \"\\ud83d\\ude00\"\n", "a character in two escapes"),
        ("a: \u{85}b\n", "a control beyond ASCII"),
        ("- # b\n", "an item that is not there, and a comment"),
        (deep.as_str(), "too many levels"),
        (long.as_str(), "a long key"),
    ];
    for (source, why) in table {
        assert!(!reads(source), "{why}: {source:?}");
    }
}

/// However a text is damaged, what is read of it is what the library reads.
#[test]
fn both_readers_read_the_same() {
    for source in corpus::YAML.iter().chain(corpus::BROKEN) {
        for (at, c) in source.char_indices() {
            reads(&source[..at]);
            reads(&format!("{}{}", &source[..at], &source[at + c.len_utf8()..]));
        }
        reads(source);
    }
}
