//! Documents inside strings of other documents: the inner places are exact.

use super::*;
use crate::source::{Hole, HoleKind, TextBuilder};

/// Parses the value of `data` again and checks that its scalars stand in the file.
fn inner(source: &str, hint: Hint) -> Vec<(String, String)> {
    let outer = one(source);
    let text = outer.root().get("data").unwrap().text().unwrap();
    let parsed = parse(&text, hint);
    assert_eq!(parsed.errors, []);
    let scalars = parsed.documents.iter().flat_map(Tree::nodes).filter(|it| it.kind() == Kind::Scalar);
    scalars
        .map(|it| {
            assert_eq!(it.text().unwrap().as_str(), it.str());
            (it.str().unwrap().to_owned(), at(source, it.text().unwrap().span()).to_owned())
        })
        .collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn in_a_literal_block() {
    let source = "x: y\ndata: |\n  - rolearn: arn:aws\n    groups:\n    - 'a''b'\n    - |\n      deep\n      er\n";
    let expected = [
        ("rolearn", "rolearn"),
        ("arn:aws", "arn:aws"),
        ("groups", "groups"),
        ("a'b", "a''b"),
        ("deep\ner\n", "deep\n      er\n"),
    ];
    assert_eq!(inner(source, Hint::Yaml), pairs(&expected));
    assert_eq!(inner(&source.replace('\n', "\r\n"), Hint::Yaml).len(), expected.len());
}

#[test]
fn in_a_folded_block() {
    let source = "data: >\n  {a: one\n  two, b:\n  [c, 'd']}\n";
    let expected = [("a", "a"), ("one two", "one\n  two"), ("b", "b"), ("c", "c"), ("d", "d")];
    assert_eq!(inner(source, Hint::Yaml), pairs(&expected));
}

#[test]
fn in_double_quotes() {
    let source = r#"data: "{\"a\": \"x\\ty\", \"\u0062\": [1, true]}""#;
    let expected = [("a", "a"), ("x\ty", r"x\\ty"), ("b", r"\u0062"), ("1", "1"), ("true", "true")];
    assert_eq!(inner(source, Hint::Json), pairs(&expected));
    let source = "data: \"- a\\n- b: c\\n  d: e\\n\"\n";
    let expected = [("a", "a"), ("b", "b"), ("c", "c"), ("d", "d"), ("e", "e")];
    assert_eq!(inner(source, Hint::Yaml), pairs(&expected));
}

#[test]
fn errors_stand_in_the_file() {
    let source = "data: |\n  - a: b\n  - c: [d\n  - e\n";
    let tree = one(source);
    let parsed = parse(&tree.root().get("data").unwrap().text().unwrap(), Hint::Yaml);
    assert_eq!(parsed.errors.len(), 1);
    let start = parsed.errors[0].span.range().start;
    assert!((source.find('[').unwrap()..source.len()).contains(&start), "{:?}", parsed.errors);
}

/// `{"Principal": "arn:${AWS::Partition}:x", "Count": ${N}}` with its two holes.
fn with_holes(source: &str) -> Text {
    let whole = file(source);
    let mut builder = TextBuilder::default();
    let mut at = 0;
    while let Some(start) = source[at..].find("${").map(|it| at + it) {
        let end = start + source[start..].find('}').unwrap() + 1;
        builder.push(&whole.part(at..start));
        let hole = Hole { kind: HoleKind::Unknown, written: source[start..end].into() };
        builder.push_hole(hole, whole.slice(start..end));
        at = end;
    }
    builder.push(&whole.part(at..source.len()));
    builder.finish(whole.span())
}

#[test]
fn holes_go_through() {
    let source = r#"{"Principal": "arn:${AWS::Partition}:x\n", "Count": ${N}, "${K}": [${L}]}"#;
    for hint in [Hint::Json, Hint::Yaml] {
        let parsed = parse(&with_holes(source), hint);
        assert_eq!(parsed.errors, []);
        let root = parsed.documents[0].root();
        let principal = root.get("Principal").unwrap().text().unwrap();
        assert_eq!(principal.shown(), "arn:${AWS::Partition}:x\n");
        assert_eq!(at(source, principal.span()), r"arn:${AWS::Partition}:x\n");
        let pieces: Vec<_> = principal.pieces().collect();
        assert!(matches!(pieces[..], [Piece::Known("arn:"), Piece::Hole(_), Piece::Known(":x\n")]));
        let count = root.get("Count").unwrap().text().unwrap();
        assert_eq!(&*count.only_hole().unwrap().written, "${N}");
        assert_eq!(at(source, count.span()), "${N}");
        let (key, value) = root.entries().next_back().unwrap();
        assert_eq!(key.text().unwrap().shown(), "${K}");
        assert_eq!(value.items().next().unwrap().text().unwrap().shown(), "${L}");
        assert_eq!(at(source, value.span()), "[${L}]");
    }
}

#[test]
fn real_strings_of_the_corpus_survive_embedding() {
    for inner in corpus::YAML {
        // A document in a double-quoted string: every break and quote is an escape.
        let mut source = "data: \"".to_owned();
        for char in inner.chars() {
            match char {
                '\n' => source.push_str("\\n"),
                '\r' => source.push_str("\\r"),
                '\t' => source.push_str("\\t"),
                '"' | '\\' => source.extend(['\\', char]),
                '\u{FEFF}' => source.push_str("\\uFEFF"),
                _ => source.push(char),
            }
        }
        source.push_str("\"\n");
        let outer = one(&source);
        let text = outer.root().get("data").unwrap().text().unwrap();
        let parsed = parse(&text, Hint::Yaml);
        let direct = yaml(inner);
        assert_eq!(parsed.documents.len(), direct.documents.len());
        for (a, b) in parsed.documents.iter().zip(&direct.documents) {
            assert_eq!(shown(a.root()), shown(b.root()));
            for (a, b) in a.nodes().zip(b.nodes()) {
                let (a, b) = (a.span(), b.span());
                // Unescaping the outer place gives the inner one.
                let raw = at(&source, a).replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");
                let raw = raw.replace("\\uFEFF", "\u{FEFF}").replace("\\\"", "\"");
                if !inner.contains('\\') {
                    assert_eq!(raw, at(inner, b), "{inner:?}");
                }
            }
        }
    }
}
