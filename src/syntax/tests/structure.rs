//! The shape of trees: merges, aliases, streams, JSON.

use std::ops::ControlFlow;

use super::*;

#[test]
fn the_same_tree_from_both_readers() {
    for source in corpus::JSON {
        let text = file(source);
        let by_json = json::read(&text).map_err(|it| it.message).unwrap();
        let by_yaml = yaml::read(&text);
        assert_eq!(by_yaml.errors, [], "{source:?}");
        assert_eq!(by_json.len(), by_yaml.documents.len());
        for (a, b) in by_json.iter().zip(&by_yaml.documents) {
            assert_eq!(shown(a.root()), shown(b.root()));
            let place = |it: Node<'_>| (it.kind(), it.style(), it.span(), it.text().map(|it| it.span()));
            assert!(a.nodes().map(place).eq(b.nodes().map(place)), "{source:?}");
            let types = |it: Node<'_>| it.resolve(Schema::Json);
            assert!(a.nodes().map(types).eq(b.nodes().map(types)));
        }
    }
}

#[test]
fn json_is_read_strictly_first() {
    for bad in [
        "[01]",
        "[1.]",
        "[.5]",
        "[+1]",
        "[1e]",
        "[--1]",
        "[tru]",
        "[NaN]",
        "[\"\\x41\"]",
        "[\"\\u12\"]",
        "[\"a\tb\"]",
        "[\"a\nb\"]",
        "{a: 1}",
        "{'a': 1}",
        "{\"a\" 1}",
        "{\"a\": 1,}",
        "[1,]",
        "[1 2]",
        "[",
        "{\"a\"",
        "{\"a\":",
        "[1]]",
        "[1] 2",
        "[\"a",
        "{1: 2}",
        "[,]",
        "{,}",
        "[1,,2]",
        "[\u{a0}1]",
    ] {
        assert!(json::read(&file(bad)).is_err(), "{bad:?}");
        assert!(!json::visit(bad, &mut Nothing), "{bad:?}");
    }
    for good in ["[0, -0, 0.5, 1e9, 1E-9, -1.5e+3, 10]", "{\"\": {}}", "[[], [[]]]"] {
        assert!(json::read(&file(good)).is_ok(), "{good:?}");
        assert!(json::visit(good, &mut Nothing), "{good:?}");
    }
}

/// Visits everything and wants nothing.
struct Nothing;

impl json::Visitor<'_> for Nothing {
    fn open(&mut self, _: bool) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn close(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn key(&mut self, _: &str) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn scalar(&mut self, _: &str) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

#[test]
fn json_with_extras_is_taken_as_yaml() {
    for source in ["{\"a\": [1, 2,],}", "{\"a\": [1, 2], # c\n}", "{'a': [1, 2]}"] {
        let parsed = json(source);
        assert_eq!(parsed.errors, [], "{source:?}");
        assert_eq!(shown(parsed.documents[0].root()), r#"{"a": ["1", "2"]}"#);
    }
}

/// YAML would take them for a string, or for a part of the next key, and the document for none that matters.
#[test]
fn json_has_no_comments_of_other_languages() {
    let table = [
        ("// c\n{\"a\": 1}", 0, 0),
        ("\u{FEFF}\n/* c */ {\"a\": 1}", 4, 0),
        ("{ // c\n\"a\": 1}", 2, 0),
        ("{\"a\": 1, /* c */ \"b\": 2}", 9, 0),
        ("{\"a\": 1}\n// c", 9, 1),
        ("[1, // c\n2]", 4, 0),
    ];
    for (source, at, documents) in table {
        let parsed = json(source);
        let [error] = parsed.errors.as_slice() else { panic!("{source:?}: {:?}", parsed.errors) };
        assert_eq!(error.message, "a comment stands here, and JSON has none", "{source:?}");
        assert_eq!((error.span.start, parsed.documents.len()), (at, documents), "{source:?}");
    }
    assert_eq!(json("{\"a\": \"// no comment\", \"b\": \"/* nor this */\"}").errors, []);
    assert_eq!(yaml("// c\n").errors, [], "a string in YAML");
    assert_eq!(yaml("{\"a\": //host/path}").errors, [], "a value in YAML");
}

#[test]
fn the_hint_says_whose_error_is_shown() {
    let source = "{\"a\": 1";
    assert_eq!(json(source).errors[0].message, "the text ends before a closing `}`");
    assert_eq!(yaml(source).errors[0].message, "a `{` is never closed");
    let source = "{\"a\": }}";
    assert_eq!(json(source).errors[0].message, "expected a value");
}

#[test]
fn several_json_values_are_documents() {
    let parsed = json("{\"a\": 1}\n{\"b\": 2}\n[3]\n");
    assert_eq!(parsed.errors, []);
    let all: Vec<_> = parsed.documents.iter().map(|it| (it.index(), shown(it.root()))).collect();
    assert_eq!(all, [(0, r#"{"a": "1"}"#.into()), (1, r#"{"b": "2"}"#.into()), (2, r#"["3"]"#.into())]);
}

#[test]
fn json_surrogates() {
    let tree = json(r#"["\ud83d\ude00", "\ud83d", "\ude00x", "\ud83d\u0041", "\u0000"]"#);
    let values: Vec<_> = tree.documents[0].root().items().map(|it| it.str().unwrap().to_owned()).collect();
    assert_eq!(values, ["😀", "\u{FFFD}", "\u{FFFD}x", "\u{FFFD}A", "\0"]);
    assert_eq!(tree.documents[0].root().items().nth(2).unwrap().text().unwrap().slice(3..4).range().len(), 1);
}

#[test]
fn a_broken_document_leaves_the_others() {
    let source = "a: 1\n---\nb: [\n---\nc: 3\n---\nd: e: f\n---\n- g\n...\n---\n\"h\n---\ni: 9\n";
    let parsed = yaml(source);
    let all: Vec<_> = parsed.documents.iter().map(|it| (it.index(), shown(it.root()))).collect();
    let expected = [(0, r#"{"a": "1"}"#), (2, r#"{"c": "3"}"#), (4, r#"["g"]"#), (6, r#"{"i": "9"}"#)];
    assert_eq!(all, expected.map(|(index, it)| (index, it.to_owned())));
    assert_eq!(parsed.errors.len(), 3);
    assert!(parsed.errors.is_sorted_by_key(|it| it.span.bounds()));
}

#[test]
fn streams_and_empty_texts() {
    for (source, documents) in
        [("", 0), ("# c\n", 0), ("---\n", 1), ("---\n---\n", 2), ("a\n---\nb\n...\n", 2), (" \n\n", 0)]
    {
        let parsed = yaml(source);
        assert_eq!(parsed.errors, [], "{source:?}");
        assert_eq!(parsed.documents.len(), documents, "{source:?}");
    }
    assert!(one("---\n").root().is_null());
}

#[test]
fn merged_entries_come_first_and_lose() {
    let source = "b: &b {x: 1, y: 1}\nc: &c {y: 2, z: 2, <<: *b}\nd:\n  y: 3\n  <<: [*c, {z: 4, w: 4}]\n  x: 3\n";
    let tree = one(source);
    let d = tree.root().get("d").unwrap();
    let keys: Vec<_> = d.entries().map(|(key, value)| (key.str().unwrap(), value.str().unwrap())).collect();
    // The second mapping of the list, then what the first merges, then the first, then the entries themselves.
    let expected = [("z", "4"), ("w", "4"), ("x", "1"), ("y", "1"), ("y", "2"), ("z", "2"), ("y", "3"), ("x", "3")];
    assert_eq!(keys, expected);
    let said = |key| d.get(key).and_then(Node::str);
    assert_eq!((said("x"), said("y"), said("z"), said("w")), (Some("3"), Some("3"), Some("2"), Some("4")));
    assert_eq!(said("<<"), None);
    assert_eq!(d.entries().len(), 8);
}

#[test]
fn not_every_double_angle_is_a_merge() {
    for source in ["{'<<': {a: 1}}", "{\"<<\": {a: 1}}", "<<: x", "<<: !Ref X", "!!str <<: {a: 1}"] {
        assert!(one(source).root().get("<<").is_some(), "{source:?}");
    }
    assert!(one("!!merge <<: {a: 1}").root().get("a").is_some());
    assert!(one("<<:\n- {a: 1}\n- {b: 1}\n").root().get("b").is_some());
}

#[test]
fn aliases_are_shared() {
    let tree = one("a: &x {k: v}\nb: *x\nc: [*x]\n*y: z\n".replace("*y: z\n", "").as_str());
    let root = tree.root();
    let a = root.get("a").unwrap();
    assert_eq!(a.id(), root.get("b").unwrap().id());
    assert_eq!(a.id(), root.get("c").unwrap().items().next().unwrap().id());
}

#[test]
fn a_bad_alias_is_null_and_an_error() {
    for source in ["a: *x\nb: 1\n", "a: &x\n  c: *x\nb: 1\n", "&x a: *y\nb: 1\n"] {
        let parsed = yaml(source);
        assert_eq!(parsed.errors.len(), 1);
        let root = parsed.documents[0].root();
        assert_eq!(root.get("b").unwrap().str(), Some("1"));
        let a = root.get("a").unwrap();
        assert!(a.get("c").unwrap_or(a).is_null());
    }
}

#[test]
fn duplicate_keys_are_all_there() {
    let tree = one("a: 1\nb: 2\na: 3\n");
    assert_eq!(tree.root().entries().len(), 3);
    assert_eq!(tree.root().get("a").unwrap().str(), Some("3"));
    assert_eq!(tree.root().entry("a").unwrap().0.span().range(), 10..11);
}

#[test]
fn tags_are_as_they_are_spelled() {
    let tree = one("a: !Sub x\nb: !GetAtt\n  - c\nd: !!str 1\ne: !<tag:yaml.org,2002:str> 1\nf: !If {}\n");
    let names: Vec<_> = tree.root().entries().map(|(_, value)| value.tag().unwrap().name).collect();
    assert_eq!(names, ["!Sub", "!GetAtt", "!!str", "!<tag:yaml.org,2002:str>", "!If"]);
}

#[test]
fn comments_are_found_and_strings_are_not() {
    let source = "# one\na: 'b # c' # two\nd: |  # three\n  # four is text\n# five\n";
    let parsed = yaml(source);
    let comments: Vec<_> = parsed.comments.iter().map(|it| at(source, it.span)).collect();
    assert_eq!(comments, ["# one", "# two", "# three", "# five"]);
}

#[test]
fn trees_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Tree>();
    shared::<Parsed>();
}

#[test]
fn what_go_yaml_reads_is_read() {
    for (source, expected) in [
        ("a:\n  b: 'x\n  it''s\n\n  z'\n  c: d\n", r#"{"a": {"b": "x it's\nz", "c": "d"}}"#),
        ("b: \"x\ny \\\n  z\\t\"\nc: 'd\ne'\n", r#"{"b": "x y z\t", "c": "d e"}"#),
        ("- {\n\t\"a\": 1,\n\t\"b\": [\n\t\t2\n\t]\n  }\n- c\n", r#"[{"a": "1", "b": ["2"]}, "c"]"#),
    ] {
        let tree = one(source);
        assert_eq!(shown(tree.root()), expected);
        assert_eq!(wrong_places(source, &yaml(source)), [""; 0]);
    }
    // A repair that does not help is not seen.
    let source = "a: \"b\nc: \"d\"\ne: f\n";
    let parsed = yaml(source);
    assert_eq!(parsed.errors.len(), 1);
    assert!(parsed.errors[0].message.starts_with("a quote before this is not closed"), "{:?}", parsed.errors);
    assert_eq!(at(source, parsed.errors[0].span), "c");
}
